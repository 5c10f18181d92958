"""The smallest program: everything is in the mesh file."""

import pulumi

import meshkit

mesh = meshkit.SharedMesh("hello", "mesh.yaml")

pulumi.export("web_task_role", mesh.nodes["web"].role_arn)
