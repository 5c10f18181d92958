"""What a refusal says, in AWS's words and in the form of the service's protocol.

Source: IAM User Guide, Troubleshoot access denied error messages; EC2 API Reference, error codes.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape

from moto.core.serialize import get_serializer_class

from meshkit.local.enforcement.incoming import Incoming
from meshkit.local.services.authorization import encoded
from meshkit.local.services.errors import ApiError
from meshkit.policy.evaluation import Decision, Request
from meshkit.policy.evaluation.evaluate import WORDS

ACCESS_DENIED: Final = "AccessDenied"
_CODES: Final[Mapping[str, str]] = {"ec2": "UnauthorizedOperation", "sns": "AuthorizationError"}
"""Codes of services with one of their own."""
_JSON: Final = ("json", "rest-json")
_STATUSES: Final[Mapping[str, int]] = {"NotImplemented": 501}
_FORBIDDEN: Final = frozenset(
    {
        *("AccessDenied", "AuthorizationError", "ExpiredToken", "InvalidClientTokenId"),
        *("MissingAuthenticationToken", "UnauthorizedOperation"),
    }
)
_AS_JSON: Final[Mapping[str, str]] = {
    "AccessDenied": "AccessDeniedException",
    "ExpiredToken": "ExpiredTokenException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "MissingAuthenticationToken": "MissingAuthenticationTokenException",
}
"""How protocols of JSON call what others call so."""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def denied(request: Request, decision: Decision, asked: Incoming) -> ApiError:
    """Return the refusal of a request, as its service says it."""
    code = _CODES.get(asked.prefix, ACCESS_DENIED)
    message = _words(request, decision, quoted=asked.prefix == "s3")
    if asked.prefix == "ec2":
        secret = encoded(request, decision)
        message = (
            f"You are not authorized to perform this operation. {message} "
            f"Encoded authorization failure message: {secret}"
        )
    return ApiError(code, message)


def _words(request: Request, decision: Decision, *, quoted: bool) -> str:
    kind = WORDS[decision.layer]
    who = request.caller.arn if request.caller else None
    resource = f'"{request.resource}"' if quoted else request.resource
    what = f"User: {who} is not authorized to perform: {request.action} on resource: {resource}"
    if decision.outcome == "explicit-deny":
        article = "an" if kind[0] in "aeiou" else "a"
        return f"{what} with an explicit deny in {article} {kind}"
    return f"{what} because no {kind} allows the {request.action} action"


def answer(error: ApiError, asked: Incoming | None, *, form: bool) -> Answer:
    """Return an error as the protocol of its service has it.

    Where that is not known, it is XML for a request that is a form, else JSON.
    """
    if asked is None or asked.operation is None:
        return _plain(error, form=form)
    code = _AS_JSON.get(error.code, error.code) if asked.protocol in _JSON else error.code
    model = asked.operation.service_model
    serializer: Any = get_serializer_class(model.service_name, asked.protocol)
    with warnings.catch_warnings():
        # moto warns of codes that a model lacks, as most do those of IAM.
        warnings.simplefilter("ignore", UserWarning)
        made = serializer(operation_model=asked.operation).serialize(ApiError(code, error.message))
    modelled = any(shape.name == code for shape in model.error_shapes)
    status = made["status_code"] if modelled else _status(error.code, asked.protocol)
    headers = {name: str(text) for name, text in made["headers"].items()}
    body = made["body"]
    return Answer(status, headers, body if isinstance(body, bytes) else str(body).encode())


def _status(code: str, protocol: str) -> int:
    """The status of an error that the service's model lacks: JSON over RPC has 400 for all."""
    if code in _STATUSES:
        return _STATUSES[code]
    return 403 if code in _FORBIDDEN and protocol != "json" else 400


def _plain(error: ApiError, *, form: bool) -> Answer:
    status = _status(error.code, "query")
    if form:
        told = f"<Code>{error.code}</Code><Message>{escape(error.message)}</Message>"
        body = f"<ErrorResponse><Error>{told}</Error></ErrorResponse>"
        return Answer(status, {"Content-Type": "text/xml"}, body.encode())
    body = json.dumps({"__type": error.code, "message": error.message})
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": error.code}
    return Answer(status, headers, body.encode())
