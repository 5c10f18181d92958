"""What the data plane and the partition offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.config.workload import LambdaWorkload
from meshkit.topology import leaves
from meshkit.topology.audit import audit_account
from meshkit.topology.rules.tls import client_tls, listener_tls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.deferred import Deferred
    from meshkit.config.finding import Finding, Path
    from meshkit.topology.rules.view import View

    Arns = Iterator[tuple[Path, str | Deferred | None, str | None]]

END = Rule(
    "MK901",
    "A mesh in real accounts is not on App Mesh.",
    "AWS ended App Mesh on 2026-09-30; since then neither its console nor its resources can be "
    "reached. The local cloud still runs it.",
    "Set data_plane: vpc-lattice, its successor, or run it with meshkit local.",
    "App Mesh user guide: end of support",
    "warning",
)
NO_APP_MESH = Rule(
    "MK902",
    "The data plane is offered in the region's partition.",
    "AWS never had App Mesh endpoints in aws-us-gov, and has no VPC Lattice in aws-cn.",
    "Choose a region of another partition.",
    "AWS General Reference: endpoints of App Mesh and VPC Lattice",
)
NO_SHARING = Rule(
    "MK903",
    "A mesh in China has one account.",
    "RAM does not share meshes in aws-cn.",
    "Remove share, and let the mesh owner own everything.",
    "App Mesh user guide for China: shared meshes",
)
PARTITION = Rule(
    "MK904",
    "Every ARN is of the partition of the file's region.",
    "An ARN of another partition leads nowhere.",
    "Correct the ARN or the region; ${partition} fits each.",
    "AWS General Reference: ARNs",
)

RULES = (END, NO_APP_MESH, NO_SHARING, PARTITION)

WITHOUT_LATTICE = frozenset({"aws-cn"})


def check_end(view: View) -> Iterator[Finding]:
    """Once for each file on App Mesh."""
    if view.app_mesh:
        written = "data_plane" in view.config.model_fields_set
        message = (
            "App Mesh ended on 2026-09-30 and can't be reached in real accounts any more; "
            "run it on the local cloud (meshkit local)"
        )
        yield END.at(("data_plane" if written else "name",), message)


def check_partition(view: View) -> Iterator[Finding]:
    """What the region's partition lacks."""
    partition, region = view.index.partition, view.config.region
    offered = partition.name not in WITHOUT_LATTICE if view.lattice else partition.app_mesh
    if not offered and view.whole("data_plane"):
        message = (
            f"{view.config.data_plane} is not offered in {region} ({partition.name}); choose a "
            "region of another partition"
        )
        yield NO_APP_MESH.at(("region",), message)
    elif not partition.mesh_sharing and _has_consumers(view):
        message = (
            f"meshes can't be shared in {region} ({partition.name}); remove share, and let the "
            "owner own everything"
        )
        yield NO_SHARING.at(("region",), message)


def _has_consumers(view: View) -> bool:
    owner = view.index.owner_id
    if view.config.share is not None:
        return True
    return any(each.account_id not in (owner, None) for each in view.proxied)


def check_arns(view: View) -> Iterator[Finding]:
    """The partition of every ARN in the file."""
    expected = view.index.partition.name
    for path, value, account in _arns(view):
        text = view.text(value, account)
        fault = text and leaves.partition(text, expected)
        if fault:
            yield PARTITION.at(path, fault)


def _arns(view: View) -> Arns:
    config = view.config
    yield ("mesh", "arn"), config.mesh.arn, None
    if config.share is not None:
        yield ("share", "arn"), config.share.arn, None
        for key in ("permissions", "principals"):
            for place, value in enumerate(getattr(config.share, key)):
                yield ("share", key, place), value, None
    for key, account in config.accounts.items():
        if account.assume_role is not None:
            yield ("accounts", key, "assume_role", "arn"), account.assume_role.arn, key
    for key, namespace in config.namespaces.items():
        yield ("namespaces", key, "arn"), namespace.arn, namespace.account
    for key, cluster in config.clusters.items():
        if cluster.oidc_provider is not None:
            path = ("clusters", key, "oidc_provider", "arn")
            yield path, cluster.oidc_provider.arn, cluster.account
    for place, value in enumerate(config.lattice.access_logs):
        yield ("lattice", "access_logs", place), value, None
    yield ("lattice", "service_permission"), config.lattice.service_permission, None
    yield from _target_arns(view)
    yield from _operator_arns(view)
    yield from _audit_arns(view)
    yield from _role_arns(view)
    yield from _tls_arns(view)


def _target_arns(view: View) -> Arns:
    for name, node in view.config.nodes.items():
        if node.lattice is not None:
            yield ("nodes", name, "lattice", "alb"), node.lattice.alb, node.account
        if isinstance(node.workload, LambdaWorkload):
            yield ("nodes", name, "workload", "function"), node.workload.function, node.account


def _audit_arns(view: View) -> Arns:
    audit, account = view.config.audit, audit_account(view.index)
    if audit is None:
        return
    if audit.trail is not None:
        yield ("audit", "trail", "arn"), audit.trail.arn, account
    for place, topic in enumerate(audit.topics):
        yield ("audit", "topics", place), topic, account


def _operator_arns(view: View) -> Arns:
    for name, operator in view.config.operators.items():
        path, trust = ("operators", name), operator.trust
        boundary = operator.role.permissions_boundary
        yield (*path, "role", "permissions_boundary"), boundary, operator.account
        for key in ("oidc", "saml"):
            sign_in = getattr(trust, key)
            if sign_in is not None:
                yield (*path, "trust", key, "provider"), sign_in.provider, operator.account
        for place, arn in enumerate(trust.accounts.principals if trust.accounts else ()):
            yield (*path, "trust", "accounts", "principals", place), arn, operator.account


def _role_arns(view: View) -> Arns:
    default = view.config.defaults.role
    own = ((path, proxy.role, proxy.account) for path, _name, proxy in view.index.proxies())
    for path, role, account in ((("defaults",), default, None), *own):
        if role is None:
            continue
        for key in ("arn", "permissions_boundary"):
            yield (*path, "role", key), getattr(role, key), account
        for place, arn in enumerate(role.managed_policies):
            yield (*path, "role", "managed_policies", place), arn, account


def _tls_arns(view: View) -> Arns:
    for proxied in view.proxied:
        for path, tls in listener_tls(proxied):
            yield (*path, "certificate", "acm"), tls.certificate.acm, proxied.account
    for path, client in client_tls(view):
        for place, arn in enumerate(client.validation.trust.acm or ()):
            yield (*path, "validation", "trust", "acm", place), arn, None


CHECKS = (check_end, check_partition, check_arns)
