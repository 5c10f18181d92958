"""Whatever stands in a preview or a state: a proof, or one line that says what is wrong."""

from __future__ import annotations

import copy
import json
import random
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from meshkit.cli.proof_text import lines_of
from meshkit.errors import MeshkitError
from meshkit.inspect.preview import graph_of_preview
from meshkit.inspect.proof import prove
from meshkit.inspect.proof.data import data_of
from meshkit.inspect.proof.sarif import sarif_of
from meshkit.inspect.state import graph_of_state
from tests.inspect.recordings import content, meshes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.topology.model import ResolvedMesh

READERS = {"preview": graph_of_preview, "state": graph_of_state}
JUNK: tuple[Any, ...] = (
    *(None, 0, True, "", "x", "*", -1, 1e400, "\ud800", [], {}, {"a": 1}, [None]),
    *("[secret]", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"),
    {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"},
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
)


@cache
def recorded(kind: str) -> Any:
    return content("shared-mesh", kind)


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, (dict, list)):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            if key != "stackTrace":
                yield from paths(item, (*path, key))


def mutated(kind: str, seed: int) -> str:
    chance = random.Random(seed)
    found = copy.deepcopy(recorded(kind))
    for _ in range(chance.choice((1, 1, 2, 4))):
        *way, last = chance.choice([path for path in paths(found) if path])
        at = found
        for key in way:
            at = at[key]
        if chance.random() < 0.3:
            del at[last]
        else:
            at[last] = chance.choice(JUNK)
    return json.dumps(found)


@pytest.mark.parametrize("kind", READERS)
def test_a_mutated_graph_is_judged_or_refused_in_one_line(kind: str) -> None:
    files = meshes("shared-mesh")
    refusals = [refusal(kind, seed, files) for seed in range(150)]
    assert not [each for each in refusals if each and "\n" in each]
    assert 1 < refusals.count(None) < 150


def refusal(kind: str, seed: int, files: list[ResolvedMesh]) -> str | None:
    """Why a mutated graph is refused; None where it is judged and can be printed."""
    try:
        proof = prove(READERS[kind](mutated(kind, seed)), files)
    except MeshkitError as error:
        return str(error)
    assert json.dumps(data_of(proof))
    assert json.dumps(sarif_of(proof, version="1", source="f"))
    assert list(lines_of(proof))
    return None
