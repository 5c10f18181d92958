"""What crosses accounts on VPC Lattice: the network, services, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.topology.invitations import is_outside
from meshkit.topology.lattice.sharing import network_shared, services_shared
from meshkit.topology.rules.ownership import lets_in
from meshkit.topology.rules.sharing import EXTERNAL

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    "A RAM permission is one for what is shared.",
    "RAM refuses a permission of another type of resource.",
    "Remove the permission, so that RAM takes its default, or give one for service networks or "
    "services.",
    "RAM API: CreateResourceShare; managed permissions",
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
    """Permissions of App Mesh."""
    share = view.config.share
    if not view.lattice:
        return
    given = [(("share", "permissions", place), each)
             for place, each in enumerate(share.permissions if share else ())]  # fmt: skip
    of_services: Path = ("lattice", "service_permission")
    for path, arn in (*given, (of_services, view.config.lattice.service_permission)):
        text = view.text(arn)
        if text is not None and "AppMesh" in text:
            message = f'"{text}" is a permission on meshes; leave it out, and RAM takes its default'
            yield PERMISSION.at(path, message)


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
