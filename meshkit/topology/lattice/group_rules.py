"""What the security groups of workloads let pass: VPC Lattice on their ports, and nothing else.

Requests come from addresses of VPC Lattice and go to such, which AWS keeps in a list of each
address family. Source: VPC Lattice user guide, Control traffic using security groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from meshkit.topology.lattice.model import GroupRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from meshkit.config.deferred import Deferred
    from meshkit.topology.lattice.model import Direction, Family, LatticeService
    from meshkit.topology.model import ResolvedMesh, ResolvedNode

PREFIX_LISTS: Final[dict[Family, str]] = {"IPV4": "vpc-lattice", "IPV6": "ipv6.vpc-lattice"}
"""By the family of addresses, how the managed list of VPC Lattice ends."""

Opening = tuple["Direction", int, "Family"]
"""A port, from or to which addresses."""


def prefix_list(region: str, family: Family) -> str:
    """Name of the managed prefix list of VPC Lattice."""
    return f"com.amazonaws.{region}.{PREFIX_LISTS[family]}"


def group_rules(
    mesh: ResolvedMesh, services: Mapping[str, LatticeService]
) -> tuple[GroupRule, ...]:
    """The rules of every security group that the file names, each once."""
    found: dict[tuple[object, ...], GroupRule] = {}
    for node in mesh.nodes.values():
        settings = node.spec.lattice
        if settings is None or not settings.security_groups:
            continue
        openings = dict.fromkeys(_reached(services, node))
        if settings.egress:
            openings |= dict.fromkeys(_called(services, node))
        for rule in _rules(node, settings.security_groups, openings):
            place = (node.owner.id, rule.group, rule.direction, rule.port, rule.family)
            found.setdefault(place, rule)
    return tuple(found.values())


def _reached(services: Mapping[str, LatticeService], node: ResolvedNode) -> Iterator[Opening]:
    """The ports on which VPC Lattice reaches a node and checks its health."""
    for service in services.values():
        for group in service.groups.values():
            if group.node == node.name and group.type != "LAMBDA":
                yield "ingress", group.port, group.ip_address_type or "IPV4"


def _called(services: Mapping[str, LatticeService], node: ResolvedNode) -> Iterator[Opening]:
    """The ports of the services that a node calls; their names lead to both families."""
    called = (services[each.service] for each in node.spec.backends if each.service in services)
    for service in called:
        for listener in service.listeners:
            for family in PREFIX_LISTS:
                yield "egress", listener.port, family


def _rules(
    node: ResolvedNode, groups: Iterable[str | Deferred], openings: Iterable[Opening]
) -> Iterator[GroupRule]:
    for place, group in enumerate(groups):
        label = group if isinstance(group, str) else f"{node.name}.{place}"
        for direction, port, family in openings:
            key = f"{direction}-{label}.{port}.{family.lower()}"
            yield GroupRule(key, node.owner, group, direction, port, family)
