"""Who may do what with VPC Lattice across accounts, row by row.

Sources: VPC Lattice user guide, "Share your VPC Lattice entities"; API reference,
CreateServiceNetworkServiceAssociation and CreateServiceNetworkVpcAssociation.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from moto import mock_aws

from meshkit.local.services.vpclattice.backend import backend as lattice_of
from tests.local.services.conftest import CONSUMER, OWNER, REGION, STRANGER, Cloud

EX_CONSUMER = "444444444444"
ACTORS = {"owner": OWNER, "consumer": CONSUMER, "stranger": STRANGER, "ex-consumer": EX_CONSUMER}
OUTCOMES = {
    "Y": None,
    "N": "AccessDeniedException",
    "-": "ResourceNotFoundException",  # an id means one of the caller's own
    "C": "ConflictException",  # allowed, but in use
}
Params = dict[str, Any]
GROUP = {"securityGroupIds": ["sg-0123456789abcdef0"]}
NOTHING = {"fixedResponse": {"statusCode": 404}}
PATH = {"httpMatch": {"pathMatch": {"match": {"prefix": "/x"}}}}
ANYBODY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "vpc-lattice:GetServiceNetwork",
                "Resource": "*",
            }
        ],
    }
)


class Row(NamedTuple):
    """What is asked, and how it ends for each of the ACTORS."""

    operation: str
    params: Params
    outcomes: str


NETWORK = {"serviceNetworkIdentifier": "{network}"}
SERVICE = {"serviceIdentifier": "{service}"}
OWN_SERVICE = {"serviceIdentifier": "{own_service}"}
LISTENER = SERVICE | {"listenerIdentifier": "{listener}"}
TARGETS = {"targetGroupIdentifier": "{group}", "targets": [{"id": "10.0.0.1"}]}
ROWS = [
    # A service network that is shared: seen and joined.
    Row("get_service_network", NETWORK, "YYNN"),
    Row("get_service_network", {"serviceNetworkIdentifier": "{network_id}"}, "Y---"),
    Row("create_service_network_vpc_association", NETWORK | {"vpcIdentifier": "{vpc}"}, "YYNN"),
    Row("create_service_network_service_association", NETWORK | OWN_SERVICE, "YYNN"),
    # Everything else is its owner's.
    Row("update_service_network", NETWORK | {"authType": "AWS_IAM"}, "YNNN"),
    Row("delete_service_network", NETWORK, "CNNN"),
    Row("put_auth_policy", {"resourceIdentifier": "{network}", "policy": ANYBODY}, "YNNN"),
    Row("get_auth_policy", {"resourceIdentifier": "{network}"}, "YNNN"),
    Row("delete_auth_policy", {"resourceIdentifier": "{network}"}, "YNNN"),
    Row("put_resource_policy", {"resourceArn": "{network}", "policy": ANYBODY}, "YNNN"),
    Row(
        "create_access_log_subscription",
        {"resourceIdentifier": "{network}", "destinationArn": "arn:aws:s3:::access-logs"},
        "YNNN",
    ),
    Row("list_tags_for_resource", {"resourceArn": "{network}"}, "YNNN"),
    Row("tag_resource", {"resourceArn": "{network}", "tags": {"a": "b"}}, "YNNN"),
    # A service that is shared: seen, and put into a network of one's own. Nobody joins what both
    # belong to others.
    Row("get_service", SERVICE, "YYNN"),
    Row("create_service_network_service_association", NETWORK | SERVICE, "YNNN"),
    Row(
        "create_service_network_service_association",
        SERVICE | {"serviceNetworkIdentifier": "{own_network}"},
        "YYNN",
    ),
    Row("update_service", SERVICE | {"authType": "AWS_IAM"}, "YNNN"),
    Row("delete_service", SERVICE, "YNNN"),
    Row(
        "create_listener",
        SERVICE | {"name": "new", "port": 81, "protocol": "HTTP", "defaultAction": NOTHING},
        "YNNN",
    ),
    Row("get_listener", LISTENER, "YNNN"),
    Row("list_listeners", SERVICE, "YNNN"),
    Row("update_listener", LISTENER | {"defaultAction": NOTHING}, "YNNN"),
    Row(
        "create_rule",
        LISTENER | {"name": "second", "priority": 2, "match": PATH, "action": NOTHING},
        "YNNN",
    ),
    Row("delete_listener", LISTENER, "YNNN"),
    # Target groups can't be shared.
    Row("get_target_group", {"targetGroupIdentifier": "{group}"}, "YNNN"),
    Row("register_targets", TARGETS, "YNNN"),
    Row("delete_target_group", {"targetGroupIdentifier": "{group}"}, "YNNN"),
    # Associations: theirs who created them and theirs to whom one side belongs, also when it is
    # shared no more. Who created one of a VPC alone changes it.
    *(
        Row(f"{verb}_service_network_{kind}_association", {member: f"{{{whose}_{kind}}}"}, outcomes)
        for kind, member in (
            ("vpc", "serviceNetworkVpcAssociationIdentifier"),
            ("service", "serviceNetworkServiceAssociationIdentifier"),
        )
        for verb in ("get", "delete")
        for whose, outcomes in (("owner", "Y---"), ("consumer", "YY--"), ("ex", "Y--Y"))
    ),
    *(
        Row(
            "update_service_network_vpc_association",
            {"serviceNetworkVpcAssociationIdentifier": f"{{{whose}_vpc}}"} | GROUP,
            outcomes,
        )
        for whose, outcomes in (("owner", "Y---"), ("consumer", "NY--"), ("ex", "N--Y"))
    ),
]


class World(NamedTuple):
    """The local cloud and what is in it, by account where each has its own."""

    cloud: Cloud
    known: dict[str, str]
    own: dict[str, dict[str, str]]


def share(cloud: Cloud, *arns: str) -> str:
    """Share with consumer and ex-consumer; return the share's ARN."""
    both = [CONSUMER, EX_CONSUMER]
    made = cloud("ram").create_resource_share(name="s", resourceArns=arns, principals=both)
    for account in both:
        ram = cloud("ram", account)
        (invitation,) = ram.get_resource_share_invitations()["resourceShareInvitations"]
        arn = invitation["resourceShareInvitationArn"]
        ram.accept_resource_share_invitation(resourceShareInvitationArn=arn)
    return str(made["resourceShare"]["resourceShareArn"])


