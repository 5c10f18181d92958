"""The mesh stands in the stack's configuration, so that each stack has its own."""

import pulumi

import meshkit

mesh = meshkit.SharedMesh("orders")

pulumi.export("mesh_arn", mesh.mesh_arn)
pulumi.export("api_task_role", mesh.nodes["api"].role_arn)
