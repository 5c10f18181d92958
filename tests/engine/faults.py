"""A layer before the local cloud that fails as AWS does under load."""

from __future__ import annotations

import collections
import itertools
import json
import time
from collections.abc import Callable, Iterable
from typing import Any

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
THROTTLED = {"__type": "ThrottlingException", "message": "Rate exceeded"}
BROKEN = {"__type": "InternalServerErrorException", "message": "try again"}


class Faults:
    """Lets every n-th request fail, in turn in each of the given ways; counts what it did."""

    WAYS = ("throttling", "server error", "slow answer", "dropped connection")

    def __init__(self, app: App) -> None:
        self._app = app
        self.every = 0
        self.ways: tuple[str, ...] = self.WAYS
        self.injected: collections.Counter[str] = collections.Counter()
        self.requests: list[tuple[str, str]] = []
        self._numbers = itertools.count(1)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        number = next(self._numbers)
        self.requests.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        if not self.every or number % self.every:
            return self._app(environ, start_response)
        way = self.ways[number // self.every % len(self.ways)]
        self.injected[way] += 1
        if way == "slow answer":
            time.sleep(0.5)
            return self._app(environ, start_response)
        if way == "dropped connection":
            environ["werkzeug.socket"].close()
            raise ConnectionError
        throttled = way == "throttling"
        body = json.dumps(THROTTLED if throttled else BROKEN).encode()
        kind = (THROTTLED if throttled else BROKEN)["__type"]
        headers = [
            ("Content-Type", "application/x-amz-json-1.1"),
            ("Content-Length", str(len(body))),
            ("x-amzn-ErrorType", kind),
        ]
        start_response("429 Too Many Requests" if throttled else "500 Internal", headers)
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        return [body]
