"""Requests of boto3 in this process, decided before moto answers them."""

from __future__ import annotations

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from moto.core.botocore_stubber import MockRawResponse
from moto.core.request import Request

from meshkit.local.enforcement.gate import refusal


def refused(request: AWSPreparedRequest) -> AWSResponse | None:
    """Return AWS's answer to a request that is refused; None for one that is allowed."""
    # A body that is a stream is left for the service to read: it is data, not parameters.
    body = request.body if isinstance(request.body, str | bytes | bytearray) else b""
    found = refusal(Request.from_primitives(request.method, request.url, request.headers, body))
    if found is None:
        return None
    raw = MockRawResponse(found.body)
    return AWSResponse(request.url, found.status, dict(found.headers), raw)  # type: ignore[arg-type]
