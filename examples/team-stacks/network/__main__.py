"""What the platform team deploys of the shared mesh; a stack is named for its phase."""

import pulumi

import meshkit

mesh = meshkit.SharedMesh("shop", account="network", phase=pulumi.get_stack())

pulumi.export("mesh_arn", mesh.mesh_arn)
