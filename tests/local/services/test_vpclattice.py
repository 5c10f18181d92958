"""VPC Lattice on the local cloud: what its operations check beyond the shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.session import Session

from tests.local.services.conftest import CONSUMER, OWNER, REGION, Cloud

ErrorOf = Callable[..., tuple[str, str]]
VPC = "vpc-0123456789abcdef0"
CONFIG = {"protocol": "HTTP", "vpcIdentifier": VPC}
NOTHING = {"fixedResponse": {"statusCode": 404}}
PATH = {"httpMatch": {"pathMatch": {"match": {"prefix": "/x"}}}}
STATEMENT = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "vpc-lattice-svcs:Invoke",
    "Resource": "*",
}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


class Made:
    """A service with a listener and a target group, and a network."""

    def __init__(self, cloud: Cloud) -> None:
        self.client = client = cloud("vpc-lattice")
        self.network = client.create_service_network(name="shop")["id"]
        self.service = client.create_service(name="catalog")["id"]
        self.group = self.new_group("catalog-v1")
        self.listener = self.new_listener("http")["id"]
        self.of_service = {"serviceIdentifier": self.service}
        self.of_listener = self.of_service | {"listenerIdentifier": self.listener}

    def new_group(self, name: str, **config: Any) -> str:
        made = self.client.create_target_group(name=name, type="IP", config={**CONFIG, **config})
        return str(made["id"])

    def new_listener(self, name: str, **changes: Any) -> Any:
        params = {
            "serviceIdentifier": self.service,
            "name": name,
            "protocol": "HTTP",
            "defaultAction": NOTHING,
        }
        return self.client.create_listener(**params | changes)

    def new_rule(self, name: str, priority: int = 1, **changes: Any) -> Any:
        params = {"name": name, "priority": priority, "match": PATH, "action": NOTHING}
        return self.client.create_rule(**self.of_listener, **params | changes)

    def join(self) -> str:
        made = self.client.create_service_network_service_association(
            serviceIdentifier=self.service, serviceNetworkIdentifier=self.network
        )
        return str(made["id"])


def forward(*groups: str) -> dict[str, Any]:
    return {"forward": {"targetGroups": [{"targetGroupIdentifier": each} for each in groups]}}


@pytest.fixture
def made(cloud: Cloud) -> Made:
    return Made(cloud)


ID_SHAPES = {
    "sn": "ServiceNetworkId",
    "svc": "ServiceId",
    "listener": "ListenerId",
    "rule": "RuleId",
    "tg": "TargetGroupId",
    "snsa": "ServiceNetworkServiceAssociationIdentifier",
}


def test_ids_are_what_the_model_asks_for(made: Made) -> None:
    model = Session().get_service_model("vpc-lattice")
    rule, association = made.new_rule("rule")["id"], made.join()

    for id_ in (made.network, made.service, made.group, made.listener, rule, association):
        shape = model.shape_for(ID_SHAPES[id_.partition("-")[0]])
        assert re.fullmatch(shape.metadata["pattern"], id_), id_


def test_what_is_in_use_is_not_deleted_and_goes_in_the_order_of_use(
    made: Made, error_of: ErrorOf
) -> None:
    client, rule = made.client, made.new_rule("rule", action=forward(made.group))["id"]
    association = made.join()
    network = {"serviceNetworkIdentifier": made.network}
    group = {"targetGroupIdentifier": made.group}

    assert error_of(client.delete_service_network, **network) == (
        "ConflictException",
        f"ServiceNetwork {made.network} has service(s) associated",
    )
    assert error_of(client.delete_service, **made.of_service)[0] == "ConflictException"
    assert error_of(client.delete_target_group, **group)[0] == "ConflictException"
    client.delete_service_network_service_association(
        serviceNetworkServiceAssociationIdentifier=association
    )
    client.delete_service_network(**network)
    client.delete_rule(**made.of_listener, ruleIdentifier=rule)
    client.delete_target_group(**group)
    client.delete_service(**made.of_service)


def test_a_service_takes_its_listeners_rules_and_subscriptions_with_it(
    made: Made, error_of: ErrorOf
) -> None:
    client = made.client
    rule = made.new_rule("rule", action=forward(made.group))
    logs = client.create_access_log_subscription(
        resourceIdentifier=made.service, destinationArn="arn:aws:s3:::access-logs"
    )
    client.delete_service(**made.of_service)

    for arn in (rule["arn"], logs["arn"]):
        found = error_of(client.list_tags_for_resource, resourceArn=arn)
        assert found[0] == "ResourceNotFoundException"
    client.delete_target_group(targetGroupIdentifier=made.group)


def test_a_listener_has_a_default_rule_that_only_the_listener_changes(
    made: Made, error_of: ErrorOf
) -> None:
    client = made.client
    (rule,) = client.list_rules(**made.of_listener)["items"]
    names = made.of_listener | {"ruleIdentifier": rule["id"]}
    client.update_listener(**made.of_listener, defaultAction=forward(made.group))

    assert rule["isDefault"]
    assert client.get_rule(**names)["action"] == forward(made.group)
    assert error_of(client.update_rule, **names, action=NOTHING)[0] == "ValidationException"
    assert error_of(client.delete_rule, **names)[0] == "ValidationException"


def test_ports_are_those_of_the_protocol_and_one_listener_has_each(
    made: Made, error_of: ErrorOf
) -> None:
    assert made.new_listener("https", protocol="HTTPS")["port"] == 443
    assert error_of(made.new_listener, name="other", port=443)[0] == "ConflictException"


@pytest.mark.parametrize(
    "changes",
    [{"defaultAction": {"fixedResponse": {"statusCode": 403}}}, {"protocol": "TLS_PASSTHROUGH"}],
)
def test_a_listener_that_can_t_be(made: Made, error_of: ErrorOf, changes: dict[str, Any]) -> None:
    assert error_of(made.new_listener, name="other", port=81, **changes)[0] == "ValidationException"


def test_tls_passes_through_to_tcp_targets_of_a_service_with_a_domain(
    made: Made, error_of: ErrorOf
) -> None:
    client = made.client
    service = client.create_service(name="raw", customDomainName="raw.shop.local")["id"]
    tcp = made.new_group("raw", protocol="TCP", port=5432)
    of_raw = {"serviceIdentifier": service}
    tls = of_raw | {"protocol": "TLS_PASSTHROUGH"}

    for action in (NOTHING, forward(made.group)):
        found = error_of(client.create_listener, **tls, name="tls", defaultAction=action)
        assert found[0] == "ValidationException"
    listener = client.create_listener(**tls, name="tls", defaultAction=forward(tcp))["id"]
    names = of_raw | {"listenerIdentifier": listener}
    rule = {"name": "rule", "priority": 1, "match": PATH, "action": forward(tcp)}
    assert error_of(client.create_rule, **names, **rule)[0] == "ValidationException"
    refused = error_of(made.new_listener, name="plain", port=81, defaultAction=forward(tcp))
    assert refused[0] == "ValidationException"


def test_a_target_group_belongs_to_one_service(made: Made, error_of: ErrorOf) -> None:
    made.new_rule("rule", action=forward(made.group))
    other = made.client.create_service(name="other")["id"]
    found = error_of(
        made.new_listener,
        name="http",
        serviceIdentifier=other,
        defaultAction=forward(made.group),
    )

    assert found == (
        "ConflictException",
        f"TargetGroup {made.group} has been associated with other services",
    )
    arns = made.client.get_target_group(targetGroupIdentifier=made.group)["serviceArns"]
    assert [arn.rpartition("/")[2] for arn in arns] == [made.service]


def test_rules_have_names_and_priorities_of_their_own(made: Made, error_of: ErrorOf) -> None:
    first, second = made.new_rule("first", 1)["id"], made.new_rule("second", 2)["id"]
    of_first = made.of_listener | {"ruleIdentifier": first}

    assert error_of(made.new_rule, name="first", priority=3)[0] == "ConflictException"
    assert error_of(made.new_rule, name="third", priority=1)[0] == "ConflictException"
    assert error_of(made.client.update_rule, **of_first, priority=2)[0] == "ConflictException"
    swapped = made.client.batch_update_rule(
        **made.of_listener,
        rules=[
            {"ruleIdentifier": first, "priority": 2},
            {"ruleIdentifier": second, "priority": 1},
        ],
    )
    assert [each["priority"] for each in swapped["successful"]] == [2, 1]


def test_a_match_says_something_and_its_path_has_a_case(made: Made, error_of: ErrorOf) -> None:
    assert error_of(made.new_rule, name="rule", match={"httpMatch": {}})[0] == "ValidationException"
    match = made.new_rule("rule")["match"]["httpMatch"]
    assert match["pathMatch"]["caseSensitive"] is True


@pytest.mark.parametrize(
    ("type_", "config"),
    [
        ("IP", {}),
        ("IP", {"protocol": "HTTP"}),
        ("IP", {"protocol": "TCP", "vpcIdentifier": VPC}),
        ("IP", CONFIG | {"lambdaEventStructureVersion": "V2"}),
        ("INSTANCE", CONFIG | {"ipAddressType": "IPV4"}),
        ("ALB", CONFIG | {"healthCheck": {"path": "/"}}),
        ("LAMBDA", {"port": 80}),
        ("IP", CONFIG | {"healthCheck": {"healthCheckIntervalSeconds": 4}}),
        ("IP", CONFIG | {"healthCheck": {"unhealthyThresholdCount": 1}}),
    ],
)
def test_a_target_group_that_can_t_be(
    cloud: Cloud, error_of: ErrorOf, type_: str, config: dict[str, Any]
) -> None:
    create = cloud("vpc-lattice").create_target_group

    assert error_of(create, name="group", type=type_, config=config)[0] == "ValidationException"


@pytest.mark.parametrize(
    ("type_", "config", "target", "status"),
    [
        ("IP", CONFIG, "10.0.0.1", "HEALTHY"),
        ("IP", CONFIG | {"ipAddressType": "IPV6"}, "2001:db8::1", "HEALTHY"),
        ("INSTANCE", CONFIG, "i-0123456789abcdef0", "HEALTHY"),
        ("IP", CONFIG | {"healthCheck": {"enabled": False}}, "10.0.0.1", "UNAVAILABLE"),
        ("LAMBDA", {}, f"arn:aws:lambda:{REGION}:{OWNER}:function:f", "UNAVAILABLE"),
        (
            "ALB",
            CONFIG,
            f"arn:aws:elasticloadbalancing:{REGION}:{OWNER}:loadbalancer/app/a/b",
            "UNAVAILABLE",
        ),
    ],
)
def test_targets_come_and_go(
    made: Made, error_of: ErrorOf, type_: str, config: dict[str, Any], target: str, status: str
) -> None:
    client = made.client
    group = client.create_target_group(name="group", type=type_, config=config)["id"]
    names, targets = {"targetGroupIdentifier": group}, {"targets": [{"id": target}]}

    wrong = error_of(client.register_targets, **names, targets=[{"id": "nonsense"}])
    assert wrong[0] == "ValidationException"
    client.register_targets(**names, **targets)
    assert [each["status"] for each in client.list_targets(**names)["items"]] == ["UNUSED"]
    made.new_rule("rule", action=forward(group))
    (shown,) = client.list_targets(**names, **targets)["items"]
    assert (shown["id"], shown["status"]) == (target, status)
    gone = client.deregister_targets(**names, targets=[{"id": target}, {"id": "none"}])
    assert [each["id"] for each in gone["successful"]] == [target]
    assert [each["id"] for each in gone["unsuccessful"]] == ["none"]
    assert client.list_targets(**names)["items"] == []


def test_a_function_is_alone_in_its_group(cloud: Cloud, error_of: ErrorOf) -> None:
    client = cloud("vpc-lattice")
    group = client.create_target_group(name="group", type="LAMBDA")["id"]
    arns = [f"arn:aws:lambda:{REGION}:{OWNER}:function:{name}" for name in "fg"]
    targets = [{"id": arn} for arn in arns]

    refused = error_of(client.register_targets, targetGroupIdentifier=group, targets=targets)
    assert refused[0] == "ValidationException"


def test_a_vpc_and_a_service_join_a_network_once(made: Made, error_of: ErrorOf) -> None:
    client = made.client
    made.join()
    other = client.create_service_network(name="other")["id"]
    join = client.create_service_network_vpc_association
    join(serviceNetworkIdentifier=made.network, vpcIdentifier=VPC)

    assert error_of(made.join)[0] == "ConflictException"
    refused = error_of(join, serviceNetworkIdentifier=other, vpcIdentifier=VPC)
    assert refused[0] == "ConflictException"
    shown = client.get_service_network(serviceNetworkIdentifier=made.network)
    counts = (shown["numberOfAssociatedServices"], shown["numberOfAssociatedVPCs"])
    assert counts == (1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        policy({**STATEMENT, "Effect": "Maybe"}),
        policy({name: STATEMENT[name] for name in ("Effect", "Action", "Resource")}),
        policy({name: STATEMENT[name] for name in ("Effect", "Action", "Principal")}),
        policy(STATEMENT).replace(",", ",\n"),
        policy({**STATEMENT, "Resource": ["arn:aws:vpc-lattice:r:1:service/" + "x" * 10_240]}),
    ],
)
def test_an_auth_policy_that_can_t_be(made: Made, error_of: ErrorOf, text: str) -> None:
    put = made.client.put_auth_policy

    assert error_of(put, resourceIdentifier=made.service, policy=text)[0] == "ValidationException"


def test_an_auth_policy_is_active_where_the_auth_type_is_iam(made: Made, error_of: ErrorOf) -> None:
    client, name = made.client, {"resourceIdentifier": made.service}
    text = policy(STATEMENT)

    assert client.put_auth_policy(**name, policy=text)["state"] == "Inactive"
    client.update_service(**made.of_service, authType="AWS_IAM")
    assert client.get_auth_policy(**name)["state"] == "Active"
    assert json.loads(client.get_auth_policy(**name)["policy"]) == json.loads(text)
    client.delete_auth_policy(**name)
    assert error_of(client.get_auth_policy, **name)[0] == "ResourceNotFoundException"


def test_a_resource_has_one_log_subscription_for_each_destination_type(
    made: Made, error_of: ErrorOf
) -> None:
    create = made.client.create_access_log_subscription
    name = {"resourceIdentifier": made.network}
    bucket = {"destinationArn": "arn:aws:s3:::access-logs"}
    create(**name, **bucket)
    create(**name, **bucket, serviceNetworkLogType="RESOURCE")
    create(**name, destinationArn=f"arn:aws:logs:{REGION}:{OWNER}:log-group:/mesh")

    assert error_of(create, **name, **bucket)[0] == "ConflictException"
    queue = f"arn:aws:sqs:{REGION}:{OWNER}:queue"
    assert error_of(create, **name, destinationArn=queue)[0] == "ValidationException"
    service = {"resourceIdentifier": made.service, "serviceNetworkLogType": "SERVICE"}
    assert error_of(create, **service, **bucket)[0] == "ValidationException"


def test_a_token_makes_a_repeated_request_harmless(cloud: Cloud, error_of: ErrorOf) -> None:
    client = cloud("vpc-lattice")
    first = client.create_service(name="catalog", clientToken="t")
    again = client.create_service(name="catalog", clientToken="t")

    assert again["id"] == first["id"]
    code, _ = error_of(client.create_service, name="other", clientToken="t")
    assert code == "ConflictException"


def test_lists_have_pages(cloud: Cloud, error_of: ErrorOf) -> None:
    client = cloud("vpc-lattice")
    names = {f"service-{number}" for number in range(5)}
    for name in names:
        client.create_service(name=name)

    pages = list(client.get_paginator("list_services").paginate(PaginationConfig={"PageSize": 2}))
    assert [len(page["items"]) for page in pages] == [2, 2, 1]
    assert {each["name"] for page in pages for each in page["items"]} == names


def test_target_groups_are_listed_by_vpc_and_by_type(made: Made) -> None:
    client = made.client
    client.create_target_group(name="function", type="LAMBDA")
    made.new_group("elsewhere", vpcIdentifier="vpc-01234567")

    def listed(**filters: str) -> list[str]:
        return sorted(each["name"] for each in client.list_target_groups(**filters)["items"])

    assert listed() == ["catalog-v1", "elsewhere", "function"]
    assert listed(vpcIdentifier=VPC) == ["catalog-v1"]
    assert listed(targetGroupType="LAMBDA") == ["function"]


@pytest.mark.parametrize("name", ["Catalog", "-a-b", "a--b", "svc-a", "a_b", "a.b"])
def test_names_are_those_of_the_documented_pattern(cloud: Cloud, name: str) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        cloud("vpc-lattice", validate=False).create_service(name=name)


def test_the_service_linked_role_is_made(cloud: Cloud) -> None:
    cloud("vpc-lattice").create_service(name="catalog")

    role = cloud("iam").get_role(RoleName="AWSServiceRoleForVpcLattice")["Role"]
    assert role["Path"] == "/aws-service-role/vpc-lattice.amazonaws.com/"


def test_a_vpc_of_another_account_is_not_associated(cloud: Cloud) -> None:
    theirs = cloud("ec2", CONSUMER).create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    client = cloud("vpc-lattice")
    network = client.create_service_network(name="shop")["id"]

    with pytest.raises(client.exceptions.AccessDeniedException):
        client.create_service_network_vpc_association(
            serviceNetworkIdentifier=network, vpcIdentifier=theirs
        )


def test_shares_take_the_permissions_of_the_types(cloud: Cloud) -> None:
    client, ram = cloud("vpc-lattice"), cloud("ram")
    arns = [
        client.create_service_network(name="shop")["arn"],
        client.create_service(name="catalog")["arn"],
    ]
    made = ram.create_resource_share(name="s", resourceArns=arns)["resourceShare"]
    of_share = {"resourceShareArn": made["resourceShareArn"]}

    found = ram.list_resource_share_permissions(**of_share)["permissions"]
    listed = ram.list_permissions(resourceType="vpc-lattice:Service")["permissions"]

    assert {each["resourceType"]: each["name"] for each in found} == {
        "vpc-lattice:ServiceNetwork": "AWSRAMPermissionVpcLatticeServiceNetworkReadWrite",
        "vpc-lattice:Service": listed[0]["name"],
    }


def test_what_does_not_exist_is_not_shared(cloud: Cloud) -> None:
    ram = cloud("ram")
    arn = f"arn:aws:vpc-lattice:{REGION}:{OWNER}:service/svc-00000000000000000"

    with pytest.raises(ram.exceptions.UnknownResourceException):
        ram.create_resource_share(name="s", resourceArns=[arn])
