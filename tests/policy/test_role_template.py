"""Templates of roles: made of typed ones, and those that users bring."""

from __future__ import annotations

import json
from typing import Any

import pytest

from meshkit.config.interpolate import interpolate
from meshkit.config.landing_zone import FederatedRole, IdentityProvider
from meshkit.errors import MeshkitError
from meshkit.policy.role_template import TEMPLATE_LIMIT, RoleTemplate, require_size
from meshkit.policy.template_findings import template_findings

SAML = IdentityProvider.model_validate({"saml": {"metadata": "<x/>" * 300}})
OIDC = IdentityProvider.model_validate(
    {"oidc": {"url": "https://ci.example/acme", "audiences": ["aws"], "thumbprints": ["ab"]}}
)
PROVIDERS = {"workforce": SAML, "ci": OIDC, "unused": SAML}
READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def role(**keys: Any) -> FederatedRole:
    return FederatedRole.model_validate({"provider": "workforce", **keys})


def template(roles: dict[str, FederatedRole], **options: Any) -> dict[str, Any]:
    made = RoleTemplate(roles, PROVIDERS, partition="aws", region="eu-west-1", **options)
    resources: dict[str, Any] = json.loads(made.text())["Resources"]
    return resources


def only(resources: dict[str, Any], type_: str) -> dict[str, Any]:
    (found,) = (each for each in resources.values() if each["Type"] == type_)
    resource: dict[str, Any] = found
    return resource


def test_a_role_stands_with_the_provider_it_trusts() -> None:
    made = template({"developer": role(managed_policies=[READ])}, tags={"team": "platform"})

    provider = only(made, "AWS::IAM::SAMLProvider")
    assert provider["Properties"]["Name"] == "workforce"
    assert provider["Properties"]["SamlMetadataDocument"] == "<x/>" * 300
    found = only(made, "AWS::IAM::Role")
    assert made[found["DependsOn"]] == provider
    assert found["Properties"] == {
        "RoleName": "developer",
        "ManagedPolicyArns": [READ],
        "Tags": [{"Key": "team", "Value": "platform"}],
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRoleWithSAML",
                    "Principal": {
                        "Federated": {
                            "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:saml-provider/workforce"
                        }
                    },
                    "Condition": {
                        "StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}
                    },
                }
            ],
        },
    }


def test_a_role_of_an_oidc_provider_names_its_subjects() -> None:
    made = template(
        {"ci": role(provider="ci", subjects=["repo:acme/shop"], managed_policies=[READ])}
    )

    assert only(made, "AWS::IAM::OIDCProvider")["Properties"] == {
        "Url": "https://ci.example/acme",
        "ClientIdList": ["aws"],
        "ThumbprintList": ["ab"],
    }
    trust = only(made, "AWS::IAM::Role")["Properties"]["AssumeRolePolicyDocument"]
    (statement,) = trust["Statement"]
    assert statement["Condition"] == {
        "StringEquals": {"ci.example/acme:aud": "aws", "ci.example/acme:sub": "repo:acme/shop"}
    }


def test_options_reach_the_role_and_the_account_is_filled_by_cloudformation() -> None:
    boundary = "arn:aws:iam::${account}:policy/boundary"
    made = RoleTemplate(
        _loaded(
            {
                "provider": "workforce",
                "name": "Dev",
                "path": "/people/",
                "permissions_boundary": boundary,
                "max_session_duration": 7200,
                "description": "Works here.",
                "tags": {"a": "b"},
                "statements": [
                    {"actions": "s3:GetObject", "resources": "arn:aws:s3:::$${aws:username}/*"},
                    {"actions": "s3:PutObject", "resources": "arn:${partition}:s3:::${account}/*"},
                ],
            }
        ),
        PROVIDERS,
        partition="aws-cn",
        region="cn-north-1",
    )

    properties = only(json.loads(made.text())["Resources"], "AWS::IAM::Role")["Properties"]
    assert properties["RoleName"] == "Dev"
    assert properties["Path"] == "/people/"
    assert properties["MaxSessionDuration"] == 7200
    assert properties["Description"] == "Works here."
    assert properties["PermissionsBoundary"] == {
        "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:policy/boundary"
    }
    assert properties["Tags"] == [{"Key": "a", "Value": "b"}]
    (policy,) = properties["Policies"]
    assert [each["Resource"] for each in policy["PolicyDocument"]["Statement"]] == [
        "arn:aws:s3:::${aws:username}/*",
        {"Fn::Sub": "arn:aws-cn:s3:::${AWS::AccountId}/*"},
    ]


