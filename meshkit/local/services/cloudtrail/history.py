"""The calls that the local cloud answered, as they came.

Recording happens at every call, so it keeps the request as it is; what CloudTrail would tell of it
is worked out when somebody asks (`events`).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from meshkit.local.services.clock import now
from meshkit.local.services.cloudtrail.identity import Identity, identity_of

KEPT: Final = 20_000
"""How many calls are remembered; older ones are forgotten."""
LONGEST_REQUEST: Final = 100_000
LONGEST_ANSWER: Final = 16_384
"""Bytes of a body that are kept; of a longer one nothing is. CloudTrail itself stops at 100 KB."""
_SCOPE: Final = re.compile(r"Credential=([^/,\s]+)/\d+/([^/]+)/([^/]+)/")
_HEADERS: Final = ("content-type", "x-amz-target", "user-agent")
_UNSIGNED: Final = ("", "us-east-1", "sts")
"""Key, region and service of a request without a signature: a sign-in through OIDC or SAML."""


class Seen(NamedTuple):
    """One call and what became of it."""

    number: int
    """Counts the calls of this cloud."""
    instant: datetime
    identity: Identity
    service: str
    """As in the signature: `appmesh`, `monitoring`."""
    region: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    answer: bytes


class History:
    """What was called, the last call at the end."""

    def __init__(self) -> None:
        self._calls: deque[Seen] = deque(maxlen=KEPT)
        self._identities: dict[str, Identity] = {}
        self._count = 0

    def forget(self) -> None:
        """Begin anew, as a new cloud does."""
        self._calls.clear()
        self._identities.clear()
        self._count = 0

    def record(
        self,
        method: str,
        url: str,
        headers: Mapping[str, Any],
        body: Any,
        status: int,
        answer: bytes,
    ) -> None:
        """Keep a call that was answered."""
        key, region, service = _scope(headers)
        identity = self._identities.get(key)
        if identity is None:
            identity = self._identities[key] = identity_of(key, region)
        self._count += 1
        kept = {name: _text(headers[name]) for name in _HEADERS if headers.get(name)}
        answered = method != "GET" and len(answer) <= LONGEST_ANSWER
        self._calls.append(
            Seen(
                self._count, now(), identity, service, region, method, url, kept,
                _body(body), status, answer if answered or status >= 400 else b"",
            )
        )  # fmt: skip

    def newest_first(self) -> Iterator[Seen]:
        """Every call that is remembered."""
        return iter(list(reversed(self._calls)))


HISTORY = History()
"""The calls of the cloud in this process."""


def _scope(headers: Mapping[str, Any]) -> tuple[str, str, str]:
    match = _SCOPE.search(_text(headers.get("authorization") or ""))
    return (match[1], match[2], match[3]) if match else _UNSIGNED


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _body(body: Any) -> bytes:
    """Return a body; nothing of one that is long, or a stream."""
    data = body.encode() if isinstance(body, str) else body
    return data if isinstance(data, bytes) and len(data) <= LONGEST_REQUEST else b""
