"""Service control policies, attached to parts of an organization."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

from meshkit.errors import MeshkitError
from meshkit.inputs import document_input, require_args
from meshkit.policy.guardrails import (
    ATTACHED_LIMIT,
    SIZE_LIMIT,
    GuardrailScope,
    guardrail_documents,
)
from meshkit.topology.names import hashed_name

if TYPE_CHECKING:
    from meshkit.policy.document import Document

_TARGET: Final = re.compile(r"r-[a-z0-9]{4,32}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|[0-9]{12}")
"""A root, an OU or an account. Source: Organizations API, PolicyTargetId."""
_NAME_LIMIT: Final = 128
"""Source: Organizations API, PolicyName."""


@dataclass(frozen=True, kw_only=True)
class GuardrailsArgs:
    """Arguments of ``Guardrails``."""

    scope: GuardrailScope
    """What is protected, and from whom."""
    targets: Mapping[str, pulumi.Input[str]]
    """Ids of the roots, OUs and accounts under them, by names that the stack knows them by. No
    policy limits the management account."""
    others_attached: int = 1
    """How many other service control policies a target has at most; FullAWSAccess is one."""
    policy_name: str | None = None
    """Name of the policy, unique in the organization. Default: the component's name, and a hash of
    project, stack and name. Further ones get ``-2``, ``-3``."""
    description: str = ""
    """Text that Organizations shows."""
    tags: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


class Guardrails(pulumi.ComponentResource):
    """The service control policies of a scope, all attached to every target.

    Its provider must be of the management account, or of an account to which the policies of the
    organization are delegated; service control policies must be enabled. Content and name change
    in place, another target is another attachment.
    """

    policy_ids: tuple[pulumi.Output[str], ...]
    """Ids of the policies, in the order of the guardrails."""

    def __init__(
        self, name: str, args: GuardrailsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, GuardrailsArgs)
        documents = _documents(name, args)
        super().__init__("meshkit:index:Guardrails", name, None, opts)
        physical = args.policy_name or hashed_name(
            name, pulumi.get_project(), pulumi.get_stack(), "Guardrails", name, limit=_NAME_LIMIT
        )
        child = pulumi.ResourceOptions(parent=self, delete_before_replace=True)
        policies = [
            aws.organizations.Policy(
                f"{name}{tail}",
                name=f"{physical}{tail}",
                type="SERVICE_CONTROL_POLICY",
                content=document_input(document, {}, SIZE_LIMIT),
                description=args.description,
                tags=dict(args.tags) or None,
                opts=child,
            )
            for tail, document in zip(_tails(len(documents)), documents, strict=True)
        ]
        for tail, policy in zip(_tails(len(documents)), policies, strict=True):
            for key, target in args.targets.items():
                aws.organizations.PolicyAttachment(
                    f"{name}{tail}-{key}", policy_id=policy.id, target_id=target, opts=child
                )
        self.policy_ids = tuple(policy.id for policy in policies)
        self.register_outputs({"policyIds": list(self.policy_ids)})


def _tails(count: int) -> list[str]:
    """Ends of names, so that the first stays as it is when more are needed."""
    return ["", *(f"-{number}" for number in range(2, count + 1))]


def _documents(name: str, args: GuardrailsArgs) -> tuple[Document, ...]:
    """The policies. Raises ``MeshkitError`` before anything is registered."""
    if not isinstance(args.scope, GuardrailScope):
        raise MeshkitError(f"{name}: scope takes a GuardrailScope")
    _check_targets(name, args.targets)
    if args.policy_name is not None and not 1 <= len(args.policy_name) <= _NAME_LIMIT - 3:
        raise MeshkitError(f"{name}: policy_name: 1 to {_NAME_LIMIT - 3} characters")
    try:
        documents = guardrail_documents(args.scope)
    except MeshkitError as error:
        raise MeshkitError(f"{name}: {error}") from None
    found = len(documents) + args.others_attached
    if found > ATTACHED_LIMIT:
        raise MeshkitError(
            f"{name}: {len(documents)} service control policies beside {args.others_attached} "
            f"others, and Organizations attaches {ATTACHED_LIMIT} to one target: name fewer "
            "things, or use wildcards"
        )
    return documents


def _check_targets(name: str, targets: object) -> None:
    if not isinstance(targets, Mapping) or not targets:
        raise MeshkitError(f"{name}: targets maps names to at least one root, OU or account")
    plain = [each for each in targets.values() if isinstance(each, str)]
    for target in plain:
        if not _TARGET.fullmatch(target):
            raise MeshkitError(
                f'{name}: targets: "{target}" is no root (r-…), OU (ou-…-…) or account (12 digits)'
            )
    twice = next((each for each in plain if plain.count(each) > 1), None)
    if twice:
        raise MeshkitError(f"{name}: targets: {twice} stands twice")
