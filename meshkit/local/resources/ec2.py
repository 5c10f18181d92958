"""Amazon EC2 and EC2 Auto Scaling."""

from __future__ import annotations

import base64
from typing import Any

from meshkit.local.resources.model import Aws, Call, Created, Inputs, ResourceType, at, by_token

VPC = Call(
    "ec2",
    "CreateVpc",
    result="Vpc",
    id="VpcId",
    renames={"assignGeneratedIpv6CidrBlock": "AmazonProvidedIpv6CidrBlock"},
    ignored=frozenset({"enableDnsHostnames", "enableDnsSupport"}),
    outputs={"ownerId": "OwnerId", "cidrBlock": "CidrBlock", "instanceTenancy": "InstanceTenancy"},
)
SUBNET = Call(
    "ec2",
    "CreateSubnet",
    result="Subnet",
    id="SubnetId",
    ignored=frozenset({"mapPublicIpOnLaunch"}),
    outputs={
        "arn": "SubnetArn",
        "availabilityZone": "AvailabilityZone",
        "availabilityZoneId": "AvailabilityZoneId",
        "ownerId": "OwnerId",
    },
)
SECURITY_GROUP = Call(
    "ec2",
    "CreateSecurityGroup",
    id="GroupId",
    renames={"name": "GroupName"},
    ignored=frozenset({"egress", "ingress", "revokeRulesOnDelete"}),
)
LAUNCH_TEMPLATE = Call(
    "ec2",
    "CreateLaunchTemplate",
    result="LaunchTemplate",
    id="LaunchTemplateId",
    renames={"description": "VersionDescription", "name": "LaunchTemplateName"},
    outputs={"defaultVersion": "DefaultVersionNumber", "latestVersion": "LatestVersionNumber"},
)
TEMPLATE_ONLY = frozenset(
    {"defaultVersion", "description", "name", "tagSpecifications", "tags", "updateDefaultVersion"}
)
INSTANCE = Call(
    "ec2",
    "RunInstances",
    result="Instances.0",
    id="InstanceId",
    renames={
        "ami": "ImageId",
        "privateIp": "PrivateIpAddress",
        "vpcSecurityGroupIds": "SecurityGroupIds",
    },
    ignored=frozenset({"forceDestroy", "getPasswordData", "userDataReplaceOnChange"}),
    outputs={
        "availabilityZone": "Placement.AvailabilityZone",
        "instanceState": "State.Name",
        "primaryNetworkInterfaceId": "NetworkInterfaces.0.NetworkInterfaceId",
        "privateDns": "PrivateDnsName",
        "privateIp": "PrivateIpAddress",
        "publicDns": "PublicDnsName",
        "publicIp": "PublicIpAddress",
        "subnetId": "SubnetId",
    },
)


def _with_tags(kind: str, inputs: Inputs) -> dict[str, Any]:
    """Return inputs with their tags moved to where EC2 takes them."""
    rest = {key: value for key, value in inputs.items() if key != "tags"}
    if inputs.get("tags"):
        rest["tagSpecifications"] = [{"resourceType": kind, "tags": inputs["tags"]}]
    return rest


def _vpc(aws: Aws, inputs: Inputs) -> Created:
    created = VPC(aws, _with_tags("vpc", inputs))
    for name in ("enableDnsSupport", "enableDnsHostnames"):
        attribute = name[0].upper() + name[1:]
        value = {"VpcId": created.id, attribute: {"Value": bool(inputs[name])}}
        aws.call("ec2", "ModifyVpcAttribute", value)
    of_vpc = {"Filters": [{"Name": "vpc-id", "Values": [created.id]}]}
    tables = aws.call("ec2", "DescribeRouteTables", of_vpc)["RouteTables"]
    acls = aws.call("ec2", "DescribeNetworkAcls", of_vpc)["NetworkAcls"]
    groups = aws.call("ec2", "DescribeSecurityGroups", of_vpc)["SecurityGroups"]
    outputs = {
        "arn": aws.arn("ec2", f"vpc/{created.id}"),
        "defaultNetworkAclId": at(acls, "0.NetworkAclId"),
        "defaultRouteTableId": at(tables, "0.RouteTableId"),
        "defaultSecurityGroupId": at(groups, "0.GroupId"),
        "mainRouteTableId": at(tables, "0.RouteTableId"),
        "ownerId": aws.account,
    }
    return Created(created.id, {**created.outputs, **outputs})


def _subnet(aws: Aws, inputs: Inputs) -> Created:
    created = SUBNET(aws, _with_tags("subnet", inputs))
    if inputs["mapPublicIpOnLaunch"]:
        on = {"SubnetId": created.id, "MapPublicIpOnLaunch": {"Value": True}}
        aws.call("ec2", "ModifySubnetAttribute", on)
    return created


