"""A frontend in one account and its databases in another; both run on ECS."""

import pulumi
import pulumi_aws as aws

import meshkit

mesh = meshkit.SharedMesh("yelb", "mesh.yaml")
database = mesh.nodes["yelb-db"]

app = {
    "name": "yelb-db",
    "image": "public.ecr.aws/docker/library/postgres:16",
    "essential": True,
    "portMappings": [{"containerPort": 5432}],
    "dependsOn": [{"containerName": "envoy", "condition": "HEALTHY"}],
}

aws.ecs.TaskDefinition(
    "yelb-db",
    family="yelb-db",
    network_mode="awsvpc",
    requires_compatibilities=["FARGATE"],
    cpu="512",
    memory="1024",
    task_role_arn=database.role_arn,
    container_definitions=pulumi.Output.json_dumps([app, database.container_definition]),
    proxy_configuration=database.proxy_configuration,
    opts=pulumi.ResourceOptions(provider=mesh.providers["backend"]),
)

pulumi.export("mesh_arn", mesh.mesh_arn)
pulumi.export("task_roles", {name: node.role_arn for name, node in mesh.nodes.items()})
