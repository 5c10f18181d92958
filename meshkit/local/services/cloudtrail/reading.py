"""A recorded call, read by botocore's model: which operation it was, with what, and the answer."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from botocore.exceptions import UnknownServiceError
from botocore.parsers import ResponseParserError, create_parser
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

from meshkit.local.services.cloudtrail.hiding import told
from meshkit.local.services.cloudtrail.history import Seen

_SERVICES: Final = {"monitoring": "cloudwatch", "elasticloadbalancing": "elbv2"}
"""Names of botocore where they are not those of the signature."""


class Read(NamedTuple):
    """What a call was, without secrets."""

    name: str
    """Name of the operation."""
    given: Any
    """What it was given, None where nothing or where it can't be read."""
    answered: Any
    """What it answered, None where that was not kept, or was an error."""
    error: dict[str, str]
    """Code and message of an error."""


def read(seen: Seen) -> Read | None:
    """Return what a call was, None for one of no API that botocore knows."""
    service = _SERVICES.get(seen.service, seen.service)
    try:
        model = get_service_model(service)
        request = Request.from_primitives(seen.method, seen.url, seen.headers, seen.body)
        operation, labels = get_service_router(service).match(request)
        protocol = determine_request_protocol(model, request.content_type)
    except (UnknownServiceError, HTTPException, NotImplementedError):
        return None
    given = told(_parameters(protocol, operation, request, labels), operation.input_shape)
    answer = _answer(protocol, operation, seen)
    error = answer.pop("Error", {}) if seen.status >= 400 else {}
    answered = None if error else told(answer or None, operation.output_shape)
    return Read(operation.name, given or None, answered, error)


def _parameters(protocol: str, operation: Any, request: Request, labels: Any) -> Any:
    try:
        return PROTOCOL_PARSERS[protocol](operation).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.data,
                "url_path": request.path,
                "url_params": labels,
            }
        )
    except Exception:  # noqa: BLE001 - moto's parsers raise anything at a body that is none
        return None


def _answer(protocol: str, operation: Any, seen: Seen) -> dict[str, Any]:
    if not seen.answer:
        return {}
    answer = {"status_code": seen.status, "headers": {}, "body": seen.answer}
    try:
        found: dict[str, Any] = create_parser(protocol).parse(answer, operation.output_shape)
    except ResponseParserError:
        return {}
    found.pop("ResponseMetadata", None)
    return found
