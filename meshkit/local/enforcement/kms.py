"""Keys of KMS, by id, ARN or alias."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from moto.backends import get_backend

from meshkit.local.enforcement import templates
from meshkit.local.enforcement.need import EVERYTHING, Asked, Need

_BY_ALIAS: Final = "key/alias/"
COMPUTED: Final = frozenset({"kms:calleraccount", "kms:grantisforawsresource", "kms:viaservice"})
"""Condition keys that are told, or that only requests by way of another service have."""


def needs(asked: Asked) -> Iterator[Need]:
    """Return what a request asks for. An alias stands for its key."""
    action = f"kms:{asked.name}"
    found = dict.fromkeys(_resolved(asked, arn) for arn in templates.resources(asked))
    keys = {"kms:CallerAccount": asked.account}
    yield from (Need(action, arn, keys) for arn in found or (EVERYTHING,))


def key_of(arn: str) -> Any:
    """Return the key with an ARN; None for one that is not there."""
    parts = arn.split(":")
    if ":key/" not in arn or not parts[4].isdigit():
        return None
    backends: Any = get_backend("kms")
    return backends[parts[4]][parts[3]].keys.get(arn.rpartition("/")[2])


def _resolved(asked: Asked, arn: str) -> str:
    named_in_full = ":alias/" in arn and "KeyId" in asked.params
    if _BY_ALIAS not in arn and not named_in_full:
        return arn
    alias = f"alias/{arn.partition('alias/')[2]}"
    account, region = arn.split(":")[4], arn.split(":")[3]
    backends: Any = get_backend("kms")
    key = backends[account][region].get_key_id_from_alias(alias)
    start = arn.partition(":key/")[0] if _BY_ALIAS in arn else arn.partition(":alias/")[0]
    return f"{start}:key/{str(key).rpartition('/')[2]}" if key else arn
