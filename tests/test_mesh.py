"""The whole file as one component."""

from __future__ import annotations

import gc
import json
import re
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi.runtime import set_all_config

from meshkit import ConfigError, MeshkitError, SharedMesh, UnreadableError
from meshkit.graph import STACK_TYPE, UNKNOWN, Secret, reveal
from tests.programs import run_program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from meshkit.graph import Graph, Resource

NODE = "aws:appmesh/virtualNode:VirtualNode"
SERVICE = "aws:appmesh/virtualService:VirtualService"
PROVIDER = "pulumi:providers:aws"
LISTENERS = [{"port": 8080, "protocol": "http"}]


def node(name: str, **fields: Any) -> dict[str, Any]:
    return {"listeners": LISTENERS, "service_discovery": {"dns": f"{name}.local"}, **fields}


def mesh_file(**sections: Any) -> dict[str, Any]:
    """Two accounts and everything a mesh has; a consumer's route leads to an owner's node."""
    return {
        "name": "shop",
        "region": "eu-west-1",
        "owner": "network",
        "organization": {
            "id": "o-exampleorg1",
            "management_account": "999999999999",
            "sharing_enabled": True,
        },
        "accounts": {
            "network": {"id": "111111111111"},
            "orders": {"id": "222222222222", "assume_role": {"name": "team/deployer"}},
        },
        "share": {"principals": ["orders"]},
        "tags": {"mesh": "shop"},
        "nodes": {
            "web": node("web", backends=["api.local"]),
            "api": node("api", account="orders", backends=["web.local"]),
        },
        "routers": {
            "api": {
                "account": "orders",
                "listeners": LISTENERS,
                "routes": {
                    "all": {"http": {"match": {"prefix": "/"}, "targets": {"api": 50, "web": 50}}}
                },
            }
        },
        "services": {"web.local": {"node": "web"}, "api.local": {"router": "api"}},
        "gateways": {
            "in": {
                "listeners": LISTENERS,
                "routes": {"web": {"http": {"match": {"prefix": "/"}, "service": "web.local"}}},
            }
        },
        **sections,
    }


def deployed(**sections: Any) -> Graph:
    return run_program(lambda: SharedMesh("shop", mesh_file(**sections)))


def named(graph: Graph, type_: str, name: str) -> Resource:
    (resource,) = (each for each in graph.of_type(type_) if each.name == name)
    return resource


def depends(graph: Graph, resource: Resource) -> set[str]:
    return {f"{graph[urn].type.rpartition(':')[2]} {graph[urn].name}" for urn in
            resource.dependencies}  # fmt: skip


@pytest.fixture
def stack_config() -> Iterator[None]:
    yield
    set_all_config({})


def test_everything_is_registered_directly_below_the_component() -> None:
    graph = deployed()

    (component,) = graph.of_type("meshkit:index:SharedMesh")
    below = [
        f"{each.type.rpartition(':')[2]} {each.name}" for each in graph.children(component.urn)
    ]
    assert sorted(below) == [
        "GatewayRoute shop-gateway-route-in.web",
        "Mesh shop",
        "PrincipalAssociation shop-share-222222222222",
        "ResourceAssociation shop-share",
        "ResourceShare shop-share",
        "Role shop-gateway-in",
        "Role shop-node-api",
        "Role shop-node-web",
        "RolePolicy shop-gateway-in",
        "RolePolicy shop-node-api",
        "RolePolicy shop-node-web",
        "Route shop-route-api.all",
        "VirtualGateway shop-gateway-in",
        "VirtualNode shop-node-api",
        "VirtualNode shop-node-web",
        "VirtualRouter shop-router-api",
        "VirtualService shop-service-api.local",
        "VirtualService shop-service-web.local",
        "aws shop-orders",
    ]


def test_a_plain_node_costs_three_resources() -> None:
    one, two = deployed(), deployed(nodes={**mesh_file()["nodes"], "more": node("more")})

    assert len(two) - len(one) == 3


def test_adding_a_node_leaves_every_other_resource_as_it_is() -> None:
    one = deployed()
    nodes = {"first": node("first"), **mesh_file()["nodes"]}
    two = deployed(nodes=nodes)

    for resource in one:
        assert two[resource.urn].inputs == resource.inputs


