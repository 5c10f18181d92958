"""Build the project's virtual environment from the lock, or do nothing when it is current.

Run by `make setup` with the Python that the environment shall have. Uses the standard library
alone. A stamp inside the environment says what it was made from: with another Python or another
lock it is made anew.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "made-from"
LOCK = ROOT / "requirements.lock"
VERSION = ".".join(str(part) for part in sys.version_info[:3])
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def made_from() -> str:
    """Name what the environment depends on: the interpreter and the lock."""
    lock = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return f"{VERSION} {Path(sys.base_prefix).resolve()}\n{LOCK.name} {lock}\n"


def is_current(stamp: str) -> bool:
    """Tell whether the environment was made from the same things and still runs."""
    if not STAMP.is_file() or STAMP.read_text() != stamp:
        return False
    return subprocess.run([PYTHON, "-c", ""], check=False, capture_output=True).returncode == 0


def pip(*args: str) -> None:
    """Run pip in the environment; show what it collects on a terminal, all of it on a failure."""
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-compile",
        *args,
    ]
    output: list[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            output.append(line)
            if sys.stdout.isatty() and line.startswith("Collecting "):
                print(f"\r\033[K    {line.split()[1]}", end="", flush=True)
    if sys.stdout.isatty():
        print("\r\033[K", end="")
    if process.returncode:
        sys.exit("".join(output) + "setup: pip failed; its last lines above say why")


def main() -> None:
    """Make the environment when it is missing or out of date."""
    stamp = made_from()
    if is_current(stamp):
        print(f"setup: {VENV.name} is current (Python {VERSION})")
        return
    started = time.monotonic()
    print(f"setup: making {VENV.name} with Python {VERSION}", flush=True)
    venv.create(VENV, clear=True, with_pip=True, symlinks=os.name != "nt")
    print(f"setup: installing {LOCK.name} (hashes checked; a minute or two)", flush=True)
    pip("--require-hashes", "--requirement", str(LOCK))
    print("setup: installing meshkit itself, editable", flush=True)
    pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    STAMP.write_text(stamp)
    print(f"setup: done in {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
