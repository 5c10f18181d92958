"""The role of EC2 instances, and of EKS worker nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from meshkit.identity.args import RoleArgs
from meshkit.identity.component import WorkloadRoleComponent
from meshkit.identity.registration import make_instance_profile, waiting
from meshkit.inputs import applied, as_text, require_args
from meshkit.policy.trust import ec2_trust
from meshkit.topology.partition import partition_of

if TYPE_CHECKING:
    from meshkit.policy.trust import Place


@dataclass(frozen=True, kw_only=True)
class Ec2RoleArgs(RoleArgs):
    """Arguments of ``Ec2Role``."""


@dataclass(frozen=True, kw_only=True)
class WorkerNodeRoleArgs(RoleArgs):
    """Arguments of ``WorkerNodeRole``."""


class InstanceRoleComponent(WorkloadRoleComponent):
    """The base of roles that instances take by an instance profile."""

    instance_profile_arn: pulumi.Output[str]
    """ARN of the instance profile; waits until the policies are attached."""
    instance_profile_name: pulumi.Output[str]
    """Name of the instance profile, for ``iam_instance_profile``."""

    def __init__(
        self, kind: str, name: str, args: RoleArgs, opts: pulumi.ResourceOptions | None
    ) -> None:
        super().__init__(kind, name, args, opts)
        spec = self._spec(ec2_trust(as_text(applied(self._found, _principal))))
        role, policies = self._make(spec)
        profile = make_instance_profile(name, spec, role, waiting(self._child, policies))
        self.instance_profile_arn = profile.arn
        self.instance_profile_name = profile.name
        self.register_outputs(
            {
                "roleArn": self.role_arn,
                "roleName": self.role_name,
                "instanceProfileArn": self.instance_profile_arn,
                "instanceProfileName": self.instance_profile_name,
            }
        )


class Ec2Role(InstanceRoleComponent):
    """A role for instances that host a proxy, also those on which people run Kubernetes."""

    def __init__(
        self, name: str, args: Ec2RoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, Ec2RoleArgs)
        super().__init__("Ec2Role", name, args, opts)


class WorkerNodeRole(InstanceRoleComponent):
    """A role for EKS worker nodes. Every pod on them gets it, so prefer ``IrsaRole``.

    It holds what the proxies need. What EKS asks of a worker node (AmazonEKSWorkerNodePolicy and
    the right to pull images) comes with ``managed_policies``.
    """

    def __init__(
        self, name: str, args: WorkerNodeRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, WorkerNodeRoleArgs)
        super().__init__("WorkerNodeRole", name, args, opts)
        pulumi.log.warn(
            f"{name}: every pod on the worker nodes gets this role and can read the configuration "
            "of all its endpoints; IrsaRole or PodIdentityRole give each pod its own",
            resource=self,
        )


def _principal(place: Place) -> str:
    return partition_of(str(place.region)).ec2_principal