def build(cloud: Cloud) -> World:
    owner = cloud("vpc-lattice")
    network = owner.create_service_network(name="shop")
    service = owner.create_service(name="catalog")
    listener = owner.create_listener(
        serviceIdentifier=service["id"], name="http", protocol="HTTP", defaultAction=NOTHING
    )
    group = owner.create_target_group(
        name="group",
        type="IP",
        config={"protocol": "HTTP", "vpcIdentifier": "vpc-00000001"},
    )
    owner.put_auth_policy(resourceIdentifier=network["arn"], policy=ANYBODY)
    known = {
        "network": network["arn"],
        "network_id": network["id"],
        "service": service["arn"],
        "listener": listener["arn"],
        "group": group["arn"],
    }
    share_arn = share(cloud, network["arn"], service["arn"])
    own: dict[str, dict[str, str]] = {}
    for number, (actor, account) in enumerate(ACTORS.items()):
        client = cloud("vpc-lattice", account)
        own[account] = {
            "vpc": f"vpc-1000000{number}",
            "own_service": client.create_service(name="own")["arn"],
            "own_network": client.create_service_network(name="own")["arn"],
        }
        if account != STRANGER:
            known |= join(client, actor.partition("-")[0], network["arn"], f"vpc-2000000{number}")
    cloud("ram").disassociate_resource_share(resourceShareArn=share_arn, principals=[EX_CONSUMER])
    return World(cloud, known, own)


def join(client: Any, whose: str, network: str, vpc: str) -> dict[str, str]:
    """Put a VPC and a service of an account into the shared network."""
    service = client.create_service(name="joined")["id"]
    of_vpc = client.create_service_network_vpc_association(
        serviceNetworkIdentifier=network, vpcIdentifier=vpc, **GROUP
    )
    of_service = client.create_service_network_service_association(
        serviceNetworkIdentifier=network, serviceIdentifier=service
    )
    return {f"{whose}_vpc": of_vpc["id"], f"{whose}_service": of_service["id"]}


