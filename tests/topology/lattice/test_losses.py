"""The table of what is lost."""

from __future__ import annotations

import pytest
import yaml

from meshkit.topology.check import check
from meshkit.topology.lattice.losses import BY_NAME, FEATURES, Feature, losses
from tests.topology.lattice.meshes import file, node
from tools.golden import CASES


def test_each_feature_has_a_name_and_a_code_of_its_own() -> None:
    assert len(BY_NAME) == len({feature.code for feature in FEATURES}) == len(FEATURES)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_an_accepted_loss_is_no_finding(feature: Feature) -> None:
    case = yaml.safe_load((CASES / f"error_{feature.code}.yaml").read_text("utf-8"))
    case["accept_losses"] = [*case.get("accept_losses", ()), feature.name]
    checked = check(case)
    assert [each for each in checked.findings if each.code == feature.code] == []
    assert checked.config is not None
    found = [each.accepted for each in losses(checked.config) if each.feature is feature]
    assert set(found) == {True}


def test_what_app_mesh_does_by_itself_is_not_called_lost() -> None:
    config = file(nodes={"a": node()}, services={"a": {"node": "a"}})
    assert list(losses(config)) == []
