"""Who asks, and for what."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Value = str | bool | tuple[str, ...]
"""The value of a context key: one, or a tuple for a key that may have several."""

CallerKind = Literal["AWS", "Service", "Federated", "Anonymous"]

_IAM = re.compile(r"arn:[^:]*:iam::(?P<account>[0-9]{12}):(?P<type>user|role)/(?:.*/)?(?P<name>.+)")
_STS = re.compile(
    r"arn:[^:]*:sts::(?P<account>[0-9]{12}):"
    r"(?P<type>assumed-role|federated-user)/(?P<name>[^/]+)(?:/.+)?"
)
_ROOT = re.compile(r"(?:arn:[^:]*:iam::)?(?P<account>[0-9]{12})(?P<type>:root)?")
_TYPES = {"assumed-role": "session", "federated-user": "federated"}

IdentityType = Literal["root", "user", "role", "session", "federated", "other"]


@dataclass(frozen=True, slots=True)
class Identity:
    """What an ARN of IAM or STS names."""

    type: IdentityType
    account: str | None = None
    name: str | None = None
    """Of the user or role, without a path; of a session, that of its role."""


def identity_of(arn: str | None) -> Identity:
    """What an ARN, or the id of an account, names; ``other`` for anything else."""
    for pattern in (_IAM, _STS):
        if found := pattern.fullmatch(arn or ""):
            type_: IdentityType = _TYPES.get(found["type"], found["type"])  # type: ignore[assignment]
            return Identity(type_, found["account"], found["name"])
    if found := _ROOT.fullmatch(arn or ""):
        return Identity("root", found["account"])
    return Identity("other")


@dataclass(frozen=True)
class Caller:
    """Who makes a request.

    ``arn`` is that of a role, a role's session, a user or an account's root; of a service its
    principal, such as ``ecs-tasks.amazonaws.com``; of a federated caller its identity provider.
    ``account`` is told from the ARN where it is not given.
    """

    arn: str | None
    kind: CallerKind = "AWS"
    account: str | None = None
    identity: Identity = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        identity = identity_of(self.arn) if self.kind == "AWS" else Identity("other")
        object.__setattr__(self, "identity", identity)
        if self.account is None:
            object.__setattr__(self, "account", identity.account)


@dataclass(frozen=True)
class Request:
    """One call to AWS.

    ``context`` has the condition keys, whose names are blind to case. A key that it lacks is
    absent from the request; with ``complete=False`` it may as well be there, so that what depends
    on it is undecidable.
    """

    action: str
    resource: str
    caller: Caller | None = None
    context: Mapping[str, Value] = field(default_factory=dict)
    complete: bool = True
