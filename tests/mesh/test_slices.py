"""Slices of a mesh, deployed one by one on the local cloud."""

from __future__ import annotations

import copy
from functools import partial
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest

from meshkit import MeshkitError, SharedMesh
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from meshkit.local.services.organization import found_organization
from meshkit.topology.check import check
from meshkit.topology.slices import plan
from tests.programs import INVOKES, run_program
from tests.topology.test_slices import ORGANIZATION, mesh_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.local.outcome import Run

IDS = {"network": "111111111111", "orders": "222222222222", "billing": "333333333333"}
EXTERNAL: dict[str, Any] = {
    "accounts": {**mesh_file()["accounts"], "billing": {"id": IDS["billing"], "external": True}},
    "share": {"principals": ["orders", "billing"], "allow_external_principals": True},
}


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Cloud(account=IDS["network"], region="eu-west-1") as running:
        yield running


def found(cloud: Cloud, *members: str) -> None:
    """Found the organization of the mesh file with these accounts."""
    management = str(ORGANIZATION["management_account"])
    found_organization(management, [IDS[each] for each in members], str(ORGANIZATION["id"]))
    cloud.client("ram", management).enable_sharing_with_aws_organization()


def deploy(
    cloud: Cloud,
    account: str,
    phase: str,
    sections: dict[str, Any] | None = None,
    share_output: str | None = None,
) -> Run:
    """Deploy a slice as its team would: with credentials of the account.

    `share_output` is the output of the owner's stack that tells the share's ARN.
    """

    def program() -> None:
        caller = aws.Provider(
            "caller",
            region="eu-west-1",
            assume_roles=[{"role_arn": f"arn:aws:iam::{IDS[account]}:role/deployer"}],
        )
        share_arn = None
        if share_output is not None:
            owner = pulumi.StackReference("organization/project/network-foundation")
            share_arn = owner.get_output(share_output)
        mesh = SharedMesh(
            "shop",
            mesh_file(**(sections or {})),
            account=account,
            phase=phase,
            share_arn=share_arn,
            opts=pulumi.ResourceOptions(provider=caller),
        )
        pulumi.export("share_arn", mesh.share_arn)

    return run(program, cloud=cloud, stack=f"{account}-{phase}")


def failure(outcome: Run) -> str:
    (told,) = outcome.failures
    return told.message


def test_slices_in_the_planned_order_are_the_whole_mesh(cloud: Cloud) -> None:
    found(cloud, *IDS)
    for each in plan(check(mesh_file()).resolve()).slices:
        outcome = deploy(cloud, each.account, each.phase)
        assert (outcome.failures, outcome.skipped) == ((), ()), each.name

    owner = cloud.client("appmesh", IDS["network"], "eu-west-1")
    nodes = owner.list_virtual_nodes(meshName="shop")["virtualNodes"]
    assert {each["virtualNodeName"]: each["resourceOwner"] for each in nodes} == {
        "web": IDS["orders"],
        "catalog": IDS["billing"],
    }
    routes = owner.list_gateway_routes(meshName="shop", virtualGatewayName="in")["gatewayRoutes"]
    assert [each["gatewayRouteName"] for each in routes] == ["all"]


def test_a_consumer_before_the_owner_is_told_what_to_deploy_first(cloud: Cloud) -> None:
    found(cloud, *IDS)
    outcome = deploy(cloud, "orders", "endpoints")

    assert failure(outcome).endswith(
        ': orders / endpoints: not there yet: a share of mesh "shop" that lets orders in; '
        "deploy network / foundation first (meshkit share plan tells the order)"
    )
    assert not [each for each in outcome.graph if each.type.startswith("aws:")]


def test_routing_before_its_endpoints_names_each_that_is_missing(cloud: Cloud) -> None:
    found(cloud, *IDS)
    deploy(cloud, "network", "foundation")
    deploy(cloud, "network", "endpoints")

    told = failure(deploy(cloud, "network", "routing"))

    assert 'virtual node "catalog"' in told
    assert 'virtual service "web.local"' in told
    assert 'virtual router "catalog"' not in told
    assert "deploy billing / endpoints and orders / routing first" in told


