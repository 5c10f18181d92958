from __future__ import annotations

from typing import Any

import pytest

from meshkit.graph import UNKNOWN, Secret
from meshkit.local.plugin.difference import difference, same
from meshkit.local.resources import TYPES
from tests.local.making import input_names

ROLE, NODE = TYPES["aws:iam/role:Role"], TYPES["aws:appmesh/virtualNode:VirtualNode"]

# What the Terraform AWS provider, on which pulumi_aws is built, marks ForceNew in the schemas of
# internal/service/{appmesh,iam,ram}; `region` does the same for every regional type.
REPLACING = {
    "aws:appmesh/mesh:Mesh": {"name"},
    "aws:appmesh/virtualNode:VirtualNode": {"meshName", "meshOwner", "name"},
    "aws:appmesh/virtualService:VirtualService": {"meshName", "meshOwner", "name"},
    "aws:appmesh/virtualRouter:VirtualRouter": {"meshName", "meshOwner", "name"},
    "aws:appmesh/virtualGateway:VirtualGateway": {"meshName", "meshOwner", "name"},
    "aws:appmesh/route:Route": {"meshName", "meshOwner", "name", "virtualRouterName"},
    "aws:appmesh/gatewayRoute:GatewayRoute": {
        "meshName",
        "meshOwner",
        "name",
        "virtualGatewayName",
    },
    "aws:iam/role:Role": {"name", "namePrefix", "path"},
    "aws:iam/policy:Policy": {"description", "name", "namePrefix", "path"},
    "aws:iam/rolePolicy:RolePolicy": {"name", "namePrefix", "role"},
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {"policyArn", "role"},
    "aws:iam/instanceProfile:InstanceProfile": {"name", "namePrefix", "path"},
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {"url"},
    "aws:ram/resourceShare:ResourceShare": {"permissionArns", "resourceShareConfiguration"},
    "aws:ram/resourceAssociation:ResourceAssociation": {"resourceArn", "resourceShareArn"},
    "aws:ram/principalAssociation:PrincipalAssociation": {"principal", "resourceShareArn"},
    "aws:ram/resourceShareAccepter:ResourceShareAccepter": {"shareArn"},
    "aws:vpclattice/serviceNetwork:ServiceNetwork": {"name"},
    "aws:vpclattice/service:Service": {"customDomainName", "name"},
    # The provider would move a listener to another service by an update that AWS refuses.
    "aws:vpclattice/listener:Listener": {
        "name",
        "port",
        "protocol",
        "serviceArn",
        "serviceIdentifier",
    },
    "aws:vpclattice/listenerRule:ListenerRule": {"listenerIdentifier", "name", "serviceIdentifier"},
    "aws:vpclattice/targetGroup:TargetGroup": {"name", "type"},  # and parts of `config`, see below
    "aws:vpclattice/targetGroupAttachment:TargetGroupAttachment": {
        "target",
        "targetGroupIdentifier",
    },
    "aws:vpclattice/serviceNetworkServiceAssociation:ServiceNetworkServiceAssociation": {
        "serviceIdentifier",
        "serviceNetworkIdentifier",
    },
    "aws:vpclattice/serviceNetworkVpcAssociation:ServiceNetworkVpcAssociation": {
        "serviceNetworkIdentifier",
        "vpcIdentifier",
    },
    "aws:vpclattice/authPolicy:AuthPolicy": set(),
    "aws:vpclattice/resourcePolicy:ResourcePolicy": {"resourceArn"},
    "aws:vpclattice/accessLogSubscription:AccessLogSubscription": {
        "destinationArn",
        "resourceIdentifier",
        "serviceNetworkLogType",
    },
}


@pytest.mark.parametrize("token", sorted(REPLACING))
def test_the_inputs_that_replace_are_those_of_the_official_provider(token: str) -> None:
    life = TYPES[token].life
    replacing = {name for name in input_names(token) if not life.updatable(name)}

    assert replacing - {"region"} == REPLACING[token]


def test_paths_lead_to_what_changed() -> None:
    old = {"spec": {"listeners": [{"port": 1}], "logging": {}}, "tags": {"a.b": "1", "gone": "x"}}
    new = {"spec": {"listeners": [{"port": 2}, {"port": 3}]}, "tags": {"a.b": "2"}}

    found = difference(NODE, old, new)

    assert found.changed == ("spec", "tags")
    assert found.paths == {
        "spec.listeners[0].port": "update",
        "spec.listeners[1]": "add",
        'tags["a.b"]': "update",
        "tags.gone": "delete",
    }


