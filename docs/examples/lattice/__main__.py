"""The smallest program: everything is in the mesh file."""

import pulumi

import meshkit

mesh = meshkit.SharedMesh("shop", "mesh.yaml")

pulumi.export("storefront_task_role", mesh.nodes["storefront"].role_arn)
