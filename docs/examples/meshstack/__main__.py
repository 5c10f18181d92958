"""meshStack's connector in the management account, and its role in a member account."""

import pulumi
import pulumi_aws as aws

import meshkit

connector = meshkit.MeshStackConnector(
    "frankfurt",
    meshkit.MeshStackConnectorArgs(
        scope=meshkit.ConnectorScope(management_account="111111111111", access_role="meshstack"),
    ),
)

member = aws.Provider(
    "member",
    region="eu-west-1",
    assume_roles=[aws.ProviderAssumeRoleArgs(role_arn="arn:aws:iam::222222222222:role/deployer")],
)
meshkit.MemberAccessRole(
    "member",
    meshkit.MemberAccessRoleArgs(
        connector_arn=connector.arn,
        external_ids=connector.external_ids,
        managed_policies=["arn:aws:iam::aws:policy/AdministratorAccess"],
        role_name="meshstack",
    ),
    pulumi.ResourceOptions(provider=member),
)

pulumi.export("access_key_id", connector.access_key_id)
pulumi.export("secret_access_key", connector.secret_access_key)
pulumi.export("privileged_external_id", connector.external_id)
