"""Whether callers of other accounts can find a node.

Source: App Mesh User Guide, prerequisites for sharing meshes; Cloud Map Developer Guide: a private
DNS namespace can't be made for a VPC that is only shared with the account, and its names resolve in
the VPCs that are associated with its hosted zone alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.share.calls import calls_between_accounts
from meshkit.inspect.share.row import failed, passed, untold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.share.calls import Call
    from meshkit.inspect.share.row import Row
    from meshkit.topology.model import ResolvedMesh, ResolvedNode

SUBJECT = "discovery"


def check_discovery(mesh: ResolvedMesh) -> Iterator[Row]:
    """A row for each node that proxies of other accounts call."""
    by_node: dict[str, list[Call]] = {}
    for call in calls_between_accounts(mesh):
        by_node.setdefault(call.node.name, []).append(call)
    for name, calls in by_node.items():
        callers = ", ".join(dict.fromkeys(call.caller.key for call in calls))
        yield _node(mesh, mesh.nodes[name], callers)


def _node(mesh: ResolvedMesh, node: ResolvedNode, callers: str) -> Row:
    found = node.spec.service_discovery
    called = f"node {node.name} of {node.owner.key}, called from {callers}"
    if found is None:
        return failed(SUBJECT, f"{called}: it has no service_discovery", "give it one")
    if found.cloud_map is not None:
        return _cloud_map(mesh, node, called, str(found.cloud_map.namespace))
    host = str(found.dns.hostname) if found.dns else ""
    namespace = next(
        (key for key in mesh.config.namespaces if host == key or host.endswith(f".{key}")), None
    )
    if namespace is None:
        return untold(
            SUBJECT,
            f"{called}: whether {host} resolves there can't be seen from here",
            f"resolve {host} in a VPC of {callers}",
        )
    kind = mesh.config.namespaces[namespace].type
    if kind == "public-dns":
        return passed(SUBJECT, f"{called}: {host} is a public name")
    if kind == "http":
        return failed(
            SUBJECT,
            f"{called}: {host} is in the HTTP namespace {namespace}, which has no DNS names",
            "discover it by cloud_map",
        )
    return untold(
        SUBJECT,
        f"{called}: {host} is a private name of namespace {namespace}",
        f"associate the hosted zone of {namespace} with the VPC of {callers}",
    )


def _cloud_map(mesh: ResolvedMesh, node: ResolvedNode, called: str, name: str) -> Row:
    namespace = mesh.config.namespaces.get(name)
    if namespace is None:
        return untold(
            SUBJECT,
            f"{called}: the file does not say what kind of namespace {name} is",
            f"add {name} to namespaces",
        )
    shared = any(
        connection.via == "shared-subnets" and node.owner.key in connection.between
        for connection in mesh.config.connectivity
    )
    if namespace.type == "private-dns" and shared and node.owner.id != mesh.owner.id:
        return failed(
            SUBJECT,
            f"{called}: the private DNS namespace {name} can't be made for a VPC that is only "
            f"shared with {node.owner.key}",
            f"use a namespace of type http: namespaces.{name}.type: http",
        )
    return passed(SUBJECT, f"{called}: App Mesh looks it up in Cloud Map, namespace {name}")
