"""Guardrails in the file of a landing zone: what is protected, and the edges of their rules."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.config.deferred import Deferred
from meshkit.policy.guardrails import (
    ATTACHED_LIMIT,
    AuditScope,
    GuardrailScope,
    guardrail_documents,
)
from meshkit.policy.landing_zone import check_landing_zone
from meshkit.policy.zone_guardrails import guardrail_scope

ZONE: dict[str, Any] = {
    "landing_zone": "acme",
    "region": "eu-west-1",
    "organization": {"id": "o-exampleorg1", "management_account": "111111111111"},
    "email_template": "aws+%s@acme.io",
    "units": {"workloads": {"units": {"production": {}}}},
    "accounts": {"orders": {"unit": "workloads"}},
}
OWN = "OrganizationAccountAccessRole"
KEY = "arn:aws:kms:eu-west-1:333333333333:key/1234"
LONG = [f"team-{number}/{'x' * 60}/*" for number in range(60)]
"""Names that need several policies."""


def zone(entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    given = {key: {"pipeline": [OWN], **entry} for key, entry in entries.items()}
    return {**ZONE, "guardrails": given, **more}


def codes(entries: dict[str, Any], **more: Any) -> list[str]:
    return [each.code for each in check_landing_zone(zone(entries, **more)).findings]


def scope(entry: dict[str, Any], **more: Any) -> GuardrailScope:
    config = check_landing_zone(zone({"own": entry}, **more)).require()
    return guardrail_scope(config.guardrails["own"], config)


def test_everything_that_the_file_says_is_protected() -> None:
    statement = {
        "effect": "Deny",
        "actions": "s3:*",
        "resources": "arn:${partition}:s3:::b-${region}",
    }
    entry = {
        "pipeline": [OWN, "pipeline/*"],
        "protected": ["mesh/*"],
        "share_names": ["shop"],
        "organization_only": False,
        "audit": {"trails": ["audit"], "buckets": ["logs"], "keys": [KEY], "recorder": False},
        "regions": ["eu-west-1"],
        "boundary": "boundaries/*",
        "statements": [statement],
    }
    found = scope(entry)

    assert found.statements[0].resources == ("arn:aws:s3:::b-eu-west-1",)
    assert found == GuardrailScope(
        pipeline=(OWN, "pipeline/*"),
        protected=("mesh/*",),
        share_names=("shop",),
        organization_only=False,
        audit=AuditScope(trails=("audit",), buckets=("logs",), keys=(KEY,), recorder=False),
        regions=("eu-west-1",),
        boundary="boundaries/*",
        statements=found.statements,
    )


def test_the_partition_is_that_of_the_region() -> None:
    assert scope({}, region="cn-north-1").partition == "aws-cn"


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ({"a": {}}, []),
        ({"a": {}, "b": {}}, ["MK985"]),
        ({"a": {"units": ["workloads"]}, "b": {"units": ["workloads/production"]}}, []),
        ({"a": {"units": ["workloads", "workloads"]}}, ["MK985"]),
        ({"a": {"accounts": ["orders"]}, "b": {"units": ["workloads"]}, "c": {}}, []),
        ({"a": {"accounts": ["orders"]}, "b": {"accounts": ["orders"]}}, ["MK985"]),
        ({"a": {"accounts": ["nobody"]}}, ["MK985"]),
        ({"a": {"units": ["production"]}}, ["MK985"]),
        ({"a": {"pipeline": ["pipeline/*"]}}, ["MK987"]),
        ({"a": {"pipeline": ["Organization*Role"]}}, []),
        ({"a": {"regions": ["eu-central-1", "eu-west-1"]}}, []),
        ({"a": {"regions": ["eu-central-1"]}}, ["MK988"]),
        ({"a": {"audit": {"buckets": ["Logs*"]}}}, ["MK986"]),
    ],
)
def test_rules_hold_at_their_edges(entries: dict[str, Any], expected: list[str]) -> None:
    assert codes(entries) == expected


@pytest.mark.parametrize(
    "entry",
    [
        {"pipeline": []},
        {"pipeline": ["*"]},
        {"protected": ["/mesh/*"]},
        {"boundary": "*"},
        {"audit": {"trails": []}},
        {"audit": {"keys": ["alias/logs"]}},
        {"others_attached": 10},
        {"pipelines": [OWN]},
    ],
)
def test_shapes_are_checked_where_they_are_read(entry: dict[str, Any]) -> None:
    found = codes({"a": entry})

    assert found
    assert all(code.startswith(("MK0", "MK1")) for code in found)


def test_a_target_takes_as_many_policies_as_organizations_attaches() -> None:
    needed = len(guardrail_documents(scope({"protected": LONG})))
    room = ATTACHED_LIMIT - needed

    assert needed > 1
    assert codes({"a": {"protected": LONG, "others_attached": room}}) == []
    assert codes({"a": {"protected": LONG, "others_attached": room + 1}}) == ["MK986"]


def test_a_value_of_the_program_may_come_late_but_not_one_of_an_account() -> None:
    def denying(resource: str) -> dict[str, Any]:
        statement = {"effect": "Deny", "actions": "s3:*", "resources": resource}
        return {"own": {"statements": [statement]}}

    late = check_landing_zone(
        zone(denying("${var.BUCKET}")), values={"BUCKET": Deferred.of(object())}
    )

    assert [each.code for each in late.findings] == []
    assert codes(denying("arn:aws:iam::${account}:role/a")) == ["MK986"]


@pytest.mark.parametrize(
    ("rolled_out", "targets", "shut_out"),
    [
        ("workloads", {}, True),
        ("workloads", {"units": ["workloads"]}, True),
        ("workloads", {"units": ["workloads/production"]}, True),
        ("workloads/production", {"units": ["workloads"]}, True),
        ("workloads", {"accounts": ["orders"]}, True),
        ("workloads/production", {"accounts": ["orders"]}, False),
        ("attic", {"units": ["workloads"]}, False),
    ],
)
def test_stack_sets_make_roles_where_guardrails_hold(
    rolled_out: str, targets: dict[str, Any], shut_out: bool
) -> None:
    roles = {
        "units": {**ZONE["units"], "attic": {}},
        "identity_providers": {"ci": {"oidc": {"url": "https://ci.acme.io", "audiences": ["a"]}}},
        "roles": {
            "reader": {
                "provider": "ci",
                "subjects": ["main"],
                "statements": [{"actions": "appmesh:List*", "resources": "*"}],
            }
        },
        "project_roles": {"team": {"units": [rolled_out], "roles": ["reader"]}},
    }
    opened = {**targets, "pipeline": [OWN, "stacksets-exec-*"]}

    assert codes({"own": targets}, **roles) == (["MK987"] if shut_out else [])
    assert codes({"own": opened}, **roles) == []
