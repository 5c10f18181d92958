"""Operators: further ways to break their rules, and what breaks none."""

from __future__ import annotations

import pytest

from meshkit.policy.fitting import check_file
from tests.topology.rules.test_silence import LISTENER, TWO_ACCOUNTS, codes

PEOPLE = "trust: {permission_set: {name: People}}"
ORGANIZATION = (
    'organization: {id: o-exampleorg, management_account: "999999999999", sharing_enabled: true}\n'
)
SHARED = f"{TWO_ACCOUNTS}{ORGANIZATION}share: {{principals: [orders]}}\n"
GITHUB = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"


def oidc(subjects: str = "main", provider: str = GITHUB) -> str:
    given = f"provider: '{provider}', subjects: '{subjects}', audience: sts.amazonaws.com"
    return f"operators: {{ci: {{tier: viewer, trust: {{oidc: {{{given}}}}}}}}}"


def operator(body: str, *, trust: str = PEOPLE) -> str:
    return f"operators: {{people: {{{body}, {trust}}}}}"


FOUND = {
    "an unknown account": (operator("tier: viewer, account: nowhere"), {"MK204"}),
    "an unknown account of a permission set": (
        operator("tier: viewer", trust="trust: {permission_set: {name: P, account: nowhere}}"),
        {"MK204"},
    ),
    "a viewer with routers": (
        f"routers: {{web: {{{LISTENER}}}}}\n" + operator("tier: viewer, routers: [web]"),
        {"MK740"},
    ),
    "a sharer of a team": (SHARED + operator("tier: sharer, account: orders"), {"MK743"}),
    "a user pool in place of a provider": (
        oidc(provider="arn:aws:cognito-idp:eu-west-1:111111111111:userpool/x"),
        {"MK745"},
    ),
    "a question mark in a subject": (oidc("ma?n"), {"MK746"}),
    "a variable in a subject": (oidc("$${aws:username}"), {"MK746"}),
    "a service as a principal": (
        operator("tier: viewer", trust="trust: {accounts: {principals: [ec2.amazonaws.com]}}"),
        {"MK747"},
    ),
    "a pattern as a principal": (
        operator(
            "tier: viewer",
            trust="trust: {accounts: {principals: ['arn:aws:iam::222222222222:role/*']}}",
        ),
        {"MK747"},
    ),
    "two operators of one name": (
        (
            f"operators: {{a: {{tier: viewer, role: {{name: x}}, {PEOPLE}}}, "
            f"b: {{tier: viewer, role: {{name: X}}, {PEOPLE}}}}}"
        ),
        {"MK748"},
    ),
    "a boundary of another account, from the defaults": (
        "defaults: {role: {permissions_boundary: 'arn:aws:iam::222222222222:policy/b'}}\n"
        + operator("tier: viewer"),
        {"MK709"},
    ),
    "an ARN of another partition": (
        oidc(provider=GITHUB.replace("arn:aws:", "arn:aws-cn:")),
        {"MK904"},
    ),
    "tags that AWS keeps": (operator("tier: deployer, resource_tags: {'aws:x': y}"), {"MK409"}),
    "two ways to sign in": (
        operator(
            "tier: viewer",
            trust="trust: {permission_set: {name: P}, accounts: {principals: orders}}",
        ),
        {"MK108"},
    ),
    "no way to sign in": (operator("tier: viewer", trust="trust: {}"), {"MK108"}),
    "an account that builds without a share, once": (
        f"{TWO_ACCOUNTS}nodes: {{a: {{account: orders}}}}\n"
        + operator("tier: viewer, account: orders"),
        {"MK302"},
    ),
}
SILENT = {
    "one subject without a list": oidc(),
    "the account of a team": SHARED + operator("tier: deployer, account: orders"),
    "an account by its id": operator(
        "tier: viewer", trust="trust: {accounts: {principals: ['444444444444']}}"
    ),
    "an account by its name": TWO_ACCOUNTS
    + operator("tier: viewer", trust="trust: {accounts: {principals: [orders]}}"),
    "the same name in two accounts": SHARED
    + f"operators: {{a: {{tier: viewer, role: {{name: x}}, {PEOPLE}}}, "
    f"b: {{tier: viewer, account: orders, role: {{name: x}}, {PEOPLE}}}}}",
    "a provider that comes late": oidc(provider="${var.provider}"),
    "operators on VPC Lattice, accepted": (
        "data_plane: vpc-lattice\naccept_losses: [operators]\n" + operator("tier: viewer")
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_fault_is_found(name: str) -> None:
    text, expected = FOUND[name]
    assert codes(text) == expected


@pytest.mark.parametrize("name", SILENT)
def test_what_is_no_fault_is_silent(name: str) -> None:
    values = {"provider": GITHUB} if "${var.provider}" in SILENT[name] else {}
    assert codes(SILENT[name], **values) == set()


def test_a_secret_of_a_trust_is_not_told() -> None:
    accounts = {"principals": ["222222222222"], "external_ids": ["s3cret*", 7]}
    data = {
        "name": "shop",
        "region": "eu-west-1",
        "owner": "111111111111",
        "operators": {"people": {"tier": "viewer", "trust": {"accounts": accounts}}},
    }
    findings = check_file(data).findings

    assert {each.code for each in findings} >= {"MK103"}
    assert "s3cret" not in str([str(each) for each in findings])
