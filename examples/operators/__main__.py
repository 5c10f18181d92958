"""A shared mesh, and the roles of the people and pipelines who work on it."""

import pulumi
import pulumi_aws as aws

import meshkit

CATALOG = "arn:aws:iam::222222222222:role/mesh-deployer"

catalog = aws.Provider("catalog", region="eu-west-1", assume_roles=[{"role_arn": CATALOG}])
pipelines = aws.iam.OpenIdConnectProvider(
    "pipelines",
    url="https://token.actions.githubusercontent.com",
    client_id_lists=["sts.amazonaws.com"],
    opts=pulumi.ResourceOptions(provider=catalog),
)

mesh = meshkit.SharedMesh(
    "market", "mesh.yaml", values={"pipelines": pipelines.arn}, providers={"catalog": catalog}
)

pulumi.export("mesh_arn", mesh.mesh_arn)
pulumi.export("operators", {name: each.role_arn for name, each in mesh.operators.items()})