def test_each_account_works_through_its_own_provider() -> None:
    graph = deployed()

    (provider,) = graph.of_type(PROVIDER)
    assert provider.inputs["region"] == "eu-west-1"
    assert json.loads(provider.inputs["allowedAccountIds"]) == ["222222222222"]
    assert json.loads(provider.inputs["assumeRoles"]) == [
        {"roleArn": "arn:aws:iam::222222222222:role/team/deployer"}
    ]
    ours = {each.name for each in graph if each.provider == provider.urn}
    assert ours == {
        "shop-node-api",
        "shop-router-api",
        "shop-route-api.all",
        "shop-service-api.local",
    }


def test_an_external_id_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_ID", "hunter2")
    role = {"arn": "arn:aws:iam::222222222222:role/d", "external_id": "${env.ORDERS_ID}",
            "session_name": "mesh", "duration": "30m"}  # fmt: skip
    accounts = {"network": {"id": "111111111111"},
                "orders": {"id": "222222222222", "assume_role": role}}  # fmt: skip

    (provider,) = deployed(accounts=accounts).of_type(PROVIDER)

    assert isinstance(provider.inputs["assumeRoles"], Secret)
    assert json.loads(reveal(provider.inputs["assumeRoles"])) == [
        {
            "roleArn": "arn:aws:iam::222222222222:role/d",
            "externalId": "hunter2",
            "sessionName": "mesh",
            "duration": "30m",
        }
    ]


def test_a_provider_handed_in_is_used_as_it_is() -> None:
    def program() -> None:
        orders = aws.Provider("theirs", region="eu-west-1")
        mesh = SharedMesh("shop", mesh_file(), providers={"orders": orders})
        assert mesh.providers["orders"] is orders

    graph = run_program(program)

    (provider,) = graph.of_type(PROVIDER)
    assert provider.name == "theirs"
    assert named(graph, NODE, "shop-node-api").provider == provider.urn


def test_the_owner_takes_the_caller_s_provider() -> None:
    def program() -> None:
        mine = aws.Provider("mine", region="eu-west-1")
        SharedMesh("shop", mesh_file(), opts=pulumi.ResourceOptions(provider=mine))

    graph = run_program(program)

    mine = named(graph, PROVIDER, "mine")
    orders = named(graph, PROVIDER, "shop-orders")
    assert named(graph, NODE, "shop-node-web").provider == mine.urn
    assert named(graph, NODE, "shop-node-api").provider == orders.urn


def test_only_a_consumer_names_the_mesh_owner() -> None:
    graph = deployed()

    for resource in graph:
        if "meshName" in resource.inputs:
            consumer = resource.provider is not None
            assert resource.inputs.get("meshOwner") == ("111111111111" if consumer else None)
            assert resource.inputs["region"] == "eu-west-1"


def test_everything_that_takes_tags_has_them() -> None:
    untaggable = {PROVIDER, STACK_TYPE, "meshkit:index:SharedMesh",
                  "aws:iam/rolePolicy:RolePolicy",
                  "aws:ram/resourceAssociation:ResourceAssociation",
                  "aws:ram/principalAssociation:PrincipalAssociation"}  # fmt: skip

    untagged = [
        each.name
        for each in deployed()
        if each.type not in untaggable and each.inputs.get("tags") != {"mesh": "shop"}
    ]

    assert untagged == []


def test_order_is_what_app_mesh_and_ram_ask_for_and_no_more() -> None:
    graph = deployed()

    let_in = {"ResourceAssociation shop-share", "PrincipalAssociation shop-share-222222222222"}
    expected = {
        (NODE, "shop-node-web"): {"Mesh shop"},
        (NODE, "shop-node-api"): let_in,
        ("aws:appmesh/virtualRouter:VirtualRouter", "shop-router-api"): let_in,
        ("aws:appmesh/route:Route", "shop-route-api.all"): {
            "VirtualRouter shop-router-api",
            "VirtualNode shop-node-api",
            "VirtualNode shop-node-web",
        },
        (SERVICE, "shop-service-web.local"): {"Mesh shop", "VirtualNode shop-node-web"},
        (SERVICE, "shop-service-api.local"): {"VirtualRouter shop-router-api", *let_in},
        ("aws:appmesh/gatewayRoute:GatewayRoute", "shop-gateway-route-in.web"): {
            "VirtualGateway shop-gateway-in",
            "VirtualService shop-service-web.local",
        },
        ("aws:iam/role:Role", "shop-node-api"): set(),
    }
    for (type_, name), others in expected.items():
        assert depends(graph, named(graph, type_, name)) == others


