"""What the billing team deploys of the shared mesh; a stack is named for its phase."""

import pulumi

import meshkit

mesh = meshkit.SharedMesh("shop", account="billing", phase=pulumi.get_stack())

pulumi.export("task_roles", {name: node.role_arn for name, node in mesh.nodes.items()})
