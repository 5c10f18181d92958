"""The quotas of RAM, for one account in one region."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from meshkit.local.services.dispatch import Call
from meshkit.local.services.errors import ApiError
from meshkit.local.services.ram.backend import RamBackend
from meshkit.local.services.ram.share import Share

PER_CALL = 100
"""How many principals, and resources, one call takes (API reference)."""

_LIVE = ("ASSOCIATING", "ASSOCIATED")


def check_call(call: Call) -> None:
    """Raise where one call brings more than RAM takes at once."""
    for member in ("principals", "resourceArns"):
        _require(len(call.params.get(member, ())) <= PER_CALL, f"{PER_CALL} {member} in one call")


def check_share_count(ram: RamBackend) -> None:
    """Raise where the account has as many shares as it may have."""
    most = ram.quotas["shares"]
    count = sum(share.status == "ACTIVE" for share in ram.shares.values())
    _require(count < most, f"{most} resource shares")


def check_associations(ram: RamBackend, share: Share, kind: str, added: int) -> None:
    """Raise where a share, or all shares together, would have too many associations of a kind."""
    of_share = _live([share], kind) + added
    most = ram.quotas["associations_of_share"]
    _require(of_share <= most, f"{most} {kind.lower()} associations of a resource share")
    # The share itself may not be among those of the account yet.
    others = (each for each in ram.shares.values() if each is not share)
    most = ram.quotas["associations"]
    _require(_live(others, kind) + of_share <= most, f"{most} {kind.lower()} associations")


def check_invitations(ram: RamBackend, added: int) -> None:
    """Raise where the account would have more open invitations than it may send."""
    most = ram.quotas["pending_invitations"]
    count = sum(each.status == "PENDING" for each in ram.invitations.values())
    _require(count + added <= most, f"{most} pending invitations")


def _live(shares: Iterable[Share], kind: str) -> int:
    associations: Iterable[Any] = (each for s in shares for each in s.associations.values())
    return sum(each.kind == kind and each.status in _LIVE for each in associations)


def _require(condition: bool, what: str) -> None:
    if not condition:
        # Inferred: AWS documents one code for all quotas of shares; the wording is not known.
        message = f"You have reached the quota of {what}."
        raise ApiError("ResourceShareLimitExceededException", message)
