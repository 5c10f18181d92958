"""What a resource policy that somebody wrote by hand lets other accounts do.

The policies that RAM makes for its shares are not kept as texts: RAM is asked itself.
"""

from __future__ import annotations

from meshkit.local.services.dispatch import Call
from meshkit.local.services.vpclattice.resource import Resource
from meshkit.policy.evaluation import Caller, Policy, Request, Undecidable, alone


def grants(call: Call, resource: Resource) -> bool:
    """Return whether the resource's own policy allows the call. What is in doubt, it does not."""
    if resource.resource_policy is None:
        return False
    arn = call.caller or f"arn:{call.partition}:iam::{call.account}:root"
    context = {f"vpc-lattice:{resource.kind.label}Arn": resource.arn}
    if "vpcIdentifier" in call.params:
        context["vpc-lattice:VpcId"] = call.params["vpcIdentifier"]
    request = Request(f"vpc-lattice:{call.operation}", resource.arn, Caller(arn), context)
    try:
        return alone(request, Policy.parse(resource.resource_policy.text)).allowed
    except Undecidable:
        return False
