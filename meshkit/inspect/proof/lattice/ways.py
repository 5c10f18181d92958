"""The ways to a service: each network that it is in, with all that guards a call there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from meshkit.errors import MeshkitError
from meshkit.inspect.proof.lattice.asking import about_calls, asks
from meshkit.inspect.proof.subjects import policy_of
from meshkit.inspect.violation import Unknown
from meshkit.policy.document import VERSION
from meshkit.policy.evaluation import Caller, Policy, Request
from meshkit.policy.invocation import Guard, gates, refusing
from meshkit.policy.lattice import INVOKE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from meshkit.inspect.access import Guarded
    from meshkit.inspect.proof.lattice.asking import Ask
    from meshkit.inspect.proof.lattice.declared import DeclaredLattice
    from meshkit.policy.evaluation import Layers, Statement
    from meshkit.policy.evaluation.request import Value
    from meshkit.policy.invocation import Gate
    from meshkit.topology.lattice.model import Call, LatticeService

_EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
ALLOWING: Final = Policy.parse({"Version": VERSION, "Statement": _EVERYTHING})
"""What a caller might have at most."""
UNKNOWN_GUARD: Final = Guard(
    "AWS_IAM", Policy.parse({"Version": VERSION, "Statement": {**_EVERYTHING, "Principal": "*"}})
)
"""For what is not known: it refuses nobody, so that the layers that are known decide."""
HTTP: Final = 80


@dataclass(frozen=True, eq=False)
class Way:
    """A service in a network."""

    service: Guarded
    network_arn: str
    network: Guarded | None
    """``None`` for one that the program does not make."""
    guards: tuple[Guard, Guard]
    """Of the network and of the service."""
    open: bool
    """Whether a guard of what the program makes is not known."""
    file: DeclaredLattice | None
    compiled: LatticeService | None
    """What the mesh file says of the service."""
    calls: tuple[Call, ...]
    """The declared calls of the service; none in a network that is not its mesh's."""
    asks: tuple[Ask, ...]

    def facts(self, ask: Ask) -> dict[str, Value]:
        """The condition keys of a request that do not depend on the caller."""
        return {
            "aws:ResourceAccount": self.service.account,
            "vpc-lattice-svcs:Port": str(ask.port),
            "vpc-lattice-svcs:RequestMethod": ask.method,
            "vpc-lattice-svcs:RequestPath": ask.path,
            "vpc-lattice-svcs:ServiceArn": self.service.arn,
            "vpc-lattice-svcs:ServiceNetworkArn": self.network_arn,
        }

    def refusal(
        self, caller: Caller, own: Layers | None, ask: Ask, facts: Mapping[str, Value]
    ) -> Gate | None:
        """What refuses a request, with what is known of its caller; raises ``Undecidable``."""
        context = {**facts, **self.facts(ask)}
        request = Request(INVOKE, f"{self.service.arn}{ask.path}", caller, context, complete=False)
        network, service = self.guards
        return refusing(gates(request, own, network=network, service=service))


class Guards:
    """What guards networks and services, as far as it is known."""

    def __init__(self, guarded: Iterable[Guarded]) -> None:
        self.unknowns: list[Unknown] = []
        self.by_arn = {each.arn: self._guard(each) for each in guarded}

    def _guard(self, each: Guarded) -> Guard:
        if each.auth_type == "NONE":
            return Guard("NONE")
        if each.auth_type != "AWS_IAM":
            return self._unknown(each, "whether it asks for IAM")
        if each.policy is None:
            return Guard("AWS_IAM")
        try:
            return Guard("AWS_IAM", policy_of(each.policy))
        except MeshkitError as error:
            return self._unknown(each, f"whom auth policy {each.policy.name} lets in: {error}")

    def _unknown(self, each: Guarded, message: str) -> Guard:
        self.unknowns.append(Unknown(each.arn, message, each.resource.urn))
        return UNKNOWN_GUARD

    def of(self, arn: str) -> Guard:
        """The guard of a network or service; of one that is not here, nothing is known."""
        return self.by_arn.get(arn, UNKNOWN_GUARD)


def ways_of(
    guarded: Sequence[Guarded],
    files: Iterable[DeclaredLattice],
    guards: Guards,
    statements: Iterable[Statement],
) -> Iterator[Way]:
    """Each service in each of its networks; ``statements`` are those of all callers."""
    known = {each.arn: each for each in guarded}
    of_file = {
        made.arn: (file, file.lattice.services[key])
        for file in files
        for key, made in file.services.items()
    }
    telling = _by_service(statements)
    for service in (each for each in guarded if each.kind == "service"):
        file, compiled = of_file.get(service.arn, (None, None))
        if compiled is not None and not compiled.knows_callers:
            continue
        listeners = compiled.listeners if compiled else ()
        ports = [each.port for each in listeners if each.protocol != "TLS_PASSTHROUGH"]
        for network in dict.fromkeys(service.networks):
            both = (guards.of(network), guards.of(service.arn))
            attached = (each for guard in both if guard.policy for each in guard.policy.statements)
            told = (*about_calls(attached), *telling.get(service.arn, ()), *telling.get("", ()))
            calls = _calls(file, compiled, network)
            yield Way(
                service=service,
                network_arn=network,
                network=known.get(network),
                guards=both,
                open=any(guards.by_arn.get(arn) is UNKNOWN_GUARD for arn in (network, service.arn)),
                file=file,
                compiled=compiled,
                calls=calls,
                asks=asks(calls, told, ports or (HTTP,)),
            )


def _calls(
    file: DeclaredLattice | None, compiled: LatticeService | None, network: str
) -> tuple[Call, ...]:
    if file is None or compiled is None or (file.network and file.network.arn != network):
        return ()
    return tuple(file.lattice.calls_of(compiled.key))


def _by_service(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    """Statements about calls by the services that they name; by "" those with a pattern."""
    found: dict[str, list[Statement]] = {}
    for statement in about_calls(statements):
        texts = [each.text for each in statement.resources or ()]
        names = {"" if "*" in head or "?" in head else head for head in map(service_in, texts)}
        for name in names:
            found.setdefault(name, []).append(statement)
    return found


def service_in(resource: str) -> str:
    """The ARN of the service in a resource, without the path."""
    head, slash, rest = resource.partition(":service/")
    return f"{head}{slash}{rest.partition('/')[0]}"
