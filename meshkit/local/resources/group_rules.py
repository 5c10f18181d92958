"""Rules of security groups, each a resource of its own, and the lists of prefixes they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshkit.local.resources.life import Changed, Life, Properties, Reading, Request, Tagging
from meshkit.local.resources.model import Aws, Created, Inputs, RefusedError, ResourceType, by_token

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCES = {
    "cidrIpv4": ("IpRanges", "CidrIp"),
    "cidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "prefixListId": ("PrefixListIds", "PrefixListId"),
    "referencedSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
}
"""How a new rule names each kind of source, by the input that has it."""
MEMBERS = {
    "cidrIpv4": "CidrIpv4",
    "cidrIpv6": "CidrIpv6",
    "description": "Description",
    "ipProtocol": "IpProtocol",
    "prefixListId": "PrefixListId",
    "referencedSecurityGroupId": "ReferencedGroupId",
}
PORTS = {"fromPort": "FromPort", "toPort": "ToPort"}


def _rule(direction: str) -> Callable[[Aws, Inputs], Created]:
    def make(aws: Aws, inputs: Inputs) -> Created:
        (source,) = (each for each in SOURCES if inputs.get(each))
        kind, member = SOURCES[source]
        permission = {
            "IpProtocol": inputs["ipProtocol"],
            kind: [{member: inputs[source]}],
            **{PORTS[each]: int(inputs[each]) for each in PORTS if each in inputs},
        }
        tags = [{"Key": key, "Value": value} for key, value in inputs["tags"].items()]
        tagged = [{"ResourceType": "security-group-rule", "Tags": tags}]
        request = {"GroupId": inputs["securityGroupId"], "IpPermissions": [permission]}
        made = aws.call(
            "ec2",
            f"AuthorizeSecurityGroup{direction}",
            {**request, **({"TagSpecifications": tagged} if tags else {})},
        )
        (rule,) = made["SecurityGroupRules"]
        id_ = rule["SecurityGroupRuleId"]
        if inputs.get("description"):
            _modify(aws, {}, {**inputs, "id": id_})
        return Created(
            id_,
            {
                "arn": aws.arn("ec2", f"security-group-rule/{id_}"),
                "securityGroupRuleId": id_,
            },
        )

    return make


def _modify(aws: Aws, _old: Properties, new: Properties) -> None:
    rule = {api: new[name] for name, api in MEMBERS.items() if new.get(name)}
    rule |= {api: int(new[name]) for name, api in PORTS.items() if new.get(name) is not None}
    changed = {"SecurityGroupRuleId": new["id"], "SecurityGroupRule": rule}
    request = {"GroupId": new["securityGroupId"], "SecurityGroupRules": [changed]}
    aws.call("ec2", "ModifySecurityGroupRules", request)


def _life(direction: str) -> Life:
    return Life(
        read=Reading(
            Request("ec2", "DescribeSecurityGroupRules", {"SecurityGroupRuleIds": ["id"]}),
            result="SecurityGroupRules.0",
            properties={**MEMBERS, **PORTS, "securityGroupId": "GroupId"},
        ),
        updates=(Changed((*MEMBERS, *PORTS), _modify),),
        delete=(
            Request(
                "ec2",
                f"RevokeSecurityGroup{direction}",
                {"GroupId": "securityGroupId", "SecurityGroupRuleIds": ["id"]},
            ),
        ),
        tagging=Tagging(
            "ec2", {"Resources": ["id"]}, "CreateTags", "DeleteTags", "", "Tags", "tags"
        ),
    )


TYPES = by_token(
    *(
        ResourceType(
            f"aws:vpc/securityGroup{direction}Rule:SecurityGroup{direction}Rule",
            _rule(direction),
            _life(direction),
            autoname=None,
        )
        for direction in ("Ingress", "Egress")
    )
)


def get_managed_prefix_list(aws: Aws, inputs: Inputs) -> dict[str, Any]:
    """Look a list of prefixes up by id or name."""
    named = {"prefix-list-id": inputs.get("id"), "prefix-list-name": inputs.get("name")}
    filters = [{"Name": key, "Values": [value]} for key, value in named.items() if value]
    found = aws.call("ec2", "DescribeManagedPrefixLists", {"Filters": filters})["PrefixLists"]
    if len(found) != 1:
        msg = f"{len(found)} managed prefix lists match, wanted one"
        raise RefusedError("InvalidPrefixListId.NotFound", msg)
    (one,) = found
    asked = {"PrefixListId": one["PrefixListId"]}
    entries = aws.call("ec2", "GetManagedPrefixListEntries", asked)["Entries"]
    return {
        "addressFamily": one["AddressFamily"],
        "arn": one["PrefixListArn"],
        "entries": [
            {"cidr": each["Cidr"], "description": each.get("Description", "")} for each in entries
        ],
        "id": one["PrefixListId"],
        "maxEntries": one.get("MaxEntries", 0),
        "name": one["PrefixListName"],
        "ownerId": one["OwnerId"],
        "region": aws.region,
        "tags": {each["Key"]: each["Value"] for each in one.get("Tags", ())},
        "version": one.get("Version", 0),
    }


INVOKES = {"aws:ec2/getManagedPrefixList:getManagedPrefixList": get_managed_prefix_list}
