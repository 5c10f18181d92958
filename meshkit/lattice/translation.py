"""From the values of ``topology.lattice`` to what pulumi_aws takes.

``case_sensitive`` is always said: left out, pulumi_aws takes false, and App Mesh tells case apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi

    from meshkit.topology.lattice.model import HealthCheck, RuleMatch, TargetGroup, Weighted

Spec = Any
"""A mapping in the keys of pulumi_aws."""

NOT_FOUND = 404
"""What a listener answers where no rule takes a request. VPC Lattice takes 404 and 500."""


def group_config(group: TargetGroup, vpc_id: pulumi.Input[str] | None) -> Spec:
    """The configuration of a target group; a load balancer checks its own targets."""
    if group.type == "LAMBDA":
        return {"lambda_event_structure_version": group.event_version}
    check = None if group.type == "ALB" else health_check(group.health_check)
    return _given(
        port=group.port,
        protocol=group.protocol,
        protocol_version=group.protocol_version,
        ip_address_type=group.ip_address_type,
        vpc_identifier=vpc_id,
        health_check=check,
    )


def health_check(check: HealthCheck | None) -> Spec:
    """A health check, or that there is none."""
    if check is None:
        return {"enabled": False}
    return _given(
        enabled=True,
        protocol="HTTP",
        protocol_version=check.protocol_version,
        path=check.path,
        port=check.port,
        health_check_interval_seconds=check.interval,
        health_check_timeout_seconds=check.timeout,
        healthy_threshold_count=check.healthy_threshold,
        unhealthy_threshold_count=check.unhealthy_threshold,
    )


def default_action(targets: Sequence[Weighted], groups: Mapping[str, pulumi.Input[str]]) -> Spec:
    """What a listener does with requests that no rule takes."""
    if not targets:
        return {"fixed_response": {"status_code": NOT_FOUND}}
    return {"forwards": [{"target_groups": _forward(targets, groups)}]}


def rule_action(targets: Sequence[Weighted], groups: Mapping[str, pulumi.Input[str]]) -> Spec:
    """What a rule does."""
    return {"forward": {"target_groups": _forward(targets, groups)}}


def rule_match(match: RuleMatch) -> Spec:
    """What a rule takes."""
    path = _given(exact=match.path, prefix=match.prefix)
    headers = [
        {
            "name": header.name,
            "case_sensitive": True,
            "match": _given(exact=header.exact, prefix=header.prefix),
        }
        for header in match.headers
    ]
    return {
        "http_match": _given(
            method=match.method,
            path_match={"case_sensitive": True, "match": path} if path else None,
            header_matches=headers or None,
        )
    }


def _forward(targets: Sequence[Weighted], groups: Mapping[str, pulumi.Input[str]]) -> Spec:
    return [
        {"target_group_identifier": groups[each.group], "weight": each.weight} for each in targets
    ]


def _given(**fields: Any) -> Spec:
    return {key: value for key, value in fields.items() if value is not None}
