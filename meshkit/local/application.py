"""The local cloud as a WSGI application: one endpoint for all services and accounts."""

from __future__ import annotations

import io
import json
import re
import sys
import threading
import time
from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from moto.core.request import Request as HttpRequest
from moto.iam.models import iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import run_wsgi_app

from meshkit.errors import MeshkitError
from meshkit.local import determinism, managed_policies, services
from meshkit.local.address import HEALTH, INVOKE, KIND
from meshkit.local.environment import DEFAULT_ACCOUNT
from meshkit.local.journal import Entry, Request, StateError
from meshkit.local.services.cloudtrail.events import READS
from meshkit.local.services.cloudtrail.history import HISTORY
from meshkit.local.services.vpclattice.invocation import Invocation, invoke

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshkit.local.journal import Journal
    from meshkit.local.landscape import Landscape

_READ_PATHS: Final = {
    "ram": re.compile(r"/(?:get|list)"),
    "vpc-lattice": re.compile(r"/targetgroups/[^/]+/listtargets"),
}
"""Paths, by service, that are read with POST."""
_DROPPED: Final = (
    "accept",
    "amz-sdk-",
    "connection",
    "transfer-encoding",
    "user-agent",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-user-agent",
)
"""How the names of headers begin that no answer depends on."""
_UNAVAILABLE: Final = "503 Service Unavailable"
_SCOPE: Final = re.compile(r"Credential=(?P<key>[^/,\s]+)/\d+/[^/]+/(?P<service>[^/]+)/")


