"""What those may do who share a mesh, accept a share, or work in a shared mesh."""

import pulumi_aws as aws

import meshkit

mesh = "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop"
trust = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": {"AWS": "arn:aws:iam::999999999999:role/pipeline"}}]}"""

sharer = aws.iam.Role("mesh-sharer", assume_role_policy=trust)
meshkit.MeshSharerPolicy(
    "sharer",
    meshkit.MeshSharerPolicyArgs(mesh_arn=mesh, share_name="shop", roles=[sharer.name]),
)

# These two belong to the accounts of the consumers.
meshkit.ShareAcceptorPolicy("acceptor", meshkit.ShareAcceptorPolicyArgs(mesh_arn=mesh))
meshkit.MeshTeamPolicy("orders", meshkit.MeshTeamPolicyArgs(mesh_arn=mesh, account="222222222222"))
