"""The resources of requests to EC2: those that its ids name, and what is to be made.

Requests that describe are decided on ``*``.
Source: Service Authorization Reference, Amazon EC2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from moto.backends import get_backend

from meshkit.local.enforcement.need import Asked

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
    "pl-": "prefix-list",
    "rtb-": "route-table",
    "sg-": "security-group",
    "sgr-": "security-group-rule",
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


_TEXTS: Final = frozenset(
    {"ClientToken", "Description", "GroupName", "KeyName", "Tags", "UserData"}
)
"""Parameters that name nothing, whatever they look like."""


def resources(asked: Asked) -> Iterator[str]:
    """Return the resources of a request; none for one that describes."""
    if asked.name.startswith("Describe"):
        return
    yield from (asked.arn("ec2", f"{type_}/*") for type_ in MADE.get(asked.name, ()))
    yield from _named(asked, asked.params)
    for given in (asked.params, asked.params.get("LaunchTemplate") or {}):
        if "LaunchTemplateName" in given and (template := template_of(asked, given)):
            yield asked.arn("ec2", f"launch-template/{template.id}")


def template_of(asked: Asked, given: Mapping[str, str]) -> Any:
    """Return the launch template that parameters name by id or name; None for no such template."""
    named = {given.get("LaunchTemplateId"), given.get("LaunchTemplateName")}
    backends: Any = get_backend("ec2")
    held = backends[asked.account][asked.region].launch_templates.values()
    return next((each for each in held if {each.id, each.name} & named), None)


def _named(asked: Asked, value: Any) -> Iterator[str]:
    """The resources whose ids stand anywhere in the parameters."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name not in _TEXTS:
                yield from _named(asked, each)
    elif isinstance(value, list):
        for each in value:
            yield from _named(asked, each)
    elif isinstance(value, str):
        if value.startswith("ami-"):
            yield f"arn:{asked.partition}:ec2:{asked.region}::image/{value}"
        elif (type_ := _TYPES.get(f"{value.partition('-')[0]}-")) and _is_id(value):
            yield asked.arn("ec2", f"{type_}/{value}", account=_owner(asked, value))


def _owner(asked: Asked, id_: str) -> str:
    """The account in the ARN of something: that of a prefix list may be AWS's own."""
    backends: Any = get_backend("ec2")
    prefixes = backends[asked.account][asked.region].managed_prefix_lists.get(id_)
    return asked.account if prefixes is None else str(prefixes.owner_id).lower()


def _is_id(text: str) -> bool:
    return all(char in "0123456789abcdef" for char in text.partition("-")[2])
