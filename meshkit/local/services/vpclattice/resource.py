"""One VPC Lattice resource: its id, its ARN and how it is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.moto_api._internal import mock_random

from meshkit.local.services.clock import now
from meshkit.local.services.dispatch import Call
from meshkit.local.services.errors import ApiError
from meshkit.local.services.vpclattice.kinds import Kind

_ARN = re.compile(
    r"arn:[^:]+:vpc-lattice:(?P<region>[^:]+):(?P<account>\d{12}):(?:.+/)?(?P<id>[^/]+)"
)


@dataclass
class Document:
    """A policy that is attached to a service or to a service network."""

    text: str
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)


@dataclass
class Resource:
    """A resource as the service keeps it, in the account that created it.

    `values` are its members in the API. `parent` is the id of what it is deleted with: a
    listener's service, a rule's listener. `accounts` are those that have it: of an association also
    the owners of what it joins, each under an ARN of its own.
    """

    kind: Kind
    id: str
    arn: str
    owner: str
    values: dict[str, Any]
    tags: dict[str, str]
    parent: str = ""
    accounts: frozenset[str] = frozenset()
    auth_policy: Document | None = None
    resource_policy: Document | None = None
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)

    def __post_init__(self) -> None:
        self.accounts |= {self.owner}

    def shown(self, account: str | None = None) -> dict[str, Any]:
        """The resource as answers show it to an account; the model picks what each shows."""
        arn = self.arn.replace(f":{self.owner}:", f":{account or self.owner}:", 1)
        return {
            "id": self.id,
            "arn": arn,
            "createdAt": self.created_at,
            "lastUpdatedAt": self.updated_at,
            **self.values,
        }

    def update(self, **values: Any) -> None:
        """Put values in place; None leaves one as it is."""
        self.values |= {name: value for name, value in values.items() if value is not None}
        self.updated_at = now()


@dataclass(frozen=True)
class Identifier:
    """What a text names: an id, and with an ARN the account and region that it tells."""

    id: str
    account: str | None = None
    region: str | None = None


def identified(text: str) -> Identifier:
    """Return what an id or an ARN names. Raises `ValidationException` for another service's."""
    if not text.startswith("arn:"):
        return Identifier(text)
    match = _ARN.fullmatch(text)
    if match is None:
        # The shapes' patterns let through ARNs of other services in some places.
        raise ApiError("ValidationException", f"{text} is not an ARN of VPC Lattice")
    return Identifier(match["id"], match["account"], match["region"])


def new_id(kind: Kind) -> str:
    """Return an id as AWS makes them: 17 characters, a 0 and hexadecimal digits."""
    return f"{kind.prefix}-0{mock_random.get_random_hex(16)}"


def build_arn(call: Call, path: str) -> str:
    """Return an ARN in the caller's account."""
    return f"arn:{call.partition}:vpc-lattice:{call.region}:{call.account}:{path}"
