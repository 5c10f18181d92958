"""The server around a served cloud: its port and its life."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server

from meshkit.local.address import LOOPBACK, Address, ServeError, registered
from meshkit.local.application import ServedCloud
from meshkit.local.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from meshkit.local.landscape import Landscape

PARENT_POLL = 0.2
"""Seconds between two looks for the parent process."""


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
    landscape: Landscape | None = None,
    enforce_iam: bool = False,
    exit_with_parent: bool = False,
) -> None:
    """Serve the local cloud until SIGINT or SIGTERM. Port 0 takes a free one.

    `landscape` is there from the start. `enforce_iam` refuses calls that the policies of their
    caller do not allow. `on_ready` gets the address and how many requests of the state were
    replayed. Raises `ServeError` for an address that can't be had, `StateError` for a
    state file that can't be used.
    """
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(_listen(address))
        journal = stack.enter_context(Journal(state)) if state else None
        cloud = ServedCloud(journal, landscape, enforce_iam=enforce_iam)
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
        stack.enter_context(registered(found))
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
