"""A mesh with a trail of who did what, alarms, and the history of its roles."""

import pulumi

import meshkit

mesh = meshkit.SharedMesh("books", "mesh.yaml")

pulumi.export("mesh_arn", mesh.mesh_arn)
if mesh.audit is not None:
    pulumi.export("trail_arn", mesh.audit.trail_arn)
    pulumi.export("alarms", mesh.audit.alarms)
