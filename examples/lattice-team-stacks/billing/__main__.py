"""What the billing team deploys of the service network; a stack is named for its phase."""

import pulumi

import meshkit

phase = pulumi.get_stack()
arns = []
if phase == "routing":  # who calls a service of another account learns its ARN from there
    stack = pulumi.StackReference("organization/lattice-orders/endpoints")
    arns = [stack.get_output("arns")]

mesh = meshkit.SharedMesh("shop", account="billing", phase=phase, arns=arns)

pulumi.export("arns", mesh.lattice.arns)
