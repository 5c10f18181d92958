"""A layer before the local cloud that fails as AWS does under load."""

from __future__ import annotations

import collections
import itertools
import json
import socket
import time
from collections.abc import Callable, Iterable
from typing import Any

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
ERRORS = {
    "throttling": ("429 Too Many Requests", "Throttling", "Rate exceeded"),
    "server error": ("500 Internal Server Error", "InternalFailure", "try again"),
}


class Faults:
    """Lets every n-th request fail, in turn in each of the given ways; counts what it did.

    `before` is called with the number of each request before the cloud gets it.
    """

    WAYS = ("throttling", "server error", "slow answer", "dropped connection")

    def __init__(self, app: App) -> None:
        self._app = app
        self.every = 0
        self.ways: tuple[str, ...] = self.WAYS
        self.injected: collections.Counter[str] = collections.Counter()
        self.before: Callable[[int], None] = lambda _: None
        self._latest = time.monotonic()
        self.restart()

    def wait_for_silence(self, seconds: float = 2.0) -> None:
        """Return when no request has come for a while: a killed engine's plugins have ended."""
        while time.monotonic() - self._latest < seconds:
            time.sleep(0.1)

    def restart(self) -> None:
        """Count requests from one again."""
        self._numbers = itertools.count(1)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        number = next(self._numbers)
        self._latest = time.monotonic()
        self.before(number)
        if not self.every or number % self.every:
            return self._app(environ, start_response)
        way = self.ways[number // self.every % len(self.ways)]
        self.injected[way] += 1
        if way == "slow answer":
            time.sleep(0.5)
            return self._app(environ, start_response)
        if way == "dropped connection":
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionError
        return _failure(way, environ, start_response)


def _failure(
    way: str, environ: dict[str, Any], start_response: Callable[..., Any]
) -> Iterable[bytes]:
    """Answer with an error, in XML to a service of the query protocol."""
    status, code, message = ERRORS[way]
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    query = "form-urlencoded" in environ.get("CONTENT_TYPE", "")
    text = json.dumps({"__type": code, "message": message})
    if query:
        error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        text = f"<ErrorResponse>{error}<RequestId>0</RequestId></ErrorResponse>"
    headers = [
        ("Content-Type", "text/xml" if query else "application/json"),
        ("Content-Length", str(len(text))),
        ("x-amzn-ErrorType", code),
    ]
    start_response(status, headers)
    return [text.encode()]
