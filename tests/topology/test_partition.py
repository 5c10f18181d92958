"""Partitions and what differs in them."""

import botocore.session
import pytest

from meshkit.topology.partition import partition_of

PARTITIONS = botocore.session.get_session()


KNOWN = ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"]


@pytest.mark.parametrize("partition", KNOWN)
def test_every_region_botocore_knows_is_in_its_partition(partition: str) -> None:
    for service in ("ec2", "appmesh"):
        for region in PARTITIONS.get_available_regions(service, partition):
            assert partition_of(region).name == partition


@pytest.mark.parametrize("partition", KNOWN)
def test_app_mesh_is_where_botocore_has_an_endpoint(partition: str) -> None:
    regions = PARTITIONS.get_available_regions("appmesh", partition)
    region = PARTITIONS.get_available_regions("ec2", partition)[0]
    assert partition_of(region).app_mesh is bool(regions)
