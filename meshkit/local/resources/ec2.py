"""Amazon EC2 and EC2 Auto Scaling."""

from __future__ import annotations

import base64
from typing import Any

from meshkit.local.resources.life import Changed, Life, Reading, Request, Tagging, Update
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


def _template_data(inputs: Inputs) -> dict[str, Any]:
    data = {key: value for key, value in inputs.items() if key not in TEMPLATE_ONLY}
    for name, member in (
        ("vpcSecurityGroupIds", "securityGroupIds"),
        ("securityGroupNames", "securityGroups"),
    ):
        if name in data:
            data[member] = data.pop(name)
    if inputs.get("tagSpecifications"):
        data["tagSpecifications"] = inputs["tagSpecifications"]
    return data


def _launch_template(aws: Aws, inputs: Inputs) -> Created:
    request = {key: inputs[key] for key in ("name", "description") if key in inputs}
    tagged = _with_tags("launch-template", {**request, "tags": inputs["tags"]})
    created = LAUNCH_TEMPLATE(aws, {**tagged, "launchTemplateData": _template_data(inputs)})
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


def _change_vpc(aws: Aws, _old: Inputs, new: Inputs) -> None:
    for name in ("enableDnsSupport", "enableDnsHostnames"):
        value = {"VpcId": new["id"], name[0].upper() + name[1:]: {"Value": bool(new[name])}}
        aws.call("ec2", "ModifyVpcAttribute", value)


def _change_subnet(aws: Aws, _old: Inputs, new: Inputs) -> None:
    value = {"SubnetId": new["id"], "MapPublicIpOnLaunch": {"Value": new["mapPublicIpOnLaunch"]}}
    aws.call("ec2", "ModifySubnetAttribute", value)


def _change_rules(aws: Aws, old: Inputs, new: Inputs) -> None:
    group = new["id"]
    for direction in ("ingress", "egress"):
        before, after = (
            [_rule(rule, group) for rule in properties.get(direction) or ()]
            for properties in (old, new)
        )
        for verb, rules in (
            ("Revoke", [rule for rule in before if rule not in after]),
            ("Authorize", [rule for rule in after if rule not in before]),
        ):
            if rules:
                request = {"GroupId": group, "IpPermissions": rules}
                aws.call("ec2", f"{verb}SecurityGroup{direction.title()}", request)


def _new_template_version(aws: Aws, _old: Inputs, new: Inputs) -> None:
    given = {key: new[key] for key in TEMPLATE_INPUTS if key in new}
    request = {"launchTemplateId": new["id"], "launchTemplateData": _template_data(given)}
    if new.get("description"):
        request["versionDescription"] = new["description"]
    made = aws.send("ec2", "CreateLaunchTemplateVersion", request)
    version = str(made["LaunchTemplateVersion"]["VersionNumber"])
    wanted = version if new.get("updateDefaultVersion") else new.get("defaultVersion")
    if wanted:
        default = {"LaunchTemplateId": new["id"], "DefaultVersion": str(wanted)}
        aws.call("ec2", "ModifyLaunchTemplate", default)


def _ec2_life(
    operation: str, member: str, result: str, properties: dict[str, str], **more: Any
) -> Life:
    """Return a life by the names that EC2 gives its operations."""
    kind = operation.removesuffix("s")
    return Life(
        read=Reading(
            Request("ec2", f"Describe{operation}", {f"{member}s": ["id"]}),
            result,
            properties,
            status="State.Name" if kind == "Instance" else "",
            gone=("terminated",),
        ),
        delete=more.pop("delete", (Request("ec2", f"Delete{kind}", {member: "id"}),)),
        tagging=Tagging(
            "ec2", {"Resources": ["id"]}, "CreateTags", "DeleteTags", listed="", path="Tags"
        ),
        **more,
    )


TEMPLATE_INPUTS = (
    "blockDeviceMappings",
    "description",
    "disableApiTermination",
    "ebsOptimized",
    "iamInstanceProfile",
    "imageId",
    "instanceType",
    "keyName",
    "metadataOptions",
    "monitoring",
    "networkInterfaces",
    "securityGroupNames",
    "tagSpecifications",
    "userData",
    "vpcSecurityGroupIds",
)

