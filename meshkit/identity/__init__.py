"""Pulumi components for the IAM roles that proxies run with."""

from __future__ import annotations

from meshkit.identity.args import RoleArgs, ServiceAccount
from meshkit.identity.ec2_role import Ec2Role, Ec2RoleArgs, WorkerNodeRole, WorkerNodeRoleArgs
from meshkit.identity.ecs_task_role import EcsTaskRole, EcsTaskRoleArgs
from meshkit.identity.gateway_controller_role import (
    GatewayControllerRole,
    GatewayControllerRoleArgs,
)
from meshkit.identity.irsa_role import IrsaRole, IrsaRoleArgs
from meshkit.identity.mesh_roles import (
    RegisteredProvider,
    RegisteredRole,
    register_provider,
    register_role,
)
from meshkit.identity.oidc_provider import OidcProvider, OidcProviderArgs
from meshkit.identity.pod_identity_role import PodIdentityRole, PodIdentityRoleArgs

__all__ = [
    "Ec2Role",
    "Ec2RoleArgs",
    "EcsTaskRole",
    "EcsTaskRoleArgs",
    "GatewayControllerRole",
    "GatewayControllerRoleArgs",
    "IrsaRole",
    "IrsaRoleArgs",
    "OidcProvider",
    "OidcProviderArgs",
    "PodIdentityRole",
    "PodIdentityRoleArgs",
    "RegisteredProvider",
    "RegisteredRole",
    "RoleArgs",
    "ServiceAccount",
    "WorkerNodeRole",
    "WorkerNodeRoleArgs",
    "register_provider",
    "register_role",
]
