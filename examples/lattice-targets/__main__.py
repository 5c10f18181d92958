"""One mesh on VPC Lattice of ECS tasks, a Lambda function, and tasks behind a load balancer."""

import json

import pulumi
import pulumi_aws as aws

import meshkit

region = "eu-west-1"
shop = aws.Provider(
    "shop",
    region=region,
    assume_roles=[{"role_arn": "arn:aws:iam::111111111111:role/deployer"}],
)
here = pulumi.ResourceOptions(provider=shop)

vpc = aws.ec2.Vpc("shop", cidr_block="10.0.0.0/16", opts=here)
subnets = [
    aws.ec2.Subnet(
        f"shop-{zone}",
        vpc_id=vpc.id,
        cidr_block=f"10.0.{number}.0/24",
        availability_zone=f"{region}{zone}",
        opts=here,
    )
    for number, zone in enumerate("ab")
]
subnet_ids = [subnet.id for subnet in subnets]
inside = aws.ec2.SecurityGroup("shop", name="shop", vpc_id=vpc.id, opts=here)

# --8<-- [start:balancer]
balancer = aws.lb.LoadBalancer(
    "orders", name="orders", internal=True, subnets=subnet_ids, opts=here
)
behind = aws.lb.TargetGroup(
    "orders",
    name="orders",
    port=8080,
    protocol="HTTP",
    target_type="ip",
    vpc_id=vpc.id,
    health_check={"path": "/healthz"},
    opts=here,
)
aws.lb.Listener(
    "orders",
    load_balancer_arn=balancer.arn,
    port=80,
    protocol="HTTP",
    default_actions=[{"type": "forward", "target_group_arn": behind.arn}],
    opts=here,
)

mesh = meshkit.SharedMesh(
    "shop",
    "mesh.yaml",
    values={"vpc": vpc.id, "orders_alb": balancer.arn},
    providers={"shop": shop},
)
# --8<-- [end:balancer]

# --8<-- [start:function]
receipts = mesh.nodes["receipts"]
function = aws.lambda_.Function(
    "receipts",
    name="receipts",
    role=receipts.role_arn,
    package_type="Image",
    image_uri="111111111111.dkr.ecr.eu-west-1.amazonaws.com/receipts:1",
    timeout=10,
    vpc_config={"subnet_ids": subnet_ids, "security_group_ids": [inside.id]},
    opts=here,
)
receipts.register_function(function.arn)
# --8<-- [end:function]

cluster = aws.ecs.Cluster("shop", name="shop", opts=here)
for name in ("storefront", "orders"):
    node = mesh.nodes[name]
    task = aws.ecs.TaskDefinition(
        name,
        family=name,
        network_mode="awsvpc",
        requires_compatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        task_role_arn=node.role_arn,
        container_definitions=json.dumps(
            [
                {
                    "name": "app",
                    "image": f"111111111111.dkr.ecr.eu-west-1.amazonaws.com/{name}:1",
                    "portMappings": [{"name": "http", "containerPort": 8080}],
                }
            ]
        ),
        opts=here,
    )
    # Tasks behind the load balancer are registered there, all others in VPC Lattice.
    balanced = [{"target_group_arn": behind.arn, "container_name": "app", "container_port": 8080}]
    aws.ecs.Service(
        name,
        name=name,
        cluster=cluster.arn,
        task_definition=task.arn,
        desired_count=1,
        launch_type="FARGATE",
        network_configuration={"subnets": subnet_ids},
        load_balancers=balanced if name == "orders" else None,
        vpc_lattice_configurations=(
            None if name == "orders" else node.vpc_lattice_configurations("http")
        ),
        opts=here,
    )

assert mesh.lattice is not None
pulumi.export("receipts", mesh.lattice.services["receipts.shop.local"].dns_name)
