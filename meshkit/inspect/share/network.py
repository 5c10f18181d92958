"""Whether the networks of accounts that call each other are connected.

Source: App Mesh User Guide, prerequisites for sharing meshes; EC2 API. What a connection lets
through (routes, security groups) is not looked at.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from meshkit.inspect.confirm.remark import CantTellError, unknown
from meshkit.inspect.share.calls import calls_between_accounts
from meshkit.inspect.share.principals import owner_of
from meshkit.inspect.share.row import failed, passed, untold
from meshkit.inspect.share.vpcs import vpcs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from meshkit.config.accounts import Connection
    from meshkit.inspect.confirm.aws import Account, Accounts
    from meshkit.inspect.confirm.texts import Texts
    from meshkit.inspect.share.row import Row
    from meshkit.topology.model import ResolvedMesh

SUBJECT = "network"
Pair = tuple[str, str]
"""The keys of two accounts whose proxies call each other."""


def check_network(mesh: ResolvedMesh, accounts: Accounts, texts: Texts) -> Iterator[Row]:
    """A row for each two accounts whose proxies call each other."""
    calls = calls_between_accounts(mesh)
    pairs = {frozenset((call.caller.key, call.node.owner.key)) for call in calls}
    for one, other in combinations(mesh.owners, 2):
        if frozenset((one, other)) not in pairs:
            continue
        between = f"{one} and {other}"
        found = [each for each in mesh.config.connectivity if {one, other} <= set(each.between)]
        if not found:
            yield failed(
                SUBJECT,
                f"{between} call each other, and the file states no connection between them",
                f"connect them, and add {{between: [{one}, {other}], via: …}} to connectivity",
            )
        for connection in found:
            yield from _connection(connection, (one, other), mesh, accounts, texts)


def _connection(
    connection: Connection, pair: Pair, mesh: ResolvedMesh, accounts: Accounts, texts: Texts
) -> Iterator[Row]:
    between = " and ".join(pair)
    look = _LOOKS.get(connection.via)
    if look is None:
        yield untold(SUBJECT, f"{between}: via {connection.via}, which can't be looked at")
        return
    try:
        yield from look(connection, pair, mesh, accounts, texts)
    except CantTellError as error:
        yield untold(SUBJECT, f"{between}: {error}")


def _subnets(
    connection: Connection, pair: Pair, mesh: ResolvedMesh, accounts: Accounts, texts: Texts
) -> Iterator[Row]:
    """Each account sees the subnets that it is to use."""
    between = " and ".join(pair)
    shared = mesh.share.spec.subnets if mesh.share else ()
    for key in connection.between:
        owner = owner_of(mesh, key)
        given = owner.account.subnets or shared
        if not given:
            mend = f"give share.subnets, or accounts.{key}.subnets"
            yield untold(SUBJECT, f"{between}: the file names no subnets", mend)
            continue
        wanted = [texts.known(each, owner.context, "a subnet") for each in given]
        seen = _seen_subnets(accounts.of(owner), wanted)
        absent = ", ".join(each for each in wanted if each not in seen)
        if not absent:
            yield passed(SUBJECT, f"{key} sees {', '.join(wanted)}")
        elif given is shared and owner.id != mesh.owner.id:
            yield untold(SUBJECT, f"{key} does not see {absent} yet; the deployment shares them")
        else:
            mend = f"share them with {key}: share.subnets, or a RAM share of their owner"
            yield failed(SUBJECT, f"{key} does not see {absent}", mend)


def _seen_subnets(account: Account, wanted: list[str]) -> set[str]:
    """The subnets that an account has, or that others share with it."""
    filters = [{"Name": "subnet-id", "Values": wanted}]
    own = account.ask("ec2", "describe_subnets", Filters=filters)["Subnets"]
    shared = account.ask_all("ram", "list_resources", "resources", resourceOwner="OTHER-ACCOUNTS")
    arns = [each["arn"] for each in shared if each["type"] == "ec2:Subnet"]
    return {each["SubnetId"] for each in own} | {arn.rpartition("/")[2] for arn in arns}


def _peering(
    connection: Connection, pair: Pair, mesh: ResolvedMesh, accounts: Accounts, texts: Texts
) -> Iterator[Row]:
    """It is active, and between VPCs of the accounts that it is to connect."""
    between, owners = " and ".join(pair), [owner_of(mesh, key) for key in pair]
    name = _id(connection, owners[0].context, texts)
    filters = [{"Name": "vpc-peering-connection-id", "Values": [name]}]
    answer = accounts.of(owners[0]).ask("ec2", "describe_vpc_peering_connections", Filters=filters)
    found = answer["VpcPeeringConnections"]
    state = found[0]["Status"]["Code"] if found else "not there"
    if state != "active":
        yield failed(SUBJECT, f"{between}: {name} is {state}", f"make {name} active")
        return
    ends = [found[0][each] for each in ("RequesterVpcInfo", "AccepterVpcInfo")]
    for owner in owners:
        theirs = [each["VpcId"] for each in ends if each.get("OwnerId") == owner.id]
        stated = vpcs_of(owner, mesh, accounts, texts) or tuple(theirs)
        if not theirs or not set(theirs) & set(stated):
            connected = " and ".join(f"{each['VpcId']} of {each.get('OwnerId')}" for each in ends)
            wanted = f"{', '.join(stated) or 'a VPC'} of {owner.key}"
            text = f"{between}: {name} connects {connected}, not {wanted}"
            yield failed(SUBJECT, text, "name the peering of these two accounts")
            return
    yield passed(SUBJECT, f"{between}: {name} is active")


def _transit_gateway(
    connection: Connection, _pair: Pair, mesh: ResolvedMesh, accounts: Accounts, texts: Texts
) -> Iterator[Row]:
    """The VPC of each account is attached, as that account sees it."""
    for key in connection.between:
        owner = owner_of(mesh, key)
        name = _id(connection, owner.context, texts)
        filters = [{"Name": "transit-gateway-id", "Values": [name]}]
        answer = accounts.of(owner).ask(
            "ec2", "describe_transit_gateway_vpc_attachments", Filters=filters
        )
        attached = [
            each["VpcId"]
            for each in answer["TransitGatewayVpcAttachments"]
            if each["State"] == "available" and each["VpcOwnerId"] == owner.id
        ]
        stated = set(vpcs_of(owner, mesh, accounts, texts))
        absent = ", ".join(sorted(stated - set(attached)))
        if attached and not absent:
            yield passed(SUBJECT, f"{', '.join(attached)} of {key} is on {name}")
        else:
            what = (
                f"{absent} of {key} is not on {name}" if absent else f"no VPC of {key} is on {name}"
            )
            yield failed(SUBJECT, what, f"attach {absent or 'the VPC'} of {key}")


def _id(connection: Connection, context: Mapping[str, str], texts: Texts) -> str:
    if connection.id is None:
        raise _no_id(connection)
    return texts.known(connection.id, context, "the id of a connection")


def _no_id(connection: Connection) -> CantTellError:
    text = f"via {connection.via}, whose id the file does not give"
    return CantTellError(unknown(text))


_LOOKS: dict[str, Callable[..., Iterator[Row]]] = {
    "shared-subnets": _subnets,
    "peering": _peering,
    "transit-gateway": _transit_gateway,
}
