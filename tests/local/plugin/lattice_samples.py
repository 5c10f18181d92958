"""One resource of each type of VPC Lattice, with a change that AWS takes in place."""

from __future__ import annotations

from typing import Any

from tests.local.plugin.ref import Ref

TAGS = {"tags": {"a": "1"}}
NEW_TAGS = {"tags": {"a": "2", "b": "3"}}
VPC = Ref("aws:ec2/vpc:Vpc")
NETWORK = Ref("aws:vpclattice/serviceNetwork:ServiceNetwork", "arn")
SERVICE = Ref("aws:vpclattice/service:Service", "arn")
SERVICE_ID = Ref("aws:vpclattice/service:Service")
LISTENER = Ref("aws:vpclattice/listener:Listener", "listenerId")
GROUP = Ref("aws:vpclattice/targetGroup:TargetGroup")
SECURITY_GROUP = Ref("aws:ec2/securityGroup:SecurityGroup")
NOTHING = {"fixedResponse": {"statusCode": 404}}
LOGS = "arn:aws:logs:eu-west-1:111111111111:log-group:/mesh"


def auth_policy(action: str) -> str:
    return (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",\n'
        f' "Action": "{action}", "Resource": "*"}}]}}'
    )


LATTICE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "aws:vpclattice/serviceNetwork:ServiceNetwork": (
        {"name": "shop", **TAGS},
        {"authType": "AWS_IAM", **NEW_TAGS},
    ),
    "aws:vpclattice/service:Service": (
        {"name": "catalog", "customDomainName": "catalog.shop.local", **TAGS},
        {"authType": "AWS_IAM", "idleTimeoutSeconds": 90, **NEW_TAGS},
    ),
    "aws:vpclattice/listener:Listener": (
        {
            "name": "http",
            "protocol": "HTTP",
            "serviceIdentifier": SERVICE_ID,
            "defaultAction": {
                "forwards": [{"targetGroups": [{"targetGroupIdentifier": GROUP}]}],
            },
            **TAGS,
        },
        {"defaultAction": NOTHING, **NEW_TAGS},
    ),
    "aws:vpclattice/listenerRule:ListenerRule": (
        {
            "name": "canary",
            "priority": 10,
            "serviceIdentifier": SERVICE_ID,
            "listenerIdentifier": LISTENER,
            "match": {
                "httpMatch": {
                    "method": "GET",
                    "pathMatch": {"match": {"prefix": "/api"}},
                    "headerMatches": [
                        {"name": "x-beta", "caseSensitive": True, "match": {"exact": "1"}}
                    ],
                }
            },
            "action": {"forward": {"targetGroups": [{"targetGroupIdentifier": GROUP}]}},
            **TAGS,
        },
        {
            "match": {"httpMatch": {"pathMatch": {"match": {"exact": "/API"}}}},
            "action": NOTHING,
            **NEW_TAGS,
        },
    ),
    "aws:vpclattice/targetGroup:TargetGroup": (
        {
            "name": "catalog-v1",
            "type": "IP",
            "config": {"protocol": "HTTP", "port": 8080, "vpcIdentifier": VPC},
            **TAGS,
        },
        {
            "config": {
                "protocol": "HTTP",
                "port": 8080,
                "vpcIdentifier": VPC,
                "healthCheck": {"path": "/healthz", "matcher": {"value": "200-299"}},
            },
            **NEW_TAGS,
        },
    ),
    "aws:vpclattice/targetGroupAttachment:TargetGroupAttachment": (
        {"targetGroupIdentifier": GROUP, "target": {"id": "10.0.0.1", "port": 8080}},
        {},
    ),
    "aws:vpclattice/serviceNetworkServiceAssociation:ServiceNetworkServiceAssociation": (
        {"serviceIdentifier": SERVICE_ID, "serviceNetworkIdentifier": NETWORK, **TAGS},
        NEW_TAGS,
    ),
    "aws:vpclattice/serviceNetworkVpcAssociation:ServiceNetworkVpcAssociation": (
        {
            "serviceNetworkIdentifier": NETWORK,
            "vpcIdentifier": VPC,
            "securityGroupIds": ["sg-0123456789abcdef0"],
            **TAGS,
        },
        {"securityGroupIds": [SECURITY_GROUP], **NEW_TAGS},
    ),
    "aws:vpclattice/authPolicy:AuthPolicy": (
        {"resourceIdentifier": SERVICE, "policy": auth_policy("vpc-lattice-svcs:Invoke")},
        {"policy": auth_policy("vpc-lattice-svcs:*")},
    ),
    "aws:vpclattice/resourcePolicy:ResourcePolicy": (
        {"resourceArn": NETWORK, "policy": auth_policy("vpc-lattice:GetServiceNetwork")},
        {"policy": auth_policy("vpc-lattice:CreateServiceNetworkVpcAssociation")},
    ),
    "aws:vpclattice/accessLogSubscription:AccessLogSubscription": (
        {"resourceIdentifier": NETWORK, "destinationArn": LOGS, **TAGS},
        NEW_TAGS,
    ),
}
