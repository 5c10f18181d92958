"""Policies for who shares a mesh, accepts a share, or works in a shared mesh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import pulumi
import pulumi_aws as aws

from meshkit.errors import MeshkitError
from meshkit.inputs import require_args
from meshkit.policy.sharing import (
    ACCEPTOR_MANAGED,
    SHARER_MANAGED,
    MeshPlace,
    acceptor_document,
    sharer_document,
    team_document,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from meshkit.policy.document import Document

Extent = Literal["exact", "managed"]
"""``managed`` attaches the wide policies that AWS recommends; it is an explicit choice."""


@dataclass(frozen=True, kw_only=True)
class _PolicyArgs:
    mesh_arn: pulumi.Input[str]
    """ARN of the mesh, in its owner's account."""
    roles: Sequence[pulumi.Input[str]] = ()
    """Names of the roles that get the policy."""
    policy_name: str | None = None
    """Physical name of the policy. Default: the component's."""
    path: str | None = None
    tags: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MeshSharerPolicyArgs(_PolicyArgs):
    """Arguments of ``MeshSharerPolicy``."""

    share_name: str
    """Name of the share: ``share.name`` of a mesh file, else the mesh's name."""
    extent: Extent = "exact"


@dataclass(frozen=True, kw_only=True)
class ShareAcceptorPolicyArgs(_PolicyArgs):
    """Arguments of ``ShareAcceptorPolicy``."""

    extent: Extent = "exact"


@dataclass(frozen=True, kw_only=True)
class MeshTeamPolicyArgs(_PolicyArgs):
    """Arguments of ``MeshTeamPolicy``."""

    account: str
    """Id of the account in which the team works."""


class _Policy(pulumi.ComponentResource):
    """A policy of this account, attached to roles of it."""

    policy_arn: pulumi.Output[str] | None
    """ARN of the policy; ``None`` where policies of AWS are attached instead."""

    def _register(
        self, name: str, args: _PolicyArgs, make: Callable[[str], Document], managed: Sequence[str]
    ) -> None:
        opts = pulumi.ResourceOptions(parent=self)
        self.policy_arn = None
        arns: dict[str, pulumi.Input[str]]
        if managed:
            arns = {each: _managed_arn(args.mesh_arn, each) for each in managed}
        else:
            policy = aws.iam.Policy(
                name,
                name=args.policy_name or name,
                path=args.path,
                policy=_applied(args.mesh_arn, lambda arn: make(arn).to_json()),
                tags=dict(args.tags) or None,
                opts=pulumi.ResourceOptions.merge(
                    opts, pulumi.ResourceOptions(delete_before_replace=True)
                ),
            )
            self.policy_arn = policy.arn
            arns = {"": policy.arn}
        for place, role in enumerate(args.roles):
            label = role if isinstance(role, str) else str(place)
            for key, arn in arns.items():
                aws.iam.RolePolicyAttachment(
                    "-".join(filter(None, (name, label, key))),
                    role=role,
                    policy_arn=arn,
                    opts=opts,
                )
        self.register_outputs({"policyArn": self.policy_arn})


class MeshSharerPolicy(_Policy):
    """Lets roles of the mesh owner share one mesh, by one share: no other mesh, no other share."""

    def __init__(
        self, name: str, args: MeshSharerPolicyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        _require(name, args, MeshSharerPolicyArgs)
        super().__init__("meshkit:index:MeshSharerPolicy", name, None, opts)
        managed = SHARER_MANAGED if args.extent == "managed" else ()
        self._register(name, args, lambda arn: sharer_document(arn, args.share_name), managed)


class ShareAcceptorPolicy(_Policy):
    """Lets roles of an invited account answer the mesh owner's invitations, and nobody else's."""

    def __init__(
        self, name: str, args: ShareAcceptorPolicyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        _require(name, args, ShareAcceptorPolicyArgs)
        super().__init__("meshkit:index:ShareAcceptorPolicy", name, None, opts)
        managed = ACCEPTOR_MANAGED if args.extent == "managed" else ()
        self._register(name, args, acceptor_document, managed)


class MeshTeamPolicy(_Policy):
    """Lets roles of a service team work in a shared mesh, on what its own account makes there."""

    def __init__(
        self, name: str, args: MeshTeamPolicyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        _require(name, args, MeshTeamPolicyArgs)
        super().__init__("meshkit:index:MeshTeamPolicy", name, None, opts)
        self._register(name, args, lambda arn: team_document(arn, args.account), ())


_EXTENTS: Final = ("exact", "managed")


def _require(name: str, args: object, wanted: type[_PolicyArgs]) -> None:
    """Stops at arguments that can't be, before anything is registered."""
    require_args(name, args, wanted)
    extent = getattr(args, "extent", "exact")
    if extent not in _EXTENTS:
        raise MeshkitError(f'{name}: no extent "{extent}"; one of {", ".join(_EXTENTS)}')
    mesh_arn = getattr(args, "mesh_arn", None)
    if isinstance(mesh_arn, str):
        MeshPlace.of(mesh_arn)


def _managed_arn(mesh_arn: pulumi.Input[str], policy: str) -> pulumi.Input[str]:
    return _applied(
        mesh_arn, lambda arn: f"arn:{MeshPlace.of(arn).partition}:iam::aws:policy/{policy}"
    )


def _applied(value: pulumi.Input[str], change: Callable[[str], str]) -> pulumi.Input[str]:
    if isinstance(value, str):
        return change(value)
    known: pulumi.Output[str] = pulumi.Output.from_input(cast("Any", value))
    return known.apply(change)
