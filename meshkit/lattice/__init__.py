"""Pulumi components for Amazon VPC Lattice."""

from __future__ import annotations

from meshkit.lattice.caller_policy import CallerPolicy, CallerPolicyArgs
from meshkit.lattice.network import ServiceNetwork, ServiceNetworkArgs, VpcArgs
from meshkit.lattice.service import (
    LatticeService,
    LatticeServiceArgs,
    ListenerArgs,
    RuleArgs,
)
from meshkit.lattice.target_groups import TargetGroupArgs

__all__ = [
    "CallerPolicy",
    "CallerPolicyArgs",
    "LatticeService",
    "LatticeServiceArgs",
    "ListenerArgs",
    "RuleArgs",
    "ServiceNetwork",
    "ServiceNetworkArgs",
    "TargetGroupArgs",
    "VpcArgs",
]
