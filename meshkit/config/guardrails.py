"""Guardrails of a landing zone: service control policies, and permissions boundaries."""

from typing import Annotated

from pydantic import Field

from meshkit.config.role import Statement
from meshkit.config.types import Label, Model, Region, Seq, UnitPath

IamNames = Annotated[str, Field(pattern=r"^[A-Za-z0-9_+=,.@-][A-Za-z0-9_+=,.@/*?-]{0,511}$")]
"""Names in IAM with their paths; ``*`` and ``?`` are wildcards, but not in front."""
KeyArn = Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[a-z0-9-]+$")]


class GuardedTrail(Model):
    """The audit trail that the pipeline alone changes."""

    trails: Annotated[Seq[str], Field(min_length=1)] = ("*",)
    """Names of the trails; ``*`` and ``?`` are wildcards. Default: every trail."""
    buckets: Seq[str] = ()
    """Names of the buckets that the trail and the recorder write to."""
    keys: Seq[KeyArn] = ()
    """ARNs of the KMS keys that encrypt them."""
    recorder: bool = True
    """Whether AWS Config's recorder, delivery channel and rules are kept as well."""


class ZoneGuardrails(Model):
    """Service control policies, and what they are attached to."""

    units: Seq[UnitPath] = ()
    """The units under them. Without units and accounts: the root, and so every account."""
    accounts: Seq[Label] = ()
    """The accounts under them, by their keys."""
    pipeline: Annotated[Seq[IamNames], Field(min_length=1)]
    """The roles that may what nobody else may, with their paths: ``pipeline/*``. The
    ``access_role`` is one of them, and ``stacksets-exec-*`` where ``project_roles`` are."""
    protected: Seq[IamNames] = ()
    """The roles, managed policies and instance profiles that the pipeline alone makes and changes:
    ``mesh/*``."""
    share_names: Seq[str] = ()
    """Names of the RAM shares that the pipeline alone changes; ``*`` for every share."""
    organization_only: bool = True
    """Whether nobody shares anything through RAM with the outside."""
    audit: GuardedTrail | None = None
    """The audit trail, if there is one to protect."""
    regions: Seq[Region] = ()
    """The regions in which anything may be done. Default: all."""
    boundary: IamNames | None = None
    """The permissions boundary without which others make no role and no user:
    ``boundaries/*``."""
    statements: Seq[Statement] = ()
    """Further statements; each denies."""
    others_attached: Annotated[int, Field(ge=0, le=9)] = 1
    """How many other service control policies a unit or account has; FullAWSAccess is one."""


class BoundedTeam(Model):
    """A team that makes roles by itself, each with the boundary that its people have."""

    path: Annotated[str, Field(pattern=r"^/([A-Za-z0-9_+=,.@-]+/)+$")]
    """IAM path of the team's roles, policies and instance profiles: ``/teams/orders/``."""
    passable: Seq[IamNames] = ()
    """Names, with their paths, of other roles that the team may pass on, as those of its proxies:
    ``mesh/*``. None may be stronger than the boundary."""


class ZoneBoundary(Model):
    """A permissions boundary: the policy ``boundaries/KEY`` of each account that names it."""

    team: BoundedTeam | None = None
    """The team that it bounds. Default: it bounds what meshkit makes."""
    statements: Seq[Statement] = ()
    """Further statements: what else may be allowed, or is denied."""
