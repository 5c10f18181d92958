"""Quotas of VPC Lattice, counted on what is made of a mesh. Source: VPC Lattice user guide."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from meshkit.config.finding import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding, Path
    from meshkit.topology.lattice.model import LatticeMesh, LatticeService

MAX_PRIORITY = 100
"""pulumi-aws 7.51.1 takes no higher one, whatever the quota. Source: its ListenerRule."""

WHY = "VPC Lattice answers ServiceQuotaExceededException."
SOURCE = "VPC Lattice user guide: quotas"


def _quota(code: str, title: str, mend: str) -> Rule:
    return Rule(code, title, WHY, f"{mend} Or have AWS raise the quota, and state it.", SOURCE)


LISTENERS = _quota(
    "MK951", "A service of VPC Lattice has at most 2 listeners.",
    "Split the service, or give its provider fewer listeners.",
)  # fmt: skip
RULES_EACH = _quota(
    "MK952", "A listener of VPC Lattice has at most 10 rules.",
    "Merge routes; one that takes everything needs no rule.",
)  # fmt: skip
GROUPS = _quota(
    "MK953", "A service of VPC Lattice has at most 10 target groups.",
    "Lead its routes to fewer nodes.",
)  # fmt: skip
SERVICES = _quota(
    "MK954", "A service network has at most 500 services.", "Split the mesh into several."
)
VPCS = _quota("MK955", "A service network has at most 500 VPCs.", "Split the mesh into several.")
ACCOUNT_GROUPS = _quota(
    "MK956", "An account has at most 500 target groups in a region.",
    "Move services to other accounts.",
)  # fmt: skip
BALANCERS = Rule(
    "MK968", "A load balancer is the target of at most 2 target groups.",
    "VPC Lattice registers it with no more, and each behind another service.",
    "Lead fewer services to it, or have more load balancers.",
    "VPC Lattice user guide: Application Load Balancers as targets",
)  # fmt: skip

LIMIT_RULES = (LISTENERS, RULES_EACH, GROUPS, SERVICES, VPCS, ACCOUNT_GROUPS, BALANCERS)
MAX_GROUPS_OF_BALANCER = 2


def over_limits(lattice: LatticeMesh) -> Iterator[Finding]:
    """A finding for each quota that the mesh exceeds, with the figures that the file states."""
    quotas = lattice.mesh.config.quotas
    for service in lattice.services.values():
        yield from _over_service(lattice, service)
    yield from _over_balancers(lattice)
    yield from _over(
        SERVICES, ("services",), len(lattice.services), "services", "services_per_network",
        quotas.services_per_network,
    )  # fmt: skip
    yield from _over(
        VPCS, ("accounts",), len(lattice.associations), "VPCs", "vpcs_per_network",
        quotas.vpcs_per_network,
    )  # fmt: skip
    groups = Counter(dict.fromkeys(lattice.mesh.owners, 0))
    for service in lattice.services.values():
        groups[service.owner.key] += len(service.groups)
    for key, count in groups.items():
        yield from _over(
            ACCOUNT_GROUPS, ("accounts", key), count, "target groups",
            "target_groups_per_account", quotas.target_groups_per_account,
        )  # fmt: skip


def _over_balancers(lattice: LatticeMesh) -> Iterator[Finding]:
    groups = [each for service in lattice.services.values() for each in service.groups.values()]
    count = Counter(group.target for group in groups if group.type == "ALB")
    for group in {group.target: group for group in reversed(groups)}.values():
        if count[group.target] > MAX_GROUPS_OF_BALANCER:
            message = (
                f"its load balancer stands behind {count[group.target]} services or ports, and may "
                f"behind {MAX_GROUPS_OF_BALANCER}; lead fewer to it"
            )
            yield BALANCERS.at((*group.path, "lattice", "alb"), message)


def _over_service(lattice: LatticeMesh, service: LatticeService) -> Iterator[Finding]:
    quotas = lattice.mesh.config.quotas
    yield from _over(
        LISTENERS, service.path, len(service.listeners), "listeners", "listeners_per_service",
        quotas.listeners_per_service,
    )  # fmt: skip
    for listener in service.listeners:
        most = min(quotas.rules_per_listener, MAX_PRIORITY)
        yield from _over(
            RULES_EACH, service.path, len(listener.rules), f"rules on port {listener.port}",
            "rules_per_listener", most,
        )  # fmt: skip
    yield from _over(
        GROUPS, service.path, len(service.groups), "target groups", "target_groups_per_service",
        quotas.target_groups_per_service,
    )  # fmt: skip


def _over(
    rule: Rule, path: Path, count: int, things: str, key: str, limit: int
) -> Iterator[Finding]:
    if count > limit:
        message = f"{count} {things}, the quota is {limit}; have fewer, or state it as quotas.{key}"
        yield rule.at(path, message)
