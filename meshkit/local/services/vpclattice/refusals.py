"""The errors of VPC Lattice. The codes are the API's; the wording is inferred where not said."""

from __future__ import annotations

from meshkit.local.services.dispatch import Call
from meshkit.local.services.errors import ApiError
from meshkit.local.services.vpclattice.kinds import Kind


def not_found(kind: Kind, identifier: str) -> ApiError:
    """Return that there is no such resource."""
    details = {"resourceId": identifier, "resourceType": kind.resource_type}
    return ApiError("ResourceNotFoundException", f"{kind.label} {identifier} not found", details)


def conflict(kind: Kind, identifier: str, message: str) -> ApiError:
    """Return that the state of a resource does not allow this."""
    details = {"resourceId": identifier, "resourceType": kind.resource_type}
    return ApiError("ConflictException", message, details)


def invalid(message: str) -> ApiError:
    """Return that a request has the right shape and makes no sense."""
    return ApiError("ValidationException", message, {"reason": "other"})


def denied(call: Call, arn: str) -> ApiError:
    """Return that the caller may not do this with a resource of another account."""
    who = call.caller or call.account
    message = (
        f"User: {who} is not authorized to perform: vpc-lattice:{call.operation} on resource: {arn}"
    )
    return ApiError("AccessDeniedException", message)
