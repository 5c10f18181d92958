"""Find the Pulumi engine that the tests run, or build it from pinned source.

Run by `make engine`; prints the path of the binary. A `pulumi` on PATH is taken when it is as new
as the pinned one. Otherwise Go builds one from the module beside this file: every module is pinned
by go.sum, nothing else is downloaded. The result is kept in MESHKIT_ENGINE_CACHE (default:
.cache/engine in the repository) under a name that tells what it was built from.

Exit code: 0 found or built; 0 with a note when there is neither an engine nor Go, or 2 when
MESHKIT_REQUIRE_ENGINE is 1; 1 when the build fails. Uses the standard library alone.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MODULE = "github.com/pulumi/pulumi/pkg/v3"
NOTE = "no pulumi on PATH and no Go to build one: tests of the engine are skipped"


def main() -> int:
    """Print where the engine is, building it when it is nowhere."""
    engine = find()
    if engine is None and not shutil.which("go"):
        print(f"engine: {NOTE}", file=sys.stderr)
        return 2 if required() else 0
    if engine is None:
        engine = built_path()
        started = time.monotonic()
        print(f"engine: building Pulumi {pinned()} (some minutes, once)", file=sys.stderr)
        code = build(engine)
        if code:
            return 1
        print(f"engine: built in {time.monotonic() - started:.0f} s", file=sys.stderr)
    print(engine)
    return 0


def find() -> Path | None:
    """Return an engine that is there already: on PATH, or built before."""
    on_path = shutil.which("pulumi")
    if on_path and version_of(on_path) >= version(pinned()):
        return Path(on_path)
    return built_path() if built_path().is_file() else None


def required() -> bool:
    """Tell whether a missing engine is a failure."""
    return os.environ.get("MESHKIT_REQUIRE_ENGINE") == "1"


def pinned() -> str:
    """Return the version that go.mod names."""
    found = re.search(rf"^require {MODULE} v(\S+)", (HERE / "go.mod").read_text(), re.MULTILINE)
    if found is None:
        sys.exit(f"engine: {HERE / 'go.mod'} does not require {MODULE}")
    return found[1]


def version(text: str) -> tuple[int, ...]:
    """Return a version as numbers."""
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def version_of(pulumi: str) -> tuple[int, ...]:
    """Return the version of a binary; nothing for one that does not say."""
    answer = subprocess.run([pulumi, "version"], capture_output=True, text=True, check=False)
    return version(answer.stdout)


def built_path() -> Path:
    """Return where the built engine is kept, by what it is built from."""
    source = b"".join((HERE / name).read_bytes() for name in ("go.mod", "go.sum"))
    key = hashlib.sha256(source).hexdigest()[:12]
    cache = Path(os.environ.get("MESHKIT_ENGINE_CACHE") or ROOT / ".cache" / "engine")
    platform = f"{sys.platform}-{os.uname().machine}"
    return cache / f"pulumi-{pinned()}-{platform}-{key}" / "pulumi"


def build(target: Path) -> int:
    """Build the engine; the target appears whole or not at all."""
    name = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        made = Path(folder) / "pulumi"
        command = ["go", "build", "-mod=readonly", "-trimpath", "-o", str(made)]
        command += ["-ldflags", f"-s -w -X {name}={pinned()}", f"{MODULE}/cmd/pulumi"]
        # The Go that is there or none: a toolchain would be one more download.
        settings = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "-buildvcs=false"}
        done = subprocess.run(command, cwd=HERE, env={**os.environ, **settings}, check=False)
        if done.returncode == 0:
            made.replace(target)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
