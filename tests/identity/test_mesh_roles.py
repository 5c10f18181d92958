"""The roles of a mesh file, registered below their component."""

from __future__ import annotations

import json
import traceback
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest

from meshkit.config.deferred import Deferred, Hole
from meshkit.errors import MeshkitError
from meshkit.graph import Secret
from meshkit.identity import register_provider, register_role
from tests.policy.samples import ISSUER, listener, mesh, pods
from tests.programs import run_program

if TYPE_CHECKING:
    from meshkit.graph import Graph, Resource
    from meshkit.identity import RegisteredRole
    from meshkit.topology.model import ResolvedMesh

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"
MANAGED = "aws:iam/policy:Policy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
PROFILE = "aws:iam/instanceProfile:InstanceProfile"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
ADOPTED = "arn:aws:iam::222222222222:role/team/existing"


class Parent(pulumi.ComponentResource):
    def __init__(self, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Parent", "shop", None, opts)


def registered(resolved: ResolvedMesh, *, preview: bool = False) -> Graph:
    def program() -> None:
        opts = pulumi.ResourceOptions(parent=Parent())
        for role in resolved.roles.values():
            _export(role.key, register_role("shop", role, resolved, opts))

    return run_program(program, preview=preview)


def _export(key: str, role: RegisteredRole) -> None:
    pulumi.export(f"{key}-arn", role.arn)
    pulumi.export(f"{key}-name", role.name)


def only(graph: Graph, type_: str) -> Resource:
    (found,) = graph.of_type(type_)
    return found


def exports(graph: Graph) -> Any:
    return only(graph, "pulumi:pulumi:Stack").outputs


def test_a_plain_node_costs_a_role_and_a_policy_right_below_the_parent() -> None:
    resolved = mesh(nodes={"web": {"account": "orders", "tags": {"team": "web"}}})
    role = resolved.roles["node-web"]
    graph = registered(resolved)

    parent = only(graph, "test:index:Parent")
    assert [(each.type, each.name) for each in graph.children(parent.urn)] == [
        (ROLE, "shop-node-web"),
        (POLICY, "shop-node-web"),
    ]
    made = only(graph, ROLE)
    assert {key: made.inputs[key] for key in made.inputs.keys() - {"assumeRolePolicy"}} == {
        "name": role.name,
        "tags": {"team": "web"},
    }
    assert only(graph, POLICY).inputs["role"] == role.name
    assert exports(graph) == {"node-web-arn": role.arn, "node-web-name": role.name}


def test_a_preview_knows_names_arns_trust_and_policies() -> None:
    resolved = mesh(nodes={"web": {"account": "orders"}})
    graph = registered(resolved, preview=True)

    role = resolved.roles["node-web"]
    assert exports(graph)["node-web-arn"] == role.arn
    assert resolved.nodes["web"].arn in only(graph, POLICY).inputs["policy"]
    assert "ecs-tasks" in only(graph, ROLE).inputs["assumeRolePolicy"]


def test_options_of_the_file_reach_the_role_with_their_context() -> None:
    boundary = Deferred(("arn:aws:iam::", Hole("context", "account"), ":policy/boundary"))
    options = {"permissions_boundary": boundary, "path": "/mesh/", "max_session_duration": 7200}
    graph = registered(mesh(nodes={"web": {"account": "orders", "role": options}}))

    made = only(graph, ROLE).inputs
    assert made["permissionsBoundary"] == "arn:aws:iam::222222222222:policy/boundary"
    assert made["path"] == "/mesh/"
    assert made["maxSessionDuration"] == 7200


def test_an_output_in_the_file_ends_up_in_the_policy() -> None:
    arn = "arn:aws:acm:eu-west-1:111111111111:certificate/made"

    def program() -> None:
        made: Any = pulumi.Output.from_input(arn)
        resolved = mesh(nodes={"web": {"listeners": [listener(8443, made)]}})
        opts = pulumi.ResourceOptions(parent=Parent())
        register_role("shop", resolved.roles["node-web"], resolved, opts)

    statements = json.loads(only(run_program(program), POLICY).inputs["policy"])["Statement"]

    assert {each["Sid"]: each["Resource"] for each in statements} == {
        "ReadOwnConfiguration": "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/web",
        "ExportListenerCertificates": arn,
    }


def test_an_output_that_is_a_pattern_stops_the_program() -> None:
    def program() -> None:
        wide: Any = pulumi.Output.from_input("arn:aws:acm:eu-west-1:111111111111:certificate/*")
        resolved = mesh(nodes={"web": {"listeners": [listener(8443, wide)]}})
        opts = pulumi.ResourceOptions(parent=Parent())
        register_role("shop", resolved.roles["node-web"], resolved, opts)

    with pytest.raises(MeshkitError, match="is no ACM certificate"):
        run_program(program)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("appmesh:StreamAggregatedResources", "*"),
        ("appmesh:*", "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/other"),
        ("*", "arn:aws:appmesh:eu-west-1:111111111111:mesh/*"),
    ],
)
def test_a_late_statement_can_t_open_the_configuration_of_others(
    action: str, resource: str
) -> None:
    def program(nodes: dict[str, Any]) -> None:
        late = [pulumi.Output.from_input(each) for each in (action, resource)]
        added = [{"actions": late[0], "resources": late[1]}]
        resolved = mesh(nodes={"web": {"role": {"statements": added}, **nodes}})
        opts = pulumi.ResourceOptions(parent=Parent())
        register_role("shop", resolved.roles["node-web"], resolved, opts)

    with pytest.raises(MeshkitError, match="beyond the role's own endpoints"):
        run_program(lambda: program({}))
    run_program(lambda: program({"access": "mesh-wide"}))


