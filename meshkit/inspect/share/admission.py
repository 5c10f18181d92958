"""Whether an account is let into a mesh: by its id, or by the organization it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.confirm.aws import RefusedError
from meshkit.inspect.confirm.remark import CantTellError
from meshkit.inspect.share.principals import owner_of
from meshkit.topology.leaves import parse_arn

if TYPE_CHECKING:
    from meshkit.inspect.confirm.aws import Accounts
    from meshkit.inspect.share.built import Admitted
    from meshkit.inspect.share.principals import Shares
    from meshkit.topology.model import ResolvedMesh

NO_SUCH_SHARE = "UnknownResourceException"


def admitted(account: str, shares: Shares, mesh: ResolvedMesh, accounts: Accounts) -> Admitted:
    """Whether the shares of a mesh let an account in, by its id."""
    letting_in = [each.principal for each in shares.principals if each.lets_in]
    if account in (mesh.owner.id, *letting_in):
        return "yes"
    arns = [arn for arn in map(parse_arn, letting_in) if arn is not None]
    if any(arn.service == "iam" and arn.account == account for arn in arns):
        return "yes"
    wide = [arn for arn in arns if arn.service == "organizations"]
    if not wide:
        return "no"
    key = next((key for key, each in mesh.config.accounts.items() if each.id == account), None)
    if key is None:
        return "can't tell"
    seen = _sees(key, shares, mesh, accounts)
    if seen == "can't tell" and mesh.config.accounts[key].external:
        return "no"
    whole = any(arn.resource.startswith("organization/") for arn in wide)
    return "yes" if seen == "can't tell" and whole else seen


def _sees(key: str, shares: Shares, mesh: ResolvedMesh, accounts: Accounts) -> Admitted:
    """What the account itself sees: RAM shows a share to those alone whom it reaches."""
    try:
        account = accounts.of(owner_of(mesh, key))
    except CantTellError:
        return "can't tell"
    found: Admitted = "no"
    for arn in shares.arns:
        try:
            account.ask(
                "ram", "get_resource_shares",
                resourceOwner="OTHER-ACCOUNTS", resourceShareArns=[arn],
            )  # fmt: skip
        except RefusedError as error:
            if error.code != NO_SUCH_SHARE:
                found = "can't tell"
            continue
        return "yes"
    return found