def test_an_external_account_accepts_with_the_arn_of_the_owner_s_stack(cloud: Cloud) -> None:
    found(cloud, "network", "orders")
    told = failure(deploy(cloud, "billing", "foundation", sections=EXTERNAL))
    assert "pass share_arn=" in told

    deploy(cloud, "network", "foundation", sections=EXTERNAL)
    early = failure(deploy(cloud, "billing", "endpoints", sections=EXTERNAL))
    assert "deploy billing / foundation first" in early

    absent = deploy(cloud, "billing", "foundation", EXTERNAL, share_output="other")
    assert "deploy that first" in failure(absent)

    accepted = deploy(cloud, "billing", "foundation", EXTERNAL, share_output="share_arn")
    assert [each.type for each in accepted.graph if each.type.startswith("aws:")] == [
        "aws:ram/resourceShareAccepter:ResourceShareAccepter"
    ]
    assert deploy(cloud, "billing", "endpoints", sections=EXTERNAL).ok


def test_a_service_linked_role_is_made_in_the_account_that_asks_for_it(cloud: Cloud) -> None:
    accounts = copy.deepcopy(mesh_file()["accounts"])
    accounts["orders"]["service_linked_role"] = True

    assert deploy(cloud, "orders", "foundation", sections={"accounts": accounts}).ok
    roles = cloud.client("iam", IDS["orders"]).list_roles()["Roles"]
    assert [each["RoleName"] for each in roles] == ["AWSServiceRoleForAppMesh"]


LOOKUP = "aws:appmesh/getMesh:getMesh"


def sliced(invokes: dict[str, Any], *, preview: bool = False, **options: Any) -> list[str]:
    """The AWS resources of orders' endpoints, with these answers to lookups."""
    identity = {"aws:index/getCallerIdentity:getCallerIdentity": {"accountId": IDS["orders"]}}
    options = {"account": "orders", "phase": "endpoints", **options}
    graph = run_program(
        lambda: SharedMesh("shop", options.pop("config", mesh_file()), **options),
        preview=preview,
        invokes={**INVOKES, **identity, **invokes},
    )
    return [each.name for each in graph if each.type.startswith("aws:")]


ABSENT = {LOOKUP: "NotFoundException: no such mesh"}
DOWN = {LOOKUP: "no route to host"}


@pytest.mark.parametrize("lookup", [ABSENT, DOWN])
def test_a_preview_goes_on_without_what_is_not_there_yet(lookup: dict[str, Any]) -> None:
    assert sliced(lookup, preview=True) == ["shop-node-web"] * 3


def test_a_deployment_stops_at_what_is_not_there() -> None:
    with pytest.raises(MeshkitError, match="not there yet: a share of mesh"):
        sliced(ABSENT)
    with pytest.raises(MeshkitError, match=r"can't tell whether shop is there: .*no route to host"):
        sliced(DOWN)


def test_tags_of_others_that_may_not_be_listed_are_of_something_that_is_there() -> None:
    assert sliced({LOOKUP: "listing tags for App Mesh Service Mesh: AccessDenied"})


def test_a_slice_works_in_its_own_account_only() -> None:
    wrong = {"aws:index/getCallerIdentity:getCallerIdentity": {"accountId": IDS["network"]}}

    with pytest.raises(
        MeshkitError, match='works in account 111111111111, but "orders" is 222222222222'
    ):
        sliced({LOOKUP: {}, **wrong})


def test_a_slice_needs_the_values_of_its_own_parts_alone() -> None:
    data = mesh_file()
    data["nodes"]["catalog"]["service_discovery"] = {"dns": "${var.theirs}"}
    data["accounts"]["billing"]["assume_role"] = {"name": "d", "external_id": "${env.NOT_THERE}"}

    assert sliced({LOOKUP: {}}, config=data)
    data["nodes"]["web"]["service_discovery"] = {"dns": "${var.ours}"}
    with pytest.raises(MeshkitError, match=r"no value for \$\{var.ours\}"):
        sliced({LOOKUP: {}}, config=data)


def test_a_provider_handed_in_leads_into_the_account_of_a_slice(cloud: Cloud) -> None:
    found(cloud, *IDS)

    def program(account: str, phase: str) -> None:
        role = f"arn:aws:iam::{IDS[account]}:role/deployer"
        theirs = aws.Provider("theirs", region="eu-west-1", assume_roles=[{"role_arn": role}])
        SharedMesh("shop", mesh_file(), account=account, phase=phase, providers={account: theirs})

    for account, phase in (("network", "foundation"), ("orders", "endpoints")):
        outcome = run(partial(program, account, phase), cloud=cloud, stack=f"{account}-{phase}")
        assert (outcome.failures, outcome.skipped) == ((), ())
        assert {each.account for each in outcome.graph if each.type.startswith("aws:")} == {
            IDS[account]
        }
