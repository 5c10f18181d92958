"""Partitions of AWS: which one a region belongs to and what differs there.

Source: botocore's partition data; App Mesh endpoints and quotas in the AWS General Reference.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Partition:
    """What differs between partitions for a mesh and its roles."""

    name: str
    dns_suffix: str
    app_mesh: bool
    """Whether App Mesh was offered there."""
    mesh_sharing: bool
    """Whether a mesh could be shared through RAM there."""

    @property
    def ec2_principal(self) -> str:
        """The service principal of EC2."""
        return f"ec2.{self.dns_suffix}"


AWS = Partition("aws", "amazonaws.com", app_mesh=True, mesh_sharing=True)
CHINA = Partition("aws-cn", "amazonaws.com.cn", app_mesh=True, mesh_sharing=False)
GOV = Partition("aws-us-gov", "amazonaws.com", app_mesh=False, mesh_sharing=False)

_ISOLATED = {
    "us-iso-": Partition("aws-iso", "c2s.ic.gov", app_mesh=False, mesh_sharing=False),
    "us-isob-": Partition("aws-iso-b", "sc2s.sgov.gov", app_mesh=False, mesh_sharing=False),
    "eu-isoe-": Partition("aws-iso-e", "cloud.adc-e.uk", app_mesh=False, mesh_sharing=False),
    "us-isof-": Partition("aws-iso-f", "csp.hci.ic.gov", app_mesh=False, mesh_sharing=False),
}

_BY_PREFIX = (("cn-", CHINA), ("us-gov-", GOV), *_ISOLATED.items())


def partition_of(region: str) -> Partition:
    """The partition of a region; a region not known otherwise is taken as commercial."""
    for prefix, partition in _BY_PREFIX:
        if region.startswith(prefix):
            return partition
    return AWS
