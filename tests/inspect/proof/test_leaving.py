"""An update that shuts an account out of a mesh is never silent."""

from __future__ import annotations

import json
from typing import Any

from meshkit.inspect.preview import graph_before_preview, graph_of_preview
from meshkit.inspect.proof import Proof, prove
from meshkit.inspect.share.removal import PRINCIPAL
from tests.inspect.recordings import ACCOUNT, content, meshes

NAME = "ecs-cross-account"
CONSUMER = "222222222222"


def proof(drop: Any) -> Proof:
    """The proof of an update of the deployed example that deletes what ``drop`` says."""
    preview = content(NAME, "preview")
    preview["steps"] = [_step(step["newState"], drop) for step in preview["steps"]]
    preview["changeSummary"] = {}
    text = json.dumps(preview)
    after = graph_of_preview(text, account=ACCOUNT)
    before = graph_before_preview(text, account=ACCOUNT)
    return prove(after, meshes(NAME), before=before)


def _step(state: dict[str, Any], drop: Any) -> dict[str, Any]:
    if drop(state):
        return {"op": "delete", "urn": state["urn"], "oldState": state}
    return {"op": "same", "urn": state["urn"], "oldState": state, "newState": state}


def test_an_update_that_keeps_everybody_is_proven() -> None:
    assert proof(lambda _: False).ok


def test_a_principal_that_goes_leaves_its_resources_orphaned() -> None:
    found = [each for each in proof(is_principal).violations if each.code == "MP308"]
    assert len(found) == 1
    assert found[0].message.startswith(f"principal {CONSUMER} goes; orphaned: ")
    assert f" of {CONSUMER}" in found[0].message


def test_a_principal_that_goes_with_its_resources_is_open_for_other_stacks() -> None:
    found = proof(lambda state: is_principal(state) or "meshOwner" in state.get("inputs", {}))
    assert "MP308" not in {each.code for each in found.violations}
    assert f"principal {CONSUMER} goes" in {each.subject for each in found.unknowns}


def is_principal(state: dict[str, Any]) -> bool:
    return bool(state["type"] == PRINCIPAL)