@pytest.fixture(scope="module")
def built() -> Iterator[World]:
    with mock_aws():
        yield build(Cloud())


@pytest.fixture
def world(built: World) -> Iterator[World]:
    """The same for each test, whatever the one before changed."""
    backends = [lattice_of(account, REGION) for account in ACTORS.values()]
    saved = [copy.deepcopy((each.resources, each.targets)) for each in backends]
    yield built
    for each, (resources, targets) in zip(backends, saved, strict=True):
        each.resources, each.targets = resources, targets


CASES = [
    pytest.param(row, actor, OUTCOMES[letter], id=f"{row.operation}-{number}-{actor}")
    for number, row in enumerate(ROWS)
    for actor, letter in zip(ACTORS, row.outcomes, strict=True)
]


@pytest.mark.parametrize(("row", "actor", "code"), CASES)
def test_right(
    world: World,
    error_of: Callable[..., tuple[str, str]],
    row: Row,
    actor: str,
    code: str | None,
) -> None:
    account = ACTORS[actor]
    known = world.known | world.own[account]
    params = {
        name: known[value[1:-1]] if str(value)[1:-1] in known else value
        for name, value in row.params.items()
    }
    run = getattr(world.cloud("vpc-lattice", account), row.operation)
    if code is None:
        run(**params)
    else:
        assert error_of(run, **params)[0] == code


@pytest.mark.parametrize(
    ("actor", "networks", "services"),
    [("owner", 2, 3), ("consumer", 2, 3), ("stranger", 1, 1), ("ex-consumer", 1, 2)],
)
def test_who_sees_what_in_a_list(world: World, actor: str, networks: int, services: int) -> None:
    client = world.cloud("vpc-lattice", ACTORS[actor])

    assert len(client.list_service_networks()["items"]) == networks
    assert len(client.list_services()["items"]) == services


@pytest.mark.parametrize(
    ("actor", "count"), [("owner", 3), ("consumer", 1), ("stranger", 0), ("ex-consumer", 1)]
)
def test_who_sees_which_associations_of_the_network(world: World, actor: str, count: int) -> None:
    client = world.cloud("vpc-lattice", ACTORS[actor])
    network = {"serviceNetworkIdentifier": world.known["network"]}

    assert len(client.list_service_network_service_associations(**network)["items"]) == count
    assert len(client.list_service_network_vpc_associations(**network)["items"]) == count


def test_an_association_has_an_arn_in_each_account_that_has_it(world: World) -> None:
    name = {"serviceNetworkVpcAssociationIdentifier": world.known["consumer_vpc"]}
    arns = [
        world.cloud("vpc-lattice", account).get_service_network_vpc_association(**name)["arn"]
        for account in (OWNER, CONSUMER)
    ]

    assert [arn.split(":")[4] for arn in arns] == [OWNER, CONSUMER]
    assert len({arn.rpartition("/")[2] for arn in arns}) == 1


def test_a_network_stays_in_use_by_those_who_lost_the_share(
    world: World, error_of: Callable[..., tuple[str, str]]
) -> None:
    owner = world.cloud("vpc-lattice")
    for whose in ("owner", "consumer"):
        for kind, member in (("vpc", "Vpc"), ("service", "Service")):
            name = {f"serviceNetwork{member}AssociationIdentifier": world.known[f"{whose}_{kind}"]}
            getattr(owner, f"delete_service_network_{kind}_association")(**name)

    network = {"serviceNetworkIdentifier": world.known["network"]}
    assert error_of(owner.delete_service_network, **network)[0] == "ConflictException"


def test_a_resource_policy_lets_in_as_a_share_does(world: World) -> None:
    network = world.known["network"]
    policy = json.loads(ANYBODY)
    policy["Statement"][0]["Principal"] = {"AWS": STRANGER}
    owner = world.cloud("vpc-lattice")
    owner.put_resource_policy(resourceArn=network, policy=json.dumps(policy))
    stranger = world.cloud("vpc-lattice", STRANGER)

    assert stranger.get_service_network(serviceNetworkIdentifier=network)["name"] == "shop"
    owner.delete_resource_policy(resourceArn=network)
    with pytest.raises(stranger.exceptions.AccessDeniedException):
        stranger.get_service_network(serviceNetworkIdentifier=network)
