"""Service control policies around a mesh: what nobody but the pipeline does in member accounts.

They only deny, so beside the FullAWSAccess that Organizations attaches by itself they may be spread
over several policies without a change of meaning. Source: Organizations User Guide, SCP evaluation
and SCP syntax; RAM User Guide, Example service control policies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from meshkit.errors import MeshkitError
from meshkit.policy.audit_changes import (
    BUCKET_CHANGES,
    KEY_CHANGES,
    RECORDER_CHANGES,
    TRAIL_CHANGES,
)
from meshkit.policy.document import Condition, Document, Statement
from meshkit.policy.global_services import GLOBAL_ACTIONS
from meshkit.policy.iam_changes import (
    POLICY_CHANGES,
    PROFILE_CHANGES,
    PROVIDER_CHANGES,
    ROLE_CHANGES,
)
from meshkit.policy.roles import added_statements
from meshkit.policy.size import spread
from meshkit.policy.typed import PolicyDocument

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.config.role import Statement as FileStatement

SIZE_LIMIT: Final = 10_240
"""Characters of a service control policy, white space included; 5,120 until May 2026.

Source: Organizations User Guide, Quotas and service limits.
"""
ATTACHED_LIMIT: Final = 10
"""Service control policies attached to one root, OU or account; 5 until May 2026. Same source."""
_NAME: Final = re.compile(r"[A-Za-z0-9_+=,.@-][A-Za-z0-9_+=,.@/*?-]{0,511}")
_REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]{1,2}")
_SHARE: Final = re.compile(r"(?!.*\$\{).+")
_WITH_PATH: Final = "name with its path: PATH/NAME, without a slash or a wildcard in front"
_WRITTEN: Final = (
    ("pipeline", _NAME, _WITH_PATH),
    ("protected", _NAME, _WITH_PATH),
    ("boundary", _NAME, _WITH_PATH),
    ("share_names", _SHARE, "name of a share"),
    ("regions", _REGION, "region"),
)
"""How texts are written, by the field they are in."""
_TRAIL: Final = re.compile(r"[A-Za-z0-9._*?-]{1,128}")
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_LISTS: Final = (
    *("pipeline", "protected", "share_names", "regions", "global_actions", "statements"),
)
_SHARED_TYPES: Final = ("appmesh:Mesh", "vpc-lattice:Service", "vpc-lattice:ServiceNetwork")
"""What a mesh shares through RAM, as RAM names its types."""


@dataclass(frozen=True, kw_only=True)
class AuditScope:
    """The audit trail that nobody but the pipeline changes."""

    trails: tuple[str, ...] = ("*",)
    """Names of the trails; ``*`` and ``?`` are wildcards."""
    buckets: tuple[str, ...] = ()
    """Names of the buckets that the trail and the recorder write to."""
    keys: tuple[str, ...] = ()
    """ARNs of the KMS keys that encrypt them."""
    recorder: bool = True
    """Whether AWS Config's recorder, delivery channel and rules are kept as well."""

    def __post_init__(self) -> None:
        for name in ("trails", "buckets", "keys"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        for trail in self.trails:
            if not _TRAIL.fullmatch(trail):
                raise MeshkitError(f'audit: "{trail}" is no name of a trail')
        for bucket in self.buckets:
            if not _BUCKET.fullmatch(bucket):
                raise MeshkitError(f'audit: "{bucket}" is no name of a bucket')
        for key in self.keys:
            if not re.fullmatch(r"arn:aws[a-z-]*:kms:[^:*?]+:[0-9]{12}:key/[^*?]+", key):
                raise MeshkitError(
                    f'audit: "{key}" is no KMS key: arn:PARTITION:kms:REGION:ACCOUNT:key/ID'
                )


@dataclass(frozen=True, kw_only=True)
class GuardrailScope:
    """What the guardrails protect, and from whom. Raises ``MeshkitError`` for what names nothing.

    Always on: nobody but the pipeline changes its roles, identity providers, the policies of meshes
    and of VPC Lattice, or puts a mesh into a share; nobody leaves the organization.
    """

    pipeline: tuple[str, ...]
    """Names of the roles that may, with their paths: ``pipeline/mesh``. ``*`` and ``?`` are
    wildcards, but not in front."""
    protected: tuple[str, ...] = ()
    """Names, with their paths, of the roles, managed policies and instance profiles that the
    pipeline alone makes and changes: ``mesh/*``. Those of proxies, and of boundaries."""
    share_names: tuple[str, ...] = ()
    """Names of the RAM shares that the pipeline alone changes; ``*`` for every share."""
    organization_only: bool = True
    """Whether nobody, the pipeline included, shares anything through RAM with the outside."""
    audit: AuditScope | None = None
    """The audit trail, if there is one to protect."""
    regions: tuple[str, ...] = ()
    """The regions in which anything may be done; by default, all."""
    global_actions: tuple[str, ...] = GLOBAL_ACTIONS
    """What the limit of regions leaves alone."""
    boundary: str | None = None
    """Name, with its path, of the boundary without which others make no role and no user."""
    statements: tuple[FileStatement, ...] = ()
    """Further statements; each denies."""
    partition: str = "aws"

    def __post_init__(self) -> None:
        for name in _LISTS:
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if not self.pipeline:
            raise MeshkitError("pipeline: name at least one role, or nobody can change anything")
        for field, pattern, what in _WRITTEN:
            given = getattr(self, field)
            for text in given if isinstance(given, tuple) else (given,):
                if text is not None and not pattern.fullmatch(text):
                    raise MeshkitError(f'{field}: "{text}" is no {what}')
        PolicyDocument(self.statements, "statements").require_sound()
        if any(each.effect != "Deny" for each in self.statements):
            raise MeshkitError(
                "statements: a guardrail denies; an Allow beside FullAWSAccess does nothing"
            )

    def iam(self, kind: str, names: tuple[str, ...]) -> tuple[str, ...]:
        """ARNs of roles, policies or instance profiles, in any account."""
        return tuple(f"arn:{self.partition}:iam::*:{kind}/{name}" for name in names)

    @property
    def but_pipeline(self) -> Condition:
        """Whoever is not the pipeline. The session of a role has the ARN of the role here."""
        return Condition("ArnNotLike", "aws:PrincipalArn", self.iam("role", self.pipeline))


def guardrail_statements(scope: GuardrailScope) -> tuple[Statement, ...]:
    """Every statement of the guardrails, in a fixed order."""
    own = (statement for make in _GUARDRAILS for statement in make(scope))
    return (*own, *added_statements(scope.statements))


def guardrail_documents(scope: GuardrailScope) -> tuple[Document, ...]:
    """The service control policies, as few as the size limit allows; attach them together.

    Raises ``MeshkitError`` for a statement that fits in none, and for a Sid that stands twice.
    """
    documents = tuple(spread(guardrail_statements(scope), SIZE_LIMIT))
    for document in documents:
        found = 0 if document.deferred() else len(document.to_json())
        if found > SIZE_LIMIT:
            raise MeshkitError(
                f"a service control policy has {found} characters and Organizations takes "
                f"{SIZE_LIMIT}: leave out white space in values"
            )
    return documents


def _organization(scope: GuardrailScope) -> tuple[Statement, ...]:
    # In an account to which the organization's policies are delegated, these can be undone.
    undoing = (
        "organizations:DeletePolicy",
        "organizations:DetachPolicy",
        "organizations:DisablePolicyType",
        "organizations:UpdatePolicy",
    )
    return (
        _deny("StayInOrganization", ("organizations:LeaveOrganization",), ("*",)),
        _deny("KeepGuardrails", undoing, ("*",), scope.but_pipeline),
    )


def _identities(scope: GuardrailScope) -> tuple[Statement, ...]:
    names = (*scope.pipeline, *scope.protected)
    kept = (
        ("KeepRoles", ROLE_CHANGES, scope.iam("role", names)),
        ("KeepPolicies", POLICY_CHANGES, scope.iam("policy", names)),
        ("KeepInstanceProfiles", PROFILE_CHANGES, scope.iam("instance-profile", names)),
        ("KeepSignIn", _SIGN_IN, ("*",)),
        ("PassNoPipeline", ("iam:PassRole",), scope.iam("role", scope.pipeline)),
    )
    return tuple(
        _deny(sid, actions, resources, scope.but_pipeline) for sid, actions, resources in kept
    )


_SIGN_IN: Final = (
    *PROVIDER_CHANGES,
    "rolesanywhere:CreateProfile",
    "rolesanywhere:CreateTrustAnchor",
    "rolesanywhere:Delete*",
    "rolesanywhere:Disable*",
    "rolesanywhere:Enable*",
    "rolesanywhere:Import*",
    "rolesanywhere:Put*",
    "rolesanywhere:Reset*",
    "rolesanywhere:Update*",
)
"""Changes of what tells roles who somebody is."""


def _boundary(scope: GuardrailScope) -> tuple[Statement, ...]:
    if scope.boundary is None:
        return ()
    boundary = scope.iam("policy", (scope.boundary,))
    making = tuple(f"iam:{verb}" for verb in _TAKING_BOUNDARIES)
    without = Condition("ArnNotLike", "iam:PermissionsBoundary", boundary)
    taking_off = ("iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary")
    return (
        _deny("MakeOnlyBounded", making, ("*",), without, scope.but_pipeline),
        _deny("KeepBoundaries", taking_off, ("*",), scope.but_pipeline),
        _deny("KeepBoundaryPolicy", POLICY_CHANGES, boundary, scope.but_pipeline),
    )


_TAKING_BOUNDARIES: Final = (
    "CreateRole",
    "CreateUser",
    "PutRolePermissionsBoundary",
    "PutUserPermissionsBoundary",
)


def _mesh_policies(scope: GuardrailScope) -> tuple[Statement, ...]:
    actions = (
        "appmesh:DeleteMeshPolicy",
        "appmesh:PutMeshPolicy",
        "vpc-lattice:DeleteAuthPolicy",
        "vpc-lattice:DeleteResourcePolicy",
        "vpc-lattice:PutAuthPolicy",
        "vpc-lattice:PutResourcePolicy",
    )
    # Without it, nobody asks the auth policy of a service or network.
    off = Condition("StringEquals", "vpc-lattice:AuthType", ("NONE",))
    updating = ("vpc-lattice:UpdateService", "vpc-lattice:UpdateServiceNetwork")
    return (
        _deny("KeepMeshPolicies", actions, ("*",), scope.but_pipeline),
        _deny("KeepAuthOn", updating, ("*",), off, scope.but_pipeline),
    )


def _shares(scope: GuardrailScope) -> tuple[Statement, ...]:
    filling = ("ram:AssociateResourceShare", "ram:DisassociateResourceShare")
    meshes = Condition("StringEquals", "ram:RequestedResourceType", _SHARED_TYPES)
    whole = ("ram:CreateResourceShare", *filling)
    sharing = _deny("ShareMeshes", whole, ("*",), meshes, scope.but_pipeline)
    if not scope.share_names:
        return (sharing,)
    changing = (*filling, "ram:DeleteResourceShare", "ram:UpdateResourceShare")
    named = Condition("StringLike", "ram:ResourceShareName", scope.share_names)
    shares = (f"arn:{scope.partition}:ram:*:*:resource-share/*",)
    return (
        sharing,
        _deny("KeepShares", changing, shares, named, scope.but_pipeline),
        # Of these, RAM tells no name of a share.
        _deny("KeepSharePermissions", _SHARE_PERMISSIONS, ("*",), scope.but_pipeline),
    )


_SHARE_PERMISSIONS: Final = (
    "ram:AssociateResourceSharePermission",
    "ram:DisassociateResourceSharePermission",
    "ram:PromotePermissionCreatedFromPolicy",
    "ram:PromoteResourceShareCreatedFromPolicy",
    "ram:ReplacePermissionAssociations",
)
"""Changes of what others may do with what is shared."""


def _outside(scope: GuardrailScope) -> tuple[Statement, ...]:
    if not scope.organization_only:
        return ()
    asked = "ram:RequestedAllowsExternalPrincipals"
    making, updating = "ram:CreateResourceShare", "ram:UpdateResourceShare"
    filling = "ram:AssociateResourceShare"
    leaving = Condition("Bool", "ram:RetainSharingOnAccountLeaveOrganization", ("true",))
    return (
        _deny("OpenNoShare", (making, updating), ("*",), Condition("Bool", asked, ("true",))),
        # A share whose maker says nothing is open: that is RAM's default.
        _deny("SayThatItIsClosed", (making,), ("*",), Condition("Null", asked, ("true",))),
        _deny(
            "FillNoOpenShare",
            (filling,),
            ("*",),
            Condition("Bool", "ram:AllowsExternalPrincipals", ("true",)),
        ),
        _deny("ShareWithNoLeaver", (making, updating, filling), ("*",), leaving),
        _deny("AcceptNoShare", ("ram:AcceptResourceShareInvitation",), ("*",), scope.but_pipeline),
    )


def _audit(scope: GuardrailScope) -> tuple[Statement, ...]:
    audit = scope.audit
    if audit is None:
        return ()
    trails = tuple(f"arn:{scope.partition}:cloudtrail:*:*:trail/{name}" for name in audit.trails)
    buckets = tuple(
        f"arn:{scope.partition}:s3:::{name}{tail}" for name in audit.buckets for tail in ("", "/*")
    )
    guarded = (
        ("KeepTrail", TRAIL_CHANGES, trails),
        ("KeepLogs", BUCKET_CHANGES, buckets),
        ("KeepLogKeys", KEY_CHANGES, audit.keys),
        ("KeepRecorder", RECORDER_CHANGES, ("*",) if audit.recorder else ()),
    )
    return tuple(
        _deny(sid, actions, resources, scope.but_pipeline)
        for sid, actions, resources in guarded
        if resources
    )


def _regions(scope: GuardrailScope) -> tuple[Statement, ...]:
    if not scope.regions:
        return ()
    elsewhere = Condition("StringNotEquals", "aws:RequestedRegion", scope.regions)
    return (
        Statement(
            effect="Deny",
            sid="StayInRegions",
            not_actions=scope.global_actions,
            resources=("*",),
            conditions=(elsewhere,),
        ),
    )


_GUARDRAILS: Final[tuple[Callable[[GuardrailScope], tuple[Statement, ...]], ...]] = (
    _organization,
    _identities,
    _boundary,
    _mesh_policies,
    _shares,
    _outside,
    _audit,
    _regions,
)


def _deny(
    sid: str, actions: tuple[str, ...], resources: tuple[str, ...], *conditions: Condition
) -> Statement:
    return Statement(
        effect="Deny", sid=sid, actions=actions, resources=resources, conditions=conditions
    )
