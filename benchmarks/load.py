"""Time to load, validate and resolve mesh files, against parsing the same YAML."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from benchmarks.row import Row, paired, timed
from benchmarks.sample import mesh_files
from meshkit.topology.check import check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIZES = ((200, 9), (1_000, 7), (10_000, 3))


def rows() -> Iterator[Row]:
    for nodes, rounds in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder, f"{i}.yaml") for i, _ in enumerate(mesh_files(nodes))]
            for file, text in zip(files, mesh_files(nodes), strict=True):
                file.write_text(text)
            yield paired(
                f"load, validate and resolve {nodes:,} nodes",
                "parsing the same YAML with the C loader",
                timed(partial(_each, files, lambda file: check(file).resolve())),
                timed(partial(_each, files, _parse)),
                limit=2,
                rounds=rounds,
            )


def _each(files: list[Path], work: Callable[[Path], object]) -> None:
    for file in files:
        work(file)


def _parse(file: Path) -> object:
    return yaml.load(file.read_text(), Loader=yaml.CSafeLoader)  # the safe loader, in C
