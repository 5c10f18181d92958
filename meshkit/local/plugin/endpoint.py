"""Where the local cloud is, and the refusal of anything that could be the real AWS."""

from __future__ import annotations

import ipaddress
import json
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "AWS_ENDPOINT_URL"


class NotLocalError(Exception):
    """No endpoint is given, or one that is not on this machine."""


def local_endpoint(inputs: Mapping[str, Any] | None = None) -> str | None:
    """Return the endpoint of the local cloud, None where none is given.

    It comes from a provider's `endpoints` or from AWS_ENDPOINT_URL. Raises NotLocalError when any
    of these leads away from this machine.
    """
    given = (inputs or {}).get("endpoints") or []
    blocks = json.loads(given) if isinstance(given, str) else given
    urls = [url for block in blocks for url in block.values() if url]
    urls += [url for name, url in os.environ.items() if name.startswith(VARIABLE) and url.strip()]
    for url in urls:
        _require_loopback(url)
    return urls[0] if urls else None


def _require_loopback(url: str) -> None:
    host = urlsplit(url).hostname or ""
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        msg = (
            f"{url!r} is not on this machine: this provider serves meshkit's local cloud alone, "
            "and never the real AWS"
        )
        raise NotLocalError(msg)