def test_a_certificate_of_another_account_never_reaches_a_policy() -> None:
    def program() -> None:
        foreign: Any = pulumi.Output.from_input("arn:aws:acm:eu-west-1:333333333333:certificate/1")
        resolved = mesh(nodes={"web": {"listeners": [listener(8443, foreign)]}})
        opts = pulumi.ResourceOptions(parent=Parent())
        register_role("shop", resolved.roles["node-web"], resolved, opts)

    with pytest.raises(MeshkitError, match="is of account 333333333333"):
        run_program(program)


def test_a_secret_that_is_a_pattern_is_not_shown() -> None:
    def program() -> None:
        wide: Any = pulumi.Output.secret("arn:aws:acm:eu-west-1:111111111111:certificate/hunter2*")
        resolved = mesh(nodes={"web": {"listeners": [listener(8443, wide)]}})
        opts = pulumi.ResourceOptions(parent=Parent())
        register_role("shop", resolved.roles["node-web"], resolved, opts)

    with pytest.raises(MeshkitError, match="is a secret") as caught:
        run_program(program)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_a_value_of_the_environment_makes_the_policy_a_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BUCKET", "arn:aws:s3:::hidden")
    added = {"actions": "s3:GetObject", "resources": Deferred((Hole("env", "BUCKET"),))}
    graph = registered(mesh(nodes={"web": {"role": {"statements": [added]}}}))

    policy = only(graph, POLICY).inputs["policy"]
    assert isinstance(policy, Secret)
    assert "arn:aws:s3:::hidden" in policy.value


def test_pod_identity_makes_an_association_for_each_subject() -> None:
    shared = {"account": "orders", "role": {"name": "both"}}
    resolved = mesh(
        nodes={
            "a": {**shared, "workload": pods("main", "one", "a", identity="pod-identity")},
            "b": {**shared, "workload": pods("second", "two", "b", identity="pod-identity")},
        }
    )
    graph = registered(resolved)

    found = graph.of_type(ASSOCIATION)
    assert sorted(
        (each.inputs["clusterName"], each.inputs["namespace"], each.inputs["serviceAccount"])
        for each in found
    ) == [("main", "one", "a"), ("second", "two", "b")]
    assert {each.inputs["region"] for each in found} == {"eu-west-1"}
    assert {each.inputs["roleArn"] for each in found} == {only(graph, ROLE).outputs["arn"]}
    assert all(only(graph, POLICY).urn in each.dependencies for each in found)
    assert len({each.name for each in found}) == 2


@pytest.mark.parametrize(
    "workload", [{"type": "ec2"}, pods(identity="node-role")], ids=["ec2", "node-role"]
)
def test_instances_get_a_profile(workload: Any) -> None:
    resolved = mesh(nodes={"web": {"account": "orders", "workload": workload}})
    graph = registered(resolved)

    profile = only(graph, PROFILE)
    assert profile.inputs == {
        "name": resolved.roles["node-web"].name,
        "role": resolved.roles["node-web"].name,
    }
    assert only(graph, POLICY).urn in profile.dependencies


def test_nothing_is_registered_for_an_adopted_role() -> None:
    graph = registered(mesh(nodes={"web": {"account": "orders", "role": {"arn": ADOPTED}}}))

    parent = only(graph, "test:index:Parent")
    assert graph.children(parent.urn) == ()
    assert sorted(exports(graph).values()) == [ADOPTED, "existing"]


def test_an_adopted_role_gets_the_policies_where_the_file_says_attach() -> None:
    options = {"arn": ADOPTED, "attach": True}
    resolved = mesh(nodes={"web": {"account": "orders", "role": options}})
    graph = registered(resolved)

    parent = only(graph, "test:index:Parent")
    (policy,) = graph.children(parent.urn)
    assert policy.type == POLICY
    assert policy.inputs["role"] == "existing"
    assert resolved.nodes["web"].arn in policy.inputs["policy"]


