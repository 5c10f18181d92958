"""Providers of the program's own, by the account's key in the file."""

import pulumi_aws as aws

import meshkit


def account(name: str, account_id: str) -> aws.Provider:
    """A provider that can only work in its account."""
    return aws.Provider(
        name,
        region="eu-west-1",
        allowed_account_ids=[account_id],
        assume_roles=[
            aws.ProviderAssumeRoleArgs(role_arn=f"arn:aws:iam::{account_id}:role/deployer")
        ],
    )


meshkit.SharedMesh(
    "shop",
    "mesh.yaml",
    providers={
        "network": account("network", "111111111111"),
        "orders": account("orders", "222222222222"),
    },
)
