"""Load balancers and functions as the one target of a target group.

Who registers tasks, pods and instances is ECS, EKS or an Auto Scaling group. Source: VPC Lattice
user guide, Application Load Balancers as targets; Lambda functions as targets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws

from meshkit.inputs import checked_input, to_input
from meshkit.topology import leaves
from meshkit.topology.functions import INVOKER, unqualified

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.topology.lattice.model import TargetGroup

Spec = Any
"""A mapping in the keys of pulumi_aws."""


def register_target(
    name: str,
    group: TargetGroup,
    made: aws.vpclattice.TargetGroup,
    target: pulumi.Input[str],
    region: pulumi.Input[str] | None,
    opts: pulumi.ResourceOptions,
) -> None:
    """Registers a target, and for a function the right of the group to invoke it.

    A group has one of them, so that the old one goes first.
    """
    opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(delete_before_replace=True))
    if group.type != "LAMBDA":
        chosen = {"id": target, "port": group.port}
        _attach(name, made, chosen, region, opts)
        return
    parts = pulumi.Output.from_input(target).apply(unqualified)
    permission = aws.lambda_.Permission(
        f"{name}-invoke",
        # One function may stand behind several groups.
        statement_id=group.name,
        principal=INVOKER,
        action="lambda:InvokeFunction",
        function=parts[0],
        qualifier=parts[1],
        source_arn=made.arn,
        region=region,
        opts=opts,
    )
    waiting = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[permission]))
    _attach(name, made, {"id": target}, region, waiting)


def known_target(group: TargetGroup, context: Mapping[str, str]) -> pulumi.Input[str] | None:
    """The ARN of the target that a group names, checked where it comes late.

    ``context`` has the account and the region of the group, where they are known.
    """
    if group.target is None or not context:
        return to_input(group.target, context)
    check = function_fault if group.type == "LAMBDA" else leaves.load_balancer
    return checked_input(
        group.target, context, lambda text: check(text, context["account"], context["region"])
    )


def function_fault(text: str, account: str | None, region: str) -> str | None:
    """A function that can be registered: by its ARN."""
    fault = leaves.function(text, account, region)
    return fault or (None if text.startswith("arn:") else f'"{text}" is a name; give the ARN')


def _attach(
    name: str,
    made: aws.vpclattice.TargetGroup,
    target: Spec,
    region: pulumi.Input[str] | None,
    opts: pulumi.ResourceOptions,
) -> None:
    aws.vpclattice.TargetGroupAttachment(
        name, target_group_identifier=made.id, target=target, region=region, opts=opts
    )