def test_two_meshes_attach_to_one_adopted_role_without_a_clash() -> None:
    def policy_name(name: str) -> str:
        options = {"arn": ADOPTED, "attach": True}
        resolved = mesh(name=name, nodes={"web": {"account": "orders", "role": options}})
        inputs = only(registered(resolved), POLICY).inputs
        return str(inputs["name"])

    assert policy_name("shop") != policy_name("bank")


def test_an_adopted_arn_may_be_an_output() -> None:
    def program() -> None:
        arn = pulumi.Output.from_input(ADOPTED)
        resolved = mesh(nodes={"web": {"account": "orders", "role": {"arn": arn, "attach": True}}})
        (role,) = resolved.roles.values()
        opts = pulumi.ResourceOptions(parent=Parent())
        _export("role", register_role("shop", role, resolved, opts))

    graph = run_program(program)

    assert only(graph, POLICY).inputs["role"] == "existing"
    assert exports(graph) == {"role-arn": ADOPTED, "role-name": "existing"}


def test_a_role_of_too_many_endpoints_registers_nothing() -> None:
    shared = {"role": {"name": "all"}}
    resolved = mesh(nodes={f"{number:0200}": shared for number in range(260)})
    seen: list[bool] = []

    def program() -> None:
        opts = pulumi.ResourceOptions(parent=Parent())
        (role,) = resolved.roles.values()
        with pytest.raises(MeshkitError, match="give fewer proxies one role"):
            register_role("shop", role, resolved, opts)
        seen.append(True)

    graph = run_program(program)

    assert seen
    assert graph.of_type(ROLE) == ()


def test_the_provider_of_the_caller_reaches_every_resource() -> None:
    resolved = mesh(
        nodes={
            "web": {
                "account": "orders",
                "workload": pods(identity="pod-identity"),
                "role": {"managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]},
            }
        }
    )

    def program() -> None:
        provider = aws.Provider("orders", region="eu-west-1")
        opts = pulumi.ResourceOptions(parent=Parent(), provider=provider)
        register_role("shop", resolved.roles["node-web"], resolved, opts)

    graph = run_program(program)

    provider = only(graph, "pulumi:providers:aws")
    parent = only(graph, "test:index:Parent")
    children = graph.children(parent.urn)
    assert len(children) == 4
    assert {each.provider for each in children} == {provider.urn}


def test_an_oidc_provider_is_made_once_for_its_issuer() -> None:
    cluster = mesh().clusters["main"]

    def program() -> None:
        made = register_provider("shop", cluster, pulumi.ResourceOptions(parent=Parent()))
        pulumi.export("arn", made.arn)

    graph = run_program(program)

    provider = only(graph, PROVIDER)
    assert provider.name == "shop-cluster-main"
    assert provider.inputs == {
        "url": f"https://{ISSUER}",
        "clientIdLists": ["sts.amazonaws.com"],
    }
    assert exports(graph) == {"arn": provider.outputs["arn"]}


def test_an_adopted_provider_registers_nothing() -> None:
    arn = f"arn:aws:iam::222222222222:oidc-provider/{ISSUER}"
    cluster = mesh(clusters={"main": {"oidc_provider": {"arn": arn}}}).clusters["main"]

    def program() -> None:
        pulumi.export("arn", register_provider("shop", cluster, pulumi.ResourceOptions()).arn)

    graph = run_program(program)

    assert graph.of_type(PROVIDER) == ()
    assert exports(graph) == {"arn": arn}


def test_a_cluster_without_issuer_has_no_provider() -> None:
    cluster = mesh(clusters={"main": {}}).clusters["main"]

    with pytest.raises(MeshkitError, match="needs oidc_issuer"):
        run_program(lambda: register_provider("shop", cluster, pulumi.ResourceOptions()))


def test_what_has_a_fixed_name_is_deleted_before_it_is_replaced() -> None:
    shared = {"role": {"name": "all"}, "workload": {"type": "ec2"}}
    many = mesh(nodes={f"{number:0100}": shared for number in range(80)})
    plain = mesh(nodes={"web": {"workload": {"type": "ec2"}}})
    seen: dict[str, bool | None] = {}

    def look(args: pulumi.ResourceTransformationArgs) -> None:
        seen[args.type_] = args.opts.delete_before_replace

    def program() -> None:
        opts = pulumi.ResourceOptions(parent=Parent(pulumi.ResourceOptions(transformations=[look])))
        for resolved in (many, plain):
            (role,) = resolved.roles.values()
            register_role("shop", role, resolved, opts)

    run_program(program)

    fixed = (ROLE, POLICY, MANAGED, PROFILE)
    assert {key: seen[key] for key in fixed} == dict.fromkeys(fixed, True)
