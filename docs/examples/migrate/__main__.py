"""One mesh on App Mesh and on VPC Lattice, side by side while workloads move."""

import pulumi

import meshkit

old = meshkit.SharedMesh("shop", "mesh.yaml")
new = meshkit.SharedMesh("shop-lattice", "lattice.yaml")

assert new.lattice is not None
pulumi.export("catalog_before", "catalog.shop.local")
pulumi.export("catalog", new.lattice.services["catalog.shop.local"].dns_name)
pulumi.export("storefront_task_role", new.nodes["storefront"].role_arn)
