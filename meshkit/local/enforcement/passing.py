"""Roles that a request hands to a service, for which its caller needs iam:PassRole.

Source: IAM User Guide, Grant a user permissions to pass a role to an AWS service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from moto.iam.models import iam_backends

from meshkit.local.enforcement import iam
from meshkit.local.enforcement.need import Asked, Need

_MEMBERS: Final[Mapping[tuple[str, str], Mapping[str, str]]] = {
    ("cloudtrail", "CreateTrail"): {"CloudWatchLogsRoleArn": "cloudtrail.amazonaws.com"},
    ("cloudtrail", "UpdateTrail"): {"CloudWatchLogsRoleArn": "cloudtrail.amazonaws.com"},
    ("ecs", "CreateService"): {"role": "ecs.amazonaws.com"},
    ("ecs", "RegisterTaskDefinition"): {
        "executionRoleArn": "ecs-tasks.amazonaws.com",
        "taskRoleArn": "ecs-tasks.amazonaws.com",
    },
    ("eks", "CreateCluster"): {"roleArn": "eks.amazonaws.com"},
    ("eks", "CreateFargateProfile"): {"podExecutionRoleArn": "eks-fargate-pods.amazonaws.com"},
    ("eks", "CreateNodegroup"): {"nodeRole": "eks.amazonaws.com"},
    ("eks", "CreatePodIdentityAssociation"): {"roleArn": "pods.eks.amazonaws.com"},
    ("eks", "UpdatePodIdentityAssociation"): {"roleArn": "pods.eks.amazonaws.com"},
}
"""By operation, the parameters that name a role and the service that gets it."""


def passed_roles(asked: Asked) -> Iterator[Need]:
    """Return the passing of roles that a request asks for."""
    members = _MEMBERS.get((asked.incoming.prefix, asked.name), {})
    for name, service in members.items():
        for given in asked.given(name):
            arn = given if given.startswith("arn:") else iam.role_arn(asked, given)
            yield _pass(arn, service)
    if (other := _OTHERS.get((asked.incoming.prefix, asked.name))) is not None:
        yield from other(asked)


def _pass(arn: str, service: str) -> Need:
    return Need("iam:PassRole", arn, {"iam:PassedToService": service})


def _into_profile(asked: Asked) -> Iterator[Need]:
    """A role in an instance profile is EC2's to take."""
    yield _pass(iam.role_arn(asked, str(asked.params["RoleName"])), "ec2.amazonaws.com")


def _of_profile(asked: Asked) -> Iterator[Need]:
    """The role in the instance profile with which an instance starts."""
    profile = asked.params.get("IamInstanceProfile") or {}
    held = iam_backends[asked.account][asked.partition].instance_profiles.values()
    for each in held:
        if profile.get("Arn") == each.arn or profile.get("Name") == each.name:
            yield from (_pass(role.arn, "ec2.amazonaws.com") for role in each.roles)


def _of_recorder(asked: Asked) -> Iterator[Need]:
    recorder = asked.params.get("ConfigurationRecorder") or {}
    if arn := recorder.get("roleARN"):
        yield _pass(str(arn), "config.amazonaws.com")


_OTHERS: Final[Mapping[tuple[str, str], Callable[[Asked], Iterator[Need]]]] = {
    ("config", "PutConfigurationRecorder"): _of_recorder,
    ("ec2", "AssociateIamInstanceProfile"): _of_profile,
    ("ec2", "ReplaceIamInstanceProfileAssociation"): _of_profile,
    ("ec2", "RunInstances"): _of_profile,
    ("iam", "AddRoleToInstanceProfile"): _into_profile,
}

PASSING: Final = frozenset({*_MEMBERS, *_OTHERS})
"""The operations, by service, that hand a role on."""
