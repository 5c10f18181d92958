"""Pods of two EKS clusters behind one service of VPC Lattice, by the AWS Gateway API Controller."""

import pulumi
import pulumi_aws as aws

import meshkit

account = aws.Provider(
    "shop",
    region="eu-west-1",
    allowed_account_ids=["222222222222"],
    assume_roles=[
        aws.ProviderAssumeRoleArgs(role_arn="arn:aws:iam::222222222222:role/mesh-deployer")
    ],
)
here = pulumi.ResourceOptions(provider=account)
vpc = aws.ec2.Vpc("shop", cidr_block="10.0.0.0/16", opts=here)
# Its rules are resources of their own, so the group says nothing of them.
pods = aws.ec2.SecurityGroup("pods", vpc_id=vpc.id, description="Pods of the shop", opts=here)
zone = aws.route53.Zone("shop", name="shop.example", vpcs=[{"vpc_id": vpc.id}], opts=here)

mesh = meshkit.SharedMesh(
    "shop",
    "mesh.yaml",
    values={"vpc": vpc.id, "pods": pods.id, "zone": zone.zone_id},
    providers={"shop": account},
)
assert mesh.lattice is not None

# pulumi stack output --show-secrets blue | kubectl --context blue apply -f -
for cluster in ("blue", "green"):
    pulumi.export(cluster, mesh.lattice.manifests[cluster].yaml)
pulumi.export("front_role", mesh.nodes["front"].role_arn)
