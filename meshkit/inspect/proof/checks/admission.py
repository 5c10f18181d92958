"""Whom the auth policies of networks and services let in, whatever callers' own policies say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.proof.lattice.asking import is_declared
from meshkit.inspect.proof.lattice.codes import (
    ANONYMOUS,
    ANY_ROLE,
    NO_AUTH,
    OTHER_CALLER,
    REFUSED_CALL,
    WIDE_NETWORK,
)
from meshkit.inspect.proof.lattice.showing import caller_text, guarded_text
from meshkit.inspect.proof.lattice.strangers import (
    Stranger,
    anonymous,
    made_up_role,
    named_in,
    outsiders,
)
from meshkit.inspect.proof.lattice.ways import ALLOWING, UNKNOWN_GUARD
from meshkit.inspect.proof.reading import MADE_UP
from meshkit.inspect.violation import Unknown
from meshkit.policy.evaluation import Caller, Layers, Request, Undecidable
from meshkit.policy.invocation import Guard, gates, refusing
from meshkit.policy.lattice import INVOKE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.access import Guarded
    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.proof.lattice.asking import Ask
    from meshkit.inspect.proof.lattice.declared import DeclaredLattice
    from meshkit.inspect.proof.lattice.ways import Way
    from meshkit.inspect.violation import Code, Violation
    from meshkit.policy.invocation import Gate
    from meshkit.topology.lattice.model import Call

AT_MOST = Layers((ALLOWING,))
OPEN = Guard("NONE")


def auth_types(case: Case) -> Iterator[Violation]:
    """Every network and service asks for IAM."""
    for each in case.access.guarded:
        if each.auth_type == "NONE":
            yield NO_AUTH.found(
                f"{guarded_text(each)} has auth type NONE",
                endpoint=each.arn,
                resource=each.resource.urn,
                place=case.where.of_resource(each.resource),
            )


def networks(case: Case) -> Iterator[Violation | Unknown]:
    """A network admits nobody without an identity and no account that its mesh does not know."""
    files = {file.network.arn: file for file in case.calls.files if file.network is not None}
    for network in case.access.guarded:
        guard = case.calls.guards.of(network.arn)
        if network.kind == "network" and guard.policy and guard is not UNKNOWN_GUARD:
            yield from _network(case, network, guard, files.get(network.arn))


def _network(
    case: Case, network: Guarded, guard: Guard, file: DeclaredLattice | None
) -> Iterator[Violation | Unknown]:
    partition = network.arn.split(":")[1]
    seen: set[Code] = set()
    tried = [anonymous(), *outsiders(partition)]
    if file is not None:
        named = named_in((guard.policy,), partition)
        tried += [each for each in named if (each.caller.account or "") not in _accounts(file)]
    for stranger in tried:
        resource = f"arn:{partition}:vpc-lattice:{network.region}:{network.account}:service/"
        context = {**dict(stranger.facts), "vpc-lattice-svcs:ServiceNetworkArn": network.arn}
        request = Request(
            INVOKE, f"{resource}{MADE_UP}/{MADE_UP}", stranger.caller, context, complete=False
        )
        try:
            closed = refusing(gates(request, _own(stranger), network=guard, service=OPEN))
        except Undecidable as doubt:
            yield _open(case, network, stranger, doubt)
            return
        code = ANONYMOUS if stranger.kind == "anonymous" else WIDE_NETWORK
        if closed is None and code not in seen:
            seen.add(code)
            yield _found(case, code, network, f"lets in {caller_text(stranger.caller)}")


def _accounts(file: DeclaredLattice) -> set[str]:
    """The accounts of a file, also those that own nothing."""
    return {str(each.id) for each in file.mesh.config.accounts.values()}


def _own(stranger: Stranger) -> Layers | None:
    """The most that a caller's own policies could let it do; ``None`` for one without any."""
    return None if stranger.kind == "anonymous" else AT_MOST


def services(case: Case) -> Iterator[Violation | Unknown]:
    """A service admits its declared callers, each to what it declares, and nobody else."""
    told = {
        (each.caller, each.way.service.arn)
        for each in case.calls.verdicts
        if each.passes and not each.declared
    }
    accounts = {each.account for each in case.access.guarded}
    accounts |= {id_ for file in case.calls.files for id_ in file.owners}
    for way in case.calls.ways:
        if not way.open:
            yield from _service(case, way, told, sorted(accounts))