TYPES = by_token(
    ResourceType(
        "aws:ec2/vpc:Vpc",
        _vpc,
        _ec2_life(
            "Vpcs",
            "VpcId",
            "Vpcs.0",
            {"cidrBlock": "CidrBlock", "ownerId": "OwnerId"},
            updates=(Changed(("enableDnsHostnames", "enableDnsSupport"), _change_vpc),),
        ),
        autoname=None,
        defaults={"enableDnsHostnames": False, "enableDnsSupport": True},
    ),
    ResourceType(
        "aws:ec2/subnet:Subnet",
        _subnet,
        _ec2_life(
            "Subnets",
            "SubnetId",
            "Subnets.0",
            {
                "arn": "SubnetArn",
                "availabilityZone": "AvailabilityZone",
                "cidrBlock": "CidrBlock",
                "mapPublicIpOnLaunch": "MapPublicIpOnLaunch",
                "vpcId": "VpcId",
            },
            updates=(Changed(("mapPublicIpOnLaunch",), _change_subnet),),
            computed=frozenset({"availabilityZone"}),
        ),
        autoname=None,
        defaults={"mapPublicIpOnLaunch": False},
    ),
    ResourceType(
        "aws:ec2/securityGroup:SecurityGroup",
        _security_group,
        _ec2_life(
            "SecurityGroups",
            "GroupId",
            "SecurityGroups.0",
            {"description": "Description", "name": "GroupName", "vpcId": "VpcId"},
            updates=(Changed(("ingress", "egress"), _change_rules),),
            steering=frozenset({"revokeRulesOnDelete"}),
            computed=frozenset({"vpcId"}),
        ),
        defaults={"description": "Managed by Pulumi"},
    ),
    ResourceType(
        "aws:ec2/launchTemplate:LaunchTemplate",
        _launch_template,
        _ec2_life(
            "LaunchTemplates",
            "LaunchTemplateId",
            "LaunchTemplates.0",
            {
                "defaultVersion": "DefaultVersionNumber",
                "latestVersion": "LatestVersionNumber",
                "name": "LaunchTemplateName",
            },
            updates=(Changed(TEMPLATE_INPUTS, _new_template_version),),
            steering=frozenset({"defaultVersion", "updateDefaultVersion"}),
        ),
    ),
    ResourceType(
        "aws:ec2/instance:Instance",
        _instance,
        _ec2_life(
            "Instances",
            "InstanceId",
            "Reservations.0.Instances.0",
            {"ami": "ImageId", "instanceType": "InstanceType", "subnetId": "SubnetId"},
            delete=(Request("ec2", "TerminateInstances", {"InstanceIds": ["id"]}),),
            steering=frozenset({"forceDestroy", "getPasswordData", "userDataReplaceOnChange"}),
        ),
        autoname=None,
    ),
    ResourceType(
        "aws:autoscaling/group:Group",
        _scaling_group,
        Life(
            read=Reading(
                Request(
                    "autoscaling", "DescribeAutoScalingGroups", {"AutoScalingGroupNames": ["id"]}
                ),
                result="AutoScalingGroups.0",
                properties={
                    "arn": "AutoScalingGroupARN",
                    "desiredCapacity": "DesiredCapacity",
                    "maxSize": "MaxSize",
                    "minSize": "MinSize",
                    "name": "AutoScalingGroupName",
                },
            ),
            updates=(
                Update(
                    Request(
                        "autoscaling", "UpdateAutoScalingGroup", {"AutoScalingGroupName": "id"}
                    ),
                    ("desiredCapacity", "maxSize", "minSize"),
                ),
            ),
            delete=(
                Request(
                    "autoscaling",
                    "DeleteAutoScalingGroup",
                    {"AutoScalingGroupName": "id", "ForceDelete": True},
                ),
            ),
            imported="{name}",
            computed=frozenset({"desiredCapacity"}),
        ),
        tagged=False,
    ),
)
