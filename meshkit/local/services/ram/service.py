"""AWS RAM as a moto service."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from meshkit.local.services.dispatch import Call, Handler, ModelResponse
from meshkit.local.services.ram import associations, invitations, permission_operations, shares
from meshkit.local.services.ram.backend import RamBackend
from meshkit.local.services.ram.lifetime import pass_time

_OPERATIONS: dict[str, Handler] = (
    shares.OPERATIONS
    | associations.OPERATIONS
    | invitations.OPERATIONS
    | permission_operations.OPERATIONS
)


def _answer(run: Handler, call: Call) -> dict[str, Any]:
    """Answer with the client token that the request had, as RAM does."""
    pass_time(call.region)
    return {**run(call), "clientToken": call.params.get("clientToken")}


class RamResponse(ModelResponse):
    """The requests of RAM: shares, associations, invitations, managed permissions.

    Customer managed permissions and shares made from policies are not here.
    """

    service = "ram"
    invalid_code = "InvalidParameterException"
    mismatch_code = "IdempotentParameterMismatchException"
    handlers: ClassVar = {name: partial(_answer, run) for name, run in _OPERATIONS.items()}


class Ram(RamBackend):
    """RAM in one account and region, with its requests."""

    response = RamResponse
