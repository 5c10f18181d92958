"""What crosses accounts on VPC Lattice: the network, services, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from meshkit.config.finding import Rule
from meshkit.topology.invitations import is_outside
from meshkit.topology.lattice.sharing import network_shared, services_shared
from meshkit.topology.leaves import parse_arn
from meshkit.topology.rules.ownership import lets_in
from meshkit.topology.rules.sharing import EXTERNAL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from meshkit.config.finding import Finding, Path
    from meshkit.topology.rules.view import View

REACH = Rule(
    "MK961",
    "On VPC Lattice, workloads that call a service run where their VPC can join the network.",
    "The owner of a VPC joins it to a network of its own, or to one that is shared with it. With "
    "lattice.sharing: services the network is not shared.",
    "Set lattice.sharing: both and name the account in share.principals; or run the callers in "
    "subnets that the mesh owner shares, and give both accounts its vpc_id.",
    "VPC Lattice user guide: share your entities; VPC associations",
)
NO_EFFECT = Rule(
    "MK962",
    "What the file says of a share is about something that it shares.",
    "With lattice.sharing: services the network is not shared, so share has no principals, ARN, "
    "subnets or permission; with network no service is shared.",
    "Remove the key, or choose lattice.sharing: both.",
    "docs/guide: sharing",
)
GROUPS = Rule(
    "MK963",
    "lattice.security_groups are of accounts whose VPC joins the network.",
    "The VPC of an account without callers is not associated, nor one that another account "
    "associates, so the security groups have no effect.",
    "Remove them, or give them to the account that associates the VPC.",
    "VPC Lattice API: CreateServiceNetworkVpcAssociation",
    "warning",
)
PERMISSION = Rule(
    "MK964",
    "A RAM permission is one for what is shared, of AWS or of the account that shares it.",
    "A share has one permission for each type of resource, and RAM refuses one of another type. "
    "Customer managed permissions are of one account, and each provider shares its own services.",
    "Remove the permission, so that RAM takes its default; or give one for service networks or "
    "services, of AWS or, with ${account} in its ARN, of each account that shares.",
    "RAM API: CreateResourceShare; RAM User Guide: managed permissions",
)

RULES = (REACH, NO_EFFECT, GROUPS, PERMISSION)

OF_THE_NETWORK = ("principals", "arn", "subnets", "permissions")


def check_reach(view: View) -> Iterator[Finding]:
    """Accounts with callers that can't join the network; where it alone is shared, MK302 tells."""
    if not services_shared(view.config):
        return
    for key, path in _callers(view).items():
        account_id = view.index.account_id(key)
        if account_id in (view.index.owner_id, None) or _in_owners_vpc(view, key):
            continue
        if network_shared(view.config) and lets_in(view, account_id):
            continue
        fix = (
            f"add {key} to share.principals"
            if network_shared(view.config)
            else "set lattice.sharing: both and share the network with it"
        )
        message = f"account {key} calls services, and its VPC can't join the network; {fix}"
        yield REACH.at(path, message)


def check_effect(view: View) -> Iterator[Finding]:
    """Keys that say nothing."""
    share, lattice = view.config.share, view.config.lattice
    if not view.lattice:
        return
    if lattice.service_permission is not None and not services_shared(view.config):
        message = "lattice.sharing is network, so no service is shared; remove it, or set both"
        yield NO_EFFECT.at(("lattice", "service_permission"), message)
    for key in OF_THE_NETWORK if share and not network_shared(view.config) else ():
        if getattr(share, key):
            message = "lattice.sharing is services, so the network is not shared; remove it"
            yield NO_EFFECT.at(("share", key), message)


def check_outside(view: View) -> Iterator[Finding]:
    """Providers outside the organization whose share with the mesh owner is not allowed."""
    share = view.config.share
    if not services_shared(view.config) or not view.whole("organization"):
        return
    if not view.whole("share") or (share and share.allow_external_principals):
        return
    for name in view.config.services:
        key = view.index.service_account_key(name)
        account = view.index.account(key)
        if account is None or account.id == view.index.owner_id:
            continue
        if is_outside(account, view.config):
            message = (
                f'account "{key}" shares it with the mesh owner, and counts as outside its '
                "organization; set share.allow_external_principals: true"
            )
            yield EXTERNAL.at(("services", name), message)


def check_groups(view: View) -> Iterator[Finding]:
    """Security groups that are on no association."""
    if not (view.lattice and view.whole("accounts")):
        return
    owner = view.config.owner
    associating = {owner if _in_owners_vpc(view, key) else key for key in _callers(view)}
    for key in view.config.lattice.security_groups:
        if view.index.account(key) is not None and key not in associating:
            message = f"account {key} associates no VPC with the network; remove them"
            yield GROUPS.at(("lattice", "security_groups", key), message)


def check_permissions(view: View) -> Iterator[Finding]:
    """Permissions of another type of resource, or of an account that does not share."""
    if not view.lattice:
        return
    share, owner = view.config.share, {view.index.owner_id}
    of_network: Path = ("share", "permissions")
    given = share.permissions if share else ()
    for place, arn in enumerate(given):
        yield from _permission(view.text(arn), (*of_network, place), "ServiceNetwork", owner)
    if not services_shared(view.config):
        return
    # ${account} is the account of each provider.
    named = view.config.lattice.service_permission
    if not isinstance(named, str):
        return
    providers = {view.index.account_id(view.index.service_account_key(name))
                 for name in view.config.services} - owner  # fmt: skip
    yield from _permission(named, ("lattice", "service_permission"), "Service", providers)


def _permission(
    text: str | None, path: Path, shared: str, sharing: Collection[str | None]
) -> Iterator[Finding]:
    """``shared`` is a type of resource, ``sharing`` the ids of the accounts that share it."""
    arn = parse_arn(text or "")
    if arn is None:
        return
    name = arn.resource.rpartition("/")[2]
    if arn.account == "aws" and _of_another(name, shared):
        message = f'"{text}" is not for {_TYPES[shared]}; leave it out, and RAM takes its default'
        yield PERMISSION.at(path, message)
    elif arn.account != "aws" and any(each not in (arn.account, None) for each in sharing):
        message = (
            f'"{text}" is of account {arn.account}, and {_TYPES[shared]} are shared by '
            f"{', '.join(sorted(filter(None, sharing)))}; write ${{account}} for it in the ARN"
        )
        yield PERMISSION.at(path, message)


_TYPES: Final = {"ServiceNetwork": "service networks", "Service": "services"}


def _of_another(name: str, shared: str) -> bool:
    """Whether the name of a permission of AWS has another type of resource in it."""
    if "AppMesh" in name:
        return True
    of_network = "ServiceNetwork" in name
    return "VpcLattice" in name and of_network != (shared == "ServiceNetwork")


def _callers(view: View) -> dict[str, Path]:
    """The accounts whose workloads call services, each with one of these."""
    found: dict[str, Path] = {}
    for name, node in view.config.nodes.items():
        if node.backends:
            found.setdefault(view.index.account_key(node.account), ("nodes", name))
    for name, gateway in view.config.gateways.items():
        found.setdefault(view.index.account_key(gateway.account), ("gateways", name))
    return found


def _in_owners_vpc(view: View, key: str) -> bool:
    """Whether an account other than the mesh owner works in the mesh owner's VPC."""
    account, owner = view.index.account(key), view.index.account(view.config.owner)
    if account is None or owner is None or account.id == owner.id or not account.vpc_id:
        return False
    return isinstance(account.vpc_id, str) and account.vpc_id == owner.vpc_id


CHECKS = (check_reach, check_effect, check_outside, check_groups, check_permissions)
