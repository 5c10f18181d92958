"""The partner's stacks, named for their phases. Only the foundation accepts the share."""

import pulumi

import meshkit

phase = pulumi.get_stack()
share_arn = None
if phase == "foundation":
    owner = pulumi.StackReference("organization/shop-network/foundation")
    share_arn = owner.get_output("share_arn")

meshkit.SharedMesh("shop", "mesh.yaml", account="partner", phase=phase, share_arn=share_arn)
