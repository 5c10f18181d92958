"""ARNs of a shared mesh in three partitions."""

import pytest

from meshkit.topology.arn import MeshArns, iam_arn
from meshkit.topology.partition import partition_of

OWNER, CONSUMER = "111111111111", "222222222222"


def arns(region: str = "eu-west-1") -> MeshArns:
    return MeshArns(partition_of(region), region, "shop", OWNER)


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_the_partition_comes_from_the_region(region: str, partition: str) -> None:
    assert arns(region).mesh_arn() == f"arn:{partition}:appmesh:{region}:{OWNER}:mesh/shop"


def test_a_consumers_resource_names_the_mesh_with_its_owner() -> None:
    expected = f"arn:aws:appmesh:eu-west-1:{CONSUMER}:mesh/shop@{OWNER}/virtualNode/web"
    assert arns().virtual_node(CONSUMER, "web") == expected


@pytest.mark.parametrize(
    ("made", "rest"),
    [
        (arns().virtual_node(OWNER, "n"), "virtualNode/n"),
        (arns().virtual_service(OWNER, "s.local"), "virtualService/s.local"),
        (arns().virtual_router(OWNER, "r"), "virtualRouter/r"),
        (arns().route(OWNER, "r", "x"), "virtualRouter/r/route/x"),
        (arns().virtual_gateway(OWNER, "g"), "virtualGateway/g"),
        (arns().gateway_route(OWNER, "g", "x"), "virtualGateway/g/gatewayRoute/x"),
    ],
)
def test_the_owners_resources_name_the_mesh_alone(made: str, rest: str) -> None:
    assert made == f"arn:aws:appmesh:eu-west-1:{OWNER}:mesh/shop/{rest}"


def test_an_iam_arn_has_its_path() -> None:
    made = iam_arn(partition_of("eu-west-1"), OWNER, "role", "/mesh/", "web")
    assert made == f"arn:aws:iam::{OWNER}:role/mesh/web"
