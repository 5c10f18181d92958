"""Pods that take their roles by EKS Pod Identity, on a cluster that the program makes."""

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
cluster = aws.eks.Cluster(
    "main",
    name="main",
    role_arn="arn:aws:iam::111111111111:role/eks-cluster",
    vpc_config={"subnet_ids": ["subnet-11111111", "subnet-22222222"]},
    opts=pulumi.ResourceOptions(provider=account),
)
mesh = meshkit.SharedMesh(
    "colors",
    "mesh.yaml",
    values={"cluster": cluster.name},
    providers={"platform": account},
)

pulumi.export("namespace_labels", mesh.nodes["front"].namespace_labels)
pulumi.export("pod_annotations", mesh.nodes["front"].pod_annotations)
