"""Who may call which service of VPC Lattice: rights of callers, auth policies of the called.

A call passes when the caller's role, the network and the service all allow it. The role's policy
names the services it calls; the policy of a service names the roles that call it; that of the
network lets in the accounts that take part, and nobody without an identity. Source: VPC Lattice
user guide, auth policies; IAM Service Authorization Reference, VPC Lattice Services.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from meshkit.config.deferred import Deferred, Hole, bind
from meshkit.errors import MeshkitError
from meshkit.policy.document import Condition, Document, Principal, Statement, concat
from meshkit.policy.gateway_controller import controlling
from meshkit.policy.roles import added_statements

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from meshkit.config.finding import Path
    from meshkit.policy.document import Text
    from meshkit.topology.lattice.model import Call, LatticeMesh, LatticeService
    from meshkit.topology.model import Owner, WorkloadRole

INVOKE: Final = "vpc-lattice-svcs:Invoke"
CONNECT: Final = "vpc-lattice-svcs:Connect"
"""For TLS that is handed on, where nothing is known of the caller but its VPC."""
AUTH_POLICY_LIMIT: Final = 10_240
"""Characters of one auth policy: 10 KB, which can't be raised."""

_NETWORK: Final = "vpc-lattice-svcs:ServiceNetworkArn"
_NOT_ANONYMOUS: Final = Condition("StringNotEqualsIgnoreCase", "aws:PrincipalType", ("Anonymous",))
_ROLE: Final = re.compile(r"arn:(aws[a-z-]*):iam::([0-9]{12}):role/[^*?$]+")
_METHOD: Final = "vpc-lattice-svcs:RequestMethod"


@dataclass(frozen=True, slots=True)
class LatticeArns:
    """The ARNs of a mesh on VPC Lattice, whose ids AWS makes up."""

    network: Text
    services: Mapping[str, Text]
    """By the name of the virtual service."""


def unknown_arns(lattice: LatticeMesh) -> LatticeArns:
    """ARNs with holes for the ids, for what can be said before anything is made."""
    network, services = _without_ids(lattice)
    return LatticeArns(
        Deferred((network, Hole("value", "service network"))),
        {key: Deferred((head, Hole("value", f"service {key}"))) for key, head in services.items()},
    )


def sample_arns(lattice: LatticeMesh) -> LatticeArns:
    """ARNs as long as real ones, each of its own, to measure and try policies by."""
    network, services = _without_ids(lattice)
    return LatticeArns(
        f"{network}{0:017d}",
        {key: f"{head}{number:017d}" for number, (key, head) in enumerate(services.items())},
    )


def _without_ids(lattice: LatticeMesh) -> tuple[str, dict[str, str]]:
    """The ARN of the network, and of each service, up to the id that AWS makes up."""
    mesh = lattice.mesh
    head = f"arn:{mesh.partition.name}:vpc-lattice:{mesh.region}"
    services = {
        key: f"{head}:{service.owner.id}:service/svc-" for key, service in lattice.services.items()
    }
    return f"{head}:{mesh.owner.id}:servicenetwork/sn-", services


def caller_statements(
    lattice: LatticeMesh, role: WorkloadRole, arns: LatticeArns
) -> tuple[Statement, ...]:
    """The statements of a role: its calls, through this network alone, and what the file adds.

    That of a cluster's controller has what the controller needs.
    """
    calls = lattice.calls_by(role.key)
    led = controlling(lattice, role, arns.network, arns.services)
    derived = (*_calling(lattice, calls, arns), *led)
    added = added_statements(role.options.statements, (*role.path, "statements"))
    return Document((*derived, *added)).bind(role.owner.context).statements


def service_policy(
    lattice: LatticeMesh, service: LatticeService, arns: LatticeArns
) -> Document | None:
    """The auth policy of a service; ``None`` when nobody calls it, which lets nobody in."""
    calls = lattice.calls_of(service.key)
    statements = [*_admitting(lattice, service, calls, arns.services[service.key])]
    statements += _connecting(lattice, service, arns)
    return Document(tuple(statements)) if statements else None


