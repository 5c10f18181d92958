"""The accounts that requests to Account Management are about.

Source: Service Authorization Reference, AWS Account Management.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshkit.local.enforcement import organizations
from meshkit.local.enforcement.need import Asked


def resources(asked: Asked) -> Iterator[str]:
    """Return the account that a request names, as one of its organization; else the caller's."""
    named = asked.params.get("AccountId")
    if named is None:
        yield f"arn:{asked.partition}:account::{asked.account}:account"
        return
    arn = organizations.arn_of(asked, "account", str(named))
    yield arn.replace(":organizations:", ":account:", 1)
