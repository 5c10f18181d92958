"""The roles of real meshes may do what an independent reading of their files says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from meshkit.policy.roles import role_statements
from meshkit.topology.check import check
from meshkit.topology.model import WorkloadRole
from tests.corpus.walkthroughs import WALKTHROUGHS, Walkthrough
from tests.examples.derived import Grant, grants_by_role
from tests.examples.iam import STREAM

OK = Path(__file__).parents[1] / "golden" / "rules" / "ok.yaml"


def filled(file: Path, values: dict[str, Any]) -> dict[str, Any]:
    """A mesh file read without meshkit: its values put in, its includes taken over."""
    text = re.sub(r"\$\{var\.(\w+)\}", lambda hole: str(values[hole[1]]), file.read_text("utf-8"))
    data: dict[str, Any] = yaml.safe_load(text)
    for name, keys in data.pop("include", {}).items():
        base = filled(file.parent / name, values)
        for key in keys:
            if isinstance(base[key], dict):
                data[key] = {**base[key], **data.get(key, {})}
            else:
                data.setdefault(key, base[key])
    data.setdefault("accounts", {}).setdefault(data["owner"], {"id": data["owner"]})
    return data


def grants(role: WorkloadRole) -> set[Grant]:
    found = set()
    for statement in role_statements(role):
        assert (statement.effect, statement.conditions) == ("Allow", ())
        found |= {(str(a), str(r)) for a in statement.actions for r in statement.resources}
    return found


def assert_exact(file: Path, values: dict[str, Any]) -> None:
    mesh = check(file, values=values).resolve()
    found = {}
    for role in mesh.roles.values():
        allowed = grants(role)
        own = next(resource for action, resource in allowed if action == STREAM)
        found[role.owner.id, own] = allowed
    assert found == grants_by_role(filled(file, values))


@pytest.mark.parametrize("walkthrough", WALKTHROUGHS, ids=str)
def test_roles_of_a_real_mesh_are_exact(walkthrough: Walkthrough) -> None:
    assert_exact(walkthrough.mesh_file, dict(walkthrough.values))


def test_roles_of_the_golden_mesh_are_exact() -> None:
    assert_exact(OK, {})