def network_policy(lattice: LatticeMesh, arns: LatticeArns) -> Document | None:
    """The auth policy of the network; ``None`` when nobody calls anything.

    A mesh that is shared with the organization admits all of it. Else each account is admitted
    whose workloads call something.
    """
    statements = [*_members(lattice)]
    for service in lattice.services.values():
        statements += _connecting(lattice, service, arns)
    return Document(tuple(statements)) if statements else None


def invoke_policy(network_arn: str, service_arns: Iterable[str]) -> Document:
    """The right to call services through a network."""
    statement = Statement(
        sid="InvokeBackends",
        actions=(INVOKE,),
        resources=tuple(f"{arn}/*" for arn in service_arns),
        conditions=(Condition("StringEquals", _NETWORK, (network_arn,)),),
    )
    return Document((statement,))


def callers_policy(service_arn: str, role_arns: Iterable[str]) -> Document:
    """The auth policy of a service that some roles call, of any account.

    Raises ``MeshkitError`` for what is no ARN of a role.
    """
    arns = tuple(role_arns)
    accounts: dict[Text, None] = {}
    for arn in arns:
        parts = _ROLE.fullmatch(arn)
        if parts is None:
            raise MeshkitError(f'"{arn}" is no IAM role: arn:PARTITION:iam::ACCOUNT:role/NAME')
        accounts[_root(parts[1], parts[2])] = None
    if not arns:
        return Document(())
    return Document((_admission("Callers", tuple(accounts), (f"{service_arn}/*",), arns),))


def members_policy(organization: str | None, accounts: Iterable[str]) -> Document | None:
    """The auth policy of a network that an organization and accounts may call through.

    ``None`` for nobody. Raises ``MeshkitError`` for what is no account id.
    """
    found = tuple(accounts)
    for account in found:
        if re.fullmatch("[0-9]{12}", account) is None:
            raise MeshkitError(f'"{account}" is no account id: 12 digits')
    statements = [_organization(organization)] if organization else []
    statements += [_accounts(found)] if found else []
    return Document(tuple(statements)) if statements else None


def _calling(lattice: LatticeMesh, calls: Iterable[Call], arns: LatticeArns) -> Iterator[Statement]:
    """One statement for each set of methods."""
    by_methods: dict[tuple[str, ...], list[Call]] = {}
    for call in calls:
        if lattice.services[call.service].knows_callers:
            by_methods.setdefault(call.methods, []).append(call)
    for methods, each in by_methods.items():
        resources = (text for call in each for text in _paths(arns.services[call.service], call))
        yield Statement(
            sid=f"InvokeBackends{''.join(methods)}",
            actions=(INVOKE,),
            resources=tuple(dict.fromkeys(resources)),
            conditions=(
                Condition("StringEquals", _NETWORK, (arns.network,)),
                *_by_methods(methods),
            ),
            origin=tuple(path for call in each for path in call.origin),
        )


def _paths(arn: Text, call: Call) -> tuple[Text, ...]:
    return tuple(concat(arn, path) for path in call.paths or ("/*",))


def _by_methods(methods: tuple[str, ...]) -> tuple[Condition, ...]:
    return (Condition("StringEquals", _METHOD, methods),) if methods else ()


def _admitting(
    lattice: LatticeMesh, service: LatticeService, calls: Iterable[Call], arn: Text
) -> Iterator[Statement]:
    """One statement for each set of methods and paths.

    It names the accounts and pins the roles: a role named as principal would have to be there
    first, and one that is made anew would not be let in any more.
    """
    if not service.knows_callers:
        return
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Call]] = {}
    for call in calls:
        groups.setdefault((call.methods, call.paths), []).append(call)
    for number, ((methods, _), each) in enumerate(sorted(groups.items()), start=1):
        owners = (lattice.mesh.roles[call.role].owner.id for call in each)
        yield _admission(
            "Callers" + (str(number) if number > 1 else ""),
            tuple(_root(lattice.mesh.partition.name, owner) for owner in dict.fromkeys(owners)),
            _paths(arn, each[0]),
            tuple(_roles(lattice, each)),
            _by_methods(methods),
            tuple(path for call in each for path in call.origin),
        )


def _root(partition: str, account: str) -> str:
    """An account as a principal."""
    return f"arn:{partition}:iam::{account}:root"


