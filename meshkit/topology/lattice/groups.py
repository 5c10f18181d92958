"""Target groups: the workload of a node, as one service reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from meshkit.config.deferred import Deferred, bind
from meshkit.config.workload import LambdaWorkload
from meshkit.topology.lattice.model import SINGLE, HealthCheck, TargetGroup
from meshkit.topology.lattice.names import lattice_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.config.listener import Listener
    from meshkit.config.types import Protocol
    from meshkit.topology.lattice.model import GroupProtocol, GroupType, ProtocolVersion
    from meshkit.topology.model import ResolvedMesh, ResolvedNode

TYPES: Final[Mapping[str, GroupType]] = {
    "ecs": "IP",
    "eks": "IP",
    "ec2": "INSTANCE",
    "lambda": "LAMBDA",
}
"""By the type of a workload."""
VERSIONS: Final[Mapping[Protocol, ProtocolVersion | None]] = {
    "http": "HTTP1",
    "http2": "HTTP2",
    "grpc": "GRPC",
    "tcp": None,
}
CHECKS: Final[Mapping[Protocol, Literal["HTTP1", "HTTP2"]]] = {"http": "HTTP1", "http2": "HTTP2"}


def group_key(node: str, port: int) -> str:
    """Key of the group of a node's port."""
    return f"{node}.{port}"


def target_group(
    mesh: ResolvedMesh, service: str, node: ResolvedNode, listener: Listener
) -> TargetGroup:
    """The targets of one listener of a node, for one service.

    Tasks and pods have addresses of their own; EC2 instances and functions are registered as such,
    and a load balancer in place of what is behind it.
    """
    kind = group_type(node)
    addressed = kind != "LAMBDA"
    addresses = _addresses(mesh, node) if kind == "IP" else None
    version = VERSIONS[listener.protocol] if addressed else None
    vpc = node.owner.account.vpc_id if addressed else None
    workload = node.workload
    event = workload.event_version if isinstance(workload, LambdaWorkload) else None
    target = target_of(node)
    # What a group can't change in place is in its name, so that the new one never meets the old.
    fixed = (kind, str(addresses), str(version), str(vpc), *(() if addressed else (str(event),)))
    identity = (mesh.owner.id, mesh.region, mesh.name, service, node.name, str(listener.port))
    return TargetGroup(
        key=group_key(node.name, listener.port),
        name=lattice_name("target group", f"{node.name}-{listener.port}", *identity, *fixed),
        node=node.name,
        type=kind,
        port=listener.port,
        protocol=group_protocol(kind, listener.protocol),
        protocol_version=version,
        ip_address_type=addresses,
        vpc_id=vpc,
        health_check=None if kind in SINGLE else health_check(listener),
        tags=node.tags,
        path=node.path,
        target=target if _is_there(target) else None,
        event_version=None if addressed else event,
    )


def group_type(node: ResolvedNode) -> GroupType:
    """What is registered for a node."""
    return "ALB" if node.spec.load_balancer else TYPES[node.workload.type]


def group_protocol(kind: GroupType, protocol: Protocol) -> GroupProtocol | None:
    """What targets are spoken to by."""
    if kind == "LAMBDA":
        return None
    return "TCP" if protocol == "tcp" else "HTTP"


def target_of(node: ResolvedNode) -> str | Deferred | None:
    """The one target of a node that has no other: its load balancer, or its function."""
    function = node.workload.function if isinstance(node.workload, LambdaWorkload) else None
    given = node.spec.load_balancer or function
    return None if given is None else bind(given, node.owner.context)


def _is_there(target: str | Deferred | None) -> bool:
    """Whether it exists already: what has a name alone, the program is still to make."""
    return isinstance(target, Deferred) or (target is not None and target.startswith("arn:"))


def _addresses(mesh: ResolvedMesh, node: ResolvedNode) -> Literal["IPV4", "IPV6"]:
    discovery = node.spec.service_discovery
    own = discovery.dns.ip_preference if discovery and discovery.dns else None
    preference = own or mesh.settings.ip_preference or "IPv4"
    return "IPV6" if preference.startswith("IPv6") else "IPV4"


def health_check(listener: Listener) -> HealthCheck | None:
    """The check of a listener; ``None`` where VPC Lattice can't make it."""
    check = listener.health_check
    version = CHECKS.get(check.protocol or listener.protocol) if check else None
    if check is None or version is None:
        return None
    return HealthCheck(
        path=check.path,
        port=check.port,
        protocol_version=version,
        interval=_seconds(check.interval_millis),
        timeout=_seconds(check.timeout_millis),
        healthy_threshold=check.healthy_threshold,
        unhealthy_threshold=check.unhealthy_threshold,
    )


def _seconds(millis: int) -> int:
    """Rounded up."""
    return -(-millis // 1000)
