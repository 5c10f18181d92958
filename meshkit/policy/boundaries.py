"""Permissions boundaries: what roles may do at most, whatever their own policies say.

Closed against privilege escalation: who is bounded makes roles only with the same boundary, takes
it off nothing, changes neither it nor the roles of others, and passes on no stronger role. Source:
IAM User Guide, Permissions boundaries for IAM entities, delegating responsibility to others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from meshkit.errors import MeshkitError
from meshkit.policy.document import Condition, Document, Statement
from meshkit.policy.iam_changes import (
    IAM_CHANGES,
    POLICY_CHANGES,
    PROFILE_CHANGES,
    ROLE_CHANGES,
)
from meshkit.policy.lattice import INVOKE
from meshkit.policy.permissions import PERMISSIONS
from meshkit.policy.roles import added_statements
from meshkit.policy.size import MANAGED_LIMIT, size
from meshkit.policy.typed import PolicyDocument

if TYPE_CHECKING:
    from meshkit.config.role import Statement as FileStatement

_PATH: Final = re.compile(r"/([A-Za-z0-9_+=,.@-]+/)+")
_NAME: Final = re.compile(r"[A-Za-z0-9_+=,.@-]{1,128}")
_PASSABLE: Final = re.compile(r"[A-Za-z0-9_+=,.@-][A-Za-z0-9_+=,.@/*?-]{0,511}")
_BOUNDED: Final = (
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
)
"""Changes of a role whose requests tell its boundary."""
_TAKING_OFF: Final = ("iam:DeleteRolePermissionsBoundary",)
_READING: Final = (
    "iam:Get*",
    "iam:List*",
    "iam:SimulateCustomPolicy",
    "iam:SimulatePrincipalPolicy",
)
_NOT_FOR_TEAMS: Final = (
    "account:*",
    "iam:*",
    "identitystore:*",
    "organizations:*",
    "rolesanywhere:*",
    "sso-directory:*",
    "sso:*",
    "sts:AssumeRole",
    "sts:AssumeRoot",
)
"""What decides who is who; of it, teams get only what is named."""
_MADE: Final = ("role", "policy", "instance-profile")
"""What a team makes in IAM."""
_SERVICES_PASSED_TO: Final = (
    "ec2.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "eks.amazonaws.com",
    "lambda.amazonaws.com",
    "pods.eks.amazonaws.com",
)
_SHARING: Final = (
    "ram:AcceptResourceShareInvitation",
    "ram:AssociateResourceShare",
    "ram:CreateResourceShare",
    "ram:DeleteResourceShare",
    "ram:DisassociateResourceShare",
    "ram:Get*",
    "ram:List*",
    "ram:RejectResourceShareInvitation",
    "ram:TagResource",
    "ram:UntagResource",
    "ram:UpdateResourceShare",
)
_SERVICE_ROLES: Final = (
    "aws-service-role/appmesh.amazonaws.com/*",
    "aws-service-role/vpc-lattice.amazonaws.com/*",
)


@dataclass(frozen=True, kw_only=True)
class _Boundary:
    """A managed policy with a fixed name, so that it can speak of itself."""

    policy_path: str = "/boundaries/"
    """IAM path of the policy. Everything below it is closed to who is bounded."""
    statements: tuple[FileStatement, ...] = ()
    """Further statements: what else may be allowed, or is denied."""
    partition: str = "aws"

    def _check(self, name: str) -> None:
        object.__setattr__(self, "statements", tuple(self.statements))
        PolicyDocument(self.statements, "statements").require_sound()
        if not _NAME.fullmatch(name):
            raise MeshkitError(f'policy_name: "{name}": 1 to 128 letters, digits and +=,.@_-')
        if not _PATH.fullmatch(self.policy_path):
            raise MeshkitError(
                f'policy_path: "{self.policy_path}": a path other than /, with a slash at both ends'
            )

    def _iam(self, kind: str, *names: str) -> tuple[str, ...]:
        """ARNs in the account that the boundary is in, which needs no name."""
        return tuple(f"arn:{self.partition}:iam::*:{kind}/{name}" for name in names)

    def _fitting(self, statements: tuple[Statement, ...]) -> Document:
        document = Document((*statements, *added_statements(self.statements)))
        found = size(document)
        if found > MANAGED_LIMIT:
            raise MeshkitError(
                f"the boundary has {found} characters and IAM takes {MANAGED_LIMIT}: "
                "give fewer or shorter statements"
            )
        return document


@dataclass(frozen=True, kw_only=True)
class MeshBoundary(_Boundary):
    """The boundary of what meshkit makes: roles of proxies, of callers, and of operators.

    What the application beside a proxy does with the same role goes into ``statements``. It can
    change no role, policy or user. Raises ``MeshkitError`` for names that are none.
    """

    policy_name: str = "mesh"
    """Name of the policy."""

    def __post_init__(self) -> None:
        self._check(self.policy_name)

    def document(self) -> Document:
        """The policy. Raises ``MeshkitError`` where it is longer than IAM takes."""
        proxies = tuple(action for each in PERMISSIONS for action in each.actions)
        service_roles = self._iam("role", *_SERVICE_ROLES)
        return self._fitting(
            (
                _allow("RunProxies", (*proxies, INVOKE), ("*",)),
                _allow("OperateMeshes", ("appmesh:*", "vpc-lattice:*"), ("*",)),
                _allow("ShareMeshes", _SHARING, ("*",)),
                _allow("MakeServiceRoles", ("iam:CreateServiceLinkedRole",), service_roles),
                _deny(
                    "KeepIdentities", (*IAM_CHANGES, "iam:PassRole"), not_resources=service_roles
                ),
            )
        )


@dataclass(frozen=True, kw_only=True)
class TeamBoundary(_Boundary):
    """The boundary of a team's people and pipelines, and of all roles that they make.

    It allows all services, and of IAM only what lies below the team's own path. Raises
    ``MeshkitError`` for names that are none, and for a policy that the team could change.
    """

    path: str
    """IAM path of the team's roles, policies and instance profiles: ``/teams/orders/``."""
    policy_name: str = "team"
    """Name of the policy."""
    passable: tuple[str, ...] = ()
    """Names, with their paths, of other roles that the team may pass on, as those of its proxies:
    ``mesh/*``. None may be stronger than the boundary."""
    passed_to: tuple[str, ...] = _SERVICES_PASSED_TO
    """Services that the team may pass roles to."""

    def __post_init__(self) -> None:
        self._check(self.policy_name)
        for name in ("passable", "passed_to"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if not _PATH.fullmatch(self.path):
            raise MeshkitError(
                f'path: "{self.path}": a path other than /, with a slash at both ends'
            )
        if self.policy_path.startswith(self.path) or self.path.startswith(self.policy_path):
            raise MeshkitError(
                f"policy_path: {self.policy_path} and the team's path {self.path} lie in each "
                "other, so the team could change its boundary, or nothing of its own"
            )
        for name in self.passable:
            if not _PASSABLE.fullmatch(name):
                raise MeshkitError(
                    f'passable: "{name}" is no name with its path: PATH/NAME, without a slash or '
                    "a wildcard in front"
                )

    def document(self) -> Document:
        """The policy. Raises ``MeshkitError`` where it is longer than IAM takes."""
        return self._fitting(
            (
                Statement(sid="UseServices", not_actions=_NOT_FOR_TEAMS, resources=("*",)),
                *self._making_roles(),
                _deny(
                    "MakeOnlyBounded",
                    _BOUNDED,
                    Condition("ArnNotLike", "iam:PermissionsBoundary", self._itself),
                    resources=("*",),
                ),
                _deny("KeepBoundaries", _TAKING_OFF, resources=("*",)),
                _deny(
                    "KeepOthers",
                    IAM_CHANGES,
                    not_resources=(*self._below(*_MADE), *self._service_roles),
                ),
                _deny("PassNoOthersRoles", ("iam:PassRole",), not_resources=self._passed),
            )
        )

    def making_roles(self) -> Document:
        """What a team needs to make roles for itself, for a policy of its people or pipelines.

        It goes no further than the boundary, which they have as well.
        """
        return Document(self._making_roles())

    def _making_roles(self) -> tuple[Statement, ...]:
        bounded = Condition("ArnLike", "iam:PermissionsBoundary", self._itself)
        services = Condition("StringEquals", "iam:PassedToService", self.passed_to)
        keeping = tuple(
            each for each in ROLE_CHANGES if each not in _BOUNDED and each not in _TAKING_OFF
        )
        return (
            _allow("SeeIdentities", _READING, ("*",)),
            _allow("MakeBoundedRoles", _BOUNDED, self._roles, bounded),
            _allow("KeepOwnRoles", keeping, self._roles),
            _allow("PassRoles", ("iam:PassRole",), self._passed, services),
            _allow("TakeOwnRoles", ("sts:AssumeRole",), self._roles),
            _allow("KeepOwnPolicies", POLICY_CHANGES, self._below("policy")),
            _allow("KeepOwnProfiles", PROFILE_CHANGES, self._below("instance-profile")),
            _allow("MakeServiceRoles", ("iam:CreateServiceLinkedRole",), self._service_roles),
            # In an ARN, the wildcard of the account goes on past its colon.
            _deny(
                "KeepToThePath",
                ("iam:CreateInstanceProfile", "iam:CreatePolicy", "iam:CreateRole"),
                resources=tuple(arn for kind in _MADE for arn in self._iam(kind, "*:*")),
            ),
        )

    @property
    def _itself(self) -> tuple[str, ...]:
        return self._iam("policy", f"{self.policy_path[1:]}{self.policy_name}")

    @property
    def _roles(self) -> tuple[str, ...]:
        return self._below("role")

    def _below(self, *kinds: str) -> tuple[str, ...]:
        return tuple(arn for kind in kinds for arn in self._iam(kind, f"{self.path[1:]}*"))

    @property
    def _service_roles(self) -> tuple[str, ...]:
        return self._iam("role", "aws-service-role/*")

    @property
    def _passed(self) -> tuple[str, ...]:
        return (*self._roles, *self._iam("role", *self.passable))


def _allow(
    sid: str, actions: tuple[str, ...], resources: tuple[str, ...], *conditions: Condition
) -> Statement:
    return Statement(sid=sid, actions=actions, resources=resources, conditions=conditions)


def _deny(
    sid: str,
    actions: tuple[str, ...],
    *conditions: Condition,
    resources: tuple[str, ...] = (),
    not_resources: tuple[str, ...] = (),
) -> Statement:
    return Statement(
        effect="Deny",
        sid=sid,
        actions=actions,
        resources=resources,
        not_resources=not_resources,
        conditions=conditions,
    )
