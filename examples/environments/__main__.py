"""One mesh file for every environment: a stack each, which differ in their configuration."""

import pulumi

import meshkit

config = pulumi.Config()
green = config.require_int("green")

mesh = meshkit.SharedMesh(
    "store",
    "store.yaml",
    values={"environment": pulumi.get_stack(), "blue": 100 - green, "green": green},
)

pulumi.export("mesh_arn", mesh.mesh_arn)
pulumi.export("catalog", {"blue": 100 - green, "green": green})
