"""What a caller must be allowed for one request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from meshkit.local.enforcement.incoming import Incoming
from meshkit.local.enforcement.signer import Signer
from meshkit.policy.evaluation.request import Value

EVERYTHING = "*"
"""The resource of an action that names none."""


@dataclass(frozen=True)
class Asked:
    """A request and its caller."""

    incoming: Incoming
    signer: Signer

    @property
    def name(self) -> str:
        """The operation's name."""
        return self.incoming.name

    @property
    def params(self) -> Mapping[str, Any]:
        """The parameters that were given."""
        return self.incoming.params

    @property
    def account(self) -> str:
        """The caller's account."""
        return self.signer.account

    @property
    def region(self) -> str:
        """The region to which the request goes."""
        return self.incoming.region

    @property
    def partition(self) -> str:
        """The partition of the region."""
        return self.incoming.partition

    def arn(self, service: str, tail: str, *, account: str | None = None) -> str:
        """Return the ARN of a resource in the request's region, by default the caller's own."""
        return f"arn:{self.partition}:{service}:{self.region}:{account or self.account}:{tail}"

    def given(self, *names: str) -> list[str]:
        """Return the texts that parameters have, one or a list of them each."""
        found: list[str] = []
        for name in names:
            value = self.params.get(name)
            found += [value] if isinstance(value, str) else list(value or ())
        return found


@dataclass(frozen=True)
class Need:
    """One action on one resource, with the condition keys that belong to these alone."""

    action: str
    resource: str
    keys: Mapping[str, Value] = field(default_factory=dict)


Finder = Callable[[Asked], Iterable[str]]
"""Finds in a request the ARNs of its resources of one type."""

Keys = Callable[[Asked, str], Mapping[str, Value]]
"""Tells the condition keys of a service, for a request and one of its resources."""


def no_keys(_: Asked, __: str) -> Mapping[str, Value]:
    """Tell nothing: a service without condition keys of its own."""
    return {}
