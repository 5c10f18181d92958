"""Which RAM permissions a file may name on VPC Lattice, by who shares what."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from meshkit.topology.check import check

EXAMPLE = Path(__file__).parents[3] / "examples" / "lattice-team-stacks" / "mesh.yaml"
OF_AWS = "arn:aws:ram::aws:permission/AWSRAM"
OF_NETWORKS = f"{OF_AWS}PermissionVpcLatticeServiceNetworkReadWrite"
OF_SERVICES = f"{OF_AWS}PermissionVpcLatticeSomething"
OF_MESHES = f"{OF_AWS}DefaultPermissionAppMesh"
OWN = "arn:aws:ram:eu-west-1:{}:permission/mine"
NETWORK, BILLING = "111111111111", "333333333333"


def found(services: str | None = None, network: str | None = None) -> list[str]:
    data = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    data["lattice"]["sharing"] = "both"
    if services is not None:
        data["lattice"]["service_permission"] = services
    if network is not None:
        data["share"]["permissions"] = [network]
    return [str(each) for each in check(data).findings if each.code == "MK964"]


@pytest.mark.parametrize(
    ("services", "network"),
    [
        (None, None),
        (OF_SERVICES, OF_NETWORKS),
        (OWN.format("${account}"), OWN.format("${account}")),
        (None, OWN.format(NETWORK)),
    ],
)
def test_a_permission_of_who_shares_for_what_is_shared(
    services: str | None, network: str | None
) -> None:
    assert found(services, network) == []


@pytest.mark.parametrize("permission", [OF_MESHES, OF_NETWORKS])
def test_services_take_no_permission_of_something_else(permission: str) -> None:
    (told,) = found(permission)

    assert told.startswith("lattice.service_permission: ")
    assert f'"{permission}" is not for services' in told


@pytest.mark.parametrize("permission", [OF_MESHES, OF_SERVICES])
def test_a_network_takes_no_permission_of_something_else(permission: str) -> None:
    (told,) = found(network=permission)

    assert told.startswith("share.permissions[0]: ")
    assert f'"{permission}" is not for service networks' in told


def test_one_account_s_permission_is_not_that_of_every_provider() -> None:
    (told,) = found(OWN.format(BILLING))

    assert "services are shared by 222222222222, 333333333333; write ${account}" in told


def test_a_permission_of_another_account_shares_no_network() -> None:
    (told,) = found(network=OWN.format(BILLING))

    assert f"service networks are shared by {NETWORK}" in told
