"""A mesh from its file, and beside it what somebody added by hand."""

import json

import pulumi
import pulumi_aws as aws

import meshkit

mesh = meshkit.SharedMesh("shop", "mesh.yaml")
here = pulumi.ResourceOptions(provider=mesh.providers["platform"], depends_on=[mesh])


def policy(*statements: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


# The policy of most tutorials: every proxy of the account.
aws.iam.RolePolicyAttachment(
    "catalog",
    role="shop-catalog",
    policy_arn="arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess",
    opts=here,
)

# An adopted role: trusted without asking whose tasks these are, and it reads a node too many.
ledger = aws.iam.Role(
    "ledger",
    name="ledger",
    assume_role_policy=policy(
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ),
    opts=here,
)
aws.iam.RolePolicy(
    "ledger",
    role=ledger.name,
    policy=policy(
        {
            "Sid": "Read",
            "Effect": "Allow",
            "Action": "appmesh:StreamAggregatedResources",
            "Resource": [
                "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/ledger",
                "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/catalog",
            ],
        }
    ),
    opts=here,
)
