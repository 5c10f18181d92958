"""The AWS RAM share of the mesh. Source: RAM API CreateResourceShare."""

from typing import Annotated

from pydantic import Field

from meshkit.config.types import Arn, Model, Seq, Tags, Text


class Share(Model):
    """With whom the mesh is shared."""

    principals: Seq[Text] = ()
    """Account names, 12-digit ids, ARNs of organizational units or of the organization."""
    allow_external_principals: bool = False
    """Whether accounts outside the organization may be among them."""
    accept: bool = True
    """Whether accounts of the mesh that get an invitation accept it; else somebody does by hand."""
    subnets: Seq[Text] = ()
    """Ids of the mesh owner's subnets to share with the same principals, in a share of their own.
    RAM shares subnets within the organization only."""
    name: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    """Default: the mesh's name."""
    arn: Arn | None = None
    """An existing share to add the mesh to."""
    permissions: Annotated[Seq[Arn], Field(max_length=1)] = ()
    """ARN of the permission. Default: AWSRAMDefaultPermissionAppMesh."""
    protect: bool = False
    """Whether Pulumi refuses to delete the share, and the mesh in it."""
    tags: Tags = {}