def _security_group(aws: Aws, inputs: Inputs) -> Created:
    group = SECURITY_GROUP(aws, _with_tags("security-group", inputs)).id
    # AWS lets everything out of a new group; the official provider takes that rule away.
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    revoke = {"GroupId": group, "IpPermissions": [everything]}
    aws.call("ec2", "RevokeSecurityGroupEgress", revoke)
    for direction in ("ingress", "egress"):
        rules = [_rule(rule, group) for rule in inputs.get(direction, ())]
        if rules:
            allow = {"GroupId": group, "IpPermissions": rules}
            aws.call("ec2", f"AuthorizeSecurityGroup{direction.title()}", allow)
    outputs = {"arn": aws.arn("ec2", f"security-group/{group}"), "ownerId": aws.account}
    return Created(group, outputs)


def _rule(rule: Inputs, group: str) -> dict[str, Any]:
    groups = [*rule.get("securityGroups", ()), *([group] if rule.get("self") else ())]
    note = {"Description": rule["description"]} if rule.get("description") else {}
    sources = {
        "IpRanges": [{"CidrIp": cidr, **note} for cidr in rule.get("cidrBlocks", ())],
        "Ipv6Ranges": [{"CidrIpv6": cidr, **note} for cidr in rule.get("ipv6CidrBlocks", ())],
        "PrefixListIds": [{"PrefixListId": id_, **note} for id_ in rule.get("prefixListIds", ())],
        "UserIdGroupPairs": [{"GroupId": id_, **note} for id_ in groups],
    }
    return {
        "IpProtocol": rule["protocol"],
        "FromPort": int(rule["fromPort"]),
        "ToPort": int(rule["toPort"]),
        **{kind: entries for kind, entries in sources.items() if entries},
    }


def _launch_template(aws: Aws, inputs: Inputs) -> Created:
    data = {key: value for key, value in inputs.items() if key not in TEMPLATE_ONLY}
    for name, member in (
        ("vpcSecurityGroupIds", "securityGroupIds"),
        ("securityGroupNames", "securityGroups"),
    ):
        if name in data:
            data[member] = data.pop(name)
    if inputs.get("tagSpecifications"):
        data["tagSpecifications"] = inputs["tagSpecifications"]
    request = {key: inputs[key] for key in ("name", "description") if key in inputs}
    tagged = _with_tags("launch-template", {**request, "tags": inputs["tags"]})
    created = LAUNCH_TEMPLATE(aws, {**tagged, "launchTemplateData": data})
    arn = aws.arn("ec2", f"launch-template/{created.id}")
    return Created(created.id, {**created.outputs, "arn": arn})


def _instance(aws: Aws, inputs: Inputs) -> Created:
    request = {**inputs, "minCount": 1, "maxCount": 1}
    if inputs.get("iamInstanceProfile"):
        request["iamInstanceProfile"] = {"name": inputs["iamInstanceProfile"]}
    if "monitoring" in inputs:
        request["monitoring"] = {"enabled": inputs["monitoring"]}
    if "userDataBase64" in inputs:  # boto3 encodes user data itself
        request["userData"] = base64.b64decode(request.pop("userDataBase64")).decode()
    if inputs.get("launchTemplate"):
        request["launchTemplate"] = _template_reference(inputs["launchTemplate"])
    created = INSTANCE(aws, _with_tags("instance", request))
    return Created(created.id, {**created.outputs, "arn": aws.arn("ec2", f"instance/{created.id}")})


def _template_reference(reference: Inputs) -> dict[str, Any]:
    names = {"id": "launchTemplateId", "name": "launchTemplateName", "version": "version"}
    return {names[key]: value for key, value in reference.items()}


def _scaling_group(aws: Aws, inputs: Inputs) -> Created:
    request = {**inputs, "autoScalingGroupName": inputs["name"]}
    del request["name"]
    if "vpcZoneIdentifiers" in request:
        request["vPCZoneIdentifier"] = ",".join(request.pop("vpcZoneIdentifiers"))
    if "launchTemplate" in request:
        request["launchTemplate"] = _template_reference(request["launchTemplate"])
    waits = (
        "forceDelete",
        "forceDeleteWarmPool",
        "ignoreFailedScalingActivities",
        "waitForCapacityTimeout",
    )
    sent = {key: value for key, value in request.items() if key not in waits}
    aws.send("autoscaling", "CreateAutoScalingGroup", sent)
    name = inputs["name"]
    groups = aws.call("autoscaling", "DescribeAutoScalingGroups", {"AutoScalingGroupNames": [name]})
    group = groups["AutoScalingGroups"][0]
    return Created(
        name, {"arn": group["AutoScalingGroupARN"], "desiredCapacity": group["DesiredCapacity"]}
    )


TYPES = by_token(
    ResourceType(
        "aws:ec2/vpc:Vpc",
        _vpc,
        autoname=None,
        defaults={"enableDnsHostnames": False, "enableDnsSupport": True},
    ),
    ResourceType(
        "aws:ec2/subnet:Subnet", _subnet, autoname=None, defaults={"mapPublicIpOnLaunch": False}
    ),
    ResourceType(
        "aws:ec2/securityGroup:SecurityGroup",
        _security_group,
        defaults={"description": "Managed by Pulumi"},
    ),
    ResourceType("aws:ec2/launchTemplate:LaunchTemplate", _launch_template),
    ResourceType("aws:ec2/instance:Instance", _instance, autoname=None),
    ResourceType("aws:autoscaling/group:Group", _scaling_group, tagged=False),
)
