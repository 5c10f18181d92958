"""Roles for the accounts of units, as a component of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from meshkit import ProjectRoles, ProjectRolesArgs
from meshkit.config.deferred import Deferred
from meshkit.config.landing_zone import FederatedRole, IdentityProvider
from meshkit.errors import MeshkitError
from tests.programs import run_program

if TYPE_CHECKING:
    from meshkit.graph import Graph

PROVIDERS = {
    "ci": IdentityProvider.model_validate(
        {"oidc": {"url": "https://ci.example", "audiences": ["aws"]}}
    )
}
READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ROLE = FederatedRole(provider="ci", subjects=("main",), managed_policies=(READ,))
UNITS = {"one": "ou-ab12-11111111", "two": "ou-ab12-22222222"}
TEMPLATE = "Resources: {Topic: {Type: AWS::SNS::Topic}}\n"


def made(name: str = "team", **args: Any) -> Graph:
    given = {"units": UNITS, "region": "eu-west-1", "identity_providers": PROVIDERS, **args}
    return run_program(lambda: ProjectRoles(name, ProjectRolesArgs(**given)))


def test_units_are_served_one_after_the_other() -> None:
    graph = made(roles={"deployer": ROLE}, tags={"a": "b"})

    (stack_set,) = graph.of_type("aws:cloudformation/stackSet:StackSet")
    assert stack_set.inputs["capabilities"] == ["CAPABILITY_NAMED_IAM"]
    assert stack_set.inputs["tags"] == {"a": "b"}
    one, two = graph.of_type("aws:cloudformation/stackSetInstance:StackSetInstance")
    assert [each.name for each in (one, two)] == ["team-one", "team-two"]
    assert one.urn in two.dependencies
    assert two.urn not in one.dependencies


def test_a_template_of_ones_own_is_rolled_out_as_it_is() -> None:
    graph = made(template=TEMPLATE, parameters={"Role": "dev"})

    (stack_set,) = graph.of_type("aws:cloudformation/stackSet:StackSet")
    assert stack_set.inputs["templateBody"] == TEMPLATE
    assert stack_set.inputs["parameters"] == {"Role": "dev"}


@pytest.mark.parametrize("name", ["team", "42", "a.b/c_d", "x" * 200])
def test_the_default_name_is_one_that_cloudformation_takes(name: str) -> None:
    (stack_set,) = made(name, roles={"r": ROLE}).of_type("aws:cloudformation/stackSet:StackSet")

    physical = stack_set.inputs["name"]
    assert len(physical) <= 128
    assert physical[0].isalpha()
    assert physical.replace("-", "").isalnum()


def test_what_is_known_later_stands_in_the_template() -> None:
    def program() -> None:
        subject = Deferred.of(pulumi.Output.from_input("main"), "SUBJECT")
        role = ROLE.model_copy(update={"subjects": (subject,)})
        ProjectRoles(
            "team",
            ProjectRolesArgs(
                units=UNITS, region="eu-west-1", roles={"r": role}, identity_providers=PROVIDERS
            ),
        )

    (stack_set,) = run_program(program).of_type("aws:cloudformation/stackSet:StackSet")
    resources = json.loads(stack_set.inputs["templateBody"])["Resources"]
    (role,) = (each for each in resources.values() if each["Type"] == "AWS::IAM::Role")
    (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"]["StringEquals"]["ci.example:sub"] == "main"


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ({"units": {}, "roles": {"r": ROLE}}, "units must name at least one"),
        ({"units": {"a": "workloads"}, "roles": {"r": ROLE}}, '"workloads" is no unit'),
        ({}, "give roles or template, and not both"),
        ({"roles": {"r": ROLE}, "template": TEMPLATE}, "give roles or template, and not both"),
        ({"roles": {}}, "roles is empty"),
        ({"roles": {"r": ROLE}, "identity_providers": {}}, "no identity provider ci"),
        ({"template": "Resources: {}"}, "team: template: Resources: a template has"),
        ({"roles": {"r": ROLE}, "stack_set_name": "1st"}, "stack_set_name has 1 to 128"),
    ],
)
def test_faults_stop_before_anything_is_registered(args: dict[str, Any], told: str) -> None:
    with pytest.raises(MeshkitError, match=told):
        made(**args)


def test_a_subject_is_no_pattern() -> None:
    role = ROLE.model_copy(update={"subjects": ("repo:*",)})

    with pytest.raises(MeshkitError, match=r'^team: "repo:\*" contains "\*"'):
        made(roles={"r": role})
