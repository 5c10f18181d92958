"""A service on VPC Lattice without a mesh file, for a role that the program makes itself."""

import json

import pulumi
import pulumi_aws as aws

import meshkit
from meshkit.lattice import ListenerArgs, RuleArgs, TargetGroupArgs, VpcArgs

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "111111111111"},
                "ArnLike": {"aws:SourceArn": "arn:aws:ecs:eu-west-1:111111111111:*"},
            },
        }
    ],
}
web = aws.iam.Role("web", assume_role_policy=json.dumps(TRUST))
vpc = aws.ec2.Vpc("shop", cidr_block="10.0.0.0/16")

network = meshkit.ServiceNetwork(
    "shop",
    meshkit.ServiceNetworkArgs(accounts=["111111111111"], vpcs={"shop": VpcArgs(vpc_id=vpc.id)}),
)
catalog = meshkit.LatticeService(
    "catalog",
    meshkit.LatticeServiceArgs(
        network_arn=network.arn,
        target_groups={
            "blue": TargetGroupArgs(vpc_id=vpc.id, port=8080),
            "green": TargetGroupArgs(vpc_id=vpc.id, port=8080),
        },
        listeners=[
            ListenerArgs(
                port=80,
                rules=[
                    RuleArgs(
                        match={"prefix": "/", "headers": [{"name": "x-lane", "exact": "green"}]},
                        targets={"green": 1},
                    )
                ],
                default={"blue": 9, "green": 1},
            )
        ],
        caller_arns=[web.arn],
    ),
)
meshkit.CallerPolicy(
    "web",
    meshkit.CallerPolicyArgs(
        role_name=web.name, service_arns=[catalog.arn], network_arn=network.arn
    ),
)

pulumi.export("target_groups", list(catalog.target_group_arns))
