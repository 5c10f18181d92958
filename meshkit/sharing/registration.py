"""A share, the mesh in it, and its principals, as Pulumi resources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class ShareSpec:
    """A share as it is to be registered."""

    name: str
    mesh_arn: pulumi.Input[str]
    principals: Mapping[str, pulumi.Input[str]]
    """By a key that never changes while the principal stays."""
    arn: pulumi.Input[str] | None = None
    """An existing share."""
    allow_external_principals: bool = False
    permission_arn: pulumi.Input[str] | None = None
    region: pulumi.Input[str] | None = None
    protect: bool = False
    tags: Mapping[str, pulumi.Input[str]] | None = None


@dataclass(frozen=True)
class RegisteredShare:
    """What came of it."""

    share_arn: pulumi.Output[str]
    """Waits until the mesh is in the share."""
    mesh: aws.ram.ResourceAssociation
    principals: Mapping[str, aws.ram.PrincipalAssociation]
    """By the key of the principal."""


def register_share(name: str, spec: ShareSpec, opts: pulumi.ResourceOptions) -> RegisteredShare:
    """Registers the share as ``name``, or adopts it, and its associations below ``name``."""
    guarded = pulumi.ResourceOptions.merge(
        opts, pulumi.ResourceOptions(protect=spec.protect or None)
    )
    share_arn = spec.arn if spec.arn is not None else _share(name, spec, guarded).arn
    mesh = aws.ram.ResourceAssociation(
        name,
        resource_arn=spec.mesh_arn,
        resource_share_arn=share_arn,
        region=spec.region,
        opts=guarded,
    )
    principals = {
        key: aws.ram.PrincipalAssociation(
            f"{name}-{key}",
            principal=principal,
            resource_share_arn=share_arn,
            region=spec.region,
            opts=opts,
        )
        for key, principal in spec.principals.items()
    }
    return RegisteredShare(mesh.resource_share_arn, mesh, principals)


def principal_key(principal: str) -> str:
    """A key that stays with a principal: an account id, or an ARN from its account on."""
    return principal.rpartition("::")[2]


def _share(name: str, spec: ShareSpec, opts: pulumi.ResourceOptions) -> aws.ram.ResourceShare:
    return aws.ram.ResourceShare(
        name,
        name=spec.name,
        allow_external_principals=spec.allow_external_principals,
        permission_arns=None if spec.permission_arn is None else [spec.permission_arn],
        region=spec.region,
        tags=spec.tags,
        # RAM takes two shares of one name: with the new one there first, consumers keep the mesh.
        opts=pulumi.ResourceOptions.merge(
            opts, pulumi.ResourceOptions(delete_before_replace=False)
        ),
    )
