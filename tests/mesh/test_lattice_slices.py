"""Slices of a mesh on VPC Lattice, deployed one by one on the local cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest

from meshkit import MeshkitError, SharedMesh
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from meshkit.topology.check import check
from meshkit.topology.slices import plan
from tests.mesh.test_slices import IDS, failure, found
from tests.programs import INVOKES, run_program
from tests.topology.test_slices import lattice_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.local.outcome import Run

REGION = "eu-west-1"
SHARING = ["network", "both"]


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Cloud(account=IDS["network"], region=REGION) as running:
        found(running, *IDS)
        yield running


def deploy(cloud: Cloud, account: str, phase: str, *told_by: str, **sections: Any) -> Run:
    """Deploy a slice as its team would; `told_by` are the stacks whose ARNs it is given."""

    def program() -> None:
        role = f"arn:aws:iam::{IDS[account]}:role/deployer"
        caller = aws.Provider("caller", region=REGION, assume_roles=[{"role_arn": role}])
        stacks = (pulumi.StackReference(f"organization/project/{each}") for each in told_by)
        mesh = SharedMesh(
            "shop",
            lattice_file(**sections),
            account=account,
            phase=phase,
            arns=[each.get_output("arns") for each in stacks],
            opts=pulumi.ResourceOptions(provider=caller),
        )
        assert mesh.lattice is not None
        pulumi.export("arns", mesh.lattice.arns)

    return run(program, cloud=cloud, stack=f"{account}-{phase}")


def succeeded(outcome: Run) -> None:
    assert (outcome.failures, outcome.skipped) == ((), ())


CALLED_BY = {"orders / routing": ["billing-endpoints"], "network / routing": ["orders-endpoints"]}
"""Of which stacks a slice needs ARNs that it can't look up, when only the network is shared."""


@pytest.mark.parametrize("sharing", SHARING)
def test_slices_in_the_planned_order_join_every_service(cloud: Cloud, sharing: str) -> None:
    sections = {"lattice": {"sharing": sharing}}
    for each in plan(check(lattice_file(**sections)).resolve()).slices:
        told_by = CALLED_BY.get(each.name, [])
        if sharing == "both" and each.account == "network":
            told_by = []  # services are shared with it, and found by their names
        succeeded(deploy(cloud, each.account, each.phase, *told_by, **sections))

    owner: Any = cloud.client("vpc-lattice", IDS["network"], REGION)
    (network,) = owner.list_service_networks()["items"]
    joined = owner.list_service_network_service_associations(
        serviceNetworkIdentifier=network["arn"]
    )["items"]
    by = {"network": (IDS["billing"], IDS["orders"]), "both": (IDS["network"],) * 2}[sharing]
    assert sorted(each["createdBy"] for each in joined) == sorted(by)
    vpcs = owner.list_service_network_vpc_associations(serviceNetworkIdentifier=network["arn"])
    assert {each["vpcId"] for each in vpcs["items"]} == {
        f"vpc-{int(IDS[each]):017d}" for each in ("network", "orders")
    }


def test_a_consumer_before_the_owner_is_told_what_to_deploy_first(cloud: Cloud) -> None:
    assert failure(deploy(cloud, "orders", "endpoints")).endswith(
        ': orders / endpoints: not there yet: a share of mesh "shop" that lets orders in; '
        "deploy network / foundation first (meshkit share plan tells the order)"
    )


def test_a_caller_is_told_whose_stack_tells_the_service(cloud: Cloud) -> None:
    for account, phase in (("network", "foundation"), ("orders", "endpoints")):
        succeeded(deploy(cloud, account, phase))

    assert failure(deploy(cloud, "orders", "routing")).endswith(
        'orders / routing: this account can\'t look up the ARN of service "catalog.local": pass '
        'arns=[pulumi.StackReference("…").get_output("arns")], the mesh.lattice.arns of '
        "billing / endpoints"
    )


