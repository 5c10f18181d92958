"""The RAM share of a mesh. Source: RAM User Guide; App Mesh User Guide, shared meshes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from meshkit.errors import MeshkitError
from meshkit.inputs import require_args
from meshkit.sharing.registration import ShareSpec, principal_key, register_share


@dataclass(frozen=True, kw_only=True)
class MeshShareArgs:
    """Arguments of ``MeshShare``."""

    mesh_arn: pulumi.Input[str]
    """ARN of the mesh, of this account."""
    principals: Sequence[str] | Mapping[str, pulumi.Input[str]] = ()
    """Account ids, ARNs of organizational units or of the organization. A principal known only at
    run time needs a key: ``{"team": account.id}``."""
    share_name: str | None = None
    """Physical name of the share. Default: the component's."""
    share_arn: pulumi.Input[str] | None = None
    """An existing share to add the mesh to, instead of making one."""
    allow_external_principals: bool = False
    """Whether accounts outside the organization may be among the principals."""
    permission_arn: pulumi.Input[str] | None = None
    """Default: AWSRAMDefaultPermissionAppMesh, the only one AWS has for meshes."""
    region: pulumi.Input[str] | None = None
    """Region of the mesh. Default: that of the provider."""
    protect: bool = False
    """Whether Pulumi refuses to delete the share and the association of the mesh."""
    tags: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


class MeshShare(pulumi.ComponentResource):
    """Shares a mesh with accounts, organizational units or the organization.

    Each principal is an association of its own, so adding or removing one leaves the others alone.
    Another mesh or share replaces the associations; name and tags change in place.
    What consumers make in the mesh comes after this: give it as ``depends_on``.
    """

    share_arn: pulumi.Output[str]
    """ARN of the share; waits until the mesh is in it."""

    def __init__(
        self, name: str, args: MeshShareArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, MeshShareArgs)
        if isinstance(args.principals, str):
            raise MeshkitError(f"{name}: principals takes a list of principals")
        if not all(isinstance(each, str) for each in args.principals):
            raise MeshkitError(
                f"{name}: a principal that is no text needs a key: principals={{NAME: …}}"
            )
        principals = (
            args.principals
            if isinstance(args.principals, Mapping)
            else {principal_key(principal): principal for principal in args.principals}
        )
        spec = ShareSpec(
            name=name if args.share_name is None else args.share_name,
            resources={"": args.mesh_arn},
            principals=principals,
            arn=args.share_arn,
            allow_external_principals=args.allow_external_principals,
            permission_arn=args.permission_arn,
            region=args.region,
            protect=args.protect,
            tags=dict(args.tags) or None,
        )
        super().__init__("meshkit:index:MeshShare", name, None, opts)
        made = register_share(name, spec, pulumi.ResourceOptions(parent=self))
        self.share_arn = made.share_arn
        self.register_outputs({"shareArn": self.share_arn})
