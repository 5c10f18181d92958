"""What the orders team deploys of the shared mesh; a stack is named for its phase."""

import pulumi

import meshkit

mesh = meshkit.SharedMesh("shop", account="orders", phase=pulumi.get_stack())

pulumi.export("task_roles", {name: node.role_arn for name, node in mesh.nodes.items()})
