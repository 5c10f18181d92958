"""What a request to AWS asks for, read by botocore's model of the service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import UnknownServiceError
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from moto.utilities.utils import get_partition
from werkzeug.exceptions import HTTPException

from meshkit.local.services.errors import ApiError

_CREDENTIAL: Final = re.compile(
    r"Credential=(?P<key>[^/,\s]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/"
)
_BESIDE: Final = "X-Amz-Security-Token"
_MODELS: Final[Mapping[str, str]] = {
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "servicequotas": "service-quotas",
    "tagging": "resourcegroupstaggingapi",
}
"""Names of botocore's models that differ from the name that requests are signed for."""
PREFIXES: Final[Mapping[str, str]] = {"monitoring": "cloudwatch", "tagging": "tag"}
"""Prefixes of actions that differ from the name that requests are signed for."""
_GLOBAL: Final = ("account", "cloudfront", "iam", "organizations", "route53")
"""Services with one endpoint for all regions of a partition.

Source: IAM User Guide, aws:RequestedRegion: it is the region of that endpoint.
"""
_HOMES: Final[Mapping[str, str]] = {
    "aws": "us-east-1",
    "aws-cn": "cn-northwest-1",
    "aws-us-gov": "us-gov-west-1",
}
"""By partition, where that endpoint is."""
_HOME_OF_IAM_IN_CHINA: Final = "cn-north-1"
BY_TOKEN: Final = ("AssumeRoleWithSAML", "AssumeRoleWithWebIdentity")
"""Requests to STS that nobody signs."""
_WITH_BODY: Final = ("s3",)
"""Services whose bodies are data of the user's, not to be read as parameters."""


@dataclass(frozen=True)
class Incoming:
    """One request. `access_key` is None where nobody signed it."""

    service: str
    """The name of botocore's model."""
    prefix: str
    """What the names of its actions begin with."""
    name: str
    """The operation's name."""
    params: Mapping[str, Any]
    access_key: str | None
    region: str
    token: str | None = None
    """What belongs to temporary credentials."""
    user_agent: str = ""
    operation: OperationModel | None = None
    protocol: str = ""

    @property
    def partition(self) -> str:
        """The partition of the region."""
        return str(get_partition(self.region))


def incoming(request: Request) -> Incoming:
    """Return what a request asks for. Raises an `ApiError` for what can't be read."""
    scope = _scope(request)
    signed_for = scope["service"] if scope else _unsigned_service(request)
    service = _MODELS.get(signed_for, signed_for)
    operation, located, protocol = _routed(service, request)
    return Incoming(
        service=service,
        prefix=PREFIXES.get(signed_for, signed_for),
        name=str(operation.name),
        params=_params(service, operation, located, protocol, request),
        access_key=scope["key"] if scope else None,
        region=_region(service, scope["region"] if scope else "us-east-1"),
        token=request.headers.get(_BESIDE) or request.args.get(_BESIDE),
        user_agent=request.headers.get("User-Agent", ""),
        operation=operation,
        protocol=protocol,
    )


def _region(service: str, signed_for: str) -> str:
    """The region that answers a request, which clients of a served cloud sign for their own."""
    if service not in _GLOBAL:
        return signed_for
    partition = str(get_partition(signed_for))
    if (service, partition) == ("iam", "aws-cn"):
        return _HOME_OF_IAM_IN_CHINA
    return _HOMES.get(partition, signed_for)


def _scope(request: Request) -> re.Match[str] | None:
    signature = request.headers.get("Authorization", "")
    presigned = request.args.get("X-Amz-Credential")
    return _CREDENTIAL.search(f"Credential={presigned}/" if presigned else signature)


def _unsigned_service(request: Request) -> str:
    if request.values.get("Action") in BY_TOKEN:
        return "sts"
    message = "Request is missing Authentication Token"
    raise ApiError("MissingAuthenticationToken", message)


def _routed(service: str, request: Request) -> tuple[OperationModel, dict[str, Any], str]:
    try:
        model = get_service_model(service)
        operation, located = get_service_router(service).match(request)
        return operation, located, determine_request_protocol(model, request.content_type)
    except (UnknownServiceError, HTTPException, NotImplementedError):
        what = f"{request.method} {request.path} of {service}"
        message = f"The local cloud can't tell which action {what} is, so it can't decide on it."
        raise ApiError("NotImplemented", message) from None


def _params(
    service: str,
    operation: OperationModel,
    located: dict[str, Any],
    protocol: str,
    request: Request,
) -> Mapping[str, Any]:
    shape = operation.input_shape
    if shape is None:
        return {}
    body = b"" if service in _WITH_BODY and operation.has_streaming_input else request.data
    try:
        parsed = PROTOCOL_PARSERS[protocol](operation).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": body,
                "url_path": request.path,
                "url_params": located,
            }
        )
    except Exception as error:  # noqa: BLE001 - whatever the parser meets in a malformed body
        message = f"{operation.name} can't be read: {type(error).__name__}"
        raise ApiError("SerializationException", message) from None
    params = {**located, **{name: value for name, value in parsed.items() if value is not None}}
    for name in shape.required_members:
        if name not in params and name != shape.serialization.get("payload"):
            raise ApiError("ValidationException", f"{operation.name}: {name} is missing")
    return params
