"""The policy of meshStack's connector, against its documentation and against the evaluator."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.errors import MeshkitError
from meshkit.policy.evaluation import Caller, Layers, Policy, Request, evaluate
from meshkit.policy.meshstack import ConnectorScope, connector_document
from meshkit.policy.typed import PolicyDocument

ROOT = "999999999999"
GUID = "c0ffee00-0000-4000-8000-000000000001"
SCOPE = ConnectorScope(management_account=ROOT)
UNIT = "o-exampleorg1/r-ab12/ou-ab12-11111111/ou-ab12-22222222"
KEPT = ConnectorScope(
    management_account=ROOT, access_role="meshstack", organizational_units=(UNIT,)
)
MEMBER = "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole"
DOCUMENTED: dict[str, dict[str, Any]] = {
    "StsAccessMemberAccount": {
        "Effect": "Allow",
        "Action": {"sts:AssumeRole"},
        "Resource": {"arn:aws:iam::*:role/OrganizationAccountAccessRole"},
        "Condition": {"StringEquals": {"sts:ExternalId": GUID}},
    },
    "OrgManagementAccess1": {
        "Effect": "Allow",
        "Action": {
            "organizations:DescribeOrganizationalUnit",
            "organizations:DescribeAccount",
            "organizations:ListParents",
            "organizations:ListOrganizationalUnitsForParent",
            "organizations:CreateOrganizationalUnit",
            "organizations:MoveAccount",
        },
        "Resource": {
            "arn:aws:organizations::*:account/o-*/*",
            f"arn:aws:organizations::{ROOT}:root/o-*/r-*",
            "arn:aws:organizations::*:ou/o-*/ou-*",
        },
    },
    "OrgManagementAccess2": {
        "Effect": "Allow",
        "Action": {
            "organizations:ListRoots",
            "organizations:ListAccounts",
            "organizations:CreateAccount",
            "organizations:DescribeCreateAccountStatus",
        },
        "Resource": {"*"},
    },
}
"""The three statements of meshStack's documentation, lists as sets."""


def as_set(value: Any) -> set[str]:
    return {value} if isinstance(value, str) else set(value)


def test_the_policy_is_the_documented_one_statement_for_statement() -> None:
    document = connector_document(SCOPE, [GUID]).to_dict()

    found = {
        each.pop("Sid"): {
            key: as_set(value) if key in ("Action", "Resource") else value
            for key, value in each.items()
        }
        for each in document["Statement"]
    }
    assert document["Version"] == "2012-10-17"
    assert found == DOCUMENTED


def allowed(scope: ConnectorScope, action: str, resource: str, **context: Any) -> bool:
    policy = Policy.parse(connector_document(scope, [GUID]).to_dict())
    caller = Caller(f"arn:aws:iam::{ROOT}:user/meshfed-service")
    keys = {key.replace("__", ":"): value for key, value in context.items()}
    layers = Layers((policy,))
    return evaluate(Request(action, resource, caller, keys), layers).allowed


@pytest.mark.parametrize(
    ("context", "role", "may"),
    [
        ({"sts__ExternalId": GUID}, MEMBER, True),
        ({}, MEMBER, False),
        ({"sts__ExternalId": "guessed"}, MEMBER, False),
        ({"sts__ExternalId": GUID}, "arn:aws:iam::222222222222:role/admin", False),
    ],
)
def test_member_accounts_are_entered_with_the_external_id_alone(
    context: dict[str, str], role: str, may: bool
) -> None:
    assert allowed(SCOPE, "sts:AssumeRole", role, **context) is may


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("organizations:CloseAccount", f"arn:aws:organizations::{ROOT}:account/o-abc/1"),
        ("organizations:LeaveOrganization", "*"),
        ("organizations:AttachPolicy", f"arn:aws:organizations::{ROOT}:ou/o-abc/ou-a"),
        ("iam:CreateAccessKey", f"arn:aws:iam::{ROOT}:user/meshfed-service"),
    ],
)
def test_nothing_else_is_allowed(action: str, resource: str) -> None:
    assert not allowed(SCOPE, action, resource)


def of(organization: str, what: str) -> str:
    return f"arn:aws:organizations::{ROOT}:{what.replace('/', f'/{organization}/', 1)}"


@pytest.mark.parametrize(
    ("resource", "may"),
    [
        (of("o-exampleorg1", "ou/ou-ab12-22222222"), True),
        (of("o-exampleorg1", "root/r-ab12"), True),
        (of("o-exampleorg1", "account/222222222222"), True),
        (of("o-exampleorg1", "ou/ou-ab12-11111111"), False),  # the one above
        (of("o-exampleorg1", "ou/ou-ab12-33333333"), False),
        (of("o-exampleorg2", "account/222222222222"), False),
    ],
)
def test_kept_to_an_ou_it_moves_accounts_there_alone(resource: str, may: bool) -> None:
    assert allowed(KEPT, "organizations:MoveAccount", resource) is may


@pytest.mark.parametrize(
    ("path", "may"),
    [
        (f"{UNIT}/", True),
        (f"{UNIT}/ou-ab12-44444444/", True),
        ("o-exampleorg1/r-ab12/ou-ab12-11111111/", False),
        (None, False),
    ],
)
def test_kept_to_an_ou_it_enters_accounts_below_it_alone(path: str | None, may: bool) -> None:
    keys: dict[str, Any] = {"sts__ExternalId": GUID}
    if path is not None:
        keys["aws__ResourceOrgPaths"] = (path,)
    role = "arn:aws:iam::222222222222:role/meshstack"

    assert allowed(KEPT, "sts:AssumeRole", role, **keys) is may
    assert not allowed(KEPT, "sts:AssumeRole", MEMBER, **keys)


@pytest.mark.parametrize("scope", [SCOPE, KEPT], ids=["all", "kept"])
def test_every_action_exists_and_takes_its_resources(scope: ConnectorScope) -> None:
    document = connector_document(scope, [GUID, "second"])

    assert PolicyDocument.parse(document.to_dict()).findings == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"management_account": "*"}, "management_account"),
        ({"access_role": "*"}, "access_role"),
        ({"organizational_units": ("ou-ab12-11111111",)}, "no path of an OU"),
        ({"organizational_units": (f"{UNIT}/",)}, "no path of an OU"),
        ({"organizational_units": ("o-exampleorg1/r-ab12/*",)}, "no path of an OU"),
    ],
)
def test_a_scope_can_not_be_widened(change: dict[str, Any], message: str) -> None:
    with pytest.raises(MeshkitError, match=message):
        ConnectorScope(**{"management_account": ROOT, **change})
