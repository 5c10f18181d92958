"""Accepting the invitation to a share. Source: RAM API, AcceptResourceShareInvitation."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from meshkit.errors import MeshkitError
from meshkit.inputs import require_args


@dataclass(frozen=True, kw_only=True)
class ShareAcceptanceArgs:
    """Arguments of ``ShareAcceptance``."""

    share_arn: pulumi.Input[str]
    """ARN of the share, as its owner's stack gives it: RAM tells nobody the ARN of a share that is
    not accepted yet."""
    region: pulumi.Input[str] | None = None
    """Region of the share. Default: that of the provider."""


class ShareAcceptance(pulumi.ComponentResource):
    """Accepts the invitation to a share, in the account that was invited.

    Only for an account outside the organization, or where sharing with the organization is not
    enabled: within one there is no invitation, and RAM answers that none was found. What the
    account makes in the mesh comes after this: give it as ``depends_on``.
    """

    share_arn: pulumi.Output[str]
    """ARN of the share; who takes it waits until the share is accepted."""

    def __init__(
        self, name: str, args: ShareAcceptanceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, ShareAcceptanceArgs)
        super().__init__("meshkit:index:ShareAcceptance", name, None, opts)
        made = register_acceptance(
            name, args.share_arn, args.region, pulumi.ResourceOptions(parent=self)
        )
        self.share_arn = made.share_arn
        self.register_outputs({"shareArn": self.share_arn})


def register_acceptance(
    name: str,
    share_arn: pulumi.Input[str],
    region: pulumi.Input[str] | None,
    opts: pulumi.ResourceOptions,
) -> aws.ram.ResourceShareAccepter:
    """Registers the acceptance as ``name``."""
    known = pulumi.Output.from_input(share_arn).apply(_share)
    return aws.ram.ResourceShareAccepter(name, share_arn=known, region=region, opts=opts)


def _share(arn: object) -> str:
    """The ARN; another stack that was not deployed yet gives none."""
    if not isinstance(arn, str) or not arn.startswith("arn:"):
        raise MeshkitError(
            f"share_arn: {arn!r} is no ARN; the mesh owner's foundation makes the share, so deploy "
            "that first"
        )
    return arn
