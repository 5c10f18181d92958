"""The data on AWS's own policies and actions, against the copies that moto and botocore have."""

from __future__ import annotations

import json

import botocore.session
import pytest

from meshkit.local.services.ram.permissions import ACTIONS as CARRIED
from meshkit.policy.managed import is_managed_by_aws, managed_statements
from meshkit.policy.mesh_actions import ACTIONS, SHARE_PERMISSION, SHARED_ACTIONS
from meshkit.topology.stream import STREAM_ACTION
from tools.managed_policies import TARGET, content


def test_the_file_is_what_the_tool_writes() -> None:
    assert json.loads(TARGET.read_text("utf-8")) == content()


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_a_policy_is_the_same_in_every_partition(partition: str) -> None:
    arn = f"arn:{partition}:iam::aws:policy/AWSAppMeshEnvoyAccess"
    assert is_managed_by_aws(arn)
    statement, *_ = managed_statements(arn) or [{}]
    assert statement == {"Effect": "Allow", "Action": [STREAM_ACTION], "Resource": "*"}


def test_denies_and_everything_else_that_may_be_about_a_mesh_are_kept() -> None:
    def actions(name: str) -> list[str]:
        found = managed_statements(f"arn:aws:iam::aws:policy/{name}") or ()
        return [
            action for each in found for action in each.get("Action", each.get("NotAction", ()))
        ]

    assert "*" in actions("AWSDenyAll")
    assert "*" in actions("AdministratorAccess")
    assert actions("PowerUserAccess")
    assert "xray:PutTraceSegments" in actions("AWSXRayDaemonWriteAccess")
    assert all(
        each.startswith("appmesh:") for each in actions("AWSAppMeshReadOnly") if "app" in each
    )


def test_a_policy_of_a_customer_is_not_known() -> None:
    assert managed_statements("arn:aws:iam::111111111111:policy/AWSAppMeshEnvoyAccess") is None
    assert managed_statements("arn:aws:iam::aws:policy/NoSuchPolicy") is None


def test_the_actions_are_those_of_the_api_and_four_without_an_operation() -> None:
    model = botocore.session.get_session().get_service_model("appmesh")
    operations = {f"appmesh:{name}" for name in model.operation_names}
    without = {f"appmesh:{verb}MeshPolicy" for verb in ("Delete", "Get", "Put")} | {STREAM_ACTION}
    assert operations | without == ACTIONS
    assert len(ACTIONS) == 42


def test_a_share_carries_what_the_local_cloud_grants() -> None:
    assert CARRIED[SHARE_PERMISSION] == SHARED_ACTIONS
    assert len(SHARED_ACTIONS) == 23
    assert SHARED_ACTIONS < ACTIONS
