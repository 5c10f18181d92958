"""Metric filters on the log group of a trail, and an alarm for each thing that is watched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

from meshkit.policy.audit_watches import WATCHES, patterns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAMESPACE: Final = "meshkit/audit"
"""Of the metrics."""
PERIOD: Final = 300
"""Seconds in which one event is enough for an alarm."""


@dataclass(frozen=True)
class Alarms:
    """What the alarms of a trail are made of."""

    region: str
    group: pulumi.Input[str]
    """Name of the log group."""
    roles: Sequence[str]
    """Names of the roles whose changes are told."""
    topics: Sequence[pulumi.Input[str]]
    """ARNs of who hears of them."""
    tags: Mapping[str, pulumi.Input[str]] | None


def register_alarms(
    name: str, wanted: Alarms, opts: pulumi.ResourceOptions
) -> dict[str, pulumi.Output[str]]:
    """ARNs of the alarms by the keys of the watches."""
    found = {}
    for watch in WATCHES:
        metric = f"{name}-{watch.key}"
        for number, pattern in enumerate(patterns(watch, wanted.roles)):
            suffix = f"-{number}" if number else ""
            aws.cloudwatch.LogMetricFilter(
                f"{metric}{suffix}",
                name=f"{metric}{suffix}",
                region=wanted.region,
                log_group_name=wanted.group,
                pattern=pattern,
                metric_transformation={"name": metric, "namespace": NAMESPACE, "value": "1"},
                opts=opts,
            )
        alarm = aws.cloudwatch.MetricAlarm(
            metric,
            name=metric,
            region=wanted.region,
            alarm_description=watch.description,
            namespace=NAMESPACE,
            metric_name=metric,
            statistic="Sum",
            period=PERIOD,
            evaluation_periods=1,
            threshold=1,
            comparison_operator="GreaterThanOrEqualToThreshold",
            # No event is good news.
            treat_missing_data="notBreaching",
            alarm_actions=list(wanted.topics) or None,
            tags=wanted.tags,
            opts=opts,
        )
        found[watch.key] = alarm.arn
    return found
