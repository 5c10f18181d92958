"""Where a served local cloud listens, and how others on this machine find it."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import tempfile
import urllib.request
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from meshkit.errors import MeshkitError
from meshkit.local.environment import DEFAULT_ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator

HEALTH: Final = "/_meshkit/health"
"""The path at which a server says that it is one."""
KIND: Final = "meshkit local cloud"
"""What it says."""
INVOKE: Final = "/_meshkit/invoke"
"""The path at which a server tells what becomes of a call to a service of VPC Lattice."""
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


class ServeError(MeshkitError):
    """The server can't run, or is not found."""


@dataclass(frozen=True)
class Address:
    """Where a server listens."""

    host: str
    port: int
    account: str = DEFAULT_ACCOUNT
    """Where clients are to be that name no account."""

    @property
    def url(self) -> str:
        """The endpoint for AWS clients."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def _folder() -> Path:
    """Return the folder in which this user's servers leave their addresses."""
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return Path(base) / f"meshkit-{getpass.getuser()}"


@contextlib.contextmanager
def registered(address: Address) -> Iterator[None]:
    """Let `running` find a server for the length of the block."""
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
    alive = [found for found in map(_alive, candidates) if found]
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


def _alive(address: Address) -> Address | None:
    """Ask a server whether it is one, and for its account."""
    # Never through a proxy: the environment may name one.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address.url}{HEALTH}", timeout=2) as answer:
            told = json.load(answer)
            known = told["kind"] == KIND
            return replace(address, account=str(told["account"])) if known else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
