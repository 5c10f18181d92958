"""One row for the network and one for each service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.confirm.lattice.controlled import controlled
from meshkit.inspect.confirm.lattice.group_rules import group_rule
from meshkit.inspect.confirm.lattice.guards import guard
from meshkit.inspect.confirm.lattice.live import LATTICE
from meshkit.inspect.confirm.lattice.routing import PULUMI, routing
from meshkit.inspect.confirm.lattice.single_targets import single_targets
from meshkit.inspect.confirm.remark import CantTellError, Row, missing
from meshkit.policy.lattice import network_policy, service_policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.confirm.lattice.guards import Kind
    from meshkit.inspect.confirm.lattice.live import LiveLattice
    from meshkit.inspect.confirm.remark import Kind as RemarkKind
    from meshkit.inspect.confirm.remark import Remark
    from meshkit.inspect.confirm.workload import Site
    from meshkit.topology.lattice.model import LatticeService, VpcAssociation
    from meshkit.topology.model import Owner

COMPUTE = "vpc-lattice"


def lattice_rows(site: Site, live: LiveLattice) -> tuple[Row, ...]:
    """What is found of the network and of each service."""
    services = (_service(site, live, each) for each in live.lattice.services.values())
    return (_network(site, live), *services)


def _network(site: Site, live: LiveLattice) -> Row:
    owner = site.mesh.owner
    return _row(
        live.lattice.network, "network", live.network, owner, _of_network(site, live, owner)
    )


def _service(site: Site, live: LiveLattice, service: LatticeService) -> Row:
    arn = live.services.get(service.key)
    return _row(service.key, "service", arn, service.owner, _of_service(site, live, service))


def _row(name: str, kind: Kind, arn: str | None, owner: Owner, found: Iterator[Remark]) -> Row:
    remarks: list[Remark] = []
    try:
        remarks += found
    except CantTellError as error:
        remarks.append(error.remark)
    order: tuple[RemarkKind, ...] = ("missing", "unknown", "unseen", "note")
    return Row(
        endpoint=name,
        kind=kind,
        arn=arn or "",
        account=owner.key,
        account_id=owner.id,
        compute=COMPUTE,
        workload="",
        role=None,
        remarks=tuple(sorted(remarks, key=lambda each: order.index(each.kind))),
    )


def _of_network(site: Site, live: LiveLattice, owner: Owner) -> Iterator[Remark]:
    if owner.key in live.unread:
        raise live.unread[owner.key]
    account = site.accounts.of(owner)
    if live.network is None:
        yield missing(f"there is no service network {live.lattice.network}", PULUMI)
        return
    asked = {"serviceNetworkIdentifier": live.network}
    found = account.ask(LATTICE, "get_service_network", **asked)
    wanted = network_policy(live.lattice, live.arns)
    yield from guard(account, live.network, "network", found.get("authType"), wanted)
    for each in live.lattice.associations.values():
        yield from _vpc(site, live.network, each)
    for rule in live.lattice.group_rules:
        yield from group_rule(site, rule)


def _vpc(site: Site, network: str, wanted: VpcAssociation) -> Iterator[Remark]:
    """The VPC of callers must be in the network, as its own account sees it."""
    account = site.accounts.of(wanted.owner)
    vpc = site.texts.known(
        wanted.vpc_id, wanted.owner.context, f"accounts.{wanted.owner.key}.vpc_id"
    )
    ids = {"vpcIdentifier": vpc}
    found = account.ask_all(LATTICE, "list_service_network_vpc_associations", "items", **ids)
    own = [each for each in found if each["serviceNetworkArn"] == network]
    if not own:
        mend = account.command(
            LATTICE, "create_service_network_vpc_association",
            serviceNetworkIdentifier=network, **ids,
        )  # fmt: skip
        yield missing(f"VPC {vpc} of {wanted.owner.key} is not in the network", mend)
    yield from _states(own, f"VPC {vpc} of {wanted.owner.key}")


def _of_service(site: Site, live: LiveLattice, service: LatticeService) -> Iterator[Remark]:
    if service.owner.key in live.unread:
        raise live.unread[service.owner.key]
    account = site.accounts.of(service.owner)
    arn = live.services.get(service.key)
    if arn is None:
        yield missing(f"there is no service {service.name}", PULUMI)
        return
    found = account.ask(LATTICE, "get_service", serviceIdentifier=arn)
    wanted = service_policy(live.lattice, service, live.arns)
    yield from guard(account, arn, "service", found.get("authType"), wanted)
    if live.network is not None:
        yield from _joined(site, service.owner, arn, live.network)
    if service.controller is None:
        yield from routing(account, arn, service)
        yield from single_targets(site, account, arn, service)
    else:
        yield from controlled(account, arn, live.lattice, service)


def _joined(site: Site, owner: Owner, arn: str, network: str) -> Iterator[Remark]:
    account = site.accounts.of(owner)
    found = account.ask_all(
        LATTICE, "list_service_network_service_associations", "items", serviceIdentifier=arn
    )
    own = [each for each in found if each["serviceNetworkArn"] == network]
    if not own:
        mend = account.command(
            LATTICE, "create_service_network_service_association",
            serviceIdentifier=arn, serviceNetworkIdentifier=network,
        )  # fmt: skip
        yield missing("it is not in the network of its mesh", mend)
    yield from _states(own, "its place in the network")
    for each in found:
        if each["serviceNetworkArn"] != network:
            mend = account.command(
                LATTICE, "delete_service_network_service_association",
                serviceNetworkServiceAssociationIdentifier=each["arn"],
            )  # fmt: skip
            yield missing(f"it is in another network too: {each['serviceNetworkArn']}", mend)


def _states(associations: list[dict[str, str]], what: str) -> Iterator[Remark]:
    for each in associations:
        if each["status"] != "ACTIVE":
            yield missing(f"{what} is {each['status']}", settling=True)
