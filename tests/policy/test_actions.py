"""The list of actions: against the models of the SDK, and what it says of a few."""

from __future__ import annotations

import botocore.session
import pytest

from meshkit.policy.actions import SERVICES, listed, prefixes, service
from meshkit.policy.actions.forms import can_be
from meshkit.topology.arn import MeshArns
from meshkit.topology.partition import partition_of
from tools.action_lists import SERVICES as SDK_NAMES

MESH = "arn:aws:appmesh:eu-west-1:222222222222:mesh/shop@111111111111"


@pytest.mark.parametrize("prefix", SERVICES)
def test_every_operation_of_the_sdk_is_an_action_or_known_to_be_unverified(prefix: str) -> None:
    sdk_name = SDK_NAMES[prefix]
    operations: set[str] = set()
    if sdk_name:
        model = botocore.session.get_session().get_service_model(sdk_name)
        operations = set(model.operation_names)

    assert {f"{prefix}:{name}" for name in operations} <= set(listed(prefix).names)


@pytest.mark.parametrize("prefix", SERVICES)
def test_what_is_unverified_is_no_action(prefix: str) -> None:
    of = listed(prefix)

    assert not {each.lower() for each in of.unverified} & set(of.actions)


def test_a_service_that_is_not_listed_is_told_from_one_that_is_none() -> None:
    assert service("s3") is None
    assert "s3" in prefixes()
    assert "appmehs" not in prefixes()


def test_a_route_is_made_on_itself_and_on_its_targets() -> None:
    action = listed("appmesh").actions["createroute"]

    assert [each.name for each in action.required] == ["route"]
    assert [each.name for each in action.optional] == ["virtualNode"]
    assert action.level == "Write"


def test_a_list_of_meshes_takes_no_resource() -> None:
    assert listed("appmesh").actions["listmeshes"].resources == ()


def test_wildcards_stand_for_actions_without_regard_to_case() -> None:
    of = listed("appmesh")

    assert {each.name for each in of.matching("updat?virtualn*")} == {"UpdateVirtualNode"}
    assert len(of.matching("*")) == len(of.actions)
    assert of.matching("UpdateNode") == ()


def test_every_arn_of_a_mesh_is_of_its_own_type_alone() -> None:
    arns = MeshArns(partition_of("eu-west-1"), "eu-west-1", "shop", "111111111111")
    made = {
        "mesh": arns.mesh_arn(),
        "virtualNode": arns.virtual_node("222222222222", "web"),
        "virtualService": arns.virtual_service("222222222222", "web.shop.local"),
        "virtualRouter": arns.virtual_router("222222222222", "web"),
        "route": arns.route("222222222222", "web", "all"),
        "virtualGateway": arns.virtual_gateway("111111111111", "in"),
        "gatewayRoute": arns.gateway_route("111111111111", "in", "all"),
    }
    types = listed("appmesh").resources

    found = {
        kind: [name for name, each in types.items() if can_be(arn, each.arn)]
        for kind, arn in made.items()
    }
    assert found == {kind: [kind] for kind in made}


@pytest.mark.parametrize(
    ("resource", "kinds"),
    [
        ("*", 7),
        (f"{MESH}/*", 6),
        (f"{MESH}/virtualRouter/*", 2),
        (f"{MESH}/virtualRouter/web/route/*", 1),
        (f"{MESH}/virtual?ode/web", 1),
        (f"{MESH}/virtualNode/${{aws:PrincipalTag/team}}", 1),
        ("arn:aws:appmesh:*:*:mesh/shop", 1),
        ("arn:aws:appmesh:*", 7),
        ("arn:aws:ecs:eu-west-1:111111111111:cluster/shop", 0),
        (f"{MESH}/virtualNode/", 0),
        ("", 0),
    ],
)
def test_a_pattern_can_be_of_each_type_that_it_covers_some_of(resource: str, kinds: int) -> None:
    types = listed("appmesh").resources.values()

    assert sum(can_be(resource, each.arn) for each in types) == kinds


@pytest.mark.parametrize(
    ("resource", "prefix", "kind", "fits"),
    [
        ("arn:aws:iam::111111111111:role/mesh/web", "iam", "role", True),
        ("arn:aws:iam::111111111111:role/web", "iam", "role", True),
        ("arn:aws:iam::111111111111:user/web", "iam", "role", False),
        (
            "arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EX",
            "iam",
            "oidc-provider",
            True,
        ),
        (
            "arn:aws:vpc-lattice:eu-west-1:111111111111:service/svc-1/a/b",
            "vpc-lattice-svcs",
            "Service",
            True,
        ),
        (
            "arn:aws:organizations::999999999999:ou/o-abc/ou-abcd-12345678",
            "organizations",
            "organizationalunit",
            True,
        ),
    ],
)
def test_a_path_may_have_slashes(resource: str, prefix: str, kind: str, fits: bool) -> None:
    assert can_be(resource, listed(prefix).resources[kind].arn) is fits
