"""Programs under the real engine, deployed by a role that may do what it needs and no more."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from pulumi import automation as auto

from meshkit.local.enforcement import gate
from meshkit.local.enforcement.need import Asked, Need
from meshkit.local.enforcement.services import needs_of
from meshkit.local.services.deployers import DEPLOYER
from tests.engine.deployers import DEPLOYERS
from tests.engine.harness import ROOT, Engine, ServedCloud, counts, served_cloud
from tests.engine.lives import ACCOUNTS, goes_through_its_life
from tests.engine.test_examples import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LACKING = "ram:CreateResourceShare"
pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]


@pytest.fixture
def served() -> Iterator[ServedCloud]:
    with served_cloud(enforce_iam=True) as running:
        yield running


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The actions that all but root users were asked whether they may do."""
    found: set[str] = set()

    def noted(asked: Asked) -> list[Need]:
        needs = needs_of(asked)
        if not asked.signer.is_root:
            found.update(need.action for need in needs)
        return needs

    monkeypatch.setattr(gate, "needs_of", noted)
    return found


def example(folder: Path, name: str) -> Path:
    return shutil.copytree(ROOT / "examples" / name, folder / name)


@pytest.mark.parametrize("name", DEPLOYERS)
def test_a_deployer_lives_the_life_of_an_example_with_what_it_needs(
    binary: Path, tmp_path: Path, served: ServedCloud, asked_for: set[str], name: str
) -> None:
    deployer = DEPLOYERS[name]
    credentials = served.deployer(deployer.policy(), *deployer.assumed)
    engine = Engine(binary, tmp_path, served, credentials)
    goes_through_its_life(engine, example(tmp_path, name), EXAMPLES[name])
    assert asked_for == deployer.actions


def test_who_lacks_a_right_is_told_once_and_goes_on_when_it_is_given(
    binary: Path, tmp_path: Path, served: ServedCloud
) -> None:
    deployer = DEPLOYERS["operators"]
    lacking = deployer.policy(without=LACKING)
    engine = Engine(binary, tmp_path, served, served.deployer(lacking, *deployer.assumed))
    folder = example(tmp_path, "operators")
    stack = engine.example(folder, "local")
    told: list[str] = []
    with pytest.raises(auto.CommandError):
        stack.up(on_event=lambda event: told.extend(errors(event)))
    who = "arn:aws:sts::111111111111:assumed-role/LocalDeployer/engine"
    refusal = (
        f"AccessDeniedException: User: {who} is not authorized to perform: {LACKING} on resource: *"
        f" because no identity-based policy allows the {LACKING} action (CreateResourceShare)"
    )
    assert told == [refusal, "update failed"]

    iam = served.cloud.client("iam")
    iam.put_role_policy(RoleName=DEPLOYER, PolicyName="deployer", PolicyDocument=deployer.policy())
    assert counts(stack.up().summary).keys() == {"create"}
    stack.preview(expect_no_changes=True)
    stack.destroy()
    assert served.leftovers(ACCOUNTS) == []


def errors(event: Any) -> Iterator[str]:
    """The errors that an event of the engine tells."""
    found = event.diagnostic_event
    if found is not None and found.severity == "error":
        yield re.sub(r"<[^>]*>", "", found.message).removeprefix("error: ").strip()
