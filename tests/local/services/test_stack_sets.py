"""StackSets of units have a stack in each account below them, at any time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from meshkit.local.cloud import Cloud

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MANAGEMENT, REGION = "111111111111", "eu-west-1"
READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def template(role: str) -> str:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}],
    }
    return json.dumps(
        {
            "Resources": {
                "Saml": {
                    "Type": "AWS::IAM::SAMLProvider",
                    "Properties": {"Name": "workforce", "SamlMetadataDocument": "<x/>" * 300},
                },
                "Oidc": {
                    "Type": "AWS::IAM::OIDCProvider",
                    "Properties": {"Url": "https://ci.example", "ClientIdList": ["aws"]},
                },
                "Role": {
                    "Type": "AWS::IAM::Role",
                    "Properties": {
                        "RoleName": role,
                        "AssumeRolePolicyDocument": trust,
                        "ManagedPolicyArns": [READ],
                    },
                },
            }
        }
    )


class World:
    """An organization with units below each other, and a StackSet."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.organizations = cloud.client("organizations")
        self.organizations.create_organization(FeatureSet="ALL")
        self.root: str = self.organizations.list_roots()["Roots"][0]["Id"]
        self.sets = cloud.client("cloudformation", region=REGION)
        self.sets.create_stack_set(
            StackSetName="people",
            TemplateBody=template("dev"),
            PermissionModel="SERVICE_MANAGED",
            AutoDeployment={"Enabled": True, "RetainStacksOnAccountRemoval": False},
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )

    def unit(self, name: str, parent: str | None = None) -> str:
        made = self.organizations.create_organizational_unit(
            Name=name, ParentId=parent or self.root
        )
        return str(made["OrganizationalUnit"]["Id"])

    def account(self, name: str) -> str:
        made = self.organizations.create_account(AccountName=name, Email=f"{name}@example.com")
        return str(made["CreateAccountStatus"]["AccountId"])

    def move(self, account: str, unit: str) -> None:
        (parent,) = self.organizations.list_parents(ChildId=account)["Parents"]
        self.organizations.move_account(
            AccountId=account, SourceParentId=parent["Id"], DestinationParentId=unit
        )

    def roll_out(self, unit: str) -> None:
        self.sets.create_stack_instances(StackSetName="people", **self._where(unit))

    def take_back(self, unit: str) -> None:
        self.sets.delete_stack_instances(
            StackSetName="people", RetainStacks=False, **self._where(unit)
        )

    def _where(self, unit: str) -> dict[str, Any]:
        return {"DeploymentTargets": {"OrganizationalUnitIds": [unit]}, "Regions": [REGION]}

    def roles(self, account: str) -> list[str]:
        names = [e["RoleName"] for e in self.cloud.client("iam", account).list_roles()["Roles"]]
        return [name for name in names if name != "OrganizationAccountAccessRole"]


@pytest.fixture
def world() -> Iterator[World]:
    with Cloud(account=MANAGEMENT, region=REGION) as cloud:
        yield World(cloud)


def test_accounts_below_a_unit_get_the_stack(world: World) -> None:
    outer = world.unit("work")
    inner = world.unit("prod", world.unit("eu", outer))
    inside, outside = world.account("inside"), world.account("outside")
    world.move(inside, inner)
    world.roll_out(outer)

    assert (world.roles(inside), world.roles(outside)) == (["dev"], [])
    assert world.roles(MANAGEMENT) == []
    iam = world.cloud.client("iam", inside)
    (saml,) = iam.list_saml_providers()["SAMLProviderList"]
    assert saml["Arn"] == f"arn:aws:iam::{inside}:saml-provider/workforce"
    (oidc,) = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    assert oidc["Arn"] == f"arn:aws:iam::{inside}:oidc-provider/ci.example"
    attached = iam.list_attached_role_policies(RoleName="dev")["AttachedPolicies"]
    assert [each["PolicyArn"] for each in attached] == [READ]


def test_the_stack_follows_accounts_that_move(world: World) -> None:
    unit, account = world.unit("work"), world.account("late")
    world.roll_out(unit)
    assert world.roles(account) == []

    world.move(account, unit)
    assert world.roles(account) == ["dev"]
    world.move(account, world.root)
    assert world.roles(account) == []
    iam = world.cloud.client("iam", account)
    assert iam.list_saml_providers()["SAMLProviderList"] == []
    assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []


def edited(edit: Callable[[dict[str, Any]], Any]) -> str:
    """The template with its resources changed."""
    text = json.loads(template("dev"))
    edit(text["Resources"])
    return json.dumps(text)


