"""The server around a served cloud: its port, its life, and how others find it."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import signal
import socket
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server

from meshkit.errors import MeshkitError
from meshkit.local.application import HEALTH, ServedCloud
from meshkit.local.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PARENT_POLL = 0.2
"""Seconds between two looks for the parent process."""


class ServeError(MeshkitError):
    """The server can't run, or is not found."""


@dataclass(frozen=True)
class Address:
    """Where a server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The endpoint for AWS clients."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


class _Handler(WSGIRequestHandler):
    # Clients keep their connections, and small answers are not held back.
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log(self, *_: Any) -> None:
        """Say nothing about single requests."""


def serve(
    address: Address,
    state: Path | None,
    on_ready: Callable[[Address, int], None],
    *,
    exit_with_parent: bool = False,
) -> None:
    """Serve the local cloud until SIGINT or SIGTERM. Port 0 takes a free one.

    `on_ready` gets the address and how many requests of the state were replayed. Raises
    `ServeError` for an address that can't be had, `StateError` for a state file that can't be used.
    """
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(_listen(address))
        journal = stack.enter_context(Journal(state)) if state else None
        cloud = ServedCloud(journal)
        replayed = cloud.replay()
        server = make_server(
            address.host,
            0,
            cloud,
            threaded=True,
            request_handler=_Handler,
            fd=listening.fileno(),
        )
        found = Address(address.host, int(listening.getsockname()[1]))
        stack.enter_context(_registered(found))
        stack.callback(cloud.close)
        stack.enter_context(_stopped_by_signals(server.shutdown))
        if exit_with_parent:
            _watch_parent(server.shutdown)
        on_ready(found, replayed)
        server.serve_forever(poll_interval=0.1)


@contextlib.contextmanager
def _listen(address: Address) -> Iterator[socket.socket]:
    if address.host not in LOOPBACK:
        msg = f"--host {address.host}: only {', '.join(LOOPBACK)}: anybody could use the cloud"
        raise ServeError(msg)
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family) as listening:
        # A port whose last connections are still closing can be taken again.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((address.host, address.port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            msg = f"port {address.port}: can't be had: {reason}; choose another with --port"
            raise ServeError(msg) from None
        listening.listen(128)
        yield listening


@contextlib.contextmanager
def _stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    def handle(*_: object) -> None:
        # shutdown waits for the loop that this very thread is in
        threading.Thread(target=stop, daemon=True).start()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _watch_parent(stop: Callable[[], None]) -> None:
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_POLL)
        stop()

    threading.Thread(target=watch, daemon=True).start()


def _folder() -> Path:
    """Return the folder in which this user's servers leave their addresses."""
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return Path(base) / f"meshkit-{getpass.getuser()}"


@contextlib.contextmanager
def _registered(address: Address) -> Iterator[None]:
    file = _folder() / f"{address.port}.json"
    # Who can't write it can still name the port.
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(json.dumps({"host": address.host, "port": address.port}), encoding="utf-8")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)


def running(port: int | None = None) -> Address:
    """Return the address of the one server that runs here, or of the one on a port.

    Raises `ServeError` where there is none, or more than one and no port is given.
    """
    candidates = [Address("127.0.0.1", port)] if port else list(_known())
    alive = [address for address in candidates if _is_alive(address)]
    if len(alive) == 1:
        return alive[0]
    if alive:
        ports = ", ".join(str(address.port) for address in alive)
        msg = f"several servers are running: choose one with --port: {ports}"
    else:
        where = f" on port {port}" if port else ""
        msg = f"no server is running{where}: start one with: meshkit local serve"
    raise ServeError(msg)


def _known() -> Iterator[Address]:
    for file in sorted(_folder().glob("*.json")):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            data = json.loads(file.read_text(encoding="utf-8"))
            if data["host"] in LOOPBACK:
                yield Address(data["host"], int(data["port"]))


def _is_alive(address: Address) -> bool:
    # Never through a proxy: the environment may name one.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address.url}{HEALTH}", timeout=2) as answer:
            return bool(json.load(answer)["kind"] == "meshkit local cloud")
    except (OSError, ValueError, KeyError, TypeError):
        return False
