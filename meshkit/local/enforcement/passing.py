"""Roles that a request hands to a service, for which its caller needs iam:PassRole.

Source: IAM User Guide, Grant a user permissions to pass a role to an AWS service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from moto.iam.models import iam_backends

from meshkit.local.enforcement import ec2, iam
from meshkit.local.enforcement.need import Asked, Need

_EC2: Final = "ec2.amazonaws.com"
_TASKS: Final = "ecs-tasks.amazonaws.com"
_TO_LAMBDA: Final = {"Role": "lambda.amazonaws.com"}
_TO_STACKS: Final = {"RoleARN": "cloudformation.amazonaws.com"}
_TO_STACK_SETS: Final = {"AdministrationRoleARN": "cloudformation.amazonaws.com"}
_TO_TRAILS: Final = {"CloudWatchLogsRoleArn": "cloudtrail.amazonaws.com"}
_TO_PODS: Final = {
    "roleArn": "pods.eks.amazonaws.com",
    "targetRoleArn": "pods.eks.amazonaws.com",
}

MEMBERS: Final[Mapping[tuple[str, str], Mapping[str, str]]] = {
    ("cloudformation", "CreateChangeSet"): _TO_STACKS,
    ("cloudformation", "CreateStack"): _TO_STACKS,
    ("cloudformation", "CreateStackSet"): _TO_STACK_SETS,
    ("cloudformation", "DeleteStack"): _TO_STACKS,
    ("cloudformation", "UpdateStack"): _TO_STACKS,
    ("cloudformation", "UpdateStackSet"): _TO_STACK_SETS,
    ("cloudtrail", "CreateTrail"): _TO_TRAILS,
    ("cloudtrail", "UpdateTrail"): _TO_TRAILS,
    ("config", "PutConfigurationRecorder"): {
        "ConfigurationRecorder.roleARN": "config.amazonaws.com"
    },
    ("ec2", "CreateFlowLogs"): {"DeliverLogsPermissionArn": "vpc-flow-logs.amazonaws.com"},
    ("ecs", "CreateService"): {"role": "ecs.amazonaws.com"},
    ("ecs", "RegisterTaskDefinition"): {"executionRoleArn": _TASKS, "taskRoleArn": _TASKS},
    ("ecs", "RunTask"): {"overrides.executionRoleArn": _TASKS, "overrides.taskRoleArn": _TASKS},
    ("ecs", "StartTask"): {"overrides.executionRoleArn": _TASKS, "overrides.taskRoleArn": _TASKS},
    ("eks", "CreateAddon"): {"serviceAccountRoleArn": "eks.amazonaws.com"},
    ("eks", "CreateCluster"): {"roleArn": "eks.amazonaws.com"},
    ("eks", "CreateFargateProfile"): {"podExecutionRoleArn": "eks-fargate-pods.amazonaws.com"},
    ("eks", "CreateNodegroup"): {"nodeRole": "eks.amazonaws.com"},
    ("eks", "CreatePodIdentityAssociation"): _TO_PODS,
    ("eks", "UpdatePodIdentityAssociation"): _TO_PODS,
    ("events", "PutRule"): {"RoleArn": "events.amazonaws.com"},
    ("events", "PutTargets"): {"Targets.RoleArn": "events.amazonaws.com"},
    ("lambda", "CreateFunction"): _TO_LAMBDA,
    ("lambda", "UpdateFunctionConfiguration"): _TO_LAMBDA,
    ("logs", "PutSubscriptionFilter"): {"roleArn": "logs.amazonaws.com"},
}
"""By operation, the parameters that name a role, by their paths, and the service that gets it."""


def passed_roles(asked: Asked) -> Iterator[Need]:
    """Return the passing of roles that a request asks for."""
    operation = asked.incoming.prefix, asked.name
    for path, service in MEMBERS.get(operation, {}).items():
        for given in _at(asked.params, path.split(".")):
            arn = given if given.startswith("arn:") else iam.role_arn(asked, given)
            yield _pass(arn, service)
    if (other := _OTHERS.get(operation)) is not None:
        yield from other(asked)


def _at(value: Any, path: list[str]) -> Iterator[str]:
    """The texts at a path, of each item where a list is on the way."""
    if isinstance(value, list):
        for each in value:
            yield from _at(each, path)
    elif path and isinstance(value, Mapping):
        yield from _at(value.get(path[0]), path[1:])
    elif isinstance(value, str) and value and not path:
        yield value


def _pass(arn: str, service: str) -> Need:
    return Need("iam:PassRole", arn, {"iam:PassedToService": service})


def _into_profile(asked: Asked) -> Iterator[Need]:
    """A role in an instance profile is EC2's to take."""
    yield _pass(iam.role_arn(asked, str(asked.params["RoleName"])), _EC2)


def _of_profile(asked: Asked) -> Iterator[Need]:
    """The roles in the instance profiles that a request gives to instances."""
    given = asked.params.get("IamInstanceProfile") or {}
    named = [given] if isinstance(given, str) else [given.get("Arn"), given.get("Name")]
    yield from _in_profiles(asked, *named)


def _of_instance(asked: Asked) -> Iterator[Need]:
    """The role with which an instance starts, which a launch template may name."""
    yield from _of_profile(asked)
    if (profile := _of_template(asked)) and not asked.params.get("IamInstanceProfile"):
        yield from _in_profiles(asked, profile.get("Arn"), profile.get("Name"))


def _in_profiles(asked: Asked, *named: str | None) -> Iterator[Need]:
    for each in iam_backends[asked.account][asked.partition].instance_profiles.values():
        if each.arn in named or each.name in named:
            yield from (_pass(role.arn, _EC2) for role in each.roles)


def _of_template(asked: Asked) -> Mapping[str, str]:
    """The instance profile that the launch template of a request names."""
    given = asked.params.get("LaunchTemplate") or {}
    template = ec2.template_of(asked, given)
    if template is None:
        return {}
    versions = {str(each.number): each for each in template.versions}
    versions |= {"$Default": template.default_version(), "$Latest": template.latest_version()}
    version = versions.get(str(given.get("Version") or "$Default"))
    profile: Mapping[str, str] = (version and version.data.get("IamInstanceProfile")) or {}
    return profile


_OTHERS: Final[Mapping[tuple[str, str], Callable[[Asked], Iterator[Need]]]] = {
    ("autoscaling", "CreateAutoScalingGroup"): _of_instance,
    ("autoscaling", "CreateLaunchConfiguration"): _of_profile,
    ("autoscaling", "UpdateAutoScalingGroup"): _of_instance,
    ("ec2", "AssociateIamInstanceProfile"): _of_profile,
    ("ec2", "ReplaceIamInstanceProfileAssociation"): _of_profile,
    ("ec2", "RunInstances"): _of_instance,
    ("iam", "AddRoleToInstanceProfile"): _into_profile,
}

PASSING: Final = frozenset({*MEMBERS, *_OTHERS})
"""The operations, by service, that hand a role on."""
