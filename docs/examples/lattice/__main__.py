"""A mesh on VPC Lattice, and the ECS service behind one of its nodes."""

import json

import pulumi
import pulumi_aws as aws

import meshkit

orders = aws.Provider(
    "orders",
    region="eu-west-1",
    assume_roles=[{"role_arn": "arn:aws:iam::222222222222:role/deployer"}],
)
in_orders = pulumi.ResourceOptions(provider=orders)
vpc = aws.ec2.Vpc("orders", cidr_block="10.0.0.0/16", opts=in_orders)
subnet = aws.ec2.Subnet("orders", vpc_id=vpc.id, cidr_block="10.0.0.0/24", opts=in_orders)

mesh = meshkit.SharedMesh(
    "shop", "mesh.yaml", values={"orders_vpc": vpc.id}, providers={"orders": orders}
)

# --8<-- [start:wire]
storefront = mesh.nodes["storefront"]

task = aws.ecs.TaskDefinition(
    "storefront",
    family="storefront",
    network_mode="awsvpc",
    requires_compatibilities=["FARGATE"],
    cpu="256",
    memory="512",
    task_role_arn=storefront.role_arn,
    container_definitions=json.dumps(
        [
            {
                "name": "app",
                "image": "public.ecr.aws/nginx/nginx:stable",
                "portMappings": [{"name": "http", "containerPort": 8080}],
            }
        ]
    ),
    opts=in_orders,
)
cluster = aws.ecs.Cluster("shop", name="shop", opts=in_orders)
aws.ecs.Service(
    "storefront",
    name="storefront",
    cluster=cluster.arn,
    task_definition=task.arn,
    desired_count=1,
    launch_type="FARGATE",
    network_configuration={"subnets": [subnet.id]},
    vpc_lattice_configurations=storefront.vpc_lattice_configurations("http"),
    opts=in_orders,
)
# --8<-- [end:wire]

pulumi.export("storefront_task_role", storefront.role_arn)
