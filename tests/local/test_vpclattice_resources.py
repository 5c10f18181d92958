"""Types and look-ups of VPC Lattice, where they are more than a call by names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from meshkit.local.providers import Provider
from meshkit.local.resources.model import Aws, RefusedError
from tests.local.making import CONSUMER, OWNER, REGION, invoke, make

if TYPE_CHECKING:
    from meshkit.local.cloud import Cloud

TYPE = "aws:vpclattice/"
NOTHING = {"fixedResponse": {"statusCode": 404}}
ANYBODY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "vpc-lattice-svcs:Invoke",
            "Resource": "*",
        }
    ],
}


def listener(aws: Aws, **inputs: Any) -> Any:
    service = make(aws, f"{TYPE}service:Service", name="catalog").outputs["arn"]
    return make(
        aws,
        f"{TYPE}listener:Listener",
        name="http",
        protocol="HTTP",
        serviceArn=service,
        defaultAction=NOTHING,
        **inputs,
    )


def rule(aws: Aws, **match: Any) -> dict[str, Any]:
    """Return the match of a rule as AWS has it."""
    made = listener(aws).outputs
    names = {name: made[name] for name in ("serviceIdentifier", "listenerId")}
    created = make(
        aws,
        f"{TYPE}listenerRule:ListenerRule",
        name="rule",
        priority=1,
        serviceIdentifier=names["serviceIdentifier"],
        listenerIdentifier=names["listenerId"],
        match={"httpMatch": match},
        action=NOTHING,
    )
    found = aws.client("vpc-lattice").get_rule(
        serviceIdentifier=names["serviceIdentifier"],
        listenerIdentifier=names["listenerId"],
        ruleIdentifier=created.outputs["ruleId"],
    )
    return dict(found["match"]["httpMatch"])


def test_a_service_has_its_dns_name_as_a_list(aws: Aws) -> None:
    (entry,) = make(aws, f"{TYPE}service:Service", name="catalog").outputs["dnsEntries"]

    assert entry["domainName"].startswith("catalog-0")
    assert entry["domainName"].endswith(f".vpc-lattice-svcs.{REGION}.on.aws")


def test_a_listener_by_the_arn_of_its_service_tells_ids_and_the_default_port(aws: Aws) -> None:
    made = listener(aws)

    assert made.id == f"{made.outputs['serviceIdentifier']}/{made.outputs['listenerId']}"
    assert made.outputs["serviceIdentifier"].startswith("svc-")
    assert made.outputs["port"] == 80


def test_case_does_not_count_where_a_rule_says_nothing(aws: Aws) -> None:
    path, header = {"match": {"prefix": "/x"}}, {"name": "h", "match": {"exact": "1"}}
    http = rule(aws, pathMatch=path, headerMatches=[header])

    assert http["pathMatch"]["caseSensitive"] is False
    assert http["headerMatches"][0]["caseSensitive"] is False


def test_case_counts_where_a_rule_says_so(aws: Aws) -> None:
    http = rule(aws, pathMatch={"match": {"prefix": "/x"}, "caseSensitive": True})

    assert http["pathMatch"]["caseSensitive"] is True


def test_a_target_without_a_port_gets_the_one_of_its_group(aws: Aws) -> None:
    config = {"port": 8080, "protocol": "HTTP", "vpcIdentifier": "vpc-01234567"}
    group = make(aws, f"{TYPE}targetGroup:TargetGroup", name="group", type="IP", config=config)
    made = make(
        aws,
        f"{TYPE}targetGroupAttachment:TargetGroupAttachment",
        targetGroupIdentifier=group.id,
        target={"id": "10.0.0.1"},
    )

    assert made.outputs["target"] == {"id": "10.0.0.1", "port": 8080}
    assert made.id == f"{group.id}/10.0.0.1/8080"


def test_look_ups_find_what_exists(aws: Aws) -> None:
    network = make(aws, f"{TYPE}serviceNetwork:ServiceNetwork", name="shop", tags={"a": "1"})
    made = listener(aws)
    service = made.outputs["serviceIdentifier"]
    make(
        aws,
        f"{TYPE}serviceNetworkServiceAssociation:ServiceNetworkServiceAssociation",
        serviceIdentifier=service,
        serviceNetworkIdentifier=network.id,
    )
    policy = json.dumps(ANYBODY)
    arn = network.outputs["arn"]
    make(aws, f"{TYPE}authPolicy:AuthPolicy", resourceIdentifier=arn, policy=policy)
    make(aws, f"{TYPE}resourcePolicy:ResourcePolicy", resourceArn=arn, policy=policy)

    found = invoke(aws, "getServiceNetwork", serviceNetworkIdentifier=network.id)
    by_name = invoke(aws, "getService", name="catalog")
    of_listener = invoke(
        aws,
        "getListener",
        serviceIdentifier=service,
        listenerIdentifier=made.outputs["listenerId"],
    )
    items = invoke(
        aws, "getServiceNetworkServiceAssociations", serviceNetworkIdentifier=network.id
    )["items"]

    assert (found["arn"], found["tags"]) == (arn, {"a": "1"})
    assert found["numberOfAssociatedServices"] == 1
    assert by_name == invoke(aws, "getService", serviceIdentifier=service)
    assert of_listener["defaultActions"][0]["fixedResponses"] == [{"statusCode": 404}]
    assert [each["serviceId"] for each in items] == [service]
    assert items[0]["dnsEntries"] == by_name["dnsEntries"]
    assert invoke(aws, "getAuthPolicy", resourceIdentifier=arn)["state"] == "Inactive"
    assert json.loads(invoke(aws, "getResourcePolicy", resourceArn=arn)["policy"]) == ANYBODY
    with pytest.raises(RefusedError, match="0 services have the name 'none'"):
        invoke(aws, "getService", name="none")


def test_a_shared_network_is_looked_up_without_its_tags(aws: Aws, cloud: Cloud) -> None:
    network = make(aws, f"{TYPE}serviceNetwork:ServiceNetwork", name="shop", tags={"a": "1"})
    arn = network.outputs["arn"]
    share = make(aws, "aws:ram/resourceShare:ResourceShare", name="s", allowExternalPrincipals=True)
    here = {"resourceShareArn": share.id}
    make(aws, "aws:ram/resourceAssociation:ResourceAssociation", resourceArn=arn, **here)
    make(aws, "aws:ram/principalAssociation:PrincipalAssociation", principal=CONSUMER, **here)
    consumer = Provider(CONSUMER, REGION).aws(cloud)
    make(consumer, "aws:ram/resourceShareAccepter:ResourceShareAccepter", shareArn=share.id)

    found = invoke(consumer, "getServiceNetwork", serviceNetworkIdentifier=arn)

    assert found["arn"] == arn
    assert OWNER in arn
    assert found["tags"] == {}
