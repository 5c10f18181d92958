"""One mesh shared by three accounts, with a least-privilege role for every proxy."""

import pulumi

import meshkit

mesh = meshkit.SharedMesh("shop", "mesh.yaml")

pulumi.export("mesh_arn", mesh.mesh_arn)
pulumi.export("share_arn", mesh.share_arn)
pulumi.export("storefront_annotations", mesh.nodes["storefront"].service_account_annotations)
pulumi.export("catalog_task_role", mesh.nodes["catalog-v1"].role_arn)
pulumi.export("ingress_user_data", mesh.gateways["ingress"].user_data)