def test_an_organization_lets_its_accounts_in() -> None:
    organization = "arn:aws:organizations::999999999999:organization/o-exampleorg1"
    graph = deployed(share={"principals": [organization]})

    assert depends(graph, named(graph, NODE, "shop-node-api")) == {
        "ResourceAssociation shop-share",
        "PrincipalAssociation shop-share-999999999999:organization/o-exampleorg1",
    }


def test_late_principals_with_one_variable_are_all_let_in() -> None:
    unit = "arn:aws:organizations::999999999999:ou/o-exampleorg1/"
    sections = {"share": {"principals": ["orders", unit + "${var.id}", "${var.id}"]}}

    def program() -> None:
        late = pulumi.Output.from_input("ou-1")
        SharedMesh("shop", mesh_file(**sections), values={"id": late})

    made = run_program(program).of_type("aws:ram/principalAssociation:PrincipalAssociation")
    assert {each.name: each.inputs["principal"] for each in made} == {
        "shop-share-222222222222": "222222222222",
        "shop-share-999999999999:ou/o-exampleorg1/id": unit + "ou-1",
        "shop-share-id": "ou-1",
    }


def test_late_principals_without_names_of_their_own_are_told() -> None:
    def program() -> None:
        principals = ["orders", *(pulumi.Output.from_input(each) for each in "ab")]
        SharedMesh("shop", mesh_file(share={"principals": principals}))

    with pytest.raises(MeshkitError, match='two values are named "output"'):
        run_program(program)


def test_an_existing_mesh_and_share_are_built_upon() -> None:
    graph = deployed(
        mesh={"arn": "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop"},
        share={
            "arn": "arn:aws:ram:eu-west-1:111111111111:resource-share/1",
            "principals": ["orders"],
        },
    )

    assert graph.of_type("aws:appmesh/mesh:Mesh") == ()
    assert graph.of_type("aws:ram/resourceShare:ResourceShare") == ()
    assert named(graph, NODE, "shop-node-web").inputs["meshName"] == "shop"


def test_mesh_and_share_are_protected_when_the_file_says_so() -> None:
    graph = deployed(mesh={"protect": True}, share={"principals": ["orders"], "protect": True})

    assert {each.type.rpartition(":")[2] for each in graph if each.protect} == {
        "Mesh",
        "ResourceShare",
        "ResourceAssociation",
    }


def test_a_preview_knows_every_spec_and_every_arn() -> None:
    graph = run_program(lambda: SharedMesh("shop", mesh_file()), preview=True)

    (component,) = graph.of_type("meshkit:index:SharedMesh")
    consumer = "arn:aws:appmesh:eu-west-1:222222222222:mesh/shop@111111111111/virtualNode/api"
    assert component.outputs["nodes"]["api"]["arn"] == consumer
    assert component.outputs["nodes"]["api"]["roleArn"].startswith(
        "arn:aws:iam::222222222222:role/"
    )
    assert component.outputs["meshArn"] == "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop"
    for each in graph.of_type(NODE):
        assert UNKNOWN not in each.inputs.values()


def test_a_late_value_reaches_its_place_and_is_checked_first() -> None:
    nodes = {
        "web": node("web", listeners=[{**LISTENERS[0], "tls": {
            "mode": "STRICT", "certificate": {"acm": "${var.certificate}"}}}])
    }  # fmt: skip
    sections = {"nodes": nodes, "routers": {}, "services": {}, "gateways": {}, "share": None}

    def program(arn: str) -> Graph:
        def run() -> None:
            late = pulumi.Output.from_input(arn)
            SharedMesh("shop", mesh_file(**sections), values={"certificate": late})

        return run_program(run)

    right = "arn:aws:acm:eu-west-1:111111111111:certificate/1"
    (web,) = program(right).of_type(NODE)
    assert web.inputs["spec"]["listeners"][0]["tls"]["certificate"]["acm"] == {
        "certificateArn": right
    }
    with pytest.raises(MeshkitError, match=r"certificate}: .* is of account 333333333333"):
        program("arn:aws:acm:eu-west-1:333333333333:certificate/1")


FOREIGN = "arn:aws:iam::333333333333"
POD = {"type": "eks", "cluster": "main", "namespace": "shop", "service_account": "web"}


