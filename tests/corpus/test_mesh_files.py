"""The mesh files of the corpus by themselves: meshes that people run have no faults."""

from __future__ import annotations

import pytest

from meshkit.config.deferred import Deferred
from meshkit.topology.check import check
from tests.corpus.walkthroughs import HERE, WALKTHROUGHS, Walkthrough


@pytest.mark.parametrize("walkthrough", WALKTHROUGHS, ids=str)
def test_a_mesh_that_people_run_has_no_faults(walkthrough: Walkthrough) -> None:
    values = {
        name: Deferred.of(None, name) if name in walkthrough.runtime else value
        for name, value in walkthrough.values.items()
    }
    checked = check(walkthrough.mesh_file, values=values)
    assert [str(each) for each in checked.findings if each.severity == "error"] == []
    assert checked.config is not None


def test_every_mesh_file_belongs_to_a_walkthrough() -> None:
    assert {each.mesh_file for each in WALKTHROUGHS} == set(HERE.glob("*/*.yaml"))
