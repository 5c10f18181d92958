"""Programs as functions: what is created, where, and what comes back."""

from __future__ import annotations

import asyncio
import importlib
import json
import warnings
from typing import TYPE_CHECKING

import pulumi
import pytest

from meshkit.graph import STACK_TYPE, Secret
from meshkit.local.program import run
from tests.local.making import CONSUMER, OWNER, POLICY, REGION, ROLE, TRUST, Proxy, aws, role

if TYPE_CHECKING:
    from meshkit.local.cloud import Cloud


def role_names(cloud: Cloud, account: str) -> list[str]:
    listed = cloud.client("iam", account).list_roles()["Roles"]
    # Services add roles of their own under another path.
    return [found["RoleName"] for found in listed if found["Path"] == "/"]


def in_account(account: str, region: str = REGION) -> pulumi.ResourceOptions:
    arn = f"arn:aws:iam::{account}:role/deploy"
    provider = aws.Provider(
        f"of-{account}",
        region=region,
        assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=arn)],
    )
    return pulumi.ResourceOptions(provider=provider)


def test_what_a_program_makes_is_in_the_cloud_and_in_the_graph(cloud: Cloud) -> None:
    def program() -> None:
        made = aws.iam.Role("web", assume_role_policy=TRUST, description="x", tags={"a": "b"})
        aws.iam.RolePolicy("stream", role=made.name, policy=POLICY)
        pulumi.export("arn", made.arn)

    result = run(program, cloud=cloud, project="shop", stack="dev")

    assert result.ok
    (made,) = result.graph.of_type(ROLE)
    described = cloud.client("iam").get_role(RoleName=made.outputs["name"])["Role"]
    assert described["Description"] == "x"
    assert made.urn == "urn:pulumi:dev::shop::aws:iam/role:Role::web"
    assert made.inputs["tags"] == {"a": "b"}
    assert made.inputs["name"] == made.outputs["id"] == described["RoleName"]
    assert made.account == OWNER
    assert result.outputs == {"arn": described["Arn"]}
    (policy,) = result.graph.of_type("aws:iam/rolePolicy:RolePolicy")
    assert policy.dependencies == (made.urn,)


def test_components_are_the_parents_of_what_they_make(cloud: Cloud) -> None:
    def program() -> None:
        Proxy("outer")
        Proxy("inner", pulumi.ResourceOptions(parent=Proxy("middle")))

    graph = run(program, cloud=cloud).graph

    assert [(depth, found.name) for depth, found in graph.tree()] == [
        (0, "project-local"),
        (1, "outer"),
        (2, "outer-role"),
        (1, "middle"),
        (2, "middle-role"),
        (2, "inner"),
        (3, "inner-role"),
    ]
    inner = next(found for found in graph.of_type(ROLE) if found.name == "inner-role")
    assert inner.urn == (
        "urn:pulumi:local::project::test:index:Proxy$test:index:Proxy$aws:iam/role:Role::inner-role"
    )
    component = graph[inner.parent or ""]
    assert not component.custom
    assert component.outputs == {"role_arn": inner.outputs["arn"]}
    assert graph.of_type(STACK_TYPE)[0].urn == graph.resources[0].urn


def test_each_provider_leads_into_its_own_account_and_region(cloud: Cloud) -> None:
    def program() -> None:
        aws.appmesh.Mesh("own", name="own")
        options = in_account(CONSUMER, "eu-central-1")
        aws.appmesh.Mesh("other", name="other", opts=options)
        role("other", options)
        aws.appmesh.Mesh("near", name="near", region="eu-west-2", opts=options)
        who = aws.get_caller_identity(opts=pulumi.InvokeOptions(provider=options.provider))
        pulumi.export("who", who.account_id)

    result = run(program, cloud=cloud)

    meshes = {found.name: found for found in result.graph.of_type("aws:appmesh/mesh:Mesh")}
    places = {name: (found.account, found.region) for name, found in meshes.items()}
    assert places == {
        "own": (OWNER, REGION),
        "other": (CONSUMER, "eu-central-1"),
        "near": (CONSUMER, "eu-west-2"),
    }
    assert meshes["other"].outputs["arn"].startswith(f"arn:aws:appmesh:eu-central-1:{CONSUMER}:")
    assert result.outputs["who"] == CONSUMER
    assert role_names(cloud, CONSUMER) == ["other"]
    assert role_names(cloud, OWNER) == []
    (provider,) = result.graph.of_type("pulumi:providers:aws")
    assert meshes["other"].provider == provider.urn
    assert meshes["own"].provider is None


