"""Whether callers of other accounts can find a node.

Source: App Mesh User Guide, prerequisites for sharing meshes; Cloud Map Developer Guide: a private
DNS namespace can't be made for a VPC that is only shared with the account, and its names resolve in
the VPCs that are associated with its hosted zone alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.deferred import Deferred
from meshkit.inspect.confirm.remark import CantTellError
from meshkit.inspect.share.calls import calls_between_accounts
from meshkit.inspect.share.principals import owner_of
from meshkit.inspect.share.row import failed, passed, untold
from meshkit.inspect.share.vpcs import vpcs_of
from meshkit.inspect.share.zones import Zones, forwarding_rule, is_within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.confirm.aws import Accounts
    from meshkit.inspect.confirm.texts import Texts
    from meshkit.inspect.share.row import Row
    from meshkit.inspect.share.zones import Zone
    from meshkit.topology.model import Owner, ResolvedMesh, ResolvedNode

SUBJECT = "discovery"


def check_discovery(mesh: ResolvedMesh, accounts: Accounts, texts: Texts) -> Iterator[Row]:
    """A row for each node that proxies of another account call, and each such account."""
    names = _Names(mesh, accounts, texts)
    pairs = {
        (call.node.name, call.caller.key): (call.node, call.caller)
        for call in calls_between_accounts(mesh)
    }
    for node, caller in pairs.values():
        yield _found(names, mesh, node, caller)


def _found(names: _Names, mesh: ResolvedMesh, node: ResolvedNode, caller: Owner) -> Row:
    discovery = node.spec.service_discovery
    called = f"node {node.name} of {node.owner.key}, called from {caller.key}"
    if discovery is None:
        return failed(SUBJECT, f"{called}: it has no service_discovery", "give it one")
    if discovery.cloud_map is not None:
        return _cloud_map(mesh, node, called, str(discovery.cloud_map.namespace))
    host = discovery.dns.hostname if discovery.dns else ""
    if isinstance(host, Deferred):
        return untold(SUBJECT, f"{called}: {host} is not known here")
    try:
        return names.look(host.rstrip("."), node.owner, caller, called)
    except CantTellError as error:
        return untold(SUBJECT, f"{called}: {error}", f"resolve {host} in a VPC of {caller.key}")


class _Names:
    """Looks for names where the accounts keep them."""

    def __init__(self, mesh: ResolvedMesh, accounts: Accounts, texts: Texts) -> None:
        self._mesh = mesh
        self._accounts = accounts
        self._texts = texts
        self._zones = Zones(accounts)

    def look(self, host: str, owner: Owner, caller: Owner, called: str) -> Row:
        """The row of one name. Raises ``CantTellError``."""
        namespaces = self._mesh.config.namespaces
        key = next((each for each in namespaces if is_within(host, each)), None)
        owners = [owner, caller, self._mesh.owner]
        if key is not None:
            namespace = namespaces[key]
            if namespace.type == "public-dns":
                return passed(SUBJECT, f"{called}: {host} is a public name")
            if namespace.type == "http":
                text = f"{called}: {host} is in the HTTP namespace {key}, which has no DNS names"
                return failed(SUBJECT, text, "discover it by cloud_map")
            owners.append(owner_of(self._mesh, namespace.account or self._mesh.config.owner))
        zones = self._zones.covering(host, owners)
        private = [each for each in zones if each.private]
        if private:
            return self._private(host, private, caller, called, public=len(zones) > len(private))
        if zones and self._zones.has_record(zones[0], host):
            return passed(SUBJECT, f"{called}: {host} is in the public zone {zones[0].name}")
        if key is not None:
            text = f"{called}: {host} is a private name of namespace {key}, whose zone is not there"
            mend = f"associate the hosted zone of {key} with the VPC of {caller.key}"
            return untold(SUBJECT, text, mend)
        text = f"{called}: no hosted zone that can be seen from here has {host}"
        return untold(SUBJECT, text, f"resolve {host} in a VPC of {caller.key}")

    def _private(
        self, host: str, zones: list[Zone], caller: Owner, called: str, *, public: bool
    ) -> Row:
        """Whether each VPC of the caller resolves the name, by its nearest zone."""
        vpcs = vpcs_of(caller, self._mesh, self._accounts, self._texts)
        if not vpcs:
            text = f"{called}: {host} is in the private zone {zones[0].name}, and the file names "
            mend = f"give accounts.{caller.key}.vpc_id"
            return untold(SUBJECT, f"{text}no VPC of {caller.key}", mend)
        for vpc in vpcs:
            nearest = next((each for each in zones if vpc in each.vpcs), None)
            if nearest is None:
                return self._elsewhere(host, zones[0], vpc, caller, called, public=public)
        in_zones = ", ".join(dict.fromkeys(each.name for each in zones if set(vpcs) & {*each.vpcs}))
        yet = "" if any(self._zones.has_record(each, host) for each in zones) else "; not yet in it"
        text = f"{called}: {', '.join(vpcs)} resolves the private zone {in_zones} of {host}{yet}"
        return passed(SUBJECT, text)

    def _elsewhere(
        self, host: str, zone: Zone, vpc: str, caller: Owner, called: str, *, public: bool
    ) -> Row:
        """A VPC that is with no zone of the name may ask somebody else."""
        rule = forwarding_rule(self._accounts.of(caller), vpc, host)
        text = f"{called}: {vpc} does not resolve the private zone {zone.name} of {zone.owner.key}"
        if rule is not None:
            return untold(SUBJECT, f"{text}; its Resolver rule {rule} asks elsewhere for {host}")
        if public:
            return untold(SUBJECT, f"{text}; there is a public zone for {host} too")
        mend = f"associate hosted zone {zone.id} with {vpc}"
        if zone.owner.id != caller.id:
            mend += (
                f": create-vpc-association-authorization as {zone.owner.key}, then "
                f"associate-vpc-with-hosted-zone as {caller.key}"
            )
        return failed(SUBJECT, text, mend)


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
