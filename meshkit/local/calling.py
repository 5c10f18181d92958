"""Calls to services of VPC Lattice, tried on a served local cloud."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from meshkit.local.address import INVOKE
from meshkit.local.calls import CallError


def tried(url: str, invocation: Mapping[str, Any], region: str) -> dict[str, Any]:
    """Return what becomes of a call: the members of a `Verdict`.

    `invocation` has the members of an `Invocation` that are given. Raises `CallError` where the
    call can't be tried.
    """
    body = json.dumps({**invocation, "region": region}).encode()
    request = urllib.request.Request(f"{url}{INVOKE}", body, method="POST")  # noqa: S310 - our own
    # Never through a proxy: the environment may name one.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request) as answer:
            verdict: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as error:
        raise CallError(_message(error)) from None
    return verdict


def _message(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(error)["message"])
    except (ValueError, KeyError, TypeError):
        return f"the server answered {error.code}: is it of this version of meshkit?"
