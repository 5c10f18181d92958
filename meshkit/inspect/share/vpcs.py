"""The VPCs in which the workloads of an account run, as the file tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshkit.inspect.confirm.aws import Accounts
    from meshkit.inspect.confirm.texts import Texts
    from meshkit.topology.model import Owner, ResolvedMesh


def vpcs_of(owner: Owner, mesh: ResolvedMesh, accounts: Accounts, texts: Texts) -> tuple[str, ...]:
    """The stated VPC, else those of the account's subnets, else of those shared with it.

    Raises ``CantTellError``.
    """
    if owner.account.vpc_id is not None:
        return (texts.known(owner.account.vpc_id, owner.context, "a VPC"),)
    # Only the owner of a subnet is sure to be shown its VPC.
    asked, subnets = owner, owner.account.subnets
    if not subnets and mesh.share is not None and _on_shared_subnets(owner, mesh):
        asked, subnets = mesh.owner, mesh.share.spec.subnets
    if not subnets:
        return ()
    names = [texts.known(each, asked.context, "a subnet") for each in subnets]
    filters = [{"Name": "subnet-id", "Values": names}]
    found = accounts.of(asked).ask("ec2", "describe_subnets", Filters=filters)["Subnets"]
    return tuple(dict.fromkeys(each["VpcId"] for each in found))


def _on_shared_subnets(owner: Owner, mesh: ResolvedMesh) -> bool:
    return any(
        each.via == "shared-subnets" and owner.key in each.between
        for each in mesh.config.connectivity
    )
