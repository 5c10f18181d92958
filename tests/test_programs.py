"""The mock engine itself: a test that could pass silently would pass silently everywhere."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
import pytest

from meshkit.graph import STACK_TYPE, UNKNOWN, Secret
from tests.programs import run_program


class Pair(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Pair", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.role = aws.iam.Role(f"{name}-role", assume_role_policy="{}", opts=child)
        self.mesh = aws.appmesh.Mesh(
            name, region="eu-west-1", tags={"role": self.role.arn}, opts=child
        )
        self.register_outputs({"roleArn": self.role.arn})


def test_children_arrive_with_resolved_inputs_and_their_parent() -> None:
    graph = run_program(lambda: Pair("shop"))

    (pair,) = graph.of_type("test:index:Pair")
    (role,) = graph.of_type("aws:iam/role:Role")
    (mesh,) = graph.of_type("aws:appmesh/mesh:Mesh")
    assert role.inputs == {"assumeRolePolicy": "{}"}
    assert mesh.inputs == {"region": "eu-west-1", "tags": {"role": role.outputs["arn"]}}
    assert mesh.parent == role.parent == pair.urn
    assert role.urn in mesh.dependencies
    assert pair.outputs == {"roleArn": role.outputs["arn"]}


def test_a_preview_does_not_know_what_aws_decides() -> None:
    graph = run_program(lambda: Pair("shop"), preview=True)

    (mesh,) = graph.of_type("aws:appmesh/mesh:Mesh")
    assert mesh.inputs["tags"] == {"role": UNKNOWN}
    assert "id" not in mesh.outputs


def test_exports_are_the_outputs_of_the_stack() -> None:
    def program() -> None:
        pulumi.export("plain", pulumi.Output.from_input(8080))
        pulumi.export("hidden", pulumi.Output.secret("token"))

    (stack,) = run_program(program).of_type(STACK_TYPE)

    assert stack.outputs == {"plain": 8080, "hidden": Secret("token")}


def test_what_fails_inside_apply_fails_the_run() -> None:
    def program() -> None:
        def fail(_: str) -> None:
            raise ValueError("late")

        Pair("shop").role.arn.apply(fail)

    with pytest.raises(ValueError, match="late"):
        run_program(program)


def test_what_fails_in_the_program_fails_the_run() -> None:
    def program() -> None:
        raise ValueError("early")

    with pytest.raises(ValueError, match="early"):
        run_program(program)


def test_each_run_stands_alone() -> None:
    first = run_program(lambda: Pair("shop"))
    second = run_program(lambda: Pair("shop"))

    assert {resource.urn for resource in first} == {resource.urn for resource in second}


def test_a_lookup_is_answered() -> None:
    def program() -> None:
        pulumi.export("account", aws.get_caller_identity_output().account_id)

    (stack,) = run_program(program).of_type(STACK_TYPE)

    assert stack.outputs == {"account": "111111111111"}


def test_a_lookup_without_an_answer_fails() -> None:
    with pytest.raises(LookupError, match="no answer for aws:iam/getRole:getRole"):
        run_program(lambda: aws.iam.get_role(name="storefront"))


def test_a_resource_keeps_its_own_provider() -> None:
    def program() -> None:
        provider = aws.Provider("orders", region="eu-west-1")
        aws.iam.Role(
            "role", assume_role_policy="{}", opts=pulumi.ResourceOptions(provider=provider)
        )

    graph = run_program(program)

    (provider,) = graph.of_type("pulumi:providers:aws")
    (role,) = graph.of_type("aws:iam/role:Role")
    assert role.provider == provider.urn
