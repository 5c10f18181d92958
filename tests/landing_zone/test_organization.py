"""Whether the organization is ready is known before anything is registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from meshkit import MeshStackConnector, MeshStackConnectorArgs
from meshkit.errors import MeshkitError
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from meshkit.local.services.organization import found_organization
from meshkit.policy.meshstack import ConnectorScope
from tests.programs import INVOKES, run_program

if TYPE_CHECKING:
    from meshkit.graph import Graph
    from meshkit.local.outcome import Run

ROOT, MEMBER, ORGANIZATION = "999999999999", "222222222222", "o-exampleorg1"
LOOKUP = "aws:organizations/getOrganization:getOrganization"
READY: dict[str, Any] = {
    "id": ORGANIZATION,
    "masterAccountId": ROOT,
    "featureSet": "ALL",
    "enabledPolicyTypes": ["SERVICE_CONTROL_POLICY"],
    "roots": [{"id": "r-ab12", "arn": "arn", "name": "Root", "policyTypes": []}],
}


def connector() -> None:
    scope = ConnectorScope(management_account=ROOT)
    MeshStackConnector("aws", MeshStackConnectorArgs(scope=scope, organization=ORGANIZATION))


def made(answer: dict[str, Any] | str) -> Graph:
    return run_program(connector, invokes={**INVOKES, LOOKUP: answer})


def test_a_ready_organization_is_worked_in() -> None:
    assert made(READY).of_type("aws:iam/user:User")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({**READY, "id": "o-another000"}, "works in the organization o-another000 of 9{12}"),
        ({**READY, "masterAccountId": MEMBER}, "of 222222222222, the connector is for"),
        ({**READY, "roots": []}, "take credentials of the management account 9{12}"),
        ({**READY, "featureSet": "CONSOLIDATED_BILLING"}, "enable-all-features"),
        (
            {**READY, "enabledPolicyTypes": ["TAG_POLICY"]},
            "enable-policy-type --root-id r-ab12 --policy-type SERVICE_CONTROL_POLICY",
        ),
        ("AWSOrganizationsNotInUseException: Your account is not a member", "create it"),
        ("AccessDeniedException: no", "can't be looked up: .*AccessDenied"),
    ],
)
def test_what_is_missing_is_one_line_and_nothing_is_registered(
    answer: dict[str, Any] | str, message: str
) -> None:
    with pytest.raises(MeshkitError, match=f"^aws: .*{message}") as told:
        made(answer)

    assert "\n" not in str(told.value)


def deployed(account: str, *, policies: bool) -> Run:
    with Cloud(account=account, region="eu-west-1") as cloud:
        organization = found_organization(ROOT, [MEMBER], ORGANIZATION)
        if policies:
            for root in organization.list_roots()["Roots"]:
                organization.enable_policy_type(
                    RootId=root["Id"], PolicyType="SERVICE_CONTROL_POLICY"
                )
        return run(connector, cloud=cloud)


def test_the_local_cloud_tells_the_same() -> None:
    assert deployed(ROOT, policies=True).ok
    (off,) = deployed(ROOT, policies=False).failures
    assert "service control policies off" in off.message
    member = deployed(MEMBER, policies=True)
    assert "take credentials of the management account" in member.failures[0].message
    assert not [each for each in member.graph if each.custom and each.type.startswith("aws:")]
