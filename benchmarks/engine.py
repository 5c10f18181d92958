"""Preview and up of a mesh under the real engine, on the served local cloud.

Left out, and said so, where there is no engine (``make engine``).
"""

from __future__ import annotations

import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import lattice_programs
from benchmarks.programs import OWNER, by_hand, by_meshkit
from benchmarks.row import Row, compared
from benchmarks.sample import mesh_file
from meshkit.local.landscape import landscape_of
from tests.engine.harness import Engine, builder, served_cloud

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meshkit.local.landscape import Landscape

NODES = 400
SERVICES = 100
ROUNDS = 3
# Writing the state after every step takes most of the time, and as much for both programs.
WITHOUT_CHECKPOINTS = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}


def rows() -> Iterator[Row]:
    binary = builder.find()
    if binary is None:
        print("left out: no Pulumi engine; run make engine", file=sys.stderr)
        return
    yield from _compared(binary, f"{NODES} nodes", mesh_file(NODES), partial(by_hand, NODES))
    yield from _compared(
        binary,
        f"{SERVICES} services on VPC Lattice",
        lattice_programs.lattice_file(SERVICES),
        partial(lattice_programs.by_hand, SERVICES),
    )


def _compared(
    binary: Path, mesh: str, content: str, written: Callable[[], object]
) -> Iterator[Row]:
    """A row for the preview and one for the up; ``written`` is the program by hand."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "mesh.yaml")
        file.write_text(content)
        programs = (partial(by_meshkit, file), written)
        landscape = landscape_of(file.parent, {})
        rounds = [
            [_timed(binary, landscape, program) for program in programs] for _ in range(ROUNDS)
        ]
    for number, what in enumerate(("preview", "up")):
        yield compared(
            f"engine: {what} of {mesh}",
            "a hand-written program with the same resources",
            [(ours[number], theirs[number]) for ours, theirs in rounds],
            limit=1.05,
        )


def _timed(
    binary: Path, landscape: Landscape, program: Callable[[], object]
) -> tuple[float, float]:
    """Seconds of a preview and of an up, in a new cloud with a new state."""
    with tempfile.TemporaryDirectory() as folder, served_cloud(OWNER) as served:
        landscape.found()
        engine = Engine(binary, Path(folder), served)
        engine.environment.update(WITHOUT_CHECKPOINTS)

        def run() -> None:
            program()

        stack = engine.stack(run)
        return _seconds(stack.preview), _seconds(stack.up)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
