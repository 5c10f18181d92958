"""One typed file describes a shared service mesh on AWS; from it come the mesh and its roles."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from meshkit.errors import ConfigError, MeshkitError, UnreadableError
from meshkit.garbage import paused_gc

if TYPE_CHECKING:
    from meshkit.appmesh import (
        GatewayRoute,
        GatewayRouteArgs,
        Mesh,
        MeshArgs,
        Route,
        RouteArgs,
        SharedMeshRef,
        VirtualGateway,
        VirtualGatewayArgs,
        VirtualNode,
        VirtualNodeArgs,
        VirtualRouter,
        VirtualRouterArgs,
        VirtualService,
        VirtualServiceArgs,
    )
    from meshkit.config.file import MeshFile
    from meshkit.config.landing_zone import FederatedRole, IdentityProvider, LandingZoneFile
    from meshkit.config.role import Statement
    from meshkit.identity import (
        Ec2Role,
        Ec2RoleArgs,
        EcsTaskRole,
        EcsTaskRoleArgs,
        GatewayControllerRole,
        GatewayControllerRoleArgs,
        IrsaRole,
        IrsaRoleArgs,
        OidcProvider,
        OidcProviderArgs,
        PodIdentityRole,
        PodIdentityRoleArgs,
        ServiceAccount,
        WorkerNodeRole,
        WorkerNodeRoleArgs,
    )
    from meshkit.landing_zone.audit_trail import ExistingTrail, MeshAuditTrail, MeshAuditTrailArgs
    from meshkit.landing_zone.generations import Rotation
    from meshkit.landing_zone.guardrails import Guardrails, GuardrailsArgs
    from meshkit.landing_zone.landing_zone import LandingZone
    from meshkit.landing_zone.member_access import MemberAccessRole, MemberAccessRoleArgs
    from meshkit.landing_zone.meshstack_connector import MeshStackConnector, MeshStackConnectorArgs
    from meshkit.landing_zone.operator_role import OperatorRole, OperatorRoleArgs
    from meshkit.landing_zone.permissions_boundary import (
        PermissionsBoundary,
        PermissionsBoundaryArgs,
    )
    from meshkit.landing_zone.project_roles import ProjectRoles, ProjectRolesArgs
    from meshkit.lattice import (
        CallerPolicy,
        CallerPolicyArgs,
        LatticeService,
        LatticeServiceArgs,
        ServiceNetwork,
        ServiceNetworkArgs,
    )
    from meshkit.mesh import SharedMesh
    from meshkit.policy.audit import TrailScope
    from meshkit.policy.boundaries import MeshBoundary, TeamBoundary
    from meshkit.policy.guardrails import AuditScope, GuardrailScope
    from meshkit.policy.meshstack import ConnectorScope
    from meshkit.policy.operator_trust import (
        AccountTrust,
        OidcTrust,
        PermissionSetTrust,
        SamlTrust,
    )
    from meshkit.policy.operators import OperatorScope
    from meshkit.policy.typed import PolicyDocument
    from meshkit.sharing import (
        MeshServiceRole,
        MeshServiceRoleArgs,
        MeshShare,
        MeshShareArgs,
        MeshSharerPolicy,
        MeshSharerPolicyArgs,
        MeshTeamPolicy,
        MeshTeamPolicyArgs,
        OrganizationSharing,
        OrganizationSharingArgs,
        ShareAcceptance,
        ShareAcceptanceArgs,
        ShareAcceptorPolicy,
        ShareAcceptorPolicyArgs,
    )

__version__ = "0.1.0"

_COMPONENTS = {
    "meshkit.appmesh": (
        "Mesh",
        "Route",
        "GatewayRoute",
        "VirtualGateway",
        "VirtualNode",
        "VirtualRouter",
        "VirtualService",
    ),
    "meshkit.identity": (
        "Ec2Role",
        "EcsTaskRole",
        "GatewayControllerRole",
        "IrsaRole",
        "OidcProvider",
        "PodIdentityRole",
        "WorkerNodeRole",
    ),
    "meshkit.landing_zone.audit_trail": ("MeshAuditTrail",),
    "meshkit.landing_zone.guardrails": ("Guardrails",),
    "meshkit.landing_zone.member_access": ("MemberAccessRole",),
    "meshkit.landing_zone.meshstack_connector": ("MeshStackConnector",),
    "meshkit.landing_zone.operator_role": ("OperatorRole",),
    "meshkit.landing_zone.permissions_boundary": ("PermissionsBoundary",),
    "meshkit.landing_zone.project_roles": ("ProjectRoles",),
    "meshkit.lattice": ("CallerPolicy", "LatticeService", "ServiceNetwork"),
    "meshkit.sharing": (
        "MeshServiceRole",
        "MeshShare",
        "MeshSharerPolicy",
        "MeshTeamPolicy",
        "OrganizationSharing",
        "ShareAcceptance",
        "ShareAcceptorPolicy",
    ),
}
_MODULES = {
    "MeshFile": "meshkit.config.file",
    "PolicyDocument": "meshkit.policy.typed",
    "ServiceAccount": "meshkit.identity",
    "SharedMesh": "meshkit.mesh",
    "SharedMeshRef": "meshkit.appmesh",
    "Statement": "meshkit.config.role",
    **dict.fromkeys(
        ("AccountTrust", "OidcTrust", "PermissionSetTrust", "SamlTrust"),
        "meshkit.policy.operator_trust",
    ),
    **dict.fromkeys(("AuditScope", "GuardrailScope"), "meshkit.policy.guardrails"),
    **dict.fromkeys(("MeshBoundary", "TeamBoundary"), "meshkit.policy.boundaries"),
    "ConnectorScope": "meshkit.policy.meshstack",
    "ExistingTrail": "meshkit.landing_zone.audit_trail",
    "TrailScope": "meshkit.policy.audit",
    "OperatorScope": "meshkit.policy.operators",
    **dict.fromkeys(
        ("FederatedRole", "IdentityProvider", "LandingZoneFile"), "meshkit.config.landing_zone"
    ),
    "LandingZone": "meshkit.landing_zone.landing_zone",
    "Rotation": "meshkit.landing_zone.generations",
    **{name: module for module, names in _COMPONENTS.items() for name in names},
    **{f"{name}Args": module for module, names in _COMPONENTS.items() for name in names},
}
"""Where each public name lives; it is imported when it is first asked for."""

__all__ = [
    "AccountTrust",
    "AuditScope",
    "CallerPolicy",
    "CallerPolicyArgs",
    "ConfigError",
    "ConnectorScope",
    "Ec2Role",
    "Ec2RoleArgs",
    "EcsTaskRole",
    "EcsTaskRoleArgs",
    "ExistingTrail",
    "FederatedRole",
    "GatewayControllerRole",
    "GatewayControllerRoleArgs",
    "GatewayRoute",
    "GatewayRouteArgs",
    "GuardrailScope",
    "Guardrails",
    "GuardrailsArgs",
    "IdentityProvider",
    "IrsaRole",
    "IrsaRoleArgs",
    "LandingZone",
    "LandingZoneFile",
    "LatticeService",
    "LatticeServiceArgs",
    "MemberAccessRole",
    "MemberAccessRoleArgs",
    "Mesh",
    "MeshArgs",
    "MeshAuditTrail",
    "MeshAuditTrailArgs",
    "MeshBoundary",
    "MeshFile",
    "MeshServiceRole",
    "MeshServiceRoleArgs",
    "MeshShare",
    "MeshShareArgs",
    "MeshSharerPolicy",
    "MeshSharerPolicyArgs",
    "MeshStackConnector",
    "MeshStackConnectorArgs",
    "MeshTeamPolicy",
    "MeshTeamPolicyArgs",
    "MeshkitError",
    "OidcProvider",
    "OidcProviderArgs",
    "OidcTrust",
    "OperatorRole",
    "OperatorRoleArgs",
    "OperatorScope",
    "OrganizationSharing",
    "OrganizationSharingArgs",
    "PermissionSetTrust",
    "PermissionsBoundary",
    "PermissionsBoundaryArgs",
    "PodIdentityRole",
    "PodIdentityRoleArgs",
    "PolicyDocument",
    "ProjectRoles",
    "ProjectRolesArgs",
    "Rotation",
    "Route",
    "RouteArgs",
    "SamlTrust",
    "ServiceAccount",
    "ServiceNetwork",
    "ServiceNetworkArgs",
    "ShareAcceptance",
    "ShareAcceptanceArgs",
    "ShareAcceptorPolicy",
    "ShareAcceptorPolicyArgs",
    "SharedMesh",
    "SharedMeshRef",
    "Statement",
    "TeamBoundary",
    "TrailScope",
    "UnreadableError",
    "VirtualGateway",
    "VirtualGatewayArgs",
    "VirtualNode",
    "VirtualNodeArgs",
    "VirtualRouter",
    "VirtualRouterArgs",
    "VirtualService",
    "VirtualServiceArgs",
    "WorkerNodeRole",
    "WorkerNodeRoleArgs",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """A public name, imported on first use: the core and the command line need no Pulumi."""
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with paused_gc():
        value = globals()[name] = getattr(import_module(module), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
