"""Listeners, rules, target groups and targets of VPC Lattice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.local.services.conftest import Cloud
from tests.local.services.lattice_made import CONFIG, NOTHING, PATH, VPC, Made, forward

ErrorOf = Callable[..., tuple[str, str]]


@pytest.fixture
def made(cloud: Cloud) -> Made:
    return Made(cloud)


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
