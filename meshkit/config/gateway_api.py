"""The AWS Gateway API Controller of an EKS cluster."""

from typing import Literal

from pydantic import Field

from meshkit.config.operator import OperatorOptions
from meshkit.config.types import Model


class GatewayApi(Model):
    """The AWS Gateway API Controller of a cluster, on VPC Lattice alone.

    It makes the listeners, rules and target groups of the services whose nodes are pods of the
    cluster, and registers the pods. Source: AWS Gateway API Controller, user guide.
    """

    identity: Literal["irsa", "pod-identity"] = "irsa"
    """How the controller gets its role."""
    role: OperatorOptions = Field(default_factory=OperatorOptions)
    """Options of the controller's role. Keys not given come from ``defaults.role``."""
