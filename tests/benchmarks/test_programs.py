"""A figure compares like with like: the two programs that are timed register the same."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import lattice_programs, programs
from benchmarks.sample import mesh_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NODES = 10
NAMED = ("name", "role", "resourceArn", "resourceShareArn")
"""What each program names as it likes, and ARNs that the mock engine makes of such names."""
ON_LATTICE = (
    *NAMED, "serviceIdentifier", "serviceNetworkIdentifier", "resourceIdentifier", "defaultAction",
    "policy",
)  # fmt: skip
"""The policies let in the same callers, and name ARNs that the mock engine makes up."""


def resources(program: Any, chosen: tuple[str, ...]) -> list[str]:
    """Return types with inputs, as text without the values that the program chose."""
    made = programs.registered(program)[1].resources
    return sorted(
        f"{type_} {json.dumps(plain(inputs, chosen), sort_keys=True)}" for type_, inputs in made
    )


def plain(inputs: dict[str, Any], chosen: tuple[str, ...]) -> dict[str, Any]:
    found = {key: "" if key in chosen else value for key, value in inputs.items()}
    found.pop("description", None)
    for policy in found.keys() & {"policy", "assumeRolePolicy"} - {*chosen}:
        found[policy] = json.loads(found[policy])
    return found


@pytest.mark.parametrize(
    ("content", "by_hand", "chosen", "count"),
    [
        (mesh_file, programs.by_hand, NAMED, 4 * NODES + 6),
        (lattice_programs.lattice_file, lattice_programs.by_hand, ON_LATTICE, 7 * NODES + 13),
    ],
    ids=["appmesh", "vpc-lattice"],
)
def test_both_programs_register_the_same_inputs(
    tmp_path: Path,
    content: Callable[[int], str],
    by_hand: Callable[[int], None],
    chosen: tuple[str, ...],
    count: int,
) -> None:
    file = tmp_path / "mesh.yaml"
    file.write_text(content(NODES))

    ours = resources(partial(programs.by_meshkit, file), chosen)
    by_hands = resources(partial(by_hand, NODES), chosen)

    assert ours == by_hands
    assert len(ours) == count
