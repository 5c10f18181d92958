"""Roles of people and pipelines that work on a mesh."""

import meshkit
from meshkit.policy.operators import scope_of
from meshkit.topology.check import check

ACCOUNT = "111111111111"

# --8<-- [start:file]
mesh = check("mesh.yaml").resolve()
scope = scope_of(mesh, "network", routers=["catalog"])

meshkit.OperatorRole(
    "shift-traffic",
    meshkit.OperatorRoleArgs(
        tier="router",
        scope=scope,
        trust=meshkit.OidcTrust(
            provider_arn=f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com",
            subjects=["repo:acme/shop:ref:refs/heads/main"],
            audience="sts.amazonaws.com",
        ),
    ),
)
# --8<-- [end:file]

# --8<-- [start:plain]
meshkit.OperatorRole(
    "look-at-mesh",
    meshkit.OperatorRoleArgs(
        tier="viewer",
        scope=meshkit.OperatorScope(
            mesh_arn=f"arn:aws:appmesh:eu-west-1:{ACCOUNT}:mesh/shop",
            account=ACCOUNT,
            builders=("222222222222",),
        ),
        trust=meshkit.PermissionSetTrust(
            account=ACCOUNT, permission_set="MeshViewer", region="eu-west-1"
        ),
        max_session_duration=8 * 3600,
    ),
)
# --8<-- [end:plain]
