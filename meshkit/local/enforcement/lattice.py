"""The resources of requests to VPC Lattice.

What is to be made has no id yet: its ARN ends in ``*``.
Source: Service Authorization Reference, Amazon VPC Lattice; VPC Lattice User Guide, Amazon VPC
Lattice API permissions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from moto.vpclattice.models import vpclattice_backends

from meshkit.local.enforcement.need import EVERYTHING, Asked, Finder, Need
from meshkit.policy.evaluation.request import Value

_SEGMENTS: Final[Mapping[str, str]] = {
    "AccessLogSubscription": "accesslogsubscription",
    "DomainVerification": "domainverification",
    "Listener": "listener",
    "ResourceConfiguration": "resourceconfiguration",
    "ResourceEndpointAssociation": "resourceendpointassociation",
    "ResourceGateway": "resourcegateway",
    "Rule": "rule",
    "Service": "service",
    "ServiceNetwork": "servicenetwork",
    "ServiceNetworkResourceAssociation": "servicenetworkresourceassociation",
    "ServiceNetworkServiceAssociation": "servicenetworkserviceassociation",
    "ServiceNetworkVpcAssociation": "servicenetworkvpcassociation",
    "TargetGroup": "targetgroup",
}
_COLONS: Final = 5
"""In an ARN of VPC Lattice."""
_PARENTS: Final[Mapping[str, str]] = {"Listener": "Service", "Rule": "Listener"}
_PREFIXES: Final[Mapping[str, str]] = {
    "svc-": "Service",
    "sn-": "ServiceNetwork",
    "rcfg-": "ResourceConfiguration",
}
"""How ids begin of what may stand for a resource of several types."""


def _member(type_: str) -> str:
    return f"{type_[0].lower()}{type_[1:]}Identifier"


def _find(type_: str, asked: Asked) -> Iterator[str]:
    for text in asked.given("resourceArn", "resourceIdentifier"):
        if _type(text) == type_:
            yield _arn(asked, type_, text)
    if asked.name in (f"Create{type_}", f"Start{type_}"):
        yield _arn(asked, type_, "*")
    elif (named := asked.params.get(_member(type_))) is not None:
        yield _arn(asked, type_, str(named))
    elif type_ == "Rule" and asked.name == "BatchUpdateRule":
        rules = (str(each["ruleIdentifier"]) for each in asked.params["rules"])
        yield from (_arn(asked, type_, rule) for rule in rules)


def _arn(asked: Asked, type_: str, text: str) -> str:
    if text.startswith("arn:"):
        return text
    tail = f"{_SEGMENTS[type_]}/{text}"
    parent = _PARENTS.get(type_)
    if parent is None:
        return asked.arn("vpc-lattice", tail)
    return f"{_arn(asked, parent, str(asked.params.get(_member(parent), '*')))}/{tail}"


def _type(text: str) -> str | None:
    if not text.startswith("arn:"):
        return next((type_ for start, type_ in _PREFIXES.items() if text.startswith(start)), None)
    segment = text.rsplit(":", maxsplit=1)[-1].split("/")[-2:][0]
    return next((type_ for type_, known in _SEGMENTS.items() if known == segment), None)


RESOURCES: Mapping[str, Finder] = {type_: partial(_find, type_) for type_ in _SEGMENTS}


def _held(arn: str) -> Any:
    if arn.count(":") < _COLONS:
        return None
    region, account, id_ = arn.split(":")[3], arn.split(":")[4], arn.rpartition("/")[2]
    regions = vpclattice_backends[account]
    if region not in regions:
        return None
    backend: Any = regions[region]
    return next((kind[id_] for kind in backend.resources.values() if id_ in kind), None)


def tags(arn: str) -> Mapping[str, str]:
    """Return the tags of a resource; none for one that is not there."""
    found = _held(arn)
    return found.tags if found else {}


_GIVEN: Final[Mapping[str, str]] = {
    "vpc-lattice:AuthType": "authType",
    "vpc-lattice:DomainName": "domainName",
    "vpc-lattice:PrivateDnsPreference": "privateDnsPreference",
    "vpc-lattice:Protocol": "protocol",
}
_NAMED: Final[Mapping[str, str]] = {
    "vpc-lattice:ResourceConfigurationArn": "ResourceConfiguration",
    "vpc-lattice:ServiceArn": "Service",
    "vpc-lattice:ServiceNetworkArn": "ServiceNetwork",
}
COMPUTED: Final = frozenset(
    {
        *map(str.lower, (*_GIVEN, *_NAMED)),
        *("vpc-lattice:securitygroupids", "vpc-lattice:targetgrouparns", "vpc-lattice:vpcid"),
    }
)


def keys(asked: Asked, resource: str) -> Mapping[str, Value]:
    """Return the condition keys of VPC Lattice that a request has, or else its resource."""
    held = _held(resource)
    values = {**(held.values if held else {}), **asked.params}
    found: dict[str, Value] = {
        key: str(values[member]) for key, member in _GIVEN.items() if values.get(member)
    }
    for key, type_ in _NAMED.items():
        if (text := asked.params.get(_member(type_))) is not None:
            found[key] = _arn(asked, type_, str(text))
    if groups := asked.given("securityGroupIds"):
        found["vpc-lattice:SecurityGroupIds"] = tuple(groups)
    if targets := tuple(_targets(asked)):
        found["vpc-lattice:TargetGroupArns"] = targets
    vpc = asked.params.get("vpcIdentifier") or (values.get("config") or {}).get("vpcIdentifier")
    return found | ({"vpc-lattice:VpcId": str(vpc)} if vpc else {})


def _targets(asked: Asked) -> Iterator[str]:
    action = asked.params.get("defaultAction") or asked.params.get("action") or {}
    for each in (action.get("forward") or {}).get("targetGroups", ()):
        yield _arn(asked, "TargetGroup", str(each["targetGroupIdentifier"]))


_BESIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "CreateAccessLogSubscription": ("logs:CreateLogDelivery", "logs:GetLogDelivery"),
    "CreateServiceNetworkVpcAssociation": ("ec2:DescribeVpcs",),
    "CreateTargetGroup": ("ec2:DescribeVpcs",),
    "DeleteAccessLogSubscription": ("logs:DeleteLogDelivery",),
    "UpdateAccessLogSubscription": ("logs:UpdateLogDelivery",),
}
"""Actions of other services that a request asks for."""
_TO_REGISTER: Final[Mapping[str, tuple[str, ...]]] = {
    "ALB": ("elasticloadbalancing:DescribeLoadBalancers",),
    "INSTANCE": ("ec2:DescribeInstances", "ec2:DescribeSubnets", "ec2:DescribeVpcs"),
    "IP": ("ec2:DescribeSubnets", "ec2:DescribeVpcs"),
}
"""The same of RegisterTargets, by the type of the target group."""


def more(asked: Asked, needs: Iterable[Need]) -> Iterator[Need]:
    """Ask for what VPC Lattice looks up in other services in the name of the caller."""
    needs = list(needs)
    yield from needs
    actions = _BESIDES.get(asked.name, ())
    if asked.params.get("securityGroupIds"):
        actions = (*actions, "ec2:DescribeSecurityGroups")
    if asked.name == "RegisterTargets" and (group := _held(needs[0].resource)) is not None:
        kind = str(group.values.get("type"))
        actions = _TO_REGISTER.get(kind, ())
        functions = asked.params["targets"] if kind == "LAMBDA" else ()
        yield from (Need("lambda:GetFunction", str(each["id"])) for each in functions)
    yield from (Need(action, EVERYTHING) for action in actions)
