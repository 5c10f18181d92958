"""Snapshots of policies: reviewed by people, never written in silence."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pulumi
import pytest

from meshkit.testing import SnapshotWritten, Unanswerable, deployed
from tests.testing.programs import MESH, bucket_reader, shop, shop_with, statement

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _not_updating(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MESHKIT_UPDATE", raising=False)


@pytest.fixture
def update(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESHKIT_UPDATE", "1")


@pytest.mark.usefixtures("update")
def test_a_snapshot_is_written_with_a_warning_and_then_matches(tmp_path: Path) -> None:
    file = tmp_path / "new" / "policies.json"
    with deployed(shop, mesh=MESH) as found:
        with pytest.warns(SnapshotWritten, match="review it"):
            found.assert_policies_match(file)
        before = file.stat().st_mtime_ns
        found.assert_policies_match(file)
        role = json.loads(file.read_text("utf-8"))[found.role("web")]

    assert file.stat().st_mtime_ns == before
    assert role["trust"]["Statement"][0]["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
    ((policy, document),) = role["policies"].items()
    assert policy.startswith("shop-node-web-")
    assert document["Statement"][0]["Action"] == "appmesh:StreamAggregatedResources"


def test_two_runs_give_the_same_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "policies.json"
    with deployed(shop, mesh=MESH) as found, monkeypatch.context() as updating:
        updating.setenv("MESHKIT_UPDATE", "1")
        with pytest.warns(SnapshotWritten):
            found.assert_policies_match(file)

    with deployed(shop, mesh=MESH) as found:
        found.assert_policies_match(file)


def test_a_missing_snapshot_fails_and_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "policies.json"
    with (
        deployed(shop, mesh=MESH) as found,
        pytest.raises(AssertionError, match=r"no snapshot .* --meshkit-update"),
    ):
        found.assert_policies_match(file)

    assert not file.exists()


def test_a_difference_fails_and_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "policies.json"
    file.write_text('{\n  "old": {}\n}\n')
    program = partial(shop_with, statement("s3:GetObject", "*"))
    with deployed(program, mesh=MESH) as found, pytest.raises(AssertionError) as error:
        found.assert_policies_match(file)

    assert '-  "old": {}' in str(error.value)
    assert '+            "Action": "s3:GetObject",' in str(error.value)
    assert "old" in file.read_text()


@pytest.mark.usefixtures("update")
def test_a_secret_policy_is_never_written(tmp_path: Path) -> None:
    def program() -> None:
        bucket_reader(pulumi.Output.secret(statement("s3:GetObject", "arn:aws:s3:::hidden/*")))

    file = tmp_path / "policies.json"
    with deployed(program) as found, pytest.raises(Unanswerable, match="is a secret"):
        found.assert_policies_match(file)

    assert not file.exists()


@pytest.mark.usefixtures("update")
def test_policies_of_aws_stand_by_their_names(tmp_path: Path) -> None:
    arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    policy = statement("sqs:SendMessage", "*")
    file = tmp_path / "policies.json"
    with (
        deployed(partial(bucket_reader, policy, managed_policy_arns=[arn])) as found,
        pytest.warns(SnapshotWritten),
    ):
        found.assert_policies_match(file)

    (role,) = json.loads(file.read_text("utf-8")).values()
    assert role["policies"][arn] == "managed by AWS"