def test_a_role_to_assume_may_be_spelled_in_snake_case(cloud: Cloud) -> None:
    def program() -> None:
        arn = f"arn:aws:iam::{CONSUMER}:role/deploy"
        provider = aws.Provider("other", region=REGION, assume_roles=[{"role_arn": arn}])
        role("r", pulumi.ResourceOptions(provider=provider))

    (made,) = run(program, cloud=cloud).graph.of_type(ROLE)

    assert made.account == CONSUMER


def test_config_of_the_provider_says_where_the_rest_goes(cloud: Cloud) -> None:
    config = {
        "aws:region": "eu-central-1",
        "aws:assumeRole": {"roleArn": f"arn:aws:iam::{CONSUMER}:role/deploy"},
        "aws:defaultTags": {"tags": {"team": "net"}},
    }

    result = run(lambda: aws.appmesh.Mesh("m", name="m"), cloud=cloud, config=config)

    (mesh,) = result.graph.of_type("aws:appmesh/mesh:Mesh")
    assert (mesh.account, mesh.region) == (CONSUMER, "eu-central-1")
    assert mesh.outputs["tagsAll"] == {"team": "net"}


def test_secrets_stay_secret_in_inputs_outputs_and_messages(cloud: Cloud) -> None:
    def program() -> None:
        hidden = pulumi.Output.secret("hunter2 !")
        aws.ssm.Parameter("p", name="p", type="String", value="plain", tags={"t": hidden})
        aws.iam.Role("r", name=hidden, assume_role_policy=TRUST)
        aws.iam.Role("bad", name=hidden, assume_role_policy=TRUST)
        pulumi.log.warn("is it hunter2 !?")
        pulumi.export("password", hidden)
        pulumi.export("nested", {"a": [hidden]})

    result = run(program, cloud=cloud)

    (parameter,) = result.graph.of_type("aws:ssm/parameter:Parameter")
    assert parameter.inputs["tags"] == {"t": Secret("hunter2 !")}
    assert parameter.outputs["tagsAll"] == Secret({"t": "hunter2 !"})
    assert parameter.outputs["value"] == Secret("plain")
    assert result.outputs["password"] == Secret("hunter2 !")
    assert "hunter2" not in f"{result}"
    assert [failure.message for failure in result.failures] == [
        "Role with name [secret] already exists."
    ]
    assert result.messages[0].text == "is it [secret]?"


def test_look_ups_and_existing_resources(cloud: Cloud) -> None:
    cloud.client("iam").create_role(RoleName="theirs", AssumeRolePolicyDocument=TRUST)

    def program() -> None:
        theirs = aws.iam.Role.get("theirs", "theirs")
        document = aws.iam.get_policy_document(
            statements=[{"actions": ["sts:*"], "resources": ["*"]}]
        )
        aws.iam.RolePolicy("p", name="p", role=theirs.name, policy=document.json)
        pulumi.export("arn", theirs.arn)
        pulumi.export("output", aws.iam.get_role_output(name=theirs.name).unique_id)

    result = run(program, cloud=cloud)

    assert result.ok
    described = cloud.client("iam").get_role(RoleName="theirs")["Role"]
    assert result.outputs == {"arn": described["Arn"], "output": described["RoleId"]}
    stored = cloud.client("iam").get_role_policy(RoleName="theirs", PolicyName="p")
    assert stored["PolicyDocument"]["Statement"] == [
        {"Effect": "Allow", "Action": "sts:*", "Resource": "*"}
    ]


def test_a_stack_reads_the_outputs_of_another_in_the_same_cloud(cloud: Cloud) -> None:
    def network() -> None:
        pulumi.export("mesh", "shop")
        pulumi.export("password", pulumi.Output.secret("hush"))

    def orders() -> None:
        reference = pulumi.StackReference("organization/network/dev")
        role("r", pulumi.ResourceOptions(depends_on=[reference]))
        pulumi.export("mesh", reference.require_output("mesh"))
        pulumi.export("password", reference.get_output("password"))

    run(network, cloud=cloud, project="network", stack="dev")
    result = run(orders, cloud=cloud, project="orders", stack="dev")

    assert result.ok
    assert result.outputs == {"mesh": "shop", "password": Secret("hush")}


def test_config_and_secret_config_reach_the_program(cloud: Cloud) -> None:
    def program() -> None:
        config = pulumi.Config()
        pulumi.export("name", config.require("name"))
        pulumi.export("nodes", config.require_object("nodes"))
        pulumi.export("on", config.get_bool("on"))
        pulumi.export("password", config.require_secret("password"))
        pulumi.export("region", aws.config.region)
        raise ValueError(config.require("password"))

    config = {"name": "shop", "nodes": [{"port": 80}], "on": True, "password": Secret("hush")}
    result = run(program, cloud=cloud, config={**config, "aws:region": REGION})

    assert result.outputs == {
        "name": "shop",
        "nodes": [{"port": 80}],
        "on": True,
        "password": Secret("hush"),
        "region": REGION,
    }
    assert result.failures[0].message.endswith("ValueError: [secret]")


