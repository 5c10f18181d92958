"""A gateway in one account and a backend in each of three, on subnets that the first one shares."""

import pulumi
import pulumi_aws as aws

import meshkit

role = "arn:aws:iam::111111111111:role/mesh-deployer"
primary = aws.Provider(
    "primary",
    region="eu-west-1",
    allowed_account_ids=["111111111111"],
    assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=role)],
)
here = pulumi.ResourceOptions(provider=primary)

vpc = aws.ec2.Vpc("mesh", cidr_block="10.0.0.0/16", enable_dns_hostnames=True, opts=here)
subnets = {
    name: aws.ec2.Subnet(
        f"mesh-{name}",
        vpc_id=vpc.id,
        cidr_block=f"10.0.{number}.0/24",
        availability_zone=f"eu-west-1{name}",
        opts=here,
    )
    for number, name in enumerate("ab")
}

mesh = meshkit.SharedMesh(
    "walkthrough",
    "mesh.yaml",
    values={f"subnet_{name}": subnet.id for name, subnet in subnets.items()},
    providers={"primary": primary},
)

for account, provider in mesh.providers.items():
    aws.servicediscovery.HttpNamespace(
        account, name=f"{account}.local", opts=pulumi.ResourceOptions(provider=provider)
    )

pulumi.export("mesh_arn", mesh.mesh_arn)
pulumi.export("share_arn", mesh.share_arn)
