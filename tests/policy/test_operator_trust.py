"""Who may take an operator's role: the right ones, and nobody near them."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.errors import MeshkitError
from meshkit.policy.evaluation import Caller
from meshkit.policy.evaluation.trust import trust
from meshkit.policy.operator_trust import (
    AccountTrust,
    OidcTrust,
    OperatorTrust,
    PermissionSetTrust,
    SamlTrust,
)

ACCOUNT = "222222222222"
GITHUB = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"
SAML = f"arn:aws:iam::{ACCOUNT}:saml-provider/okta"
MAIN = "repo:acme/shop:ref:refs/heads/main"
PIPELINE = Caller(PROVIDER, "Federated")
OIDC = OidcTrust(provider_arn=PROVIDER, subjects=[MAIN], audience="sts.amazonaws.com")
RESERVED = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com"
MESH_SET = PermissionSetTrust(account=ACCOUNT, permission_set="Mesh", region="eu-west-1")


def takes(who: OperatorTrust, caller: Caller, **context: Any) -> bool:
    keys = {key.replace("__", ":"): value for key, value in context.items()}
    return trust(who.document().to_dict(), caller, keys).allowed


@pytest.mark.parametrize(
    ("sub", "aud", "may"),
    [
        (MAIN, "sts.amazonaws.com", True),
        (f"{MAIN}-2", "sts.amazonaws.com", False),
        ("repo:acme/shop:pull_request", "sts.amazonaws.com", False),
        ("repo:evil/shop:ref:refs/heads/main", "sts.amazonaws.com", False),
        (MAIN, "https://github.com/acme", False),
    ],
)
def test_a_pipeline_needs_the_exact_subject_and_audience(sub: str, aud: str, may: bool) -> None:
    assert takes(OIDC, PIPELINE, **{f"{GITHUB}__sub": sub, f"{GITHUB}__aud": aud}) is may


def test_another_provider_is_not_trusted() -> None:
    other = Caller(f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.com", "Federated")

    assert not takes(OIDC, other, gitlab__sub=MAIN)


def test_people_of_a_workforce_provider_are_named_one_by_one() -> None:
    issuer = "acme.okta.com/oauth2/default"
    okta = OidcTrust(
        provider_arn=f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}",
        subjects=["00u1", "00u2"],
        audience="0oa1client",
    )
    caller = Caller(f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}", "Federated")
    may = {
        sub: takes(okta, caller, **{f"{issuer}__sub": sub, f"{issuer}__aud": "0oa1client"})
        for sub in ("00u1", "00u2", "00u3")
    }

    assert may == {"00u1": True, "00u2": True, "00u3": False}


@pytest.mark.parametrize(
    ("partition", "audience"),
    [("aws", "https://signin.aws.amazon.com/saml"), ("aws-cn", "https://signin.amazonaws.cn/saml")],
)
def test_saml_needs_the_sign_in_of_the_partition(partition: str, audience: str) -> None:
    arn = SAML.replace("arn:aws:", f"arn:{partition}:")
    who = SamlTrust(provider_arn=arn, partition=partition)

    assert takes(who, Caller(arn, "Federated"), SAML__aud=audience)
    assert not takes(who, Caller(arn, "Federated"), SAML__aud="https://example.com/saml")


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (f"{RESERVED}/eu-west-1/AWSReservedSSO_Mesh_1234567890abcdef", True),
        (f"{RESERVED}/eu-west-1/AWSReservedSSO_Mesh_Admin_1234567890abcdef", False),
        (f"{RESERVED}/eu-west-1/AWSReservedSSO_Admin_1234567890abcdef", False),
        (f"{RESERVED}/eu-west-2/AWSReservedSSO_Mesh_1234567890abcdef", False),
        (f"arn:aws:iam::{ACCOUNT}:role/AWSReservedSSO_Mesh_1234567890abcdef", False),
    ],
)
def test_a_permission_set_is_trusted_and_none_whose_name_begins_alike(role: str, may: bool) -> None:
    assert takes(MESH_SET, Caller(role)) is may


def test_roles_of_a_permission_set_name_no_region_in_the_first_one() -> None:
    home = PermissionSetTrust(account=ACCOUNT, permission_set="Mesh", region="us-east-1")

    assert takes(home, Caller(f"{RESERVED}/AWSReservedSSO_Mesh_1234567890abcdef"))


def test_an_account_is_trusted_with_its_external_id_alone() -> None:
    who = AccountTrust(principals=["333333333333"], external_ids=["7c1e"])
    caller = Caller("arn:aws:iam::333333333333:role/ci")

    assert takes(who, caller, sts__ExternalId="7c1e")
    assert not takes(who, caller)
    assert not takes(who, caller, sts__ExternalId="7c1")
    assert not takes(who, Caller("arn:aws:iam::444444444444:role/ci"), sts__ExternalId="7c1e")


def test_two_external_ids_are_taken_while_one_follows_the_other() -> None:
    who = AccountTrust(principals=["333333333333"], external_ids=["old", "new"])
    caller = Caller("arn:aws:iam::333333333333:role/ci")

    assert [takes(who, caller, sts__ExternalId=each) for each in ("old", "new", "older")] == [
        True,
        True,
        False,
    ]


def test_one_role_is_trusted_and_no_other_of_its_account() -> None:
    who = AccountTrust(principals=["arn:aws:iam::333333333333:role/ci"])

    assert takes(who, Caller("arn:aws:iam::333333333333:role/ci"))
    assert not takes(who, Caller("arn:aws:iam::333333333333:role/other"))


@pytest.mark.parametrize(
    ("context", "may"),
    [
        ({"aws__MultiFactorAuthPresent": "true", "aws__MultiFactorAuthAge": "900"}, True),
        ({"aws__MultiFactorAuthPresent": "true", "aws__MultiFactorAuthAge": "901"}, False),
        ({"aws__MultiFactorAuthPresent": "false"}, False),
        ({}, False),
    ],
)
def test_a_second_factor_is_needed_and_fresh(context: dict[str, str], may: bool) -> None:
    who = AccountTrust(principals=["333333333333"], mfa=True, mfa_max_age=900)

    assert takes(who, Caller("arn:aws:iam::333333333333:user/ann"), **context) is may


@pytest.mark.parametrize(
    ("who", "message"),
    [
        (OidcTrust(provider_arn=SAML, subjects=["a"], audience="b"), "oidc-provider"),
        (OidcTrust(provider_arn=PROVIDER, subjects=[], audience="b"), "at least one"),
        (OidcTrust(provider_arn=PROVIDER, subjects="abc", audience="b"), "must be a list"),
        (OidcTrust(provider_arn=PROVIDER, subjects=["repo:acme/*"], audience="b"), "exactly"),
        (OidcTrust(provider_arn=PROVIDER, subjects=["a"], audience="*"), "exactly"),
        (SamlTrust(provider_arn=PROVIDER), "no SAML provider"),
        (SamlTrust(provider_arn=SAML, partition="aws-iso"), "is not known"),
        (
            PermissionSetTrust(account="2", permission_set="Mesh", region="eu-west-1"),
            "is no account",
        ),
        (
            PermissionSetTrust(account=ACCOUNT, permission_set="M*", region="eu-west-1"),
            "no permission set",
        ),
        (PermissionSetTrust(account=ACCOUNT, permission_set="M", region="*"), "is no region"),
        (AccountTrust(principals=[]), "at least one"),
        (AccountTrust(principals=["*"]), "is no principal"),
        (AccountTrust(principals=["arn:aws:iam::333333333333:role/*"]), "exactly"),
        (AccountTrust(principals=["333333333333"], external_ids="s3"), "must be a list"),
        (AccountTrust(principals=["333333333333"], external_ids=["s3*"]), "^an external id"),
    ],
)
def test_a_trust_that_is_open_or_of_nobody_is_refused(who: OperatorTrust, message: str) -> None:
    with pytest.raises(MeshkitError, match=message):
        who.document()
