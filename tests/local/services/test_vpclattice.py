"""VPC Lattice on the local cloud: what its operations check beyond the shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.session import Session

from meshkit.local.services.vpclattice.backend import backend as lattice_of
from meshkit.local.services.vpclattice.quotas import QUOTAS, Quota
from tests.local.services.conftest import CONSUMER, OWNER, REGION, Cloud
from tests.local.services.lattice_made import VPC, Made, forward

ErrorOf = Callable[..., tuple[str, str]]
STATEMENT = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "vpc-lattice-svcs:Invoke",
    "Resource": "*",
}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


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


def test_a_target_group_goes_after_its_targets(made: Made, error_of: ErrorOf) -> None:
    group = {"targetGroupIdentifier": made.group}
    targets = {**group, "targets": [{"id": "10.0.0.1"}]}
    made.client.register_targets(**targets)
    assert error_of(made.client.delete_target_group, **group)[0] == "ConflictException"
    assert made.client.list_targets(**group)["items"]
    made.client.deregister_targets(**targets)
    made.client.delete_target_group(**group)


def test_a_custom_domain_is_of_one_service_in_a_network(made: Made, error_of: ErrorOf) -> None:
    network = {"serviceNetworkIdentifier": made.network}
    first, second = (
        made.client.create_service(name=name, customDomainName="shop.example.com")["id"]
        for name in ("first", "second")
    )
    join = made.client.create_service_network_service_association
    kept = join(**network, serviceIdentifier=first)["id"]
    refused = error_of(join, **network, serviceIdentifier=second)
    assert refused[0] == "ConflictException"
    made.client.delete_service_network_service_association(
        serviceNetworkServiceAssociationIdentifier=kept
    )
    join(**network, serviceIdentifier=second)


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


def test_a_certificate_is_for_a_custom_domain_and_can_be_taken_away(
    cloud: Cloud, error_of: ErrorOf
) -> None:
    client = cloud("vpc-lattice")
    certificate = {"certificateArn": f"arn:aws:acm:{REGION}:{OWNER}:certificate/a"}
    named = {"name": "catalog", "customDomainName": "catalog.local"}

    assert error_of(client.create_service, name="other", **certificate)[0] == "ValidationException"
    service = {"serviceIdentifier": client.create_service(**named, **certificate)["id"]}
    assert client.get_service(**service)["certificateArn"] == certificate["certificateArn"]
    client.update_service(**service, certificateArn="")
    assert "certificateArn" not in client.get_service(**service)


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


def exceeding(made: Made) -> dict[str, Callable[[], Any]]:
    """Return, by the name of a quota, what would be one more than is there."""
    client, in_network = made.client, {"serviceNetworkIdentifier": made.network}
    group = {"targetGroupIdentifier": made.group}
    targets = [{"id": "10.0.0.1"}, {"id": "10.0.0.2"}]
    return {
        "Service networks per Region": lambda: client.create_service_network(name="other"),
        "Services per Region": lambda: client.create_service(name="other"),
        "Listeners per service": lambda: made.new_listener("other", port=81),
        "Rules per listener": lambda: [made.new_rule("one", 1), made.new_rule("two", 2)],
        "Target groups per Region": lambda: made.new_group("other"),
        "Target groups per service": lambda: made.new_rule(
            "rule", action=forward(made.group, made.new_group("other"))
        ),
        "Targets per target group": lambda: client.register_targets(**group, targets=targets),
        "Service associations per service network": lambda: [
            made.join(),
            client.create_service_network_service_association(
                **in_network, serviceIdentifier=client.create_service(name="other")["id"]
            ),
        ],
        "VPC associations per service network": lambda: [
            client.create_service_network_vpc_association(**in_network, vpcIdentifier=vpc)
            for vpc in ("vpc-00000001", "vpc-00000002")
        ],
    }


@pytest.mark.parametrize("quota", QUOTAS, ids=lambda quota: quota.name)
def test_every_quota_holds(made: Made, quota: Quota) -> None:
    lattice_of(OWNER, REGION).quotas[quota.code] = 1

    with pytest.raises(ClientError) as raised:
        exceeding(made)[quota.name]()

    answer = dict(raised.value.response)
    assert (answer["quotaCode"], answer["serviceCode"]) == (quota.code, "vpc-lattice")
    assert raised.value.response["Error"]["Code"] == "ServiceQuotaExceededException"