@pytest.mark.parametrize(
    ("cluster", "proxy", "late"),
    [
        ({"oidc_issuer": "${var.late}"}, {"workload": POD}, "*"),
        ({"oidc_issuer": "${var.late}"}, {"workload": POD}, "https://oidc.eks/id/A/"),
        ({"oidc_issuer": "${var.late}"}, {"workload": POD}, ""),
        ({"oidc_provider": {"arn": "${var.late}"}}, {"workload": POD}, "*"),
        (
            {"oidc_provider": {"arn": "${var.late}"}},
            {"workload": POD},
            f"{FOREIGN}:oidc-provider/a",
        ),
        (
            {"oidc_provider": {"arn": "${var.late}"}},
            {"workload": POD},
            "arn:aws:iam::111111111111:oidc-provider/another.issuer",
        ),
        ({}, {"role": {"arn": "${var.late}", "attach": True}}, f"{FOREIGN}:role/theirs"),
        ({}, {"role": {"permissions_boundary": "${var.late}"}}, f"{FOREIGN}:policy/theirs"),
        ({}, {"role": {"managed_policies": ["${var.late}"]}}, f"{FOREIGN}:policy/theirs"),
    ],
)
def test_what_a_role_is_made_from_is_checked_when_it_comes_late(
    cluster: dict[str, Any], proxy: dict[str, Any], late: str
) -> None:
    sections = {
        "clusters": {"main": {"oidc_issuer": "https://oidc.eks/id/A", **cluster}},
        "nodes": {"web": {**node("web"), **proxy}},
        **{key: {} for key in ("routers", "services", "gateways")},
        "share": None,
    }
    registered = []

    def run() -> None:
        value = pulumi.Output.from_input(late)
        made = SharedMesh("shop", mesh_file(**sections), values={"late": value})
        registered.append(made)

    with pytest.raises(MeshkitError, match=r"\$\{var.late\}: "):
        run_program(run)
    assert registered, "the value is told as it comes, not before"


def refused(error: type[MeshkitError], config: Any = None, **options: Any) -> str:
    """The message of a refusal before which nothing was registered."""
    messages = []

    def program() -> None:
        with pytest.raises(error) as caught:
            SharedMesh("shop", config, **options)
        messages.append(str(caught.value))

    assert [each.type for each in run_program(program)] == [STACK_TYPE]
    return messages[0]


def test_every_fault_of_the_file_is_told_and_nothing_is_registered() -> None:
    config = mesh_file(services={"web.local": {"node": "wed"}, "api.local": {"router": "ap"}})

    message = refused(ConfigError, config)

    assert '"wed"' in message
    assert '"ap"' in message


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "can't be read" in refused(UnreadableError, str(tmp_path / "mesh.yaml"))


LONG = {"actions": "s3:GetObject", "resources": [f"arn:aws:s3:::{'x' * 60}{n}" for n in range(999)]}


@pytest.mark.parametrize(
    ("proxy", "message"),
    [
        ({"role": {"statements": [LONG]}}, "web.role: MK723 the role needs .* managed policies"),
        (
            {"role": {"statements": [
                {"sid": "ReadOwnConfiguration", "actions": "s3:GetObject", "resources": "*"}]}},
            'web.role: MK723 two statements of one policy have the Sid "ReadOwnConfiguration"',
        ),
    ],
)  # fmt: skip
def test_a_role_that_can_t_be_written_registers_nothing(
    proxy: dict[str, Any], message: str
) -> None:
    nodes = {"web": node("web", **proxy)}
    sections = {"nodes": nodes, "routers": {}, "services": {}, "gateways": {}}

    assert re.search(message, refused(MeshkitError, mesh_file(**sections)))


@pytest.mark.parametrize("config", [3, b"mesh.yaml", [{}]])
def test_a_config_of_a_wrong_type_is_told(config: Any) -> None:
    assert "config is a path" in refused(MeshkitError, config)


def test_an_account_without_a_way_in_is_told() -> None:
    accounts = {"network": {"id": "111111111111"}, "orders": {"id": "222222222222"}}

    message = refused(MeshkitError, mesh_file(accounts=accounts))

    assert message.startswith('account "orders" (222222222222) has no way in')


def test_credentials_of_another_account_than_the_owners_are_told() -> None:
    accounts = {
        "network": {"id": "444444444444"},
        "orders": {"id": "222222222222", "assume_role": {"name": "deployer"}},
    }

    message = refused(MeshkitError, mesh_file(accounts=accounts))

    assert message.startswith('the program works in account 111111111111, but the mesh owner "net')


def test_a_provider_for_no_account_is_told() -> None:
    assert refused(MeshkitError, mesh_file(), providers={"order": None}) == (
        'providers: no account "order" (did you mean "orders"?)'
    )


