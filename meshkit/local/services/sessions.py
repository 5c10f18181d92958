"""What STS knows of the temporary credentials that it gave out, beside whose they are.

Source: STS API Reference, AssumeRole; IAM User Guide, Passing session tags in AWS STS.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Session:
    """A session of a role, of a user (by GetSessionToken) or of a federated user.

    `policies` are the documents and `policy_arns` the managed policies that limit it; without
    either it is not limited. `issued_by` is the identity provider's ARN, where a token was taken.
    """

    arn: str
    user_id: str
    principal_id: str
    """The id of the role or user that it is of."""
    token: str
    """What its requests have to carry beside the signature."""
    expires: datetime
    issued: datetime
    multi_factor: bool | None = None
    """Whether it was begun with a code; None where that does not count, as for federation."""
    policy: str | None = None
    policy_arns: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    transitive: frozenset[str] = frozenset()
    source_identity: str | None = None
    issued_by: str | None = None

    @property
    def limited(self) -> bool:
        """Whether session policies limit it."""
        return self.policy is not None or bool(self.policy_arns)


def tags_of(listed: Iterable[Mapping[str, Any]] | None) -> dict[str, str]:
    """Return tags as STS takes them as a mapping."""
    return {str(each["Key"]): str(each["Value"]) for each in listed or ()}


def arns_of(listed: Iterable[Mapping[str, Any]] | None) -> tuple[str, ...]:
    """Return the ARNs of PolicyArns."""
    return tuple(str(each["arn"]) for each in listed or ())