@pytest.mark.parametrize(
    ("new_name", "delete_first"), [("n", True), ("m", False)], ids=["same name", "new name"]
)
def test_the_old_one_goes_first_only_while_the_name_is_the_same(
    new_name: str, delete_first: bool
) -> None:
    old = {"name": "n", "meshName": "shop", "spec": {}}
    new = {"name": new_name, "meshName": "store", "spec": {}}

    assert difference(NODE, old, new).delete_first is delete_first


def test_what_is_left_to_aws_is_no_change() -> None:
    old = {"name": "n", "meshOwner": "111111111111"}

    assert difference(NODE, old, {"name": "n"}).changed == ()
    assert difference(NODE, old, {"name": "n", "meshOwner": "222222222222"}).replacing == (
        "meshOwner",
    )


@pytest.mark.parametrize(
    ("old", "new", "equal"),
    [
        ('{"a": [1, 2]}', '{ "a":[1,2] }', True),
        ('{"a": 1}', '{"a": 2}', False),
        ({"a": 1}, '{"a": 1}', True),
        ("{not json", "{not json", True),
        ({}, None, True),
        ([], None, True),
        ({"a": {}, "b": 1}, {"b": 1}, True),
        (8080, 8080.0, True),
        (False, None, False),
        ("", None, False),
        ([1], [1, 2], False),
        (Secret("x"), "x", True),
        (Secret("x"), Secret("y"), False),
        ("x", UNKNOWN, False),
    ],
)
def test_sameness_is_what_aws_would_see(old: Any, new: Any, equal: bool) -> None:
    assert same(old, new) is equal


def test_a_generated_name_is_told_from_a_given_one() -> None:
    urn = "urn:pulumi:s::p::aws:iam/role:Role::proxy"
    generated = ROLE.checked(urn, {}, b"seed")

    assert ROLE.autonamed(urn, generated)
    assert not ROLE.autonamed(urn, {"name": "proxy"})
    assert generated["name"] != ROLE.checked(urn, {}, b"other")["name"]


GROUP = TYPES["aws:vpclattice/targetGroup:TargetGroup"]
CONFIG = {"port": 80, "protocol": "HTTPS", "vpcIdentifier": "vpc-1", "protocolVersion": "HTTP1"}


@pytest.mark.parametrize(
    ("config", "changed", "replacing"),
    [
        ({**CONFIG, "port": 81}, True, True),
        ({**CONFIG, "protocol": "HTTP"}, True, True),
        ({**CONFIG, "protocolVersion": "GRPC"}, True, True),
        ({**CONFIG, "healthCheck": {"path": "/healthz"}}, True, False),
        # What is said anyway is no change.
        ({**CONFIG, "healthCheck": {"path": "/", "enabled": True}}, False, False),
        ({**CONFIG, "ipAddressType": "IPV4"}, False, False),
        ({name: CONFIG[name] for name in ("port", "protocol", "vpcIdentifier")}, False, False),
    ],
)
def test_of_a_target_group_only_the_health_check_changes_in_place(
    config: dict[str, Any], changed: bool, replacing: bool
) -> None:
    found = difference(GROUP, {"config": CONFIG}, {"config": config})

    assert (found.changed, found.replacing) == (
        ("config",) if changed else (),
        ("config",) if replacing else (),
    )


def test_tags_imply_nothing() -> None:
    assert difference(GROUP, {"tags": {"path": "/"}}, {"tags": {}}).changed == ("tags",)


def test_an_id_and_an_arn_that_ends_with_it_are_no_change() -> None:
    type_ = TYPES["aws:vpclattice/serviceNetworkVpcAssociation:ServiceNetworkVpcAssociation"]
    arn = {"serviceNetworkIdentifier": "arn:aws:vpc-lattice:r:1:servicenetwork/sn-1"}

    assert difference(type_, arn, {"serviceNetworkIdentifier": "sn-1"}).changed == ()
    assert difference(type_, arn, {"serviceNetworkIdentifier": "sn-2"}).replacing
