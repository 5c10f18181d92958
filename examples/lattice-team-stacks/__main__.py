"""All that the three teams deploy, from one program."""

import pulumi

import meshkit

mesh = meshkit.SharedMesh("shop", "mesh.yaml")

pulumi.export("network_arn", mesh.mesh_arn)
pulumi.export("dns_names", {name: each.dns_name for name, each in mesh.lattice.services.items()})
pulumi.export("storefront_role", mesh.nodes["storefront"].role_arn)
