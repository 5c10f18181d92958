"""What runs a proxy: an ECS task, EKS pods or EC2 instances."""

from typing import Annotated, Literal

from pydantic import Field

from meshkit.config.types import Label, Model, Tags, Text

K8sName = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")]
"""A name of Kubernetes. Source: RFC 1123 as Kubernetes applies it."""

Identity = Literal["irsa", "pod-identity", "node-role"]
Access = Literal["exact", "mesh-wide"]
Tracing = Literal["xray", "jaeger", "datadog", "none"]


class EcsWorkload(Model):
    """An ECS task, on Fargate or on instances. The proxy's role is the task role."""

    type: Literal["ecs"]
    cluster: Text | None = None
    """Where a later check finds it."""
    service: Text | None = None
    """Name of the ECS service, where a later check finds it."""
    task_family: Text | None = None
    """Family of its task definition, where a later check finds it."""


class EksWorkload(Model):
    """Pods of an EKS cluster."""

    type: Literal["eks"]
    cluster: Label | None = None
    """A key of ``clusters``."""
    namespace: K8sName | None = None
    """Kubernetes namespace of its pods; needed for irsa and pod-identity."""
    service_account: K8sName | None = None
    """Service account of its pods; needed for irsa and pod-identity."""
    identity: Identity = "irsa"
    """How pods get the role. ``node-role`` gives it to every pod of the worker nodes."""
    deployment: K8sName | None = None
    """Where a later check finds it."""


class Ec2Workload(Model):
    """EC2 instances, also those on which people run Kubernetes themselves."""

    type: Literal["ec2"]
    tags: Tags = {}
    """Tags by which a later check finds the instances."""


Workload = Annotated[EcsWorkload | EksWorkload | Ec2Workload, Field(discriminator="type")]
