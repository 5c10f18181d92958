"""How networks, services and callers of VPC Lattice are told to people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshkit.inspect.access import Guarded
    from meshkit.policy.evaluation import Caller


def guarded_text(each: Guarded) -> str:
    """A network or service by its name and account."""
    return f"{each.kind} {each.name} of account {each.account}"


def caller_text(caller: Caller) -> str:
    """A caller by its ARN."""
    return caller.arn or "anybody without an identity"
