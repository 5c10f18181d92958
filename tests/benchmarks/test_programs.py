"""A figure compares like with like: the two programs that are timed register the same."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.programs import by_hand, by_meshkit, registered
from benchmarks.sample import mesh_file

NODES = 10
CHOSEN = ("name", "role", "resourceArn", "resourceShareArn")
"""What each program names as it likes, and ARNs that the mock engine makes of such names."""


def resources(program: Any) -> list[str]:
    """Return types with inputs, as text without what the program chose."""
    made = registered(program)[1].resources
    return sorted(f"{type_} {json.dumps(plain(inputs), sort_keys=True)}" for type_, inputs in made)


def plain(inputs: dict[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in inputs.items() if key not in CHOSEN}
    for policy in found.keys() & {"policy", "assumeRolePolicy"}:
        found[policy] = json.loads(found[policy])
    return found


def test_both_programs_register_the_same_inputs(tmp_path: Path) -> None:
    file = tmp_path / "mesh.yaml"
    file.write_text(mesh_file(NODES))

    ours, by_hands = resources(partial(by_meshkit, file)), resources(partial(by_hand, NODES))

    assert ours == by_hands
    assert len(ours) == 4 * NODES + 6
