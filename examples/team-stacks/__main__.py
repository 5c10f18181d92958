"""All that the three teams deploy, from one program."""

import pulumi

import meshkit

mesh = meshkit.SharedMesh("shop", "mesh.yaml")

pulumi.export("mesh_arn", mesh.mesh_arn)
