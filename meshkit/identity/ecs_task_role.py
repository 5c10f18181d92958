"""The role of an ECS task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.identity.args import RoleArgs
from meshkit.identity.component import WorkloadRoleComponent
from meshkit.inputs import require_args
from meshkit.policy.trust import ecs_trust

if TYPE_CHECKING:
    import pulumi


@dataclass(frozen=True, kw_only=True)
class EcsTaskRoleArgs(RoleArgs):
    """Arguments of ``EcsTaskRole``."""


class EcsTaskRole(WorkloadRoleComponent):
    """A task role, on Fargate or on instances. ``role_arn`` is the task definition's taskRoleArn.

    Only tasks of the endpoints' own account and region can take it.
    """

    def __init__(
        self, name: str, args: EcsTaskRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, EcsTaskRoleArgs)
        super().__init__("EcsTaskRole", name, args, opts)
        self._make(self._spec(ecs_trust(self._place())))
        self.register_outputs({"roleArn": self.role_arn, "roleName": self.role_name})