def _loaded(data: dict[str, Any]) -> dict[str, FederatedRole]:
    """A role as a file gives it, with its holes."""
    filled, _ = interpolate(data)
    return {"developer": FederatedRole.model_validate(filled)}


def test_a_policy_variable_beside_the_account_stays_one() -> None:
    roles = _loaded(
        {
            "provider": "workforce",
            "statements": [
                {"actions": "s3:*", "resources": "arn:aws:s3:::${account}/$${aws:username}"}
            ],
        }
    )
    (policy,) = only(template(roles), "AWS::IAM::Role")["Properties"]["Policies"]

    assert policy["PolicyDocument"]["Statement"][0]["Resource"] == {
        "Fn::Sub": "arn:aws:s3:::${AWS::AccountId}/${!aws:username}"
    }


def test_what_the_program_learns_is_put_in_and_checked() -> None:
    roles = _loaded(
        {"provider": "ci", "subjects": ["${var.REPO}"], "managed_policies": ["${var.POLICY}"]}
    )
    made = RoleTemplate(roles, PROVIDERS, partition="aws", region="eu-west-1")
    repo, policy = sorted(made.deferred, key=str, reverse=True)

    assert f'"{READ}"' in made.text({repo: "repo:acme/shop", policy: READ})
    with pytest.raises(MeshkitError, match="contains"):
        made.text({repo: "repo:*", policy: READ})


def test_logical_ids_differ_where_keys_do() -> None:
    made = template({key: role(managed_policies=[READ]) for key in ("a-b", "ab", "a.b", "A_b")})

    assert len(made) == 5
    assert all(key.isalnum() for key in made)


def test_what_is_made_of_sound_roles_is_sound() -> None:
    statements = [{"actions": "appmesh:ListMeshes", "resources": "*"}]
    roles = {"a": role(statements=statements), "b": role(provider="ci", subjects=["x"])}
    made = RoleTemplate(roles, PROVIDERS, partition="aws", region="eu-west-1")

    assert list(template_findings(made.text())) == []


def test_the_size_of_a_template_at_its_limit() -> None:
    assert require_size("x" * TEMPLATE_LIMIT)
    with pytest.raises(MeshkitError, match="51201 bytes and CloudFormation takes 51200"):
        require_size("x" * TEMPLATE_LIMIT + "y")
    with pytest.raises(MeshkitError, match="51202 bytes"):
        require_size("ä" * (TEMPLATE_LIMIT // 2 + 1))


ROLE = """\
Resources:
  Dev:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - {Effect: Allow, Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::1:root"},
             Action: sts:AssumeRole}
      Policies:
        - PolicyName: all
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - {Effect: Allow, Action: "appmesh:DescribeMesh",
                 Resource: !Join ["", ["arn:", !Ref AWS::Partition, ":appmesh"]]}
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", "", None),
        ("appmesh:DescribeMesh", "appmesh:DescribeMash", 'did you mean "appmesh:DescribeMesh"'),
        ("!Join", "!Nope", None),
        ('{AWS: !Sub "arn:${AWS::Partition}:iam::1:root"}', '"*"', "everybody may take the role"),
        ('!Sub "arn:${AWS::Partition}:iam::1:root"', '["*"]', "everybody may take the role"),
        ("Type: AWS::IAM::Role", "Typ: x", 'the key "Type" is missing'),
        ("Resources", "Resource", "Resources: a template has a mapping"),
        ("Dev:", "Dev: &a", None),
        ("Policies:", "Policies: *a", "aliases"),
        ("Policies:\n", "Policies: 5\n      Other:\n", "Policies: a list is wanted"),
        ("AssumeRolePolicyDocument", "Trust", "a document with a Statement is wanted"),
        ("PolicyDocument:\n            Version: 2012-10-17", "Document:", "PolicyDocument:"),
        ("Effect: Allow, Action: ", "Effect: Permit, Action: ", "Effect"),
    ],
)
def test_faults_of_a_template_are_told_with_their_place(
    old: str, new: str, told: str | None
) -> None:
    findings = list(template_findings(ROLE.replace(old, new) if old else ROLE))

    assert all("\n" not in each for each in findings)
    if told is not None:
        assert any(told in each for each in findings), findings
    else:
        assert findings == []


@pytest.mark.parametrize("text", ["", "[]", "Resources: 5", "{", "x" * 60_000, "[" * 5_000])
def test_what_is_no_template_is_told_in_one_line(text: str) -> None:
    (finding,) = template_findings(text)

    assert "\n" not in finding
