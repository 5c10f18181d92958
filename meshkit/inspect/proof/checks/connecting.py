"""Whether the VPCs of declared callers, and no others, connect where TLS is handed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.config.deferred import Deferred
from meshkit.inspect.proof.conditions import bound_values
from meshkit.inspect.proof.lattice.codes import OTHER_CONNECTION
from meshkit.inspect.proof.lattice.showing import guarded_text
from meshkit.inspect.proof.lattice.strangers import ANYBODY, STRANGE_ACCOUNT
from meshkit.inspect.proof.lattice.ways import UNKNOWN_GUARD
from meshkit.inspect.violation import Unknown
from meshkit.policy.evaluation import Request, Undecidable
from meshkit.policy.invocation import gates, refusing
from meshkit.policy.lattice import CONNECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.access import Guarded
    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.proof.lattice.declared import DeclaredLattice
    from meshkit.inspect.violation import Violation
    from meshkit.policy.invocation import Guard
    from meshkit.topology.model import Owner

_VPC = "vpc-lattice-svcs:SourceVpc"
_ACCOUNT = "vpc-lattice-svcs:SourceVpcOwnerAccount"
STRANGE_VPC = "vpc-00000000000000000"


@dataclass(frozen=True)
class _Door:
    """A port of a service on which TLS is handed on."""

    case: Case
    file: DeclaredLattice
    service: Guarded
    guards: tuple[Guard, Guard]
    port: int


def connections(case: Case) -> Iterator[Violation | Unknown]:
    """Each VPC is let in where a workload in it calls the service, else refused."""
    for file in case.calls.files:
        for key, made in file.services.items():
            guards = case.calls.guards.of(str(file.arns.network)), case.calls.guards.of(made.arn)
            if UNKNOWN_GUARD in guards:
                continue
            callers = {
                file.lattice.mesh.roles[call.role].owner.id for call in file.lattice.calls_of(key)
            }
            for listener in file.lattice.services[key].listeners:
                if listener.protocol == "TLS_PASSTHROUGH":
                    door = _Door(case, file, made, guards, listener.port)
                    yield from _door(door, callers)


def _door(door: _Door, callers: set[str]) -> Iterator[Violation | Unknown]:
    owners = door.file.owners
    places = {
        account: (door.file.lattice.vpc_owner(owner).id, _vpc(door, owner))
        for account, owner in owners.items()
    }
    wanted = {places[account] for account in callers if account in places}
    for vpc_owner, vpc in dict.fromkeys(places.values()):
        yield from _tried(door, vpc_owner, vpc, wanted=(vpc_owner, vpc) in wanted)
    yield from _tried(door, STRANGE_ACCOUNT, STRANGE_VPC, wanted=False)


def _vpc(door: _Door, owner: Owner) -> str:
    """The VPC of an account; where only the program knows it, the one that a policy asks for."""
    known = owner.account.vpc_id
    if known is not None and not isinstance(known, Deferred):
        return known
    for guard in door.guards:
        for statement in guard.policy.statements if guard.policy else ():
            if owner.id in bound_values(statement, _ACCOUNT):
                return next(iter(bound_values(statement, _VPC)), STRANGE_VPC)
    return STRANGE_VPC


def _tried(door: _Door, account: str, vpc: str, *, wanted: bool) -> Iterator[Violation | Unknown]:
    context = {
        "aws:PrincipalType": "Anonymous",
        "aws:ResourceAccount": door.service.account,
        "vpc-lattice-svcs:Port": str(door.port),
        "vpc-lattice-svcs:ServiceArn": door.service.arn,
        "vpc-lattice-svcs:ServiceNetworkArn": str(door.file.arns.network),
        _VPC: vpc,
        _ACCOUNT: account,
    }
    request = Request(CONNECT, door.service.arn, ANYBODY, context, complete=False)
    network, service = door.guards
    what = f"{vpc} of account {account} connect to port {door.port}"
    try:
        closed = refusing(gates(request, None, network=network, service=service))
    except Undecidable as doubt:
        message = f"whether it lets {what}: {doubt}"
        yield Unknown(door.service.arn, message, door.service.resource.urn)
        return
    if (closed is None) is wanted:
        return
    told = f"lets {what}" if closed is None else f"does not let {what}: {closed.reason}"
    yield OTHER_CONNECTION.found(
        f"{guarded_text(door.service)} {told}",
        endpoint=door.service.arn,
        resource=door.service.resource.urn,
        place=door.case.where.of_resource(door.service.resource),
    )