def test_an_async_program_runs_to_its_end(cloud: Cloud) -> None:
    async def program() -> None:
        await asyncio.sleep(0)
        pulumi.export("arn", role("r").arn)

    assert run(program, cloud=cloud).outputs["arn"].endswith(":role/r")


def test_runs_do_not_disturb_each_other(cloud: Cloud) -> None:
    def first() -> None:
        role("a")
        pulumi.export("stack", pulumi.get_stack())
        msg = "broken"
        raise ValueError(msg)

    def second() -> None:
        role("b")
        pulumi.export("stack", pulumi.get_stack())
        pulumi.export("config", pulumi.Config().get("x"))

    one = run(first, cloud=cloud, stack="one", config={"x": "1"})
    two = run(second, cloud=cloud, stack="two")

    assert not one.ok
    assert two.ok
    assert two.outputs == {"stack": "two", "config": None}
    assert [found.name for found in two.graph.of_type(ROLE)] == ["b"]


def test_without_a_cloud_a_program_gets_one_of_its_own() -> None:
    first = run(lambda: role("r"))
    second = run(lambda: role("r"))

    assert first.ok
    assert second.ok
    assert first.graph.of_type(ROLE)[0].account == "111111111111"
    elsewhere = run(lambda: role("r"), account=CONSUMER)
    assert elsewhere.graph.of_type(ROLE)[0].account == CONSUMER


def test_progress_is_told_as_resources_are_made(cloud: Cloud) -> None:
    told: list[int] = []

    run(lambda: [role("a"), role("b")], cloud=cloud, on_progress=told.append)

    assert told == [1, 2, 3]


def test_aliases_protection_and_transformations_do_no_harm(cloud: Cloud) -> None:
    def tag(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        return pulumi.ResourceTransformationResult({**args.props, "tags": {"by": "t"}}, args.opts)

    def program() -> None:
        pulumi.runtime.register_stack_transformation(tag)
        options = pulumi.ResourceOptions(
            protect=True,
            aliases=[pulumi.Alias(name="old")],
            ignore_changes=["tags"],
            delete_before_replace=True,
        )
        role("r", options)

    result = run(program, cloud=cloud)

    (made,) = result.graph.of_type(ROLE)
    assert result.ok
    assert made.protect
    assert made.outputs["tagsAll"] == {"by": "t"}


def test_policies_given_as_objects_are_stored_as_json(cloud: Cloud) -> None:
    run(
        lambda: aws.iam.Role("r", name="r", assume_role_policy=json.loads(TRUST)),
        cloud=cloud,
    )

    stored = cloud.client("iam").get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"]
    assert stored == json.loads(TRUST)


def test_deprecations_within_the_sdk_are_hidden_and_those_of_the_program_are_not(
    cloud: Cloud, recwarn: pytest.WarningsRecorder
) -> None:
    def program() -> None:
        warnings.warn("mine", DeprecationWarning, stacklevel=1)
        importlib.reload(importlib.import_module("pulumi_aws.ec2.encryption_control"))

    run(program, cloud=cloud)

    assert [str(warning.message) for warning in recwarn] == ["mine"]


def test_a_secret_in_a_policy_is_not_quoted_by_the_error_of_aws(cloud: Cloud) -> None:
    statement = '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "sekret123"}'

    def program() -> None:
        role = aws.iam.Role("role", name="role", assume_role_policy=TRUST)
        policy = pulumi.Output.secret(f'{{"Version": "2012-10-17", "Statement": [{statement}]}}')
        aws.iam.RolePolicy("policy", role=role.name, policy=policy)

    (failure,) = run(program, cloud=cloud).failures
    assert failure.code == "MalformedPolicyDocument"
    assert "sekret123" not in failure.message


def test_what_is_imported_is_brought_to_what_the_program_says(cloud: Cloud) -> None:
    iam = cloud.client("iam")
    made = iam.create_role(RoleName="old", AssumeRolePolicyDocument=TRUST, Description="before")

    def program() -> None:
        opts = pulumi.ResourceOptions(import_="old")
        aws.iam.Role("r", name="old", assume_role_policy=TRUST, description="after", opts=opts)

    result = run(program, cloud=cloud)

    assert result.ok
    (taken,) = result.graph.of_type(ROLE)
    assert taken.outputs["arn"] == made["Role"]["Arn"]
    assert iam.get_role(RoleName="old")["Role"]["Description"] == "after"
