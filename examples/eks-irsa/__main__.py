"""Pods that take their roles by service account, on a cluster made in the same program."""

import pulumi
import pulumi_aws as aws

import meshkit

account = aws.Provider(
    "platform",
    region="eu-west-1",
    allowed_account_ids=["111111111111"],
    assume_roles=[
        aws.ProviderAssumeRoleArgs(role_arn="arn:aws:iam::111111111111:role/mesh-deployer")
    ],
)
here = pulumi.ResourceOptions(provider=account)

network = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16", opts=here)
subnets = [
    aws.ec2.Subnet(
        f"subnet-{zone}",
        vpc_id=network.id,
        cidr_block=f"10.0.{number}.0/24",
        availability_zone=f"eu-west-1{zone}",
        opts=here,
    )
    for number, zone in enumerate("ab")
]
cluster_role = aws.iam.Role(
    "cluster",
    assume_role_policy=aws.iam.get_policy_document(
        statements=[
            {
                "actions": ["sts:AssumeRole"],
                "principals": [{"type": "Service", "identifiers": ["eks.amazonaws.com"]}],
            }
        ]
    ).json,
    opts=here,
)
cluster = aws.eks.Cluster(
    "main",
    name="main",
    role_arn=cluster_role.arn,
    vpc_config={"subnet_ids": [subnet.id for subnet in subnets]},
    opts=here,
)
certificate = aws.acm.Certificate(
    "reviews",
    domain_name="reviews.bookinfo.svc.cluster.local",
    certificate_authority_arn=(
        "arn:aws:acm-pca:eu-west-1:111111111111:"
        "certificate-authority/11111111-2222-3333-4444-555555555555"
    ),
    opts=here,
)

mesh = meshkit.SharedMesh(
    "bookinfo",
    "mesh.yaml",
    values={"oidc_issuer": cluster.identities[0].oidcs[0].issuer, "certificate": certificate.arn},
    providers={"platform": account},
)

for name, node in mesh.nodes.items():
    pulumi.export(f"{name}_service_account", node.service_account_annotations)
