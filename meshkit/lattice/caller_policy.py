"""The right of a role to call services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from meshkit.errors import MeshkitError
from meshkit.inputs import require_args
from meshkit.policy.lattice import invoke_policy


@dataclass(frozen=True, kw_only=True)
class CallerPolicyArgs:
    """Arguments of ``CallerPolicy``."""

    role_name: pulumi.Input[str]
    """Name of the role, of this account."""
    service_arns: Sequence[pulumi.Input[str]]
    """ARNs of the services it calls, of any account."""
    network_arn: pulumi.Input[str]
    """ARN of the service network through which it calls them."""


class CallerPolicy(pulumi.ComponentResource):
    """Lets a role call services through one network, and no others.

    The services must admit the role as well.
    """

    def __init__(
        self, name: str, args: CallerPolicyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, CallerPolicyArgs)
        if isinstance(args.service_arns, str) or not args.service_arns:
            raise MeshkitError(f"{name}: service_arns takes a list of at least one ARN")
        super().__init__("meshkit:index:CallerPolicy", name, None, opts)
        aws.iam.RolePolicy(
            name,
            role=args.role_name,
            policy=pulumi.Output.all(args.network_arn, *args.service_arns).apply(
                lambda arns: invoke_policy(arns[0], arns[1:]).to_json()
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
