"""The prerequisites of sharing on VPC Lattice, one row each.

Networks of accounts need no connection of their own there, and names are VPC Lattice's. Source:
VPC Lattice user guide, share your entities, VPC associations; RAM API, ListPermissions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshkit.inspect.confirm.lattice.live import LATTICE
from meshkit.inspect.confirm.remark import CantTellError
from meshkit.inspect.share.lattice.joined import everything_joined, find_network
from meshkit.inspect.share.organization import check_organization
from meshkit.inspect.share.principals import Shares, shares_of
from meshkit.inspect.share.quotas import quota_rows
from meshkit.inspect.share.row import failed, passed, untold
from meshkit.topology.lattice.compile import compile_lattice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.confirm.aws import Account, Accounts
    from meshkit.inspect.confirm.texts import Text, Texts
    from meshkit.inspect.share.row import Row
    from meshkit.topology.lattice.model import LatticeMesh, VpcAssociation
    from meshkit.topology.model import Owner, ResolvedMesh

NETWORK = "vpc-lattice:ServiceNetwork"
SERVICE = "vpc-lattice:Service"


def lattice_prerequisites(mesh: ResolvedMesh, accounts: Accounts, texts: Texts) -> Iterator[Row]:
    """Every row."""
    lattice = compile_lattice(mesh)
    yield from _network(lattice, accounts, texts)
    yield from check_organization(mesh, accounts)
    yield from check_vpcs(lattice, accounts, texts)
    yield from check_permissions(lattice, accounts, texts)


def _network(lattice: LatticeMesh, accounts: Accounts, texts: Texts) -> Iterator[Row]:
    """Only its owner can share a network; and what is in it, is within the file's figures."""
    mesh, key = lattice.mesh, lattice.mesh.owner.key
    try:
        owner = accounts.of(mesh.owner)
        arn = find_network(owner, lattice)
        built = everything_joined(owner, lattice, arn, texts) if arn else []
        shares = shares_of(mesh, arn, accounts) if arn else Shares((), ())
    except CantTellError as error:
        yield untold("service network", str(error))
        return
    there = "owns" if arn else "has no service network yet; the deployment makes"
    yield passed("service network", f"{key} {there} {lattice.network}")
    yield from quota_rows(built, shares, mesh)


def check_vpcs(lattice: LatticeMesh, accounts: Accounts, texts: Texts) -> Iterator[Row]:
    """A VPC is joined by its owner, to one network alone, with security groups of its own."""
    for association in lattice.associations.values():
        owner = association.owner
        try:
            yield from _vpc(association, lattice, accounts.of(owner), texts)
        except CantTellError as error:
            yield untold("VPC", f"{owner.key}: {error}")


def _vpc(
    association: VpcAssociation, lattice: LatticeMesh, account: Account, texts: Texts
) -> Iterator[Row]:
    owner = association.owner
    place = f"accounts.{owner.key}.vpc_id"
    vpc = texts.known(association.vpc_id, owner.context, place)
    filters = [{"Name": "vpc-id", "Values": [vpc]}]
    found = account.ask_all("ec2", "describe_vpcs", "Vpcs", Filters=filters)
    if not found or found[0]["OwnerId"] != owner.id:
        whose = f"is {found[0]['OwnerId']}'s" if found else "is not there"
        text = f"{vpc} {whose}, and only its owner joins a VPC to a network"
        mend = f"correct {place}; for shared subnets, give it to their owner's account as well"
        yield failed("VPC", text, mend)
        return
    joined = account.ask_all(
        LATTICE, "list_service_network_vpc_associations", "items", vpcIdentifier=vpc
    )
    others = [
        each["serviceNetworkName"] for each in joined
        if each["serviceNetworkName"] != lattice.network
    ]  # fmt: skip
    if others:
        text = f"{vpc} of {owner.key} is in service network {others[0]}, and a VPC is in one alone"
        yield failed("VPC", text, "take it out there, or name another VPC")
        return
    yield passed("VPC", f"{vpc} is {owner.key}'s")
    yield from _groups(association, vpc, account, texts)


def _groups(association: VpcAssociation, vpc: str, account: Account, texts: Texts) -> Iterator[Row]:
    owner = association.owner
    key = f"lattice.security_groups.{owner.key}"
    wanted = [texts.known(each, owner.context, key) for each in association.security_groups]
    if not wanted:
        return
    filters = [{"Name": "group-id", "Values": wanted}, {"Name": "vpc-id", "Values": [vpc]}]
    found = account.ask_all("ec2", "describe_security_groups", "SecurityGroups", Filters=filters)
    absent = [each for each in wanted if each not in {group["GroupId"] for group in found}]
    if absent:
        yield failed("VPC", f"{vpc} has no security group {', '.join(absent)}", f"correct {key}")
    else:
        yield passed("VPC", f"{vpc} has {', '.join(wanted)}")


def check_permissions(lattice: LatticeMesh, accounts: Accounts, texts: Texts) -> Iterator[Row]:
    """RAM knows each permission that the file names, or has a default for what is shared."""
    share = lattice.mesh.share
    if share is not None and share.spec.arn is None:
        given = share.spec.permissions[0] if share.spec.permissions else None
        yield _permission(lattice.mesh.owner, NETWORK, given, accounts, texts)
    for each in lattice.service_shares.values():
        yield _permission(each.owner, SERVICE, each.permission, accounts, texts)


def _permission(
    owner: Owner, type_: str, given: Text | None, accounts: Accounts, texts: Texts
) -> Row:
    subject, whose = "permission", f"{type_}, shared by {owner.key}"
    try:
        wanted = texts.known(given, owner.context, "the permission") if given else None
        listed = list(_permissions_for(type_, accounts.of(owner)))
    except CantTellError as error:
        return untold(subject, f"{whose}: {error}")
    if wanted is None:
        default = [each["name"] for each in listed if each.get("isResourceTypeDefault")]
        if default:
            return passed(subject, f"{whose}: RAM takes {default[0]}")
        named = ", ".join(each["arn"] for each in listed) or "none"
        return untold(subject, f"{whose}: RAM has no default; of this type: {named}")
    if wanted in [each["arn"] for each in listed]:
        return passed(subject, f"{whose}: {wanted}")
    named = " or ".join(each["arn"] for each in listed) or "no other"
    text = f"{whose}: RAM has no {wanted} of this type for it"
    return failed(subject, text, f"name {named}, or none, and RAM takes its default")


def _permissions_for(type_: str, account: Account) -> Iterator[dict[str, Any]]:
    """Those of AWS and the account's own; boto3 has no pages for them."""
    asked = {"resourceType": type_}
    while True:
        answer = account.ask("ram", "list_permissions", **asked)
        yield from answer["permissions"]
        if not answer.get("nextToken"):
            return
        asked["nextToken"] = answer["nextToken"]
