"""Load balancers and functions as targets: what VPC Lattice asks of them before it takes them.

Source: VPC Lattice user guide, "Application Load Balancers as targets" and "Lambda functions as
targets". The wording of refusals is inferred, and that a function must be there already.
"""

from __future__ import annotations

from typing import Any

from moto.backends import get_backend
from moto.core.exceptions import JsonRESTError

from meshkit.local.services.dispatch import Call
from meshkit.local.services.vpclattice.backend import home
from meshkit.local.services.vpclattice.kinds import TARGET_GROUP
from meshkit.local.services.vpclattice.refusals import invalid
from meshkit.local.services.vpclattice.resource import Resource
from meshkit.policy.evaluation import Caller, Policy, Request, alone
from meshkit.topology.functions import INVOKER

GROUPS_OF_BALANCER = 2


def check_single(call: Call, group: Resource, arn: str) -> None:
    """Raise `ValidationException` for what can't be the target of a group of type ALB or LAMBDA."""
    region, account = arn.split(":")[3:5]
    if (account, region) != (call.account, call.region):
        raise invalid(f"{arn} is not of account {call.account} and region {call.region}")
    if group.values["type"] == "ALB":
        _check_balancer(call, group, arn)
    elif _function(arn) is None:
        raise invalid(f"There is no function {arn}")


def uninvoked(group: Resource, arn: str) -> str | None:
    """Tell why a group can't invoke its function; None where it can."""
    function = _function(arn)
    if function is None:
        return f"{arn} is gone"
    policy = Policy.parse({"Version": "2012-10-17", "Statement": function.policy.statements})
    request = Request(
        "lambda:InvokeFunction",
        arn,
        Caller(INVOKER, kind="Service"),
        {"aws:SourceArn": group.arn, "aws:SourceAccount": group.owner},
    )
    if alone(request, policy).allowed:
        return None
    return f"the policy of {arn} does not let the target group invoke it"


def _check_balancer(call: Call, group: Resource, arn: str) -> None:
    backends: Any = get_backend("elbv2")
    balancer = backends[call.account][call.region].load_balancers.get(arn)
    if balancer is None:
        raise invalid(f"There is no load balancer {arn}")
    if balancer.scheme != "internal":
        raise invalid(f"{arn} is {balancer.scheme}, and must be internal")
    vpc = group.values["config"]["vpcIdentifier"]
    if balancer.vpc_id != vpc:
        raise invalid(f"{arn} is in {balancer.vpc_id}, and the target group in {vpc}")
    here = home(call)
    groups = [
        each.id
        for each in here.of(TARGET_GROUP)
        if each.id != group.id and any(id_ == arn for id_, _port in here.targets[each.id])
    ]
    if len(groups) >= GROUPS_OF_BALANCER:
        raise invalid(f"{arn} is a target of {GROUPS_OF_BALANCER} target groups already")


def _function(arn: str) -> Any:
    """The function, or its version or alias; None where it is not there."""
    region, account = arn.split(":")[3:5]
    # Loaded only where somebody has a function.
    backends: Any = get_backend("lambda")
    try:
        return backends[account][region].get_function(arn)
    except JsonRESTError:
        return None
