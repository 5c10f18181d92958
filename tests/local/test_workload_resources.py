from __future__ import annotations

import json

from meshkit.local.cloud import Cloud
from meshkit.local.resources.model import Aws
from tests.local.making import OWNER, REGION, TRUST, make


def test_eks(aws: Aws) -> None:
    role = make(aws, "aws:iam/role:Role", assumeRolePolicy=TRUST).outputs["arn"]
    network = {"subnetIds": ["subnet-1"], "endpointPrivateAccess": True}
    cluster = make(
        aws,
        "aws:eks/cluster:Cluster",
        name="main",
        roleArn=role,
        vpcConfig=network,
        enabledClusterLogTypes=["audit"],
    )
    association = make(
        aws,
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        clusterName="main",
        namespace="shop",
        serviceAccount="storefront",
        roleArn=role,
    )

    issuer = cluster.outputs["identities"][0]["oidcs"][0]["issuer"]
    assert issuer.startswith("https://oidc.eks.")
    assert association.outputs["associationId"] == association.id


def test_ecs(aws: Aws, cloud: Cloud) -> None:
    vpc = make(aws, "aws:ec2/vpc:Vpc", cidrBlock="10.0.0.0/16")
    subnet = make(aws, "aws:ec2/subnet:Subnet", vpcId=vpc.id, cidrBlock="10.0.1.0/24")
    cluster = make(aws, "aws:ecs/cluster:Cluster", name="c")
    containers = [{"name": "envoy", "image": "envoy", "user": "1337", "memory": 64}]
    task = make(
        aws,
        "aws:ecs/taskDefinition:TaskDefinition",
        family="storefront",
        containerDefinitions=json.dumps(containers),
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        requiresCompatibilities=["FARGATE"],
        proxyConfiguration={
            "type": "APPMESH",
            "containerName": "envoy",
            "properties": {"IgnoredUID": "1337", "ProxyEgressPort": 15001},
        },
        volumes=[{"name": "sds", "hostPath": "/run"}],
    )
    make(
        aws,
        "aws:ecs/service:Service",
        cluster=cluster.id,
        taskDefinition=task.outputs["arn"],
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration={"subnets": [subnet.id], "assignPublicIp": True},
        deploymentMaximumPercent=150,
    )

    ecs = cloud.client("ecs", OWNER)
    described = ecs.describe_task_definition(taskDefinition="storefront")["taskDefinition"]
    properties = {p["name"]: p["value"] for p in described["proxyConfiguration"]["properties"]}
    assert properties == {"IgnoredUID": "1337", "ProxyEgressPort": "15001"}
    assert task.outputs["arn"] == task.outputs["arnWithoutRevision"] + ":1"
    assert len(ecs.list_services(cluster="c")["serviceArns"]) == 1


def test_ec2(aws: Aws, cloud: Cloud) -> None:
    vpc = make(aws, "aws:ec2/vpc:Vpc", cidrBlock="10.0.0.0/16", enableDnsHostnames=True)
    subnet = make(
        aws,
        "aws:ec2/subnet:Subnet",
        vpcId=vpc.id,
        cidrBlock="10.0.1.0/24",
        tags={"Name": "a"},
        mapPublicIpOnLaunch=True,
    )
    rule = {"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.0.0.0/16"]}
    group = make(
        aws, "aws:ec2/securityGroup:SecurityGroup", vpcId=vpc.id, ingress=[rule], tags={"a": "b"}
    )
    template = make(
        aws,
        "aws:ec2/launchTemplate:LaunchTemplate",
        imageId="ami-12345678",
        instanceType="t3.micro",
        vpcSecurityGroupIds=[group.id],
        userData="ZWNobw==",
        tags={"a": "b"},
    )
    instance = make(
        aws,
        "aws:ec2/instance:Instance",
        ami="ami-12345678",
        instanceType="t3.micro",
        subnetId=subnet.id,
        vpcSecurityGroupIds=[group.id],
        userData="echo",
        monitoring=False,
        tags={"mesh": "shop"},
    )
    scaling = make(
        aws,
        "aws:autoscaling/group:Group",
        minSize=0,
        maxSize=1,
        desiredCapacity=0,
        vpcZoneIdentifiers=[subnet.id],
        launchTemplate={"id": template.id, "version": "$Latest"},
        tags=[{"key": "a", "value": "b", "propagateAtLaunch": True}],
    )

    ec2 = cloud.client("ec2", OWNER)
    groups = ec2.describe_security_groups(GroupIds=[group.id])["SecurityGroups"][0]
    assert [permission["FromPort"] for permission in groups["IpPermissions"]] == [443]
    assert groups["IpPermissionsEgress"] == []
    assert instance.outputs["subnetId"] == subnet.id
    found = ec2.describe_instances(InstanceIds=[instance.id])["Reservations"][0]["Instances"][0]
    assert found["Tags"] == [{"Key": "mesh", "Value": "shop"}]
    assert vpc.outputs["defaultSecurityGroupId"].startswith("sg-")
    assert scaling.outputs["arn"]


def test_discovery(aws: Aws) -> None:
    vpc = make(aws, "aws:ec2/vpc:Vpc", cidrBlock="10.0.0.0/16")
    space = make(
        aws,
        "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
        name="shop.local",
        vpc=vpc.id,
        tags={"a": "b"},
    )
    make(aws, "aws:servicediscovery/httpNamespace:HttpNamespace", name="http")
    make(
        aws,
        "aws:servicediscovery/service:Service",
        name="catalog",
        dnsConfig={"namespaceId": space.id, "dnsRecords": [{"type": "A", "ttl": 10}]},
        healthCheckCustomConfig={"failureThreshold": 1},
    )

    assert space.outputs["hostedZone"]


def test_certificates(aws: Aws) -> None:
    subject = {"commonName": "example.com"}
    authority = make(
        aws,
        "aws:acmpca/certificateAuthority:CertificateAuthority",
        type="ROOT",
        certificateAuthorityConfiguration={
            "keyAlgorithm": "RSA_2048",
            "signingAlgorithm": "SHA256WITHRSA",
            "subject": subject,
        },
    )
    certificate = make(
        aws, "aws:acm/certificate:Certificate", domainName="example.com", validationMethod="DNS"
    )

    assert authority.id.startswith("arn:aws:acm-pca:")
    assert certificate.outputs["domainValidationOptions"][0]["domainName"] == "example.com"


def test_storage(aws: Aws, cloud: Cloud) -> None:
    make(aws, "aws:cloudwatch/logGroup:LogGroup", name="/mesh", retentionInDays=7)
    parameter = make(aws, "aws:ssm/parameter:Parameter", name="/a/b", type="String", value="v")
    secret = make(aws, "aws:secretsmanager/secret:Secret", name="s")
    version = make(
        aws, "aws:secretsmanager/secretVersion:SecretVersion", secretId=secret.id, secretString="v"
    )

    groups = cloud.client("logs", OWNER).describe_log_groups()["logGroups"]
    assert [group["retentionInDays"] for group in groups] == [7]
    assert parameter.outputs["arn"] == f"arn:aws:ssm:{REGION}:{OWNER}:parameter/a/b"
    assert version.outputs["secretArn"] == secret.id
