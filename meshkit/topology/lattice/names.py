"""Physical names in VPC Lattice: lower case letters, digits and single hyphens.

Source: VPC Lattice API, the patterns of CreateService, CreateServiceNetwork and CreateTargetGroup.
A name ends in a hash of what it stands for; a limit cuts the readable part alone.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Literal

from meshkit.topology.names import HASH_LENGTH

Kind = Literal["service network", "service", "target group"]

LIMITS: dict[Kind, int] = {"service network": 63, "service": 40, "target group": 32}
"""Longest names. The API takes 128 characters of a target group, the console's guide 32."""
RESERVED = ("svc-", "sn-", "tg-")
"""Beginnings that VPC Lattice keeps for its own ids, of one kind or another."""

_WORDS = r"[a-z0-9]+(-[a-z0-9]+)*"
_NAME: dict[Kind, re.Pattern[str]] = {
    "service network": re.compile(_WORDS),
    "service": re.compile(rf"(?!svc-){_WORDS}"),
    "target group": re.compile(rf"(?!tg-){_WORDS}"),
}
_SHORTEST = 3
_SCHEMES = {"HTTP": "http", "HTTPS": "https", "TLS_PASSTHROUGH": "tls"}
_OTHERS = re.compile(r"[^a-z0-9]+")


def lattice_name(kind: Kind, readable: str, *identity: str) -> str:
    """``readable`` as Lattice can write it, cut to the limit, and the hash of ``identity``."""
    digest = sha256("\0".join((kind, *identity)).encode()).hexdigest()[:HASH_LENGTH]
    head = _OTHERS.sub("-", readable.lower()).strip("-")
    if f"{head}-".startswith(RESERVED):
        head = f"x-{head}"
    head = head[: LIMITS[kind] - HASH_LENGTH - 1].rstrip("-")
    return f"{head}-{digest}" if head else f"x-{digest}"


def listener_name(protocol: str, port: int) -> str:
    """Name of a listener: how its port is called, of which a service has one."""
    return f"{_SCHEMES[protocol]}-{port}"


def name_fault(kind: Kind, text: str) -> str | None:
    """What is wrong with a name that somebody gives; ``None`` for a good one."""
    if _NAME[kind].fullmatch(text) and _SHORTEST <= len(text) <= LIMITS[kind]:
        return None
    return (
        f'"{text}" is no name of a {kind}: {_SHORTEST} to {LIMITS[kind]} small letters, digits and '
        "single hyphens, and not like the ids of VPC Lattice"
    )
