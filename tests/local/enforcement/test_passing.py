"""Who hands a role to a service must be allowed to pass it, however the request names it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from meshkit.local.cloud import Cloud
from tests.local.enforcement.conftest import enforcing
from tests.local.enforcement.people import OWNER, allow, make_role, refused, role_arn, said, session

ROLE = role_arn("handed-on")
PROFILE = {"Name": "handed-on"}
IMAGE = {"ImageId": "ami-12345678", "MinCount": 1, "MaxCount": 1}
TEMPLATE = '{"Resources": {}}'
CODE = {"Runtime": "python3.12", "Handler": "app.run", "Code": {"ZipFile": b"code"}}
GROUP = {"MinSize": 0, "MaxSize": 1, "AvailabilityZones": ["eu-west-1a"]}
TARGET = {"Id": "1", "Arn": f"arn:aws:ecs:eu-west-1:{OWNER}:cluster/c", "RoleArn": ROLE}
CASES: list[tuple[str, str, str, dict[str, Any], str]] = [
    # what, service, operation, parameters, to which service the role is passed
    ("a task", "ecs", "run_task",
     {"taskDefinition": "f", "overrides": {"taskRoleArn": ROLE}}, "ecs-tasks"),
    ("a task by the role's name", "ecs", "register_task_definition",
     {"family": "f", "taskRoleArn": "handed-on", "containerDefinitions": []}, "ecs-tasks"),
    ("a function", "lambda", "create_function",
     {"FunctionName": "f", "Role": ROLE, **CODE}, "lambda"),
    ("a changed function", "lambda", "update_function_configuration",
     {"FunctionName": "f", "Role": ROLE}, "lambda"),
    ("a stack", "cloudformation", "create_stack",
     {"StackName": "s", "TemplateBody": TEMPLATE, "RoleARN": ROLE}, "cloudformation"),
    ("the deletion of a stack", "cloudformation", "delete_stack",
     {"StackName": "s", "RoleARN": ROLE}, "cloudformation"),
    ("a stack set", "cloudformation", "create_stack_set",
     {"StackSetName": "s", "TemplateBody": "{}", "AdministrationRoleARN": ROLE}, "cloudformation"),
    ("a recorder", "config", "put_configuration_recorder",
     {"ConfigurationRecorder": {"name": "default", "roleARN": ROLE}}, "config"),
    ("one target of many", "events", "put_targets", {"Rule": "r", "Targets": [TARGET]}, "events"),
    ("an instance", "ec2", "run_instances", {**IMAGE, "IamInstanceProfile": PROFILE}, "ec2"),
    ("an instance by a template", "ec2", "run_instances",
     {**IMAGE, "LaunchTemplate": {"LaunchTemplateName": "with-role"}}, "ec2"),
    ("instances of a group", "autoscaling", "create_auto_scaling_group",
     {"AutoScalingGroupName": "g", **GROUP,
      "LaunchTemplate": {"LaunchTemplateName": "with-role", "Version": "$Latest"}}, "ec2"),
    ("a launch configuration", "autoscaling", "create_launch_configuration",
     {"LaunchConfigurationName": "c", "ImageId": "ami-12345678", "InstanceType": "t3.micro",
      "IamInstanceProfile": "handed-on"}, "ec2"),
]  # fmt: skip
TABLE = [pytest.param(*case[1:], id=case[0]) for case in CASES]


@pytest.fixture(scope="module")
def prepared() -> Iterator[Cloud]:
    with enforcing() as cloud:
        make_role(cloud, "handed-on")
        iam = cloud.client("iam")
        iam.create_instance_profile(InstanceProfileName="handed-on")
        iam.add_role_to_instance_profile(InstanceProfileName="handed-on", RoleName="handed-on")
        cloud.client("ec2").create_launch_template(
            LaunchTemplateName="with-role", LaunchTemplateData={"IamInstanceProfile": PROFILE}
        )
        yield cloud


@pytest.mark.parametrize(("service", "operation", "params", "given_to"), TABLE)
def test_a_role_is_passed_by_who_may_and_to_whom_it_may(
    request: pytest.FixtureRequest,
    prepared: Cloud,
    service: str,
    operation: str,
    params: dict[str, Any],
    given_to: str,
) -> None:
    name = request.node.callspec.id.replace(" ", "-").replace("'", "")

    def answer(kind: str, *statements: Any) -> str:
        role = make_role(prepared, f"{name}-{kind}", allow(f"{service}:*"), *statements)
        return said(session(prepared, role), service, operation, **params)

    def to(service_name: str) -> Any:
        condition = {"StringEquals": {"iam:PassedToService": f"{service_name}.amazonaws.com"}}
        return allow("iam:PassRole", ROLE, Condition=condition)

    for told in (answer("none"), answer("other", to("glue"))):
        assert refused(told), told
        assert f"is not authorized to perform: iam:PassRole on resource: {ROLE}" in told
    assert not refused(answer("right", to(given_to)))
