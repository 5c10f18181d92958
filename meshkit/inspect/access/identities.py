"""The roles, users and groups of a program with their policies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from meshkit.graph import UNKNOWN, Secret, reveal
from meshkit.inspect.access.documents import ManagedPolicies, embedded, inline
from meshkit.inspect.access.model import Identity
from meshkit.inspect.access.references import is_given, physical_name, text
from meshkit.inspect.violation import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.graph import Resource
    from meshkit.inspect.access.model import PolicySource
    from meshkit.inspect.access.references import References

Kind = Literal["role", "user", "group"]
KINDS: tuple[Kind, ...] = ("role", "user", "group")
EXCLUSIVE = "aws:iam/policyAttachment:PolicyAttachment"
MEMBERSHIPS = (
    "aws:iam/groupMembership:GroupMembership",
    "aws:iam/userGroupMembership:UserGroupMembership",
)


class _Key(NamedTuple):
    kind: Kind
    account: str | None
    name: str
    """In lower case: IAM's names are blind to case."""


@dataclass
class _Found:
    name: str
    resource: Resource | None = None
    policies: list[PolicySource] = field(default_factory=list)


class Identities:
    """Collects the identities of a graph."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._managed = ManagedPolicies(references)
        self._found: dict[_Key, _Found] = {}
        self.unknowns: list[Unknown] = []

    def collect(self) -> tuple[Identity, ...]:
        """Every identity, those that the program makes first."""
        for kind in KINDS:
            for resource in self._of(kind, ""):
                self._add_made(kind, resource)
        for kind in KINDS:
            for resource in self._of(kind, "Policy"):
                self._attach(kind, resource, kind, inline(resource, "policy"))
            for resource in self._of(kind, "PolicyAttachment"):
                policy = self._managed.attached(resource, "policyArn")
                self._attach(kind, resource, kind, policy)
        for resource in self._references.graph.of_type(EXCLUSIVE):
            self._attach_to_many(resource)
        for type_ in MEMBERSHIPS:
            for resource in self._references.graph.of_type(type_):
                self._join(resource)
        return tuple(self._identity(key, found) for key, found in self._found.items())

    def _of(self, kind: Kind, what: str) -> tuple[Resource, ...]:
        module = kind + what
        return self._references.graph.of_type(f"aws:iam/{module}:{module[0].upper()}{module[1:]}")

    def _add_made(self, kind: Kind, resource: Resource) -> None:
        name = physical_name(resource)
        found = _Found(name, resource)
        key = _Key(kind, resource.account, name.lower())
        if key in self._found:
            message = f"what it may do: the program makes more than one {kind} of this name"
            self.unknowns.append(Unknown(name, message, resource.urn))
        self._found[key] = found
        found.policies += self._written_inside(resource)
        if resource.account is None:
            message = "which account it is in; give it with --account"
            self.unknowns.append(Unknown(name, message, resource.urn))

    def _written_inside(self, resource: Resource) -> Iterator[PolicySource]:
        """The policies that a role's own inputs give it."""
        for entry in _listed(resource.inputs.get("inlinePolicies")):
            if isinstance(entry, dict):
                name = str(reveal(entry.get("name")) or physical_name(resource))
                yield embedded(resource, entry.get("policy"), name)
            elif entry is not None:
                yield embedded(resource, entry, physical_name(resource))
        for arn in _listed(resource.inputs.get("managedPolicyArns")):
            known = reveal(arn)
            if isinstance(known, str):
                yield self._managed.of(known, resource)
            else:
                yield embedded(resource, UNKNOWN, physical_name(resource))

    def _attach(self, kind: Kind, resource: Resource, key: str, policy: PolicySource) -> None:
        name = text(resource, key)
        if name is None:
            target = self._references.dependency(resource, key, self._type_of(kind))
            if target is None:
                message = f"which {kind} it is for: that is known only after the deployment"
                self.unknowns.append(Unknown(resource.name, message, resource.urn))
                return
            name = physical_name(target)
        self._add(kind, resource.account, name, policy)

    def _attach_to_many(self, resource: Resource) -> None:
        policy = self._managed.attached(resource, "policyArn")
        for kind in KINDS:
            for each in _listed(resource.inputs.get(f"{kind}s")):
                name = reveal(each)
                if isinstance(name, str):
                    self._add(kind, resource.account, name, policy)
                elif name is not None:
                    self._attach(kind, resource, f"{kind}s", policy)

    def _join(self, resource: Resource) -> None:
        """Give users what their groups may do."""
        for user in self._members(resource, "user"):
            for group in self._members(resource, "group"):
                found = self._found.get(_Key("group", resource.account, group.lower()))
                if found is None:
                    message = f"what its group {group} may do: another program makes it"
                    self.unknowns.append(Unknown(user, message, resource.urn))
                for policy in found.policies if found else ():
                    self._add("user", resource.account, user, policy)

    def _members(self, resource: Resource, kind: Kind) -> Iterator[str]:
        """The users or groups of a membership, which has one or a list of them."""
        key = kind if kind in resource.inputs else f"{kind}s"
        for each in _listed(resource.inputs.get(key)):
            target = self._references.dependency(resource, key, self._type_of(kind))
            if isinstance(name := reveal(each), str):
                yield name
            elif target is not None:
                yield physical_name(target)
            else:
                message = f"which {kind} it is about: that is known only after the deployment"
                self.unknowns.append(Unknown(resource.name, message, resource.urn))

    def _add(self, kind: Kind, account: str | None, name: str, policy: PolicySource) -> None:
        short = name.rpartition("/")[2]  # people give an ARN now and then
        found = self._found.setdefault(_Key(kind, account, short.lower()), _Found(short))
        found.policies.append(policy)

    def _identity(self, key: _Key, found: _Found) -> Identity:
        resource = found.resource
        references = self._references
        if resource is None:
            partition = references.partition(key.account)
            arn = f"arn:{partition}:iam::{key.account}:{key.kind}/{found.name}"
            arn = found.name if key.account is None else arn
            return Identity(key.kind, found.name, key.account, arn, policies=tuple(found.policies))
        boundary = None
        if is_given(resource, "permissionsBoundary"):
            boundary = self._managed.attached(resource, "permissionsBoundary")
        trust = inline(resource, "assumeRolePolicy") if _has_trust(resource) else None
        return Identity(
            kind=key.kind,
            name=found.name,
            account=key.account,
            arn=references.iam_arn(resource, key.kind),
            trust=trust,
            policies=tuple(found.policies),
            boundary=boundary,
            resource=resource,
        )

    @staticmethod
    def _type_of(kind: Kind) -> str:
        return f"aws:iam/{kind}:{kind.title()}"


def _has_trust(resource: Resource) -> bool:
    """Whether the program gives a role its trust policy; one that it looks up has one already."""
    return is_given(resource, "assumeRolePolicy")


def _listed(value: Any) -> list[Any]:
    """The items of a list; one unknown item where the whole list is unknown."""
    opened = reveal(value) if isinstance(value, Secret) else value
    if opened is None:
        return []
    return list(opened) if isinstance(opened, (list, tuple)) else [opened]