@pytest.fixture
def rolled_out(world: World) -> str:
    unit, account = world.unit("work"), world.account("orders")
    world.move(account, unit)
    world.roll_out(unit)
    return account


def test_another_template_changes_every_stack(world: World, rolled_out: str) -> None:
    world.sets.update_stack_set(StackSetName="people", TemplateBody=template("ops"))

    assert world.roles(rolled_out) == ["ops"]


def test_a_role_changes_in_place(world: World, rolled_out: str) -> None:
    iam = world.cloud.client("iam", rolled_out)
    before = iam.get_role(RoleName="dev")["Role"]
    denial = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [denial]}
    iam.put_role_policy(RoleName="dev", PolicyName="by-hand", PolicyDocument=json.dumps(document))

    def first(resources: dict[str, Any]) -> None:
        role = resources["Role"]["Properties"]
        role.update(Description="changed", MaxSessionDuration=7200, ManagedPolicyArns=[])
        role["Policies"] = [{"PolicyName": "own", "PolicyDocument": document}]
        resources["Saml"]["Properties"]["SamlMetadataDocument"] = "<y/>" * 300
        resources["Oidc"]["Properties"]["ClientIdList"] = ["other"]

    world.sets.update_stack_set(StackSetName="people", TemplateBody=edited(first))
    after = iam.get_role(RoleName="dev")["Role"]
    assert (after["RoleId"], after["Description"], after["MaxSessionDuration"]) == (
        before["RoleId"],
        "changed",
        7200,
    )
    assert iam.list_attached_role_policies(RoleName="dev")["AttachedPolicies"] == []
    assert set(iam.list_role_policies(RoleName="dev")["PolicyNames"]) == {"by-hand", "own"}
    (saml,) = iam.list_saml_providers()["SAMLProviderList"]
    told = iam.get_saml_provider(SAMLProviderArn=saml["Arn"])["SAMLMetadataDocument"]
    assert told == "<y/>" * 300
    (oidc,) = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    clients = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=oidc["Arn"])
    assert clients["ClientIDList"] == ["other"]

    world.sets.update_stack_set(StackSetName="people", TemplateBody=template("dev"))
    assert iam.list_role_policies(RoleName="dev")["PolicyNames"] == ["by-hand"]
    (attached,) = iam.list_attached_role_policies(RoleName="dev")["AttachedPolicies"]
    assert attached["PolicyArn"] == READ


def test_what_has_another_name_is_another(world: World, rolled_out: str) -> None:
    def renamed(resources: dict[str, Any]) -> None:
        resources["Saml"]["Properties"]["Name"] = "people"
        resources["Oidc"]["Properties"]["Url"] = "https://cd.example"
        resources["Role"]["Properties"]["Path"] = "/people/"

    world.sets.update_stack_set(StackSetName="people", TemplateBody=edited(renamed))
    iam = world.cloud.client("iam", rolled_out)
    (saml,) = iam.list_saml_providers()["SAMLProviderList"]
    (oidc,) = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    assert (saml["Arn"].rpartition("/")[2], oidc["Arn"].rpartition("/")[2]) == (
        "people",
        "cd.example",
    )
    assert iam.get_role(RoleName="dev")["Role"]["Path"] == "/people/"


def test_a_stack_of_other_types_is_made_anew(world: World, rolled_out: str) -> None:
    def with_parameter(value: str) -> str:
        properties = {"Name": "kept", "Type": "String", "Value": value}
        made = {"Type": "AWS::SSM::Parameter", "Properties": properties}
        return edited(lambda resources: resources.update(Kept=made))

    for value in ("one", "two"):
        world.sets.update_stack_set(StackSetName="people", TemplateBody=with_parameter(value))
    parameters = world.cloud.client("ssm", rolled_out, REGION)
    assert parameters.get_parameter(Name="kept")["Parameter"]["Value"] == "two"


def test_a_unit_that_is_taken_back_loses_its_stacks_alone(world: World) -> None:
    one, two = world.unit("one"), world.unit("two")
    first, second = world.account("first"), world.account("second")
    for account, unit in ((first, one), (second, two)):
        world.move(account, unit)
        world.roll_out(unit)
    world.take_back(one)

    assert (world.roles(first), world.roles(second)) == ([], ["dev"])
    found = world.sets.describe_stack_set(StackSetName="people")["StackSet"]
    assert found["OrganizationalUnitIds"] == [two]
    with pytest.raises(ClientError, match="StackSetNotEmpty"):
        world.sets.delete_stack_set(StackSetName="people")
    world.take_back(two)
    world.sets.delete_stack_set(StackSetName="people")
