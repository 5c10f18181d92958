"""Who takes a role by an assertion of a SAML provider."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from botocore.exceptions import ClientError

from meshkit.local.cloud import Cloud
from tests.local.enforcement.people import (
    ALLOWED,
    OWNER,
    TEAM,
    allow,
    document,
    make_role,
    role_arn,
    said,
    signed_in,
    trusting,
)
from tests.local.sign_in import assertion, unsigned_sts

PROVIDER = f"arn:aws:iam::{OWNER}:saml-provider/Okta"
SIGN_IN = "https://signin.aws.amazon.com/saml"
METADATA = "<EntityDescriptor/>" + " " * 1000
ROLE = role_arn("people")
ANN = "ann@example.org"
REFUSED = "AccessDenied: Not authorized to perform sts:AssumeRoleWithSAML"
ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes"


@pytest.fixture
def okta(cloud: Cloud) -> Cloud:
    """A cloud with an identity provider."""
    iam = cloud.client("iam")
    iam.create_saml_provider(Name="Okta", SAMLMetadataDocument=METADATA)
    return cloud


def trusted(*actions: str, **keys: str) -> str:
    conditions = {"SAML:aud": SIGN_IN, **{key.replace("_", ":", 1): keys[key] for key in keys}}
    actions = ("sts:AssumeRoleWithSAML", *actions)
    return trusting({"Federated": PROVIDER}, *actions, StringEquals=conditions)


def with_attributes(encoded: str, **values: str) -> str:
    """An assertion with more attributes; `__` in a name stands for a colon."""
    text = base64.b64decode(encoded).decode()
    more = "".join(
        f'<Attribute Name="{ATTRIBUTES}/{name.replace("__", ":")}">'
        f"<AttributeValue>{value}</AttributeValue></Attribute>"
        for name, value in values.items()
    )
    text = text.replace("</AttributeStatement>", f"{more}</AttributeStatement>")
    return base64.b64encode(text.encode()).decode()


def answer(cloud: Cloud, given: str, role: str = ROLE, provider: str = PROVIDER) -> Any:
    """The credentials, or the error with which a sign-in ends."""
    try:
        return unsigned_sts(cloud).assume_role_with_saml(
            RoleArn=role, PrincipalArn=provider, SAMLAssertion=given
        )["Credentials"]
    except ClientError as error:
        return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"


def test_who_is_trusted_gets_the_role(okta: Cloud) -> None:
    make_role(okta, "people", allow("iam:ListRoles"), trust=trusted(SAML_sub=ANN))
    caller = signed_in(answer(okta, assertion(ROLE, PROVIDER, ANN)))
    arn = caller.client("sts").get_caller_identity()["Arn"]
    assert arn == f"arn:aws:sts::{OWNER}:assumed-role/people/{ANN}"
    assert said(caller, "iam", "list_roles") == ALLOWED
    assert said(caller, "iam", "list_users").startswith("403 AccessDenied")


@pytest.mark.parametrize(
    "trust",
    [
        pytest.param(trusted(SAML_sub="bob@example.org"), id="another subject"),
        pytest.param(trusted(SAML_iss="https://other.example"), id="another issuer"),
        pytest.param(trusted(SAML_sub_type="transient"), id="another kind of subject"),
        pytest.param(trusting({"Federated": PROVIDER}), id="another action"),
        pytest.param(trusting({"AWS": OWNER}, "sts:AssumeRoleWithSAML"), id="an account"),
        pytest.param(
            trusting({"Federated": f"{PROVIDER}2"}, "sts:AssumeRoleWithSAML"), id="another provider"
        ),
    ],
)
def test_who_is_not_trusted_is_refused(okta: Cloud, trust: str) -> None:
    make_role(okta, "people", allow("*"), trust=trust)
    assert answer(okta, assertion(ROLE, PROVIDER, ANN)) == REFUSED


def test_an_assertion_leads_to_no_role_but_its_own(okta: Cloud) -> None:
    make_role(okta, "people", allow("*"), trust=trusted())
    for role, provider in (
        (role_arn("others"), PROVIDER),
        (role_arn("people", TEAM), PROVIDER),
        (ROLE, f"{PROVIDER}2"),
    ):
        assert answer(okta, assertion(role, provider, ANN)) == REFUSED


def test_a_provider_has_to_be_there_and_the_assertion_to_be_one(cloud: Cloud) -> None:
    make_role(cloud, "people", allow("*"), trust=trusted())
    told = answer(cloud, assertion(ROLE, PROVIDER, ANN))
    assert told == "InvalidIdentityToken: Specified provider doesn't exist"
    told = answer(cloud, base64.b64encode(b"<none").decode())
    assert told == "InvalidIdentityToken: Invalid base64 SAMLResponse"


def test_tags_and_a_source_identity_need_their_actions(okta: Cloud) -> None:
    given = assertion(ROLE, PROVIDER, ANN)
    tagged = with_attributes(given, PrincipalTag__team="web")
    named = with_attributes(given, SourceIdentity="ann")
    make_role(okta, "people", trust=trusted())
    assert answer(okta, tagged) == answer(okta, named) == REFUSED
    okta.client("iam").update_assume_role_policy(
        RoleName="people", PolicyDocument=trusted("sts:TagSession", "sts:SetSourceIdentity")
    )
    assert answer(okta, named) != REFUSED
    condition = {"StringEquals": {"aws:PrincipalTag/team": "web"}}
    okta.client("iam").put_role_policy(
        RoleName="people",
        PolicyName="own",
        PolicyDocument=document(allow("iam:ListRoles", Condition=condition)),
    )
    assert said(signed_in(answer(okta, tagged)), "iam", "list_roles") == ALLOWED
    assert said(signed_in(answer(okta, given)), "iam", "list_roles").startswith("403")