def _service(
    case: Case, way: Way, told: set[tuple[str, str]], accounts: list[str]
) -> Iterator[Violation | Unknown]:
    calls = _calls_by_arn(way)
    seen: set[Code] = set()
    for stranger in _tried(case, way, accounts):
        arn = stranger.caller.arn or ""
        known = way.compiled is None and way.service.arn in case.calls.expected.get(arn, ())
        if known or (arn, way.service.arn) in told:
            continue
        try:
            passing = _first_passing(way, stranger, calls.get(arn, []))
        except Undecidable as doubt:
            yield _open(case, way.service, stranger, doubt)
            return
        code = _CODES[stranger.kind]
        if passing is None or code in seen or (way.compiled is None and code is OTHER_CALLER):
            continue
        if code is not OTHER_CALLER:
            seen.add(code)
        message = f"lets {caller_text(stranger.caller)} ask for {passing}"
        yield _found(case, code, way.service, message)
    yield from _absent_callers(case, way, calls)


_CODES = {"anonymous": ANONYMOUS, "made up": ANY_ROLE, "named": OTHER_CALLER}


def _tried(case: Case, way: Way, accounts: list[str]) -> Iterator[Stranger]:
    partition = way.service.arn.split(":")[1]
    yield anonymous()
    for account in accounts:
        caller = made_up_role(account, partition)
        yield Stranger(caller, "made up", tuple(case.calls.callers.facts(account).items()))
    yield from outsiders(partition)
    for each in named_in((guard.policy for guard in way.guards), partition):
        facts = case.calls.callers.facts(each.caller.account)
        yield Stranger(each.caller, each.kind, tuple(facts.items()))


def _first_passing(way: Way, stranger: Stranger, calls: list[Call]) -> Ask | None:
    """The first request that passes and is not declared."""
    for ask in way.asks:
        if not is_declared(calls, ask) and _refusal(way, stranger, ask) is None:
            return ask
    return None


def _refusal(way: Way, stranger: Stranger, ask: Ask) -> Gate | None:
    return way.refusal(stranger.caller, _own(stranger), ask, dict(stranger.facts))


def _calls_by_arn(way: Way) -> dict[str, list[Call]]:
    """The declared calls of a service by the ARN of the role, where that is known."""
    found: dict[str, list[Call]] = {}
    if way.file is None or way.compiled is None:
        return found
    for call in way.file.lattice.calls_of(way.compiled.key):
        found.setdefault(str(way.file.lattice.mesh.roles[call.role].arn), []).append(call)
    return found


def _absent_callers(case: Case, way: Way, calls: dict[str, list[Call]]) -> Iterator[Violation]:
    """Declared callers that other programs make must be let in as well."""
    for arn, declared in calls.items():
        if arn in case.subjects or not arn.startswith("arn:"):
            continue
        facts = tuple(case.calls.callers.facts(arn.split(":")[4]).items())
        stranger = Stranger(Caller(arn), "named", facts)
        for ask in way.asks:
            if not is_declared(declared, ask):
                continue
            gate = _refusal(way, stranger, ask)
            if gate is not None:
                message = f"does not let {arn} ask for {ask}: the {gate.layer} refuses"
                yield _found(case, REFUSED_CALL, way.service, message)
                break


def _found(case: Case, code: Code, guarded: Guarded, message: str) -> Violation:
    source = guarded.policy.resource if guarded.policy else None
    resource = source or guarded.resource
    return code.found(
        f"{guarded_text(guarded)} {message}",
        endpoint=guarded.arn,
        resource=resource.urn,
        place=case.where.of_resource(resource),
    )


def _open(case: Case, guarded: Guarded, stranger: Stranger, doubt: Undecidable) -> Unknown:
    message = f"whether it lets in {caller_text(stranger.caller)}: {doubt}"
    place = case.where.of_resource(guarded.resource)
    return Unknown(guarded.arn, message, guarded.resource.urn, place)
