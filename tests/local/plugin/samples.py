"""One resource of each type in the table, with a change that AWS takes in place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from meshkit.local.resources import TYPES
from tests.local.making import CONSUMER, OWNER, POLICY, TRUST, make
from tests.local.plugin.audit_samples import AUDIT
from tests.local.plugin.lattice_samples import LATTICE
from tests.local.plugin.network_samples import NETWORK
from tests.local.plugin.ref import Ref
from tests.local.plugin.target_samples import TARGETS

if TYPE_CHECKING:
    from meshkit.local.resources.model import Aws, Created


LISTENER = {"portMapping": {"port": 8080, "protocol": "http"}}
OTHER_LISTENER = {"portMapping": {"port": 9090, "protocol": "http"}}
PLACE = {"meshName": Ref("aws:appmesh/mesh:Mesh", "name")}
TARGET = {"virtualNode": Ref("aws:appmesh/virtualNode:VirtualNode", "name"), "weight": 100}
ROLE, POLICY_ARN = Ref("aws:iam/role:Role"), Ref("aws:iam/policy:Policy")
USER, SHARE = Ref("aws:iam/user:User"), Ref("aws:ram/resourceShare:ResourceShare")
ROLE_ARN = Ref("aws:iam/role:Role", "arn")
CLUSTER = Ref("aws:eks/cluster:Cluster")
VPC = Ref("aws:ec2/vpc:Vpc")


def route(prefix: str) -> dict[str, Any]:
    match = {"prefix": prefix}
    return {"httpRoute": {"match": match, "action": {"weightedTargets": [TARGET]}}}


def gateway_route(prefix: str) -> dict[str, Any]:
    service = {"virtualServiceName": Ref("aws:appmesh/virtualService:VirtualService", "name")}
    action = {"target": {"virtualService": service}}
    return {"httpRoute": {"match": {"prefix": prefix}, "action": action}}


TEMPLATE = json.dumps(
    {
        "Parameters": {"Role": {"Type": "String"}},
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": {"Ref": "Role"},
                    "AssumeRolePolicyDocument": json.loads(TRUST),
                },
            }
        },
    }
)
OTHER_TEMPLATE = TEMPLATE.replace("ecs-tasks", "ec2")
CONTAINERS = '[{"name": "app", "image": "app", "memory": 64}]'
TAGS = {"tags": {"a": "1"}}
NEW_TAGS = {"tags": {"a": "2", "b": "3"}}

# token: (inputs, what a change in place gives)
SAMPLES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "aws:appmesh/mesh:Mesh": (
        {"name": "shop", "spec": {"egressFilter": {"type": "DROP_ALL"}}, **TAGS},
        {"spec": {"egressFilter": {"type": "ALLOW_ALL"}}, **NEW_TAGS},
    ),
    "aws:appmesh/virtualNode:VirtualNode": (
        {
            **PLACE,
            "name": "n",
            "spec": {
                "listeners": [{**LISTENER, "connectionPool": {"https": [{"maxConnections": 5}]}}],
                "serviceDiscovery": {
                    "awsCloudMap": {
                        "namespaceName": "n",
                        "serviceName": "s",
                        "attributes": {"k": "v"},
                    }
                },
            },
            **TAGS,
        },
        {
            "spec": {
                "listeners": [OTHER_LISTENER],
                "serviceDiscovery": {"dns": {"hostname": "a.b"}},
            },
            **NEW_TAGS,
        },
    ),
    "aws:appmesh/virtualRouter:VirtualRouter": (
        {**PLACE, "name": "r", "spec": {"listeners": [LISTENER]}},
        {"spec": {"listeners": [OTHER_LISTENER]}, **NEW_TAGS},
    ),
    "aws:appmesh/virtualService:VirtualService": (
        {
            **PLACE,
            "name": "s.local",
            "spec": {
                "provider": {"virtualNode": {"virtualNodeName": TARGET["virtualNode"]}},
            },
        },
        {"spec": {}},
    ),
    "aws:appmesh/route:Route": (
        {
            **PLACE,
            "name": "x",
            "virtualRouterName": Ref("aws:appmesh/virtualRouter:VirtualRouter", "name"),
            "spec": route("/"),
        },
        {"spec": route("/api"), **NEW_TAGS},
    ),
    "aws:appmesh/virtualGateway:VirtualGateway": (
        {**PLACE, "name": "g", "spec": {"listeners": [LISTENER]}},
        {"spec": {"listeners": [OTHER_LISTENER]}},
    ),
    "aws:appmesh/gatewayRoute:GatewayRoute": (
        {
            **PLACE,
            "name": "gr",
            "virtualGatewayName": Ref("aws:appmesh/virtualGateway:VirtualGateway", "name"),
            "spec": gateway_route("/"),
        },
        {"spec": gateway_route("/api")},
    ),
    "aws:acm/certificate:Certificate": ({"domainName": "a.example.com", **TAGS}, NEW_TAGS),
    "aws:acmpca/certificateAuthority:CertificateAuthority": (
        {
            "certificateAuthorityConfiguration": {
                "keyAlgorithm": "RSA_2048",
                "signingAlgorithm": "SHA256WITHRSA",
                "subject": {"commonName": "example.com"},
            },
            **TAGS,
        },
        NEW_TAGS,
    ),
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": (
        {"name": "shop.local", "vpc": VPC, **TAGS},
        NEW_TAGS,
    ),
    "aws:servicediscovery/httpNamespace:HttpNamespace": ({"name": "shop", **TAGS}, NEW_TAGS),
    "aws:servicediscovery/service:Service": (
        {
            "name": "catalog",
            "namespaceId": Ref("aws:servicediscovery/httpNamespace:HttpNamespace"),
            **TAGS,
        },
        {"description": "new"},
    ),
    "aws:ec2/vpc:Vpc": ({"cidrBlock": "10.0.0.0/16", **TAGS}, {"enableDnsHostnames": True}),
    "aws:ec2/subnet:Subnet": (
        {"vpcId": VPC, "cidrBlock": "10.0.1.0/24", **TAGS},
        {"mapPublicIpOnLaunch": True, **NEW_TAGS},
    ),
    "aws:ec2/securityGroup:SecurityGroup": (
        {"name": "proxy", "vpcId": VPC, **TAGS},
        {
            "ingress": [
                {"protocol": "tcp", "fromPort": 1, "toPort": 2, "cidrBlocks": ["10.0.0.0/8"]}
            ]
        },
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": (
        {"name": "proxy", "imageId": "ami-12c6146b", **TAGS},
        {"imageId": "ami-785db401", "updateDefaultVersion": True},
    ),
    "aws:ec2/instance:Instance": ({"ami": "ami-12c6146b", "instanceType": "t3.micro"}, NEW_TAGS),
    "aws:autoscaling/group:Group": (
        {
            "name": "proxies",
            "maxSize": 1,
            "minSize": 0,
            "desiredCapacity": 0,
            "availabilityZones": ["eu-west-1a"],
            "launchTemplate": {"id": Ref("aws:ec2/launchTemplate:LaunchTemplate")},
        },
        {"maxSize": 2},
    ),
    "aws:ecs/cluster:Cluster": (
        {"name": "main", **TAGS},
        {"settings": [{"name": "containerInsights", "value": "enabled"}]},
    ),
    "aws:ecs/taskDefinition:TaskDefinition": (
        {
            "family": "app",
            "containerDefinitions": '[{"name":"app","image":"app","memory":64}]',
            **TAGS,
        },
        NEW_TAGS,
    ),
    "aws:ecs/service:Service": (
        {
            "name": "app",
            "cluster": Ref("aws:ecs/cluster:Cluster", "name"),
            "desiredCount": 0,
            "taskDefinition": Ref("aws:ecs/taskDefinition:TaskDefinition", "arn"),
        },
        {"desiredCount": 1},
    ),
    "aws:eks/cluster:Cluster": (
        {"name": "main", "roleArn": ROLE_ARN, "vpcConfig": {"subnetIds": ["subnet-1"]}, **TAGS},
        NEW_TAGS,
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": (
        {
            "clusterName": CLUSTER,
            "namespace": "shop",
            "roleArn": ROLE_ARN,
            "serviceAccount": "app",
            **TAGS,
        },
        {"roleArn": f"arn:aws:iam::{OWNER}:role/other", **NEW_TAGS},
    ),
    "aws:iam/role:Role": (
        {"name": "proxy", "assumeRolePolicy": TRUST, "path": "/mesh/", **TAGS},
        {
            "assumeRolePolicy": TRUST.replace("ecs-tasks", "ec2"),
            "description": "new",
            "permissionsBoundary": f"arn:aws:iam::{OWNER}:policy/boundary",
            **NEW_TAGS,
        },
    ),
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": (
        {"awsServiceName": "appmesh.amazonaws.com", "description": "a", **TAGS},
        {"description": "b", **NEW_TAGS},
    ),
    "aws:iam/rolePolicy:RolePolicy": (
        {"name": "inline", "role": ROLE, "policy": POLICY},
        {"policy": POLICY.replace("s3:GetObject", "s3:PutObject")},
    ),
    "aws:iam/policy:Policy": (
        {"name": "managed", "policy": POLICY, **TAGS},
        {"policy": POLICY.replace("s3:GetObject", "s3:PutObject"), **NEW_TAGS},
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (
        {"role": ROLE, "policyArn": POLICY_ARN},
        {},
    ),
    "aws:iam/instanceProfile:InstanceProfile": (
        {"name": "proxy", "role": ROLE, **TAGS},
        {"role": None, **NEW_TAGS},
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": (
        {
            "url": "https://oidc.eks.eu-west-1.amazonaws.com/id/ABC",
            "clientIdLists": ["sts.amazonaws.com"],
            "thumbprintLists": ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
            **TAGS,
        },
        {"thumbprintLists": ["1e99a48a9960b14926bb7f3b02e22da2b0ab7281"], **NEW_TAGS},
    ),
    "aws:iam/user:User": ({"name": "u", **TAGS}, NEW_TAGS),
    "aws:iam/userPolicy:UserPolicy": (
        {"name": "inline", "user": USER, "policy": POLICY},
        {"policy": POLICY.replace("s3:GetObject", "s3:PutObject")},
    ),
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": (
        {"user": USER, "policyArn": POLICY_ARN},
        {},
    ),
    "aws:iam/accessKey:AccessKey": ({"user": USER}, {"status": "Inactive"}),
    "aws:ram/resourceShare:ResourceShare": (
        {"name": "mesh", "allowExternalPrincipals": True, **TAGS},
        {"name": "renamed", **NEW_TAGS},
    ),
    "aws:ram/resourceAssociation:ResourceAssociation": (
        {"resourceShareArn": SHARE, "resourceArn": Ref("aws:appmesh/mesh:Mesh", "arn")},
        {},
    ),
    "aws:ram/principalAssociation:PrincipalAssociation": (
        {"resourceShareArn": SHARE, "principal": CONSUMER},
        {},
    ),
    "aws:ssm/parameter:Parameter": (
        {"name": "/shop/key", "type": "SecureString", "value": "hush", **TAGS},
        {"value": "other", **NEW_TAGS},
    ),
    "aws:cloudwatch/logGroup:LogGroup": ({"name": "/shop", **TAGS}, {"retentionInDays": 7}),
    "aws:secretsmanager/secret:Secret": (
        {"name": "shop", "recoveryWindowInDays": 0, **TAGS},
        {"description": "new", **NEW_TAGS},
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": (
        {"secretId": Ref("aws:secretsmanager/secret:Secret"), "secretString": "hush"},
        {},
    ),
    **AUDIT,
    **LATTICE,
    **NETWORK,
    **TARGETS,
    "aws:organizations/organization:Organization": ({}, {}),
    "aws:organizations/organizationalUnit:OrganizationalUnit": (
        {
            "name": "workloads",
            "parentId": Ref("aws:organizations/organization:Organization", "roots.0.id"),
            **TAGS,
        },
        {"name": "proxies", **NEW_TAGS},
    ),
    "aws:organizations/account:Account": (
        {
            "name": "orders",
            "email": "orders@example.com",
            "parentId": Ref("aws:organizations/organizationalUnit:OrganizationalUnit"),
        },
        {"name": "shop-orders", **NEW_TAGS},
    ),
    "aws:iam/samlProvider:SamlProvider": (
        {"name": "workforce", "samlMetadataDocument": "<a/>" * 250, **TAGS},
        {"samlMetadataDocument": "<b/>" * 250, **NEW_TAGS},
    ),
    "aws:cloudformation/stackSet:StackSet": (
        {
            "name": "roles",
            "permissionModel": "SERVICE_MANAGED",
            "autoDeployment": {"enabled": True, "retainStacksOnAccountRemoval": False},
            "capabilities": ["CAPABILITY_NAMED_IAM"],
            "templateBody": TEMPLATE,
            "parameters": {"Role": "developer"},
            **TAGS,
        },
        {"templateBody": OTHER_TEMPLATE, "parameters": {"Role": "admin"}, **NEW_TAGS},
    ),
    "aws:cloudformation/stackSetInstance:StackSetInstance": (
        {
            "stackSetName": Ref("aws:cloudformation/stackSet:StackSet", "name"),
            "deploymentTargets": {
                "organizationalUnitIds": [
                    Ref("aws:organizations/organizationalUnit:OrganizationalUnit")
                ]
            },
            "stackSetInstanceRegion": "eu-west-1",
        },
        {"retainStack": False},
    ),
    "aws:organizations/policy:Policy": (
        {
            "name": "guardrails",
            "content": POLICY,
            "description": "old",
            "type": "SERVICE_CONTROL_POLICY",
            "tags": {"of": Ref("aws:organizations/organization:Organization")},
        },
        {"name": "rails", "description": None, **NEW_TAGS},
    ),
    "aws:organizations/policyAttachment:PolicyAttachment": (
        {
            "policyId": Ref("aws:organizations/policy:Policy"),
            "targetId": Ref("aws:organizations/organizationalUnit:OrganizationalUnit"),
        },
        {},
    ),
}

# What lives in two accounts, or where moto has no such operation, with the reason.
NOT_ALONE = {
    "aws:ram/resourceShareAccepter:ResourceShareAccepter": "is made in the other account",
    "aws:ram/sharingWithOrganization:SharingWithOrganization": "is a setting, not a resource",
    "aws:cfg/recorderStatus:RecorderStatus": "is a setting, not a resource",
    "aws:s3/bucketVersioning:BucketVersioning": "is a setting, not a resource",
    "aws:eks/addon:Addon": "moto has no add-ons",
}
assert SAMPLES.keys() | NOT_ALONE.keys() == TYPES.keys()


class World:
    """Samples that exist, each made with all that it refers to."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self.made: dict[str, Created] = {}
        self.inputs: dict[str, dict[str, Any]] = {}

    def make(self, token: str) -> Created:
        if token not in self.made:
            inputs = self.resolved(SAMPLES[token][0])
            self.inputs[token] = TYPES[token].checked(f"urn:pulumi:s::p::{token}::x", inputs)
            self.made[token] = make(self.aws, token, **inputs)
        return self.made[token]

    def resolved(self, value: Any) -> Any:
        if isinstance(value, Ref):
            found: Any = self.make(value.token).outputs
            for part in value.output.split("."):
                found = found[int(part)] if part.isdigit() else found[part]
            return found
        if isinstance(value, dict):
            return {key: self.resolved(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.resolved(item) for item in value]
        return value
