"""The calls of VPC Lattice that test_wire sends, each operation once well and once badly."""

from __future__ import annotations

from typing import Any

REGION, OWNER = "eu-west-1", "111111111111"
VPC, GROUP = "vpc-0123456789abcdef0", "sg-0123456789abcdef0"
ANYBODY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",'
    '"Action":"vpc-lattice-svcs:Invoke","Resource":"*"}]}'
)
FOR_ACCOUNTS = ANYBODY.replace("vpc-lattice-svcs:Invoke", "vpc-lattice:GetServiceNetwork")
LOGS = f"arn:aws:logs:{REGION}:{OWNER}:log-group:/mesh"
TAGS = {"tags": {"k": "v"}}
CONFIG = {"protocol": "HTTP", "port": 8080, "vpcIdentifier": VPC}
FORWARD = {"forward": {"targetGroups": [{"targetGroupIdentifier": "{tg}", "weight": 10}]}}
NOTHING = {"fixedResponse": {"statusCode": 404}}
PATH = {"httpMatch": {"pathMatch": {"match": {"prefix": "/x"}}}}
TARGETS = {"targets": [{"id": "10.0.0.1"}]}
NETWORK = {"serviceNetworkIdentifier": "{sn}"}
SERVICE = {"serviceIdentifier": "{svc}"}
LISTENER = SERVICE | {"listenerIdentifier": "{listener}"}
RULE = LISTENER | {"ruleIdentifier": "{rule}"}
TARGET_GROUP = {"targetGroupIdentifier": "{tg}"}
IN_NETWORK = {"serviceNetworkServiceAssociationIdentifier": "{snsa}"}
OF_VPC = {"serviceNetworkVpcAssociationIdentifier": "{snva}"}
SUBSCRIPTION = {"accessLogSubscriptionIdentifier": "{als}"}
SECURED = {"resourceIdentifier": "{svc}"}
NETWORK_ARN = {"resourceArn": "{sn_arn}"}
Calls = list[tuple[str, dict[str, Any]]]

GOOD: Calls = [
    ("CreateServiceNetwork", {"name": "shop", "authType": "AWS_IAM", **TAGS}),
    ("GetServiceNetwork", NETWORK),
    ("ListServiceNetworks", {}),
    ("UpdateServiceNetwork", NETWORK | {"authType": "NONE"}),
    ("CreateService", {"name": "catalog", "customDomainName": "catalog.local", **TAGS}),
    ("GetService", SERVICE),
    ("ListServices", {}),
    ("UpdateService", SERVICE | {"authType": "AWS_IAM", "idleTimeoutSeconds": 90}),
    ("CreateTargetGroup", {"name": "catalog-v1", "type": "IP", "config": CONFIG, **TAGS}),
    ("GetTargetGroup", TARGET_GROUP),
    ("ListTargetGroups", {"vpcIdentifier": VPC}),
    ("UpdateTargetGroup", TARGET_GROUP | {"healthCheck": {"path": "/healthz"}}),
    ("RegisterTargets", TARGET_GROUP | TARGETS),
    ("ListTargets", TARGET_GROUP),
    ("CreateListener", SERVICE | {"name": "http", "protocol": "HTTP", "defaultAction": FORWARD}),
    ("GetListener", LISTENER),
    ("ListListeners", SERVICE),
    ("UpdateListener", LISTENER | {"defaultAction": NOTHING}),
    (
        "CreateRule",
        LISTENER | {"name": "canary", "priority": 1, "match": PATH, "action": FORWARD, **TAGS},
    ),
    ("GetRule", RULE),
    ("ListRules", LISTENER),
    ("UpdateRule", RULE | {"priority": 2}),
    ("BatchUpdateRule", LISTENER | {"rules": [{"ruleIdentifier": "{rule}", "priority": 3}]}),
    ("CreateServiceNetworkServiceAssociation", NETWORK | SERVICE | TAGS),
    ("GetServiceNetworkServiceAssociation", IN_NETWORK),
    ("ListServiceNetworkServiceAssociations", NETWORK),
    (
        "CreateServiceNetworkVpcAssociation",
        NETWORK | {"vpcIdentifier": VPC, "securityGroupIds": [GROUP], **TAGS},
    ),
    ("GetServiceNetworkVpcAssociation", OF_VPC),
    ("ListServiceNetworkVpcAssociations", {"vpcIdentifier": VPC}),
    ("UpdateServiceNetworkVpcAssociation", OF_VPC | {"securityGroupIds": [GROUP]}),
    ("PutAuthPolicy", SECURED | {"policy": ANYBODY}),
    ("GetAuthPolicy", SECURED),
    ("PutResourcePolicy", NETWORK_ARN | {"policy": FOR_ACCOUNTS}),
    ("GetResourcePolicy", NETWORK_ARN),
    ("CreateAccessLogSubscription", {"resourceIdentifier": "{sn}", "destinationArn": LOGS}),
    ("GetAccessLogSubscription", SUBSCRIPTION),
    ("ListAccessLogSubscriptions", {"resourceIdentifier": "{sn}"}),
    ("UpdateAccessLogSubscription", SUBSCRIPTION | {"destinationArn": f"{LOGS}2"}),
    ("TagResource", NETWORK_ARN | TAGS),
    ("ListTagsForResource", NETWORK_ARN),
    ("UntagResource", NETWORK_ARN | {"tagKeys": ["k"]}),
    ("DeleteAccessLogSubscription", SUBSCRIPTION),
    ("DeleteResourcePolicy", NETWORK_ARN),
    ("DeleteAuthPolicy", SECURED),
    ("DeleteServiceNetworkVpcAssociation", OF_VPC),
    ("DeleteServiceNetworkServiceAssociation", IN_NETWORK),
    ("DeleteRule", RULE),
    ("DeleteListener", LISTENER),
    ("DeregisterTargets", TARGET_GROUP | TARGETS),
    ("DeleteTargetGroup", TARGET_GROUP),
    ("DeleteService", SERVICE),
    ("DeleteServiceNetwork", NETWORK),
]

_NONE = "00000000000000000"
_NO_TOKEN = {"nextToken": "%%%"}
NO_ARN = f"arn:aws:vpc-lattice:{REGION}:{OWNER}:servicenetwork/sn-{_NONE}"


def without(value: Any) -> Any:
    """Return a request that names resources which nobody made."""
    if isinstance(value, dict):
        return {name: without(item) for name, item in value.items()}
    if isinstance(value, list):
        return [without(item) for item in value]
    if value == "{sn_arn}":
        return NO_ARN
    return f"{value[1:-1]}-{_NONE}" if isinstance(value, str) and value[0] == "{" else value


# The calls that name nothing which could be missing.
_ALONE: Calls = [
    ("CreateServiceNetwork", {"name": "shop", "tags": {"aws:k": "v"}}),
    ("ListServiceNetworks", _NO_TOKEN),
    ("CreateService", {"name": "catalog", "certificateArn": "arn:aws:acm:::certificate/a"}),
    ("ListServices", _NO_TOKEN),
    ("CreateTargetGroup", {"name": "catalog", "type": "LAMBDA", "config": CONFIG}),
    ("ListTargetGroups", _NO_TOKEN),
    ("ListServiceNetworkServiceAssociations", {}),
    ("ListServiceNetworkVpcAssociations", {}),
    ("ListAccessLogSubscriptions", {"resourceIdentifier": f"sn-{_NONE}", **_NO_TOKEN}),
]
_named = {name for name, _ in _ALONE}
BAD: Calls = [*_ALONE, *((name, without(params)) for name, params in GOOD if name not in _named)]
