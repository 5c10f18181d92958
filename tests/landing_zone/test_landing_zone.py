"""The landing zone as a component: what it registers, and what it refuses before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from meshkit import LandingZone
from meshkit.errors import ConfigError, MeshkitError
from meshkit.graph import UNKNOWN
from meshkit.policy.boundaries import TeamBoundary
from tests.programs import INVOKES, run_program

if TYPE_CHECKING:
    from meshkit.graph import Graph, Resource

STACK_SETS = "member.org.stacksets.cloudformation.amazonaws.com"
ORGANIZATION = "aws:organizations/getOrganization:getOrganization"
FOUND = {
    "id": "o-exampleorg1",
    "masterAccountId": "111111111111",
    "featureSet": "ALL",
    "awsServiceAccessPrincipals": [STACK_SETS],
    "roots": [{"id": "r-ab12", "arn": "arn", "name": "Root", "policyTypes": []}],
}
READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ZONE: dict[str, Any] = {
    "landing_zone": "acme",
    "region": "eu-west-1",
    "organization": {"id": "o-exampleorg1", "management_account": "111111111111"},
    "email_template": "aws+%s@acme.io",
    "tags": {"team": "platform"},
    "units": {"infra": {}, "work": {"units": {"prod": {"name": "Production"}}}},
    "accounts": {
        "network": {"unit": "infra", "roles": ["admin", "reader"]},
        "orders": {"customer": "shop", "project": "orders-prod", "unit": "work/prod"},
        "rooted": {"tags": {"own": "tag"}},
    },
    "identity_providers": {
        "workforce": {"saml": {"metadata": "${var.METADATA}"}},
        "ci": {"oidc": {"url": "https://ci.example", "audiences": ["aws"], "thumbprints": ["ab"]}},
    },
    "roles": {
        "admin": {
            "provider": "workforce",
            "statements": [{"actions": "s3:*", "resources": "arn:${partition}:s3:::${account}"}],
            "permissions_boundary": "arn:aws:iam::${account}:policy/boundary",
        },
        "reader": {"provider": "workforce", "name": "Reader", "managed_policies": [READ]},
        "deployer": {"provider": "ci", "subjects": ["main"], "managed_policies": [READ]},
    },
    "project_roles": {"team": {"units": ["work"], "roles": ["deployer"]}},
}
VALUES = {"METADATA": "<x/>" * 300}


def made(
    zone: dict[str, Any] = ZONE, organization: dict[str, Any] = FOUND, **options: Any
) -> Graph:
    values = options.pop("values", VALUES)
    preview = options.pop("preview", False)
    return run_program(
        lambda: LandingZone("acme", zone, values=values, **options),
        invokes={**INVOKES, ORGANIZATION: organization},
        preview=preview,
    )


def named(graph: Graph, type_: str, name: str) -> Resource:
    (found,) = (each for each in graph.of_type(type_) if each.name == name)
    return found


UNIT = "aws:organizations/organizationalUnit:OrganizationalUnit"
ACCOUNT = "aws:organizations/account:Account"
ROLE = "aws:iam/role:Role"


def test_units_stand_below_each_other_and_the_root() -> None:
    graph = made()

    assert named(graph, UNIT, "acme-work").inputs["parentId"] == "r-ab12"
    inner = named(graph, UNIT, "acme-work/prod")
    assert inner.inputs["parentId"] == named(graph, UNIT, "acme-work").outputs["id"]
    assert inner.inputs["name"] == "Production"
    assert inner.inputs["tags"] == {"team": "platform"}


def test_accounts_have_names_addresses_and_places() -> None:
    graph = made()

    orders = named(graph, ACCOUNT, "acme-orders").inputs
    assert orders["name"] == "shop.orders-prod"
    assert orders["email"] == "aws+shop.orders-prod@acme.io"
    assert orders["parentId"] == named(graph, UNIT, "acme-work/prod").outputs["id"]
    assert orders["roleName"] == "OrganizationAccountAccessRole"
    rooted = named(graph, ACCOUNT, "acme-rooted").inputs
    assert rooted["parentId"] == "r-ab12"
    assert rooted["tags"] == {"team": "platform", "own": "tag"}


def test_an_account_is_protected_and_never_closed_by_default() -> None:
    graph = made()

    for account in graph.of_type(ACCOUNT):
        assert account.protect
        assert account.inputs["closeOnDeletion"] is False


def test_closing_takes_two_keys() -> None:
    open_ = {"protect": False, "close_on_deletion": True}
    graph = made({**ZONE, "accounts": {"network": open_}})

    (account,) = graph.of_type(ACCOUNT)
    assert not account.protect
    assert account.inputs["closeOnDeletion"] is True


def test_roles_are_made_in_the_account_with_one_provider() -> None:
    graph = made()
    account = named(graph, ACCOUNT, "acme-network").outputs["id"]

    (provider,) = graph.of_type("aws:iam/samlProvider:SamlProvider")
    assert provider.inputs["name"] == "workforce"
    assert provider.inputs["samlMetadataDocument"] == VALUES["METADATA"]
    assert {each.name for each in graph.of_type(ROLE)} == {
        "acme-network-admin",
        "acme-network-reader",
    }
    admin = named(graph, ROLE, "acme-network-admin")
    assert admin.provider == provider.provider != None  # noqa: E711 - both of the account
    assert admin.inputs["permissionsBoundary"] == f"arn:aws:iam::{account}:policy/boundary"
    trust = json.loads(admin.inputs["assumeRolePolicy"])
    assert trust["Statement"][0]["Principal"] == {"Federated": provider.outputs["arn"]}
    (policy,) = graph.of_type("aws:iam/rolePolicy:RolePolicy")
    statement = json.loads(policy.inputs["policy"])["Statement"][0]
    assert statement["Resource"] == f"arn:aws:s3:::{account}"
    (attached,) = graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert attached.inputs["policyArn"] == READ
    assert named(graph, ROLE, "acme-network-reader").inputs["name"] == "Reader"


def test_the_provider_of_an_account_assumes_the_role_that_aws_made() -> None:
    graph = made()
    account = named(graph, ACCOUNT, "acme-network").outputs["id"]

    (provider,) = graph.of_type("pulumi:providers:aws")
    assert json.loads(provider.inputs["allowedAccountIds"]) == [account]
    (way,) = json.loads(provider.inputs["assumeRoles"])
    assert way["roleArn"] == f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"


def test_a_program_works_in_an_account_through_its_provider() -> None:
    def program() -> None:
        zone = LandingZone("acme", ZONE, values=VALUES)
        assert zone.provider("orders") is zone.provider("orders")
        with pytest.raises(MeshkitError, match='no account "ordrs" \\(did you mean "orders"'):
            zone.provider("ordrs")

    graph = run_program(program, invokes={**INVOKES, ORGANIZATION: FOUND})
    assert len(graph.of_type("pulumi:providers:aws")) == 2


def test_it_exports_what_a_mesh_file_includes() -> None:
    graph = made()

    (zone,) = graph.of_type("meshkit:index:LandingZone")
    ids = {key: named(graph, ACCOUNT, f"acme-{key}").outputs["id"] for key in ZONE["accounts"]}
    way = {"name": "OrganizationAccountAccessRole"}
    assert zone.outputs == {
        "accounts": {key: {"id": id_, "assume_role": way} for key, id_ in ids.items()},
        "organization": {**ZONE["organization"], "sharing_enabled": False},
    }


def test_a_preview_knows_what_does_not_hang_on_new_accounts() -> None:
    graph = made(preview=True)

    assert named(graph, ACCOUNT, "acme-orders").inputs["email"] == "aws+shop.orders-prod@acme.io"
    assert named(graph, ROLE, "acme-network-admin").inputs["assumeRolePolicy"] == UNKNOWN


def test_project_roles_go_to_the_units_after_the_accounts() -> None:
    graph = made()

    (stack_set,) = graph.of_type("aws:cloudformation/stackSet:StackSet")
    assert stack_set.inputs["permissionModel"] == "SERVICE_MANAGED"
    assert stack_set.inputs["autoDeployment"] == {
        "enabled": True,
        "retainStacksOnAccountRemoval": False,
    }
    (instance,) = graph.of_type("aws:cloudformation/stackSetInstance:StackSetInstance")
    unit = named(graph, UNIT, "acme-work").outputs["id"]
    assert instance.inputs["deploymentTargets"] == {"organizationalUnitIds": [unit]}
    assert instance.inputs["stackSetInstanceRegion"] == "eu-west-1"
    resources = json.loads(stack_set.inputs["templateBody"])["Resources"].values()
    assert {each["Type"] for each in resources} == {"AWS::IAM::OIDCProvider", "AWS::IAM::Role"}


def test_metadata_may_be_an_output() -> None:
    def program() -> None:
        metadata = pulumi.Output.from_input(VALUES["METADATA"])
        LandingZone("acme", ZONE, values={"METADATA": metadata})

    graph = run_program(program, invokes={**INVOKES, ORGANIZATION: FOUND})

    (provider,) = graph.of_type("aws:iam/samlProvider:SamlProvider")
    assert provider.inputs["samlMetadataDocument"] == VALUES["METADATA"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"id": "o-otherorg123"}, "works in the organization o-otherorg123 of 111111111111"),
        ({"masterAccountId": "222222222222"}, "the file is for o-exampleorg1 of 111111111111"),
        ({"roots": []}, "take credentials of the management account 111111111111"),
        ({"featureSet": "CONSOLIDATED_BILLING"}, "enable-all-features"),
        ({"awsServiceAccessPrincipals": []}, "activate-organizations-access"),
    ],
)
def test_the_organization_is_looked_at_before(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(MeshkitError, match=told):
        made(organization={**FOUND, **changed})


def test_without_project_roles_no_stack_sets_are_needed() -> None:
    zone = {key: value for key, value in ZONE.items() if key != "project_roles"}

    assert made(zone, {**FOUND, "awsServiceAccessPrincipals": []}).of_type(ACCOUNT)


def test_a_root_that_is_given_is_not_looked_up() -> None:
    graph = run_program(lambda: LandingZone("acme", ZONE, values=VALUES, root_id="r-own1"))

    assert named(graph, UNIT, "acme-infra").inputs["parentId"] == "r-own1"


def test_faults_of_the_file_stop_before_anything_is_registered() -> None:
    with pytest.raises(ConfigError, match="MK975"):
        made({**ZONE, "accounts": {"a": {"unit": "nowhere"}}})
    with pytest.raises(ConfigError, match="MK014"):
        made(values={})


POLICY = "aws:iam/policy:Policy"
BOUNDARIES: dict[str, Any] = {
    "mesh": {
        "statements": [
            {"actions": "s3:GetObject", "resources": "arn:${partition}:s3:::${account}-${region}"}
        ]
    },
    "orders": {"team": {"path": "/teams/orders/", "passable": ["mesh/*"]}},
}


def test_boundaries_are_made_in_the_account_before_its_roles() -> None:
    accounts = {
        "orders": {"boundaries": ["mesh", "orders"]},
        "network": {"boundaries": ["mesh"], "roles": ["admin"]},
    }
    graph = made({**ZONE, "accounts": accounts, "boundaries": BOUNDARIES})

    places = {
        each.name: each.inputs["path"] + each.inputs["name"] for each in graph.of_type(POLICY)
    }
    assert places == {
        "acme-orders-mesh": "/boundaries/mesh",
        "acme-orders-orders": "/boundaries/orders",
        "acme-network-mesh": "/boundaries/mesh",
    }
    mesh = named(graph, POLICY, "acme-network-mesh")
    account = named(graph, ACCOUNT, "acme-network").outputs["id"]
    resources = [each.get("Resource") for each in json.loads(mesh.inputs["policy"])["Statement"]]
    assert f"arn:aws:s3:::{account}-eu-west-1" in resources
    assert mesh.inputs["tags"] == {"team": "platform"}
    admin = named(graph, ROLE, "acme-network-admin")
    assert admin.provider == mesh.provider
    assert mesh.urn in admin.dependencies


def test_the_boundary_of_a_team_is_the_one_of_its_path() -> None:
    zone = {**ZONE, "accounts": {"orders": {"boundaries": ["orders"]}}, "boundaries": BOUNDARIES}
    (policy,) = made(zone).of_type(POLICY)

    bounded = TeamBoundary(path="/teams/orders/", passable=("mesh/*",), policy_name="orders")
    assert json.loads(policy.inputs["policy"]) == bounded.document().to_dict()
