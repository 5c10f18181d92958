"""The audit trail of a mesh file: whose provider makes it, and of what it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from meshkit import SharedMesh
from meshkit.errors import MeshkitError
from tests.programs import run_program
from tests.topology.test_audit import MANAGEMENT, OWNER, TOPIC, mesh_file

if TYPE_CHECKING:
    from meshkit.graph import Graph

WAY = {"assume_role": {"name": "Deploy"}}
ACCOUNTS = {
    "network": {"id": OWNER},
    "team": {"id": "222222222222", **WAY},
    "management": {"id": MANAGEMENT, **WAY},
}
ARN = f"arn:aws:cloudtrail:eu-west-1:{OWNER}:trail/company"


def made(audit: dict[str, Any], trail: str | None = None, **sections: Any) -> Graph:
    """`trail` is an ARN that the program learns only as it runs."""
    file = mesh_file(audit, accounts=ACCOUNTS, **sections)

    def program() -> None:
        values = {"trail": pulumi.Output.from_input(trail)} if trail else None
        SharedMesh("shop", file, values=values)

    return run_program(program)


def inputs(graph: Graph, type_: str) -> list[Any]:
    return [each.inputs for each in graph if each.type.startswith(type_)]


@pytest.mark.parametrize(("organization", "account"), [(False, None), (True, MANAGEMENT)])
def test_the_account_of_the_trail_makes_it(organization: bool, account: str | None) -> None:
    graph = made({"organization": organization})

    (trail,) = (each for each in graph if each.type == "aws:cloudtrail/trail:Trail")
    provider = graph[trail.provider].inputs["allowedAccountIds"] if trail.provider else None
    assert provider == (f'["{account}"]' if account else None)
    assert trail.inputs["isOrganizationTrail"] is organization


def test_the_alarm_for_roles_names_those_of_the_file() -> None:
    graph = made({"organization": True})

    roles = [each["name"] for each in inputs(graph, "aws:iam/role:Role")]
    patterns = [each["pattern"] for each in inputs(graph, "aws:cloudwatch/logMetricFilter:")]
    (changed,) = (each for each in patterns if "roleName" in each)
    proxies = [name for name in roles if "-delivery-" not in name]
    assert len(proxies) == 2
    assert all(f'"{name}"' in changed for name in proxies)


def test_a_mesh_wide_role_is_no_fault_of_aws_config() -> None:
    exact = made({})
    wide = made({}, defaults={"access": "mesh-wide"})

    found = [
        rule["inputParameters"]
        for graph in (exact, wide)
        for rule in inputs(graph, "aws:cfg/rule:")
        if rule["name"] == "shop-audit-no-broad-policies"
    ]
    assert ["AWSAppMeshEnvoyAccess" in each for each in found] == [True, False]


def test_an_existing_trail_may_be_known_only_as_the_program_runs() -> None:
    audit = {"trail": {"arn": "${var.trail}", "log_group": "company"}, "config": False}

    graph = made(audit, ARN)
    assert not inputs(graph, "aws:cloudtrail/")
    assert {each["logGroupName"] for each in inputs(graph, "aws:cloudwatch/logMetric")} == {
        "company"
    }

    with pytest.raises(MeshkitError, match=f"use a trail of account {OWNER}"):
        made(audit, ARN.replace(OWNER, MANAGEMENT))


def test_alarms_reach_the_topics() -> None:
    alarms = inputs(made({}), "aws:cloudwatch/metricAlarm:")
    assert {tuple(each["alarmActions"]) for each in alarms} == {(TOPIC,)}


def test_a_mesh_without_it_makes_nothing_of_it() -> None:
    file = mesh_file({}, accounts=ACCOUNTS)
    del file["audit"]
    graph = run_program(lambda: SharedMesh("shop", file))
    assert not [each for each in graph if "cloudtrail" in each.type or "cfg" in each.type]
