"""A service team's own stack: a node in a mesh that another account shares with it."""

import pulumi

import meshkit

mesh = meshkit.SharedMeshRef("shop", owner="111111111111")

node = meshkit.VirtualNode(
    "web",
    meshkit.VirtualNodeArgs(
        mesh=mesh,
        spec={
            "listeners": [{"port": 8080, "protocol": "http"}],
            "service_discovery": {"dns": "web.shop.local"},
        },
    ),
)
role = meshkit.EcsTaskRole("web", meshkit.EcsTaskRoleArgs(endpoint_arns=[node.arn]))
meshkit.VirtualService(
    "web", meshkit.VirtualServiceArgs(mesh=mesh, name="web.shop.local", node=node)
)

pulumi.export("node_arn", node.arn)
pulumi.export("task_role", role.role_arn)
pulumi.export("container", node.container_definition)
