"""The resources of requests to EC2: those that its ids name, and what is to be made.

Requests that only read are decided on ``*``.
Source: Service Authorization Reference, Amazon EC2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from meshkit.local.enforcement.need import EVERYTHING, Asked

_READING: Final = ("Describe", "Get", "List", "Search")
_TYPES: Final[Mapping[str, str]] = {
    "acl-": "network-acl",
    "dopt-": "dhcp-options",
    "eipalloc-": "elastic-ip",
    "eni-": "network-interface",
    "i-": "instance",
    "igw-": "internet-gateway",
    "lt-": "launch-template",
    "nat-": "natgateway",
    "pcx-": "vpc-peering-connection",
    "rtb-": "route-table",
    "sg-": "security-group",
    "snap-": "snapshot",
    "subnet-": "subnet",
    "vol-": "volume",
    "vpc-": "vpc",
    "vpce-": "vpc-endpoint",
}
"""How ids begin, and the type of resource that they name."""
MADE: Final[Mapping[str, tuple[str, ...]]] = {
    "AllocateAddress": ("elastic-ip",),
    "CreateDhcpOptions": ("dhcp-options",),
    "CreateInternetGateway": ("internet-gateway",),
    "CreateLaunchTemplate": ("launch-template",),
    "CreateNatGateway": ("natgateway",),
    "CreateNetworkAcl": ("network-acl",),
    "CreateNetworkInterface": ("network-interface",),
    "CreateRouteTable": ("route-table",),
    "CreateSecurityGroup": ("security-group",),
    "CreateSubnet": ("subnet",),
    "CreateVolume": ("volume",),
    "CreateVpc": ("vpc",),
    "CreateVpcEndpoint": ("vpc-endpoint",),
    "CreateVpcPeeringConnection": ("vpc-peering-connection",),
    "RunInstances": ("instance", "network-interface", "volume"),
}
"""By operation, the types of what it makes."""


def resources(asked: Asked) -> Iterator[str]:
    """Return the resources of a request."""
    if asked.name.startswith(_READING):
        yield EVERYTHING
        return
    made = MADE.get(asked.name, ())
    yield from (asked.arn("ec2", f"{type_}/*") for type_ in made)
    named = dict.fromkeys(_named(asked, asked.params))
    yield from named
    if not made and not named:
        yield EVERYTHING


def _named(asked: Asked, value: Any) -> Iterator[str]:
    """The resources whose ids stand anywhere in the parameters."""
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _named(asked, each)
    elif isinstance(value, list):
        for each in value:
            yield from _named(asked, each)
    elif isinstance(value, str):
        if value.startswith("ami-"):
            yield f"arn:{asked.partition}:ec2:{asked.region}::image/{value}"
        elif (type_ := _TYPES.get(f"{value.partition('-')[0]}-")) and _is_id(value):
            yield asked.arn("ec2", f"{type_}/{value}")


def _is_id(text: str) -> bool:
    return all(char in "0123456789abcdef" for char in text.partition("-")[2])
