"""The connector's whole life under the Pulumi engine: drawn once, rotated, never in clear."""

from __future__ import annotations

from functools import partial
from typing import Any

import pulumi
import pytest

from meshkit import (
    MemberAccessRole,
    MemberAccessRoleArgs,
    MeshStackConnector,
    MeshStackConnectorArgs,
    Rotation,
)
from meshkit.policy.meshstack import ConnectorScope
from tests.engine.harness import Engine, ServedCloud, counts

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

ROOT = "111111111111"
BOTH = Rotation(generation=2, keep_previous=True)


def program(rotation: Rotation) -> None:
    made = MeshStackConnector(
        "aws",
        MeshStackConnectorArgs(
            scope=ConnectorScope(management_account=ROOT), external_id=rotation, access_key=rotation
        ),
    )
    MemberAccessRole(
        "member",
        MemberAccessRoleArgs(
            connector_arn=made.arn,
            external_ids=made.external_ids,
            managed_policies=["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            role_name="meshstack",
        ),
    )
    pulumi.export("external_id", made.external_id)
    pulumi.export("key", made.secret_access_key)


def secrets(outputs: Any) -> list[str]:
    assert all(outputs[name].secret for name in ("external_id", "key"))
    return [outputs[name].value for name in ("external_id", "key")]


def test_the_life_of_a_connector(engine: Engine, served: ServedCloud) -> None:
    stack = engine.stack(partial(program, Rotation()))
    stack.preview()
    first = secrets(stack.up().outputs)
    stack.preview(expect_no_changes=True)
    assert counts(stack.refresh(expect_no_changes=True).summary) == {}
    assert secrets(stack.up().outputs) == first

    rotating = engine.stack(partial(program, BOTH))
    up = rotating.up()
    second = secrets(up.outputs)
    assert counts(up.summary) == {"create": 2, "update": 2}  # id and key; policy and trust
    assert not set(first) & set(second)
    rotating.preview(expect_no_changes=True)

    rotated = engine.stack(partial(program, Rotation(generation=2)))
    up = rotated.up()
    assert counts(up.summary) == {"delete": 2, "update": 2}
    assert secrets(up.outputs) == second
    told = engine.state_text() + up.stdout
    assert [each for each in (*first, *second) if each in told] == []

    rotated.destroy()
    assert served.is_empty((ROOT,))
    assert served.cloud.client("iam", ROOT).list_users()["Users"] == []