def _admission(
    sid: str,
    accounts: tuple[Text, ...],
    resources: tuple[Text, ...],
    roles: tuple[Text, ...],
    limits: tuple[Condition, ...] = (),
    origin: tuple[Path, ...] = (),
) -> Statement:
    """That some roles of some accounts call some paths."""
    return Statement(
        sid=sid,
        principal=Principal("AWS", accounts),
        actions=(INVOKE,),
        resources=resources,
        conditions=(Condition("StringEquals", "aws:PrincipalArn", roles), *limits),
        origin=origin,
    )


def _roles(lattice: LatticeMesh, calls: list[Call]) -> Iterator[Text]:
    for key in dict.fromkeys(call.role for call in calls):
        role = lattice.mesh.roles[key]
        yield bind(role.arn, role.owner.context)


def _members(lattice: LatticeMesh) -> Iterator[Statement]:
    """Whoever has an identity in the organization, or in an account that calls something."""
    organization = lattice.mesh.config.organization
    whole = organization is not None and _with_organization(lattice)
    if organization is not None and whole:
        yield _organization(organization.id)
    apart = [each.id for each in _callers(lattice) if not whole or each.account.external]
    if apart:
        yield _accounts(tuple(_root(lattice.mesh.partition.name, each) for each in apart))


def _organization(organization: str) -> Statement:
    return Statement(
        sid="Organization",
        principal=Principal("AWS", "*"),
        actions=(INVOKE,),
        resources=("*",),
        conditions=(
            Condition("StringEquals", "aws:PrincipalOrgID", (organization,)),
            _NOT_ANONYMOUS,
        ),
    )


def _accounts(principals: tuple[Text, ...]) -> Statement:
    return Statement(
        sid="Accounts",
        principal=Principal("AWS", principals),
        actions=(INVOKE,),
        resources=("*",),
        conditions=(_NOT_ANONYMOUS,),
    )


def _with_organization(lattice: LatticeMesh) -> bool:
    share = lattice.mesh.share
    principals = share.principals if share else ()
    return any(":organizations:" in each for each in principals if isinstance(each, str))


def _callers(lattice: LatticeMesh) -> list[Owner]:
    """The accounts whose workloads call a service by its identity."""
    found = {
        owner.id: owner
        for call in lattice.calls
        if lattice.services[call.service].knows_callers
        for owner in (lattice.mesh.roles[call.role].owner,)
    }
    return list(found.values())


def _connecting(
    lattice: LatticeMesh, service: LatticeService, arns: LatticeArns
) -> Iterator[Statement]:
    """That the VPCs of callers connect to ports on which TLS is handed on.

    There nothing tells one workload of a VPC from another, nor accounts that share its subnets.
    """
    ports = [each.port for each in service.listeners if each.protocol == "TLS_PASSTHROUGH"]
    roles = (lattice.mesh.roles[call.role] for call in lattice.calls_of(service.key))
    callers: dict[str, dict[str, Owner]] = {}
    for role in roles:
        callers.setdefault(lattice.vpc_owner(role.owner).id, {})[role.owner.id] = role.owner
    if not ports:
        return
    arn = arns.services[service.key]
    number = list(lattice.services).index(service.key) + 1
    for account, owners in callers.items():
        owner = next(iter(owners.values()))
        vpc = owner.account.vpc_id
        yield Statement(
            sid=f"Connect{account}To{number}",
            principal=Principal("AWS", "*"),
            actions=(CONNECT,),
            resources=(arn, concat(arn, "/*")),
            conditions=(
                Condition("NumericEquals", "vpc-lattice-svcs:Port", tuple(map(str, ports))),
                Condition("StringEquals", "vpc-lattice-svcs:SourceVpcOwnerAccount", (account,)),
                *_in_vpc(vpc and bind(vpc, owner.context)),
            ),
            origin=_origin(lattice, service, owners),
        )


def _in_vpc(vpc: Text | None) -> tuple[Condition, ...]:
    return (Condition("StringEquals", "vpc-lattice-svcs:SourceVpc", (vpc,)),) if vpc else ()


def _origin(
    lattice: LatticeMesh, service: LatticeService, accounts: Container[str]
) -> tuple[Path, ...]:
    return tuple(
        path
        for call in lattice.calls_of(service.key)
        if lattice.mesh.roles[call.role].owner.id in accounts
        for path in call.origin
    )
