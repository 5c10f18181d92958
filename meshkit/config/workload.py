"""What a node runs as: an ECS task, EKS pods, EC2 instances or a Lambda function."""

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
    service: K8sName | None = None
    """Kubernetes service in front of its pods, of their namespace, where the cluster has a
    ``gateway_api`` controller. Its ports are those of the listeners. Default: the node's name."""


class Ec2Workload(Model):
    """EC2 instances, also those on which people run Kubernetes themselves."""

    type: Literal["ec2"]
    tags: Tags = {}
    """Tags by which a later check finds the instances."""


class LambdaWorkload(Model):
    """A Lambda function, on VPC Lattice alone: it runs no proxy.

    The node's role is its execution role. Source: VPC Lattice user guide, Lambda functions as
    targets.
    """

    type: Literal["lambda"]
    function: Text | None = None
    """Its name, for a function that is made with the node's role and registered by
    ``register_function``; or the ARN of one that is there, which is registered by itself. Either
    may end in ``:ALIAS``. Without it, the role is for every function of the account and region."""
    event_version: Literal["V1", "V2"] = "V2"
    """Structure of the event in which it gets a request."""


Workload = Annotated[
    EcsWorkload | EksWorkload | Ec2Workload | LambdaWorkload, Field(discriminator="type")
]