def test_a_missing_environment_variable_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOT_THERE", raising=False)

    message = refused(MeshkitError, mesh_file(tags={"a": "${env.NOT_THERE}"}))

    assert "no value for ${env.NOT_THERE}" in message


def test_a_missing_value_is_told() -> None:
    assert "${var.team}" in refused(ConfigError, mesh_file(tags={"team": "${var.team}"}))


@pytest.mark.usefixtures("stack_config")
def test_the_stack_s_configuration_may_hold_the_mesh() -> None:
    def program() -> None:
        set_all_config({"meshkit:mesh": json.dumps(mesh_file())})
        SharedMesh("shop")

    assert len(run_program(program).of_type(NODE)) == 2


@pytest.mark.usefixtures("stack_config")
def test_findings_in_the_stack_s_configuration_name_its_key() -> None:
    def program() -> None:
        set_all_config({"meshkit:mesh": json.dumps(mesh_file(nods={}))})
        with pytest.raises(ConfigError, match=r"(?m)^meshkit:mesh: nods: MK101 "):
            SharedMesh("shop")

    run_program(program)


@pytest.mark.usefixtures("stack_config")
def test_the_stack_s_configuration_may_name_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mesh.json"
    file.write_text(json.dumps(mesh_file()))

    def program() -> None:
        set_all_config({"meshkit:file": str(file)})
        SharedMesh("shop")

    assert len(run_program(program).of_type(NODE)) == 2


@pytest.mark.usefixtures("stack_config")
@pytest.mark.parametrize(
    ("config", "secret", "message"),
    [
        ({}, [], "no mesh file"),
        ({"meshkit:file": "a", "meshkit:mesh": "{}"}, [], "both meshkit:file and meshkit:mesh"),
        ({"meshkit:mesh": "[]"}, [], "meshkit:mesh is no mapping"),
        ({"meshkit:mesh": "mesh.yaml"}, [], "meshkit:mesh is text"),
        ({"meshkit:mesh": "{}"}, ["meshkit:mesh"], "meshkit:mesh holds a secret"),
        ({"meshkit:mesh": "{hunter2"}, ["meshkit:mesh"], "meshkit:mesh holds a secret"),
    ],
)
def test_a_stack_without_a_usable_mesh_is_told(
    config: dict[str, str], secret: list[str], message: str
) -> None:
    def program() -> None:
        set_all_config(config, secret)
        with pytest.raises(MeshkitError, match=message):
            SharedMesh("shop")

    assert [each.type for each in run_program(program)] == [STACK_TYPE]


def test_a_wrong_name_is_told_with_the_nearest() -> None:
    def program() -> None:
        mesh = SharedMesh("shop", mesh_file())
        with pytest.raises(MeshkitError, match=r'^no node "wep" in the mesh .*"web"'):
            mesh.nodes["wep"]
        with pytest.raises(MeshkitError, match=r"^nodes\.web has no instance profile"):
            _ = mesh.nodes["web"].instance_profile_arn
        assert list(mesh.nodes) == ["web", "api"]
        assert mesh.nodes.get("nobody") is None

    run_program(program)


def test_outputs_wait_for_what_they_name() -> None:
    def program() -> None:
        mesh = SharedMesh("shop", mesh_file())
        task = {"role": mesh.nodes["web"].role_arn, "arn": mesh.nodes["api"].arn}
        aws.ram.ResourceShare("after", tags=task)
        pulumi.export("container", mesh.nodes["web"].container_definition)
        pulumi.export("gateway", mesh.gateways["in"].user_data)

    graph = run_program(program)

    assert depends(graph, named(graph, "aws:ram/resourceShare:ResourceShare", "after")) == {
        "Role shop-node-web",
        "RolePolicy shop-node-web",
        "VirtualNode shop-node-api",
    }
    (stack,) = graph.of_type(STACK_TYPE)
    assert stack.outputs["container"]["name"] == "envoy"
    assert "virtualGateway/in" in stack.outputs["gateway"]


def test_collections_leave_out_what_was_there_before_the_first_mesh_alone() -> None:
    gc.unfreeze()

    run_program(lambda: SharedMesh("shop", mesh_file()))
    frozen = gc.get_freeze_count()
    run_program(lambda: SharedMesh("shop", mesh_file()))

    assert frozen > 0
    # What the first program made can be collected: nothing more is left out with the second.
    assert gc.get_freeze_count() <= frozen
