"""A share, what is in it, and its principals, as Pulumi resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class ShareSpec:
    """A share as it is to be registered."""

    name: str
    resources: Mapping[str, pulumi.Input[str]]
    """ARNs of what is shared, by what follows the share's name in that of the association."""
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
    """Waits until the first of the resources is in the share."""
    resources: Sequence[aws.ram.ResourceAssociation]
    principals: Mapping[str, aws.ram.PrincipalAssociation]
    """By the key of the principal."""


def register_share(name: str, spec: ShareSpec, opts: pulumi.ResourceOptions) -> RegisteredShare:
    """Registers the share as ``name``, or adopts it, and its associations below ``name``."""
    guarded = pulumi.ResourceOptions.merge(
        opts, pulumi.ResourceOptions(protect=spec.protect or None)
    )
    share_arn = spec.arn if spec.arn is not None else _share(name, spec, guarded).arn
    resources = [
        aws.ram.ResourceAssociation(
            f"{name}{suffix}",
            resource_arn=arn,
            resource_share_arn=share_arn,
            region=spec.region,
            opts=guarded,
        )
        for suffix, arn in spec.resources.items()
    ]
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
    return RegisteredShare(resources[0].resource_share_arn, resources, principals)


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
