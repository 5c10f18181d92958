"""The workload roles, each alone, with resources that meshkit did not make."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from meshkit.config.role import Statement
from meshkit.errors import MeshkitError
from meshkit.graph import UNKNOWN
from meshkit.identity import (
    Ec2Role,
    Ec2RoleArgs,
    EcsTaskRole,
    EcsTaskRoleArgs,
    IrsaRole,
    IrsaRoleArgs,
    PodIdentityRole,
    PodIdentityRoleArgs,
    ServiceAccount,
    WorkerNodeRole,
    WorkerNodeRoleArgs,
)
from tests.programs import run_program

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.graph import Graph, Resource

NODE = "arn:aws:appmesh:eu-west-1:222222222222:mesh/shop@111111111111/virtualNode/web"
CHINA = "arn:aws-cn:appmesh:cn-north-1:222222222222:mesh/shop/virtualNode/web"
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
PROVIDER = f"arn:aws:iam::222222222222:oidc-provider/{ISSUER}"
WEB = ServiceAccount("shop", "web")

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"
MANAGED = "aws:iam/policy:Policy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
PROFILE = "aws:iam/instanceProfile:InstanceProfile"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"

MAKERS: dict[str, Callable[..., pulumi.ComponentResource]] = {
    "EcsTaskRole": lambda **args: EcsTaskRole("web", EcsTaskRoleArgs(**args)),
    "IrsaRole": lambda **args: IrsaRole(
        "web", IrsaRoleArgs(provider_arn=PROVIDER, service_accounts=[WEB], **args)
    ),
    "PodIdentityRole": lambda **args: PodIdentityRole(
        "web", PodIdentityRoleArgs(cluster_name="main", service_accounts=[WEB], **args)
    ),
    "Ec2Role": lambda **args: Ec2Role("web", Ec2RoleArgs(**args)),
    "WorkerNodeRole": lambda **args: WorkerNodeRole("web", WorkerNodeRoleArgs(**args)),
}
BESIDE = {"PodIdentityRole": [ASSOCIATION], "Ec2Role": [PROFILE], "WorkerNodeRole": [PROFILE]}


def only(graph: Graph, type_: str) -> Resource:
    (found,) = graph.of_type(type_)
    return found


def document(resource: Resource, key: str = "policy") -> Any:
    return json.loads(resource.inputs[key])


def ecs(**args: Any) -> Graph:
    args.setdefault("endpoint_arns", [NODE])
    return run_program(lambda: EcsTaskRole("web", EcsTaskRoleArgs(**args)))


@pytest.mark.parametrize("kind", MAKERS)
def test_a_role_is_a_component_with_its_children(kind: str) -> None:
    graph = run_program(lambda: MAKERS[kind](endpoint_arns=[NODE], tags={"team": "web"}))

    component = only(graph, f"meshkit:index:{kind}")
    children = graph.children(component.urn)
    assert sorted(each.type for each in children) == sorted([ROLE, POLICY, *BESIDE.get(kind, [])])
    for child in children:
        if child.type != POLICY:
            assert child.inputs["tags"] == {"team": "web"}
    role = only(graph, ROLE)
    assert role.name == "web"
    assert component.outputs["roleArn"] == role.outputs["arn"]
    assert component.outputs["roleName"] == role.inputs["name"]


@pytest.mark.parametrize("kind", MAKERS)
def test_the_inline_policy_reads_exactly_the_endpoint(kind: str) -> None:
    graph = run_program(lambda: MAKERS[kind](endpoint_arns=[NODE]))

    policy = only(graph, POLICY)
    assert policy.inputs["role"] == only(graph, ROLE).inputs["name"]
    assert document(policy) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "ReadOwnConfiguration",
                "Effect": "Allow",
                "Action": "appmesh:StreamAggregatedResources",
                "Resource": NODE,
            }
        ],
    }


def test_options_not_given_are_not_sent() -> None:
    role = only(ecs(), ROLE)

    assert role.inputs.keys() == {"name", "assumeRolePolicy"}


def test_options_given_reach_the_role() -> None:
    boundary = "arn:aws:iam::222222222222:policy/boundary"
    role = only(
        ecs(
            role_name="web-proxy",
            path="/mesh/",
            permissions_boundary=boundary,
            max_session_duration=7200,
            description="Proxy of web",
        ),
        ROLE,
    )

    assert {key: role.inputs[key] for key in role.inputs.keys() - {"assumeRolePolicy"}} == {
        "name": "web-proxy",
        "path": "/mesh/",
        "permissionsBoundary": boundary,
        "maxSessionDuration": 7200,
        "description": "Proxy of web",
    }


def test_the_default_name_is_stable_and_differs_by_kind_and_component() -> None:
    def names(*kinds: str) -> list[str]:
        def program() -> None:
            for kind in kinds:
                MAKERS[kind](endpoint_arns=[NODE])

        return sorted(role.inputs["name"] for role in run_program(program).of_type(ROLE))

    first = names("EcsTaskRole", "Ec2Role")

    assert first == names("EcsTaskRole", "Ec2Role")
    assert len(set(first)) == 2
    assert all(name.startswith("web-") and len(name) <= 64 for name in first)


def test_everything_a_proxy_needs_is_granted_exactly() -> None:
    certificate = "arn:aws:acm:eu-west-1:222222222222:certificate/web"
    authority = "arn:aws:acm-pca:eu-west-1:111111111111:certificate-authority/root"
    graph = ecs(
        certificate_arns=[certificate],
        authority_arns=[authority],
        tracing="xray",
        statements=[Statement.model_validate({"actions": "s3:GetObject", "resources": "arn:x"})],
    )

    found = {
        each.get("Sid", "added"): each["Resource"]
        for each in document(only(graph, POLICY))["Statement"]
    }
    assert found == {
        "ReadOwnConfiguration": NODE,
        "ExportListenerCertificates": certificate,
        "ReadTrustedAuthorities": authority,
        "WriteTraces": "*",
        "added": "arn:x",
    }


def test_mesh_wide_access_attaches_the_managed_policy_and_writes_none() -> None:
    graph = ecs(access="mesh-wide", endpoint_arns=[CHINA])

    assert graph.of_type(POLICY) == ()
    attachment = only(graph, ATTACHMENT)
    assert attachment.inputs == {
        "role": only(graph, ROLE).inputs["name"],
        "policyArn": "arn:aws-cn:iam::aws:policy/AWSAppMeshEnvoyAccess",
    }


def test_attachments_keep_their_names_when_the_list_changes() -> None:
    arns = [f"arn:aws:iam::aws:policy/{name}" for name in ("One", "Two")]

    def names(policies: list[str]) -> dict[str, str]:
        graph = ecs(managed_policies=policies)
        return {each.inputs["policyArn"]: each.name for each in graph.of_type(ATTACHMENT)}

    assert names(arns) == names(arns[::-1])
    assert names(arns[1:]).items() <= names(arns).items()


def test_what_is_too_long_for_an_inline_policy_becomes_managed_policies() -> None:
    head = "arn:aws:appmesh:eu-west-1:222222222222:mesh/shop/virtualNode/"
    arns = [f"{head}{number:060}" for number in range(120)]
    graph = ecs(endpoint_arns=arns, tags={"team": "web"})

    assert graph.of_type(POLICY) == ()
    policies = graph.of_type(MANAGED)
    attachments = graph.of_type(ATTACHMENT)
    assert len(policies) == len(attachments) == 3
    assert all(each.inputs["tags"] == {"team": "web"} for each in policies)
    assert {each.inputs["policyArn"] for each in attachments} == {
        each.outputs["arn"] for each in policies
    }
    granted = [
        arn
        for each in policies
        for statement in document(each)["Statement"]
        for arn in statement["Resource"]
    ]
    assert sorted(granted) == arns


def test_an_endpoint_arn_may_be_an_output() -> None:
    def program() -> None:
        EcsTaskRole("web", EcsTaskRoleArgs(endpoint_arns=[pulumi.Output.from_input(NODE)]))

    graph = run_program(program)

    assert document(only(graph, POLICY))["Statement"][0]["Resource"] == NODE
    (trust,) = document(only(graph, ROLE), "assumeRolePolicy")["Statement"]
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "222222222222"},
        "ArnLike": {"aws:SourceArn": "arn:aws:ecs:eu-west-1:222222222222:*"},
    }


@pytest.mark.parametrize(
    "arn", [NODE.replace("/web", "/*"), "arn:aws:appmesh:eu-west-1:222222222222:mesh/shop"]
)
@pytest.mark.parametrize("wrap", [str, pulumi.Output.from_input])
def test_an_arn_that_is_no_endpoint_or_a_pattern_stops_the_program(arn: str, wrap: Any) -> None:
    def program() -> None:
        EcsTaskRole("web", EcsTaskRoleArgs(endpoint_arns=[wrap(arn)]))

    with pytest.raises(MeshkitError):
        run_program(program)


def test_a_text_where_a_list_belongs_is_told() -> None:
    with pytest.raises(MeshkitError, match="endpoint_arns takes a list"):
        ecs(endpoint_arns=NODE)


def test_irsa_trusts_its_service_accounts_alone_and_gives_their_annotation() -> None:
    graph = run_program(lambda: MAKERS["IrsaRole"](endpoint_arns=[NODE]))

    (trust,) = document(only(graph, ROLE), "assumeRolePolicy")["Statement"]
    assert trust == {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{ISSUER}:aud": "sts.amazonaws.com",
                f"{ISSUER}:sub": "system:serviceaccount:shop:web",
            }
        },
    }
    component = only(graph, "meshkit:index:IrsaRole")
    assert component.outputs["annotations"] == {
        "eks.amazonaws.com/role-arn": only(graph, ROLE).outputs["arn"]
    }


def test_pod_identity_associates_every_service_account_once_the_policy_is_there() -> None:
    accounts = [WEB, ServiceAccount("batch", "jobs"), WEB]

    def program() -> None:
        args = PodIdentityRoleArgs(
            endpoint_arns=[NODE], cluster_name="main", service_accounts=accounts
        )
        PodIdentityRole("web", args)

    graph = run_program(program)

    found = graph.of_type(ASSOCIATION)
    subjects = [(each.inputs["namespace"], each.inputs["serviceAccount"]) for each in found]
    assert sorted(subjects) == [("batch", "jobs"), ("shop", "web")]
    policy = only(graph, POLICY)
    for each in found:
        assert each.inputs["clusterName"] == "main"
        assert each.inputs["roleArn"] == only(graph, ROLE).outputs["arn"]
        assert policy.urn in each.dependencies


@pytest.mark.parametrize("kind", ["IrsaRole", "PodIdentityRole"])
def test_a_role_for_no_service_account_is_refused(kind: str) -> None:
    classes: dict[str, Any] = {
        "IrsaRole": lambda: IrsaRole(
            "web", IrsaRoleArgs(endpoint_arns=[NODE], provider_arn=PROVIDER, service_accounts=[])
        ),
        "PodIdentityRole": lambda: PodIdentityRole(
            "web",
            PodIdentityRoleArgs(endpoint_arns=[NODE], cluster_name="main", service_accounts=[]),
        ),
    }
    with pytest.raises(MeshkitError, match="at least one service account"):
        run_program(classes[kind])


@pytest.mark.parametrize(
    ("arn", "principal"), [(NODE, "ec2.amazonaws.com"), (CHINA, "ec2.amazonaws.com.cn")]
)
def test_instances_take_their_role_by_a_profile_of_the_same_name(arn: str, principal: str) -> None:
    graph = run_program(lambda: MAKERS["Ec2Role"](endpoint_arns=[arn], path="/mesh/"))

    role, profile = only(graph, ROLE), only(graph, PROFILE)
    (trust,) = document(role, "assumeRolePolicy")["Statement"]
    assert trust["Principal"] == {"Service": principal}
    assert profile.inputs == {
        "name": role.inputs["name"],
        "role": role.inputs["name"],
        "path": "/mesh/",
    }
    assert only(graph, POLICY).urn in profile.dependencies
    component = only(graph, "meshkit:index:Ec2Role")
    assert component.outputs["instanceProfileName"] == profile.inputs["name"]
    assert component.outputs["instanceProfileArn"] == profile.outputs["arn"]


def test_a_worker_node_role_warns(caplog: pytest.LogCaptureFixture) -> None:
    run_program(lambda: MAKERS["WorkerNodeRole"](endpoint_arns=[NODE]))

    assert "every pod on the worker nodes gets this role" in caplog.text


def test_whoever_takes_the_role_waits_for_its_policy() -> None:
    def program() -> None:
        role = EcsTaskRole("web", EcsTaskRoleArgs(endpoint_arns=[NODE]))
        EcsTaskRole("user", EcsTaskRoleArgs(endpoint_arns=[NODE], tags={"role": role.role_arn}))

    graph = run_program(program)

    (user,) = (each for each in graph.of_type(ROLE) if each.name == "user")
    (policy,) = (each for each in graph.of_type(POLICY) if each.name == "web")
    assert policy.urn in user.dependencies


def test_a_preview_shows_trust_and_policy() -> None:
    graph = run_program(lambda: MAKERS["EcsTaskRole"](endpoint_arns=[NODE]), preview=True)

    assert NODE in only(graph, POLICY).inputs["policy"]
    assert only(graph, ROLE).inputs["assumeRolePolicy"] is not UNKNOWN


def test_the_options_of_the_caller_stay_with_the_component() -> None:
    def program() -> None:
        first = EcsTaskRole("first", EcsTaskRoleArgs(endpoint_arns=[NODE]))
        EcsTaskRole(
            "second",
            EcsTaskRoleArgs(endpoint_arns=[NODE]),
            pulumi.ResourceOptions(protect=True, depends_on=[first]),
        )

    graph = run_program(program)

    (second,) = (each for each in graph.of_type(ROLE) if each.name == "second")
    assert second.parent is not None
    assert graph[second.parent].name == "second"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"endpoint_arns": NODE}, "endpoint_arns takes a list"),
        ({"endpoint_arns": None}, "endpoint_arns takes a list"),
        ({"endpoint_arns": [None]}, "endpoint_arns takes a list"),
        ({"endpoint_arns": [NODE], "certificate_arns": "arn:x"}, "certificate_arns takes a list"),
        ({"endpoint_arns": [NODE], "managed_policies": "arn:x"}, "managed_policies takes a list"),
        ({"endpoint_arns": [NODE], "access": "exakt"}, 'not "exakt" .did you mean "exact"'),
        ({"endpoint_arns": [NODE], "tracing": "x-ray"}, 'not "x-ray" .did you mean "xray"'),
        ({"endpoint_arns": [NODE], "statements": [{"actions": "*"}]}, "a list of Statement"),
    ],
)
def test_args_of_a_wrong_type_register_nothing(args: dict[str, Any], message: str) -> None:
    def program() -> None:
        with pytest.raises(MeshkitError, match=message):
            EcsTaskRole("web", EcsTaskRoleArgs(**args))

    assert len(list(run_program(program))) == 1, "the stack alone"


def test_a_secret_endpoint_that_is_none_is_not_shown() -> None:
    def program() -> None:
        EcsTaskRole("web", EcsTaskRoleArgs(endpoint_arns=[pulumi.Output.secret("hunter2")]))

    with pytest.raises(MeshkitError, match="is a secret") as caught:
        run_program(program)
    assert "hunter2" not in str(caught.value)


def test_a_value_that_is_no_text_is_told_by_its_type() -> None:
    def program() -> None:
        number: Any = pulumi.Output.from_input(42)
        EcsTaskRole("web", EcsTaskRoleArgs(endpoint_arns=[NODE], permissions_boundary=number))

    with pytest.raises(MeshkitError, match="text is wanted, not int"):
        run_program(program)


@pytest.mark.parametrize("provider", ["*", "hello", f"{PROVIDER}/*"])
def test_a_provider_that_is_none_is_told(provider: str) -> None:
    args = IrsaRoleArgs(endpoint_arns=[NODE], provider_arn=provider, service_accounts=[WEB])

    with pytest.raises(MeshkitError, match="is no OIDC provider"):
        run_program(lambda: IrsaRole("web", args))


def test_service_accounts_of_a_wrong_type_are_told() -> None:
    accounts: Any = [("shop", "web")]
    args = IrsaRoleArgs(endpoint_arns=[NODE], provider_arn=PROVIDER, service_accounts=accounts)

    with pytest.raises(MeshkitError, match="takes a list of ServiceAccount"):
        run_program(lambda: IrsaRole("web", args))