def test_a_stack_that_does_not_tell_a_service_is_named(cloud: Cloud) -> None:
    for account, phase in (("network", "foundation"), ("orders", "endpoints")):
        succeeded(deploy(cloud, account, phase))

    told = failure(deploy(cloud, "orders", "routing", "orders-endpoints"))
    assert 'none of the stacks tells "service catalog.local"' in told
    assert "deploy billing / endpoints first" in told


def test_an_owner_before_the_provider_of_a_shared_service_is_told(cloud: Cloud) -> None:
    sections = {"lattice": {"sharing": "both"}}
    succeeded(deploy(cloud, "network", "foundation", **sections))
    for account in ("network", "orders"):
        succeeded(deploy(cloud, account, "endpoints", **sections))
    told = failure(deploy(cloud, "network", "routing", **sections))
    assert 'not there yet: service "catalog.local"' in told
    assert "deploy billing / endpoints first" in told


def test_services_from_outside_the_organization_are_accepted(cloud: Cloud) -> None:
    accounts = lattice_file()["accounts"]
    accounts["billing"] = {**accounts["billing"], "id": "444444444444", "external": True}
    sections = {
        "accounts": accounts,
        "share": {"principals": ["orders"], "allow_external_principals": True},
        "lattice": {"sharing": "both"},
    }
    here = {"billing": "444444444444"}

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(IDS, "billing", here["billing"])
        succeeded(deploy(cloud, "network", "foundation", **sections))
        for account in ("network", "billing", "orders"):
            succeeded(deploy(cloud, account, "endpoints", **sections))
        blind = failure(deploy(cloud, "network", "routing", **sections))
        stacks = ("billing-endpoints", "orders-endpoints")
        told = deploy(cloud, "network", "routing", *stacks, **sections)

    assert 'can\'t look up the ARN of service share "billing"' in blind
    succeeded(told)
    accepted = [each for each in told.graph if "ResourceShareAccepter" in each.type]
    assert [each.name for each in accepted] == ["shop-services-acceptance-billing"]


IDENTITY = "aws:index/getCallerIdentity:getCallerIdentity"
ROLE = "aws:iam/getRole:getRole"
SHARE = "aws:ram/getResourceShare:getResourceShare"


def sliced(invokes: dict[str, Any], *, preview: bool = False, **options: Any) -> list[str]:
    """The AWS resources of orders' routing, with these answers to lookups."""
    options = {"account": "orders", "phase": "routing", **options}
    graph = run_program(
        lambda: SharedMesh("shop", lattice_file(), **options),
        preview=preview,
        invokes={**INVOKES, IDENTITY: {"accountId": IDS["orders"]}, ROLE: {}, **invokes},
    )
    return sorted(each.name for each in graph if each.type.startswith("aws:"))


ABSENT = {
    SHARE: "UnknownResourceException: none",
    "aws:vpclattice/getService:getService": "ResourceNotFoundException: none",
}
ROUTING = ["shop-auth-web.local", "shop-node-web", "shop-service-web.local"]


def test_a_preview_goes_on_without_what_is_not_there_yet() -> None:
    assert sliced(ABSENT, preview=True) == ROUTING
    with pytest.raises(MeshkitError, match="not there yet"):
        sliced(ABSENT)


def test_arns_can_be_plain() -> None:
    head = "arn:aws:vpc-lattice:eu-west-1"
    told = {
        "service network shop": f"{head}:111111111111:servicenetwork/sn-1",
        "service web.local": f"{head}:222222222222:service/svc-1",
        "service catalog.local": f"{head}:333333333333:service/svc-2",
    }
    assert sliced({}, arns=[told]) == ROUTING


def test_a_lookup_that_fails_otherwise_is_told() -> None:
    with pytest.raises(MeshkitError, match=r"can't tell whether shop is there: .*no route to host"):
        sliced({**ABSENT, SHARE: "no route to host"})
