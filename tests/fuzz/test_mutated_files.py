"""A mutated mesh file gives a deployment or a clean report, never anything else."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from meshkit import SharedMesh
from meshkit.errors import MeshkitError
from meshkit.topology.check import Checked, check
from tests.fuzz.mutate import mutated_data, mutated_text
from tests.programs import run_program

ROOT = Path(__file__).parents[2]
SEEDS = [
    *sorted((ROOT / "examples").glob("*/mesh.yaml")),
    *sorted((ROOT / "tests" / "corpus").glob("*/mesh.yaml")),
    ROOT / "tests" / "golden" / "rules" / "ok.yaml",
]
CHUNK = 5_000
CHUNKS = 20
DEPLOYED_EVERY = 40
"""Of the files that pass, one in so many is registered with a mock engine."""


def mutants(seed: int, count: int) -> list[str]:
    """As many mutated files, the same for the same seed."""
    random = Random(seed)
    texts = [path.read_text("utf-8") for path in SEEDS]
    data: list[dict[str, Any]] = [yaml.safe_load(text) for text in texts]
    made = []
    for _ in range(count):
        number = random.randrange(len(SEEDS))
        structured = random.random() < 0.7
        made.append(
            mutated_data(random, data[number])
            if structured
            else mutated_text(random, texts[number])
        )
    return made


def judge(file: Path, number: int) -> str:
    """What became of a file: unreadable, refused or deployed. Anything else raises."""
    try:
        checked = check(file)
    except MeshkitError as error:
        assert_clean(str(error))
        return "unreadable"
    if not checked.ok:
        assert_report(checked)
        return "refused"
    checked.resolve()
    if number % DEPLOYED_EVERY == 0:
        deploy(file)
    return "deployed"


def assert_report(checked: Checked) -> None:
    for finding in checked.findings:
        assert_clean(str(finding))
        assert finding.location is not None


def assert_clean(text: str) -> None:
    assert text
    assert "\n" not in text
    assert "Traceback" not in text
    assert len(text) < 2_000


def deploy(file: Path) -> None:
    """Registers the mesh, or is told in one line what is missing."""

    def program() -> None:
        SharedMesh("mesh", file)

    try:
        run_program(program)
    except MeshkitError as error:
        for line in str(error).splitlines():
            assert_clean(line)


def run_chunk(seed: int, count: int, folder: Path) -> dict[str, int]:
    outcomes = {"unreadable": 0, "refused": 0, "deployed": 0}
    file = folder / "mesh.yaml"
    for number, text in enumerate(mutants(seed, count)):
        file.write_text(text, "utf-8", errors="surrogatepass")
        try:
            outcomes[judge(file, number)] += 1
        except Exception:
            print(text)  # noqa: T201, the file that broke it
            raise
    return outcomes


def test_a_few_mutated_files_are_deployed_or_reported(tmp_path: Path) -> None:
    outcomes = run_chunk(1, 1_000, tmp_path)
    assert sum(outcomes.values()) == 1_000
    assert min(outcomes.values()) > 0


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(100, 100 + CHUNKS))
def test_many_mutated_files_are_deployed_or_reported(seed: int, tmp_path: Path) -> None:
    outcomes = run_chunk(seed, CHUNK, tmp_path)
    assert sum(outcomes.values()) == CHUNK
