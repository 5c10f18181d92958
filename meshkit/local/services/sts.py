"""STS: decoding of authorization messages; the rest is moto's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from moto.sts import urls
from moto.sts.models import STSBackend
from moto.sts.responses import TokenResponse

from meshkit.local.services.authorization import OPERATIONS
from meshkit.local.services.query import QueryOperations


class Sts(STSBackend):
    """moto's STS, with the requests that it lacks."""

    @property
    def _url_module(self) -> Any:
        paths = {"{0}/$": DecodingResponse.dispatch}
        return SimpleNamespace(url_bases=urls.url_bases, url_paths=paths)


class DecodingResponse(QueryOperations, TokenResponse):
    """The requests of STS, the one that moto lacks among them."""

    service = "sts"
    handlers = OPERATIONS