class Answer:
    """An HTTP answer."""

    def __init__(self, status: str, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        self.status = status
        self.headers = list(headers)
        self.body = body

    @property
    def code(self) -> int:
        """The status as a number."""
        return int(self.status.split(" ", 1)[0])


class _Dispatcher(DomainDispatcherApplication):
    """Remembers which service a host is; moto lists its own folders for each request."""

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self._services: dict[str | None, Any] = {}

    def get_backend_for_host(self, host: str | None) -> Any:
        if host not in self._services:
            self._services[host] = super().get_backend_for_host(host)
        return self._services[host]


class ServedCloud:
    """Answers AWS requests by moto with meshkit's services, one at a time.

    With a journal, every request that changed something is written there before it is answered;
    when that fails, nothing more is answered. What a landscape founds is no request: it is there
    again only where the landscape is given again. `enforce_iam` refuses what the policies of
    callers do not allow; what a journal holds was allowed.
    """

    def __init__(
        self,
        journal: Journal | None = None,
        landscape: Landscape | None = None,
        *,
        enforce_iam: bool = False,
    ) -> None:
        services.install()
        managed_policies.install()
        determinism.install()
        HISTORY.forget()
        self._moto = _Dispatcher()
        self._journal = journal
        self._lock = threading.Lock()
        self._last = 0
        self._closed = False
        self._enforce_iam = enforce_iam
        self._account = landscape.account if landscape else DEFAULT_ACCOUNT
        if landscape is not None:
            determinism.before_loading()
            with determinism.at(0):
                landscape.found()
                if enforce_iam:
                    landscape.found_deployers()

    def replay(self) -> int:
        """Bring the cloud to where the journal ends; return how many requests that took.

        Raises `StateError` for a journal whose requests are answered otherwise than they were.
        """
        if self._journal is None:
            return 0
        entries = self._journal.entries()
        for number, entry in enumerate(entries):
            code = self._answer(entry.request, entry.instant).code
            if code != entry.status:
                what = f"the request was answered {entry.status} and is now answered {code}"
                raise self._journal.error_at(number, what)
            self._last = max(self._last, entry.instant)
        return len(entries)

    def close(self) -> None:
        """Finish the request that is being answered and refuse all others."""
        with self._lock:
            self._closed = True

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """Answer one request (WSGI)."""
        if environ.get("PATH_INFO") == HEALTH:
            answer = _json_answer("200 OK", {"kind": KIND, "account": self._account})
        elif environ.get("PATH_INFO") == INVOKE:
            with self._lock:
                answer = _invoked(_request(environ).body)
        else:
            request = _request(environ)
            with self._lock:
                answer = self._answer_new(request)
        start_response(answer.status, answer.headers)
        return [answer.body]

    def _answer_new(self, request: Request) -> Answer:
        if self._closed:
            message = "The local cloud has stopped."
            return _error_answer(_UNAVAILABLE, "ServiceUnavailable", message)
        if refusal := _refusal(request):
            return refusal
        if self._enforce_iam and (refusal := _denied(request)):
            _record(request, refusal)
            return refusal
        instant = self._last = max(time.time_ns() // 1000, self._last + 1)
        answer = self._answer(request, instant)
        if self._journal and answer.code < 400 and changes(request):
            try:
                self._journal.append(Entry(instant, _kept(request), answer.code))
            except StateError as error:
                # The cloud is ahead of its file now: what follows could not be replayed.
                self._closed = True
                print(error, file=sys.stderr)  # noqa: T201
                return _error_answer(_UNAVAILABLE, "ServiceUnavailable", str(error))
        return answer

    def _answer(self, request: Request, instant: int) -> Answer:
        environ = _environ(request)
        try:
            # Finding the service loads its modules, which must have the clock before it answers.
            determinism.before_loading()
            app = self._moto.get_application(environ)
            with determinism.at(instant):
                chunks, status, headers = run_wsgi_app(app, environ, buffered=True)
                answer = Answer(status, headers.items(), b"".join(chunks))
                _record(request, answer)
                return answer
        except NotImplementedError as error:
            return _error_answer("501 Not Implemented", "NotImplemented", str(error))
        except Exception as error:  # noqa: BLE001 - moto's bug must not end the server
            service = _scope(request, "service") or "this service"
            print(f"{request.method} {request.target}: {error!r}", file=sys.stderr)  # noqa: T201
            message = f"The local cloud failed to answer for {service}: {type(error).__name__}"
            return _error_answer("501 Not Implemented", "NotImplemented", message)


def _record(request: Request, answer: Answer) -> None:
    url = f"http://127.0.0.1{request.target}"
    HISTORY.record(request.method, url, request.headers, request.body, answer.code, answer.body)


def _invoked(body: bytes) -> Answer:
    """Tell what becomes of a call; 400 where that can't be told."""
    try:
        asked = json.loads(body)
        region = asked.pop("region")
        invocation = Invocation(**asked)
    except (ValueError, TypeError, KeyError, AttributeError):
        return _json_answer("400 Bad Request", {"message": "this is no call that can be tried"})
    try:
        return _json_answer("200 OK", asdict(invoke(invocation, region)))
    except MeshkitError as error:
        return _json_answer("400 Bad Request", {"message": str(error)})


def changes(request: Request) -> bool:
    """Return whether a request may change the state, by the name of its operation.

    A read that is taken for a change only makes the journal longer.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return False
    operation = _operation(request)
    if operation:
        return not operation.startswith(READS) or operation == "GetSessionToken"
    pattern = _READ_PATHS.get(_scope(request, "service"))
    return pattern is None or not pattern.match(request.target)


def _operation(request: Request) -> str:
    """Return the operation's name, where the protocol has it outside of the path."""
    if target := request.headers.get("x-amz-target"):
        return target.rpartition(".")[2]
    query = urlsplit(request.target).query
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        query = f"{query}&{request.body.decode('latin-1')}"
    return parse_qs(query).get("Action", [""])[0]


def _scope(request: Request, part: str) -> str:
    match = _SCOPE.search(request.headers.get("authorization", ""))
    return match[part] if match else ""


def _refusal(request: Request) -> Answer | None:
    """Return AWS's answer to temporary credentials that this cloud did not give out.

    moto would take them for the default account's: a program that kept credentials from before a
    restart would build in the wrong account.
    """
    key = _scope(request, "key")
    if not key.startswith("ASIA") or any(
        key in iam.access_keys for account in list(iam_backends) for iam in _all(account)
    ):
        return None
    message = "The security token included in the request is invalid: assume the role again."
    return _error_answer("403 Forbidden", "UnrecognizedClientException", message)


def _denied(request: Request) -> Answer | None:
    """Return AWS's answer to a request that the policies of its caller do not allow."""
    from meshkit.local.enforcement.gate import refusal  # noqa: PLC0415 - only where asked for

    found = refusal(HttpRequest(_environ(request)))
    if found is None:
        return None
    status = f"{found.status} {HTTPStatus(found.status).phrase}"
    length = ("Content-Length", str(len(found.body)))
    kept = [each for each in found.headers.items() if each[0].lower() != "content-length"]
    return Answer(status, [*kept, length], found.body)


def _all(account: str) -> list[Any]:
    return list(dict.values(iam_backends[account]))


def _kept(request: Request) -> Request:
    """Return a request without what the answer does not depend on, the signature above all."""
    headers = {n: text for n, text in request.headers.items() if not n.startswith(_DROPPED)}
    if "authorization" in headers:
        headers["authorization"] = re.sub(r"Signature=\w+", "Signature=0", headers["authorization"])
    return Request(request.method, request.target, headers, request.body)


def _request(environ: dict[str, Any]) -> Request:
    headers = {
        name[5:].replace("_", "-").lower(): str(text)
        for name, text in environ.items()
        if name.startswith("HTTP_")
    }
    if environ.get("CONTENT_TYPE"):
        headers["content-type"] = environ["CONTENT_TYPE"]
    length = environ.get("CONTENT_LENGTH")
    if length or environ.get("wsgi.input_terminated"):
        body = environ["wsgi.input"].read(*([int(length)] if length else []))
    else:
        body = b""
    return Request(environ["REQUEST_METHOD"], environ["REQUEST_URI"], headers, body)


def _environ(request: Request) -> dict[str, Any]:
    """Return a request as WSGI has it; the same for a new request and for one of the journal."""
    path, _, query = request.target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path, "latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": request.target,
        "RAW_URI": request.target,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, text in request.headers.items():
        variable = name.upper().replace("-", "_")
        environ[variable if variable == "CONTENT_TYPE" else f"HTTP_{variable}"] = text
    return environ


def _error_answer(status: str, code: str, message: str) -> Answer:
    """Return an error that JSON clients read; clients of XML protocols show the status."""
    answer = _json_answer(status, {"__type": code, "message": message})
    answer.headers.append(("x-amzn-ErrorType", code))
    return answer


def _json_answer(status: str, data: object) -> Answer:
    body = json.dumps(data).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    return Answer(status, headers, body)
