"""Whether time and memory of ``local up`` grow in proportion: ten meshes against one."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import meshkit
from benchmarks.programs import OWNER, REGION
from benchmarks.row import Row, fresh
from benchmarks.sample import mesh_file
from meshkit.local.cloud import Cloud
from meshkit.local.landscape import landscape_of
from meshkit.local.program import run

if TYPE_CHECKING:
    from collections.abc import Iterator

NODES = 200
"""In one mesh."""
MESHES = 10
SLACK = 1.25
"""How much more than in proportion is let pass: caches and a larger heap."""


def rows() -> Iterator[Row]:
    _measured(1)  # compiles what is imported
    base, one, many = _measured(0), _measured(1), _measured(MESHES)
    for number, (what, unit) in enumerate((("time", "ms"), ("memory", "MiB"))):
        reference = (one[number] - base[number]) * MESHES
        value = many[number] - base[number]
        name = f"local up of {MESHES * NODES:,} nodes in {MESHES} meshes: {what}"
        against = f"{MESHES} times that of {NODES} nodes, both without that of an empty program"
        yield Row(name, against, value, reference, SLACK, unit, value / reference)


def _measured(meshes: int) -> tuple[float, float]:
    """Milliseconds and MiB of a fresh process that deploys so many meshes."""
    printed = fresh("-m", "benchmarks.growth", str(meshes))
    milliseconds, mebibytes = printed.splitlines()[-1].split()
    return float(milliseconds), float(mebibytes)


def main() -> None:
    meshes = int(sys.argv[1])
    with (
        tempfile.TemporaryDirectory() as folder,
        Cloud(account=OWNER, region=REGION) as cloud,
    ):
        files = [Path(folder, f"{number}.yaml") for number in range(meshes)]
        for file in files:
            file.write_text(mesh_file(NODES, f"shop-{file.stem}"))
        landscape_of(Path(folder), {}).found()

        def program() -> None:
            for file in files:
                meshkit.SharedMesh(f"shop-{file.stem}", file)

        start = time.perf_counter()
        outcome = run(program, cloud=cloud)
        seconds = time.perf_counter() - start
    if not outcome.ok:
        raise SystemExit(f"the program failed: {outcome.failures[:1]}")
    print(seconds * 1000, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
