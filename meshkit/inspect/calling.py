"""What becomes of a call of a service of VPC Lattice that a program makes, by all its layers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from meshkit.config.suggest import did_you_mean
from meshkit.errors import MeshkitError
from meshkit.inspect.proof.lattice.ways import service_in
from meshkit.policy.evaluation import Caller
from meshkit.policy.lattice import CONNECT, INVOKE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.proof.lattice.asking import Ask
    from meshkit.inspect.proof.lattice.calls import Verdict
    from meshkit.inspect.proof.lattice.ways import Way
    from meshkit.inspect.proof.subject import Subject
    from meshkit.policy.invocation import Gate, InvokeLayer

_LAYERS: Final[Mapping[InvokeLayer, str]] = {
    "identity": "the caller's own policies",
    "boundary": "the caller's permissions boundary",
    "scp": "a service control policy",
    "network": "the auth policy of the network",
    "service": "the auth policy of the service",
}


def is_call(action: str) -> bool:
    """Whether an action is made on a service of VPC Lattice."""
    return action.lower() in (INVOKE.lower(), CONNECT.lower())


def service_names(case: Case) -> dict[str, str]:
    """The services that a program makes, by what people call them: ARNs by name.

    That is the name of the virtual service, or that of a service of no mesh file.
    """
    found = {each.name: each.arn for each in case.access.guarded if each.kind == "service"}
    for file in case.calls.files:
        for key, made in file.services.items():
            found.pop(made.name, None)
            found[key] = made.arn
    return found


def resource_of(case: Case, action: str, resource: str) -> str:
    """The ARN of what is called, where it is named and not an ARN: ``catalog.shop.local/items``.

    Raises ``MeshkitError`` for a name that no service of the program has.
    """
    names = service_names(case)
    if not is_call(action) or resource == "*" or resource.startswith("arn:") or not names:
        return resource
    name, slash, path = resource.partition("/")
    if name not in names:
        hint = did_you_mean(name, names) or f"; it makes {', '.join(names)}"
        raise MeshkitError(f'the program makes no service "{name}"{hint}')
    return f"{names[name]}{slash}{path}"


def unknown_service(case: Case, action: str, resource: str) -> str | None:
    """That there is no such service, which may be one of another run or stack."""
    names = service_names(case)
    service = service_in(resource)
    if not is_call(action) or ":service/" not in resource or service in names.values():
        return None
    made = f"; it makes {', '.join(names)}" if names else ""
    return f"makes no service {service.rpartition('/')[2]}{made}"


def asks_for(way: Way, resource: str) -> tuple[Ask, ...]:
    """The request for a path, by any method; every request worth trying for the service alone."""
    path = resource.removeprefix(way.service.arn)
    if path in ("", "/*"):
        return way.asks
    return tuple(dict.fromkeys(replace(each, path=path) for each in way.asks))


def refusal(case: Case, subject: Subject, way: Way, ask: Ask) -> Gate | None:
    """What refuses a request of somebody; ``None`` for one that passes. Raises ``Undecidable``."""
    facts = case.calls.callers.facts(subject.identity.account)
    return way.refusal(Caller(subject.arn), subject.layers, ask, facts)


def refused_by(gate: Gate) -> str:
    """Which layer refuses, and why."""
    return f"{_LAYERS[gate.layer]}: {gate.reason}"


def calls_of_role(case: Case, subject: Subject) -> tuple[str, ...]:
    """What somebody may call, and what it is declared to call and may not, in words."""
    names = {arn: name for name, arn in service_names(case).items()}
    by_service: dict[str, list[Verdict]] = {}
    for each in case.calls.verdicts:
        if each.caller == subject.arn and (each.declared or each.refusal is None):
            by_service.setdefault(each.way.service.arn, []).append(each)
    return tuple(
        _told(names.get(service, service), verdicts) for service, verdicts in by_service.items()
    )


def _told(name: str, verdicts: Sequence[Verdict]) -> str:
    """One sentence about a service; what does not pass goes first."""
    first = next((each for each in verdicts if not each.passes), verdicts[0])
    if first.doubt is not None:
        return f"can't tell whether it may call {name} ({first.ask}): {first.doubt}"
    if first.refusal is not None:
        return f"may not call {name} ({first.ask}): {refused_by(first.refusal)}"
    return f"may call {name}: caller, network and service allow it"
