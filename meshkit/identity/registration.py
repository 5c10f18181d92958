"""One IAM role with its policies, as Pulumi resources.

Roles and policies have fixed names, so a replacement deletes before it creates. What replaces a
role is a changed name or path; trust, boundary, session duration, description and tags change in
place. A role is handed out only after its policies are attached.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from meshkit.inputs import document_input, tags_input, to_input
from meshkit.policy.size import INLINE_LIMIT, MANAGED_LIMIT, TRUST_LIMIT, check_trust
from meshkit.topology.names import hashed_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshkit.policy.document import Document, Text
    from meshkit.policy.size import PolicySet

IAM_POLICY_LIMIT = 128
"""Longest name of a policy. Source: IAM API, PolicyName."""


@dataclass(frozen=True)
class RoleSpec:
    """A role as it is to be registered; texts may have holes."""

    name: Text
    """Physical name of the role."""
    policy_name: str
    """Name of its inline policy, and the beginning of those of its managed ones."""
    trust: Document
    policies: PolicySet
    """What meshkit writes for it."""
    managed_policies: tuple[Text, ...] = ()
    """Existing policies to attach as well."""
    path: str | None = None
    permissions_boundary: Text | None = None
    max_session_duration: int | None = None
    description: str | None = None
    tags: Mapping[str, Text] = field(default_factory=dict)
    context: Mapping[str, str] = field(default_factory=dict)
    """What ``${account}``, ``${partition}`` and ``${region}`` stand for."""


def make_role(name: str, spec: RoleSpec, opts: pulumi.ResourceOptions) -> aws.iam.Role:
    """The role alone, named ``name`` in the stack; ``opts`` as from ``replacing``."""
    return aws.iam.Role(
        name,
        name=to_input(spec.name, spec.context),
        assume_role_policy=document_input(check_trust(spec.trust), spec.context, TRUST_LIMIT),
        path=spec.path,
        permissions_boundary=to_input(spec.permissions_boundary, spec.context),
        max_session_duration=spec.max_session_duration,
        description=spec.description,
        tags=tags_input(spec.tags, spec.context),
        opts=opts,
    )


def make_policies(
    name: str, spec: RoleSpec, role_name: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> list[pulumi.Resource]:
    """The role's policies: one inline, or managed ones where that is too long, and attachments."""
    policies = spec.policies
    made: list[pulumi.Resource] = []
    if policies.inline is not None:
        made.append(
            aws.iam.RolePolicy(
                name,
                name=spec.policy_name,
                role=role_name,
                policy=document_input(policies.inline, spec.context, INLINE_LIMIT),
                opts=opts,
            )
        )
    for number, document in enumerate(policies.managed, start=1):
        policy = _managed(f"{name}-{number}", f"{spec.policy_name}-{number}", document, spec, opts)
        made.append(_attachment(f"{name}-{number}", role_name, policy.arn, opts))
    for key, arn in _attachment_keys(spec.managed_policies):
        made.append(_attachment(f"{name}-{key}", role_name, to_input(arn, spec.context), opts))
    return made


def make_instance_profile(
    name: str, spec: RoleSpec, role: aws.iam.Role, opts: pulumi.ResourceOptions
) -> aws.iam.InstanceProfile:
    """The instance profile of a role: same name, same path, so both are replaced together."""
    return aws.iam.InstanceProfile(
        name,
        name=to_input(spec.name, spec.context),
        role=role.name,
        path=spec.path,
        tags=tags_input(spec.tags, spec.context),
        opts=opts,
    )


def replacing(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """``opts`` for resources with fixed names."""
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(delete_before_replace=True))


def waiting(
    opts: pulumi.ResourceOptions, resources: Sequence[pulumi.Resource]
) -> pulumi.ResourceOptions:
    """``opts`` for a resource that comes after ``resources``."""
    if not resources:
        return opts
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=list(resources)))


def _managed(
    name: str, physical: str, document: Document, spec: RoleSpec, opts: pulumi.ResourceOptions
) -> aws.iam.Policy:
    return aws.iam.Policy(
        name,
        name=physical,
        path=spec.path,
        policy=document_input(document, spec.context, MANAGED_LIMIT),
        tags=tags_input(spec.tags, spec.context),
        opts=opts,
    )


def _attachment(
    name: str,
    role_name: pulumi.Input[str],
    policy_arn: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> aws.iam.RolePolicyAttachment:
    return aws.iam.RolePolicyAttachment(name, role=role_name, policy_arn=policy_arn, opts=opts)


def _attachment_keys(arns: Sequence[Text]) -> list[tuple[str, Text]]:
    """A stable key for each policy: from its ARN, or its place in the list where it has holes.

    A place alone would let two attachments that change places detach each other.
    """
    return [
        (
            hashed_name(arn.rpartition("/")[2], arn)
            if isinstance(arn, str)
            else f"managed-{number}",
            arn,
        )
        for number, arn in enumerate(arns, start=1)
    ]
