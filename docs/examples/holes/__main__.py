"""One file for every stage: plain values for names, Outputs for what AWS makes."""

import pulumi
import pulumi_aws as aws

import meshkit

certificate = aws.acm.Certificate(
    "api",
    domain_name="api.shop.local",
    certificate_authority_arn=(
        "arn:aws:acm-pca:eu-west-1:111111111111:"
        "certificate-authority/11111111-2222-3333-4444-555555555555"
    ),
)
mesh = meshkit.SharedMesh(
    "shop",
    "mesh.yaml",
    values={
        "account": "111111111111",
        "stage": pulumi.get_stack(),
        "certificate": certificate.arn,
    },
)

pulumi.export("mesh_arn", mesh.mesh_arn)
