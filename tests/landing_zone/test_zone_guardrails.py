"""Guardrails in the file of a landing zone, as LandingZone makes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from meshkit import LandingZone
from meshkit.errors import ConfigError, MeshkitError
from meshkit.policy.guardrails import guardrail_documents
from meshkit.policy.landing_zone import check_landing_zone
from meshkit.policy.zone_guardrails import guardrail_scope
from tests.programs import INVOKES, run_program

if TYPE_CHECKING:
    from meshkit.graph import Graph

POLICY = "aws:organizations/policy:Policy"
ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"
OWN = "OrganizationAccountAccessRole"
ORGANIZATION = "aws:organizations/getOrganization:getOrganization"
FOUND = {
    "id": "o-exampleorg1",
    "masterAccountId": "111111111111",
    "featureSet": "ALL",
    "awsServiceAccessPrincipals": [],
    "enabledPolicyTypes": ["SERVICE_CONTROL_POLICY"],
    "roots": [{"arn": "", "id": "r-abcd", "name": "Root", "policyTypes": []}],
}
ENTRY = {"pipeline": [OWN], "protected": ["mesh/*"], "regions": ["eu-west-1"]}


def zone(**guardrails: Any) -> dict[str, Any]:
    return {
        "landing_zone": "acme",
        "region": "eu-west-1",
        "organization": {"id": "o-exampleorg1", "management_account": "111111111111"},
        "email_template": "aws+%s@acme.io",
        "units": {"workloads": {"units": {"production": {}}}},
        "accounts": {"orders": {"unit": "workloads"}},
        "tags": {"team": "platform"},
        "guardrails": guardrails,
    }


def made(data: dict[str, Any], **found: Any) -> Graph:
    invokes = {**INVOKES, ORGANIZATION: {**FOUND, **found}}
    return run_program(lambda: LandingZone("acme", data), invokes=invokes)


def attached(graph: Graph) -> dict[str, str]:
    return {each.name: each.inputs["targetId"] for each in graph.of_type(ATTACHMENT)}


def test_guardrails_are_attached_to_units_and_accounts() -> None:
    data = zone(around={**ENTRY, "units": ["workloads/production"], "accounts": ["orders"]})
    graph = made(data)

    (policy,) = graph.of_type(POLICY)
    config = check_landing_zone(data).require()
    (document,) = guardrail_documents(guardrail_scope(config.guardrails["around"], config))
    assert json.loads(policy.inputs["content"]) == document.to_dict()
    assert policy.inputs["tags"] == {"team": "platform"}
    assert attached(graph) == {
        "acme-around-workloads/production": "acme-workloads/production-id",
        "acme-around-account:orders": "acme-orders-id",
    }


def test_guardrails_that_name_nothing_are_on_the_root() -> None:
    assert attached(made(zone(around=ENTRY))) == {"acme-around-root": "r-abcd"}


def test_without_guardrails_there_are_none() -> None:
    graph = made(zone(), enabledPolicyTypes=[])

    assert not graph.of_type(POLICY)


def test_control_policies_must_be_enabled() -> None:
    with pytest.raises(MeshkitError, match=r"acme: .* has service control policies off"):
        made(zone(around=ENTRY), enabledPolicyTypes=[])


def test_a_fault_stops_before_anything_is_registered() -> None:
    with pytest.raises(ConfigError, match="MK987"):
        made(zone(around={**ENTRY, "pipeline": ["pipeline/*"]}))
