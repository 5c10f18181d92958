"""A role for developers in every account of an organizational unit."""

import pulumi_aws as aws

import meshkit

organization = aws.organizations.Organization(
    "acme",
    aws_service_access_principals=["member.org.stacksets.cloudformation.amazonaws.com"],
)
root = organization.roots[0].id
teams = aws.organizations.OrganizationalUnit("teams", name="teams", parent_id=root)

meshkit.ProjectRoles(
    "teams",
    meshkit.ProjectRolesArgs(
        units={"teams": teams.id},
        region="eu-west-1",
        identity_providers={
            "github": meshkit.IdentityProvider.model_validate(
                {
                    "oidc": {
                        "url": "https://token.actions.githubusercontent.com",
                        "audiences": ["sts.amazonaws.com"],
                    }
                }
            )
        },
        roles={
            "deployer": meshkit.FederatedRole(
                provider="github",
                subjects=("repo:acme/shop:ref:refs/heads/main",),
                managed_policies=("arn:aws:iam::aws:policy/PowerUserAccess",),
            )
        },
    ),
)
