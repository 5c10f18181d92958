"""From a program's graph and its mesh files to a proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.proof.case import case_of
from meshkit.inspect.proof.checks import (
    admission,
    calls,
    configuration,
    connecting,
    consumers,
    keys,
    leaving,
    needs,
    operators,
    routing,
    sharing,
    trust,
    undeclared,
    unknowns,
    workload,
)
from meshkit.inspect.proof.model import Proof
from meshkit.inspect.proof.showing import trusted
from meshkit.inspect.proof.where import nowhere
from meshkit.inspect.violation import Unknown, Violation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshkit.graph import Graph
    from meshkit.inspect.proof.case import Case, Cells
    from meshkit.inspect.proof.where import Locate
    from meshkit.topology.model import ResolvedMesh

CHECKS = (
    configuration.wildcards,
    configuration.other_configurations,
    configuration.unknown_endpoints,
    needs.own_configuration,
    needs.other_needs,
    undeclared.undeclared_statements,
    trust.closed_trust,
    workload.admitted,
    workload.bound,
    sharing.shares,
    sharing.guests,
    consumers.owners_work,
    consumers.uncarried_actions,
    keys.access_keys,
    keys.connectors,
    operators.tiers,
    operators.sign_in,
    operators.undeclared_operators,
    calls.declared_calls,
    calls.unknown_guards,
    admission.auth_types,
    admission.networks,
    admission.services,
    connecting.connections,
    routing.networks_of_services,
    routing.routes,
    routing.target_groups,
    unknowns.open_questions,
)


def prove(
    graph: Graph,
    meshes: Sequence[ResolvedMesh],
    *,
    locate: Locate = nowhere,
    before: Graph | None = None,
) -> Proof:
    """Prove what the roles of a program may do against what is declared.

    ``meshes`` are those that the program deploys, wholly or in part. What they do not declare, the
    program declares itself: any other role is to read the endpoints that it names by exact ARN.
    ``locate`` tells where a value of a mesh file was written. ``before`` is what the stack has
    before an update; with it, the proof tells what the update shuts out of a mesh.
    """
    case = case_of(graph, meshes, locate)
    found = [each for check in CHECKS for each in check(case)]
    if before is not None:
        found += leaving.removals(before, graph)
    violations = {each: None for each in found if isinstance(each, Violation)}
    unknown = {each: None for each in found if isinstance(each, Unknown)}
    return Proof(
        roles=tuple(case.subjects),
        endpoints=(*case.targets, *(each.arn for each in case.services)),
        allowed=_together(case.allowed, case.calls.allowed),
        expected=_together(case.expected, case.calls.expected),
        declared_by={
            arn: "file" if subject.declared else "program" for arn, subject in case.subjects.items()
        },
        violations=tuple(sorted(violations, key=_order)),
        unknowns=tuple(unknown),
        trust={
            arn: trusted(subject)
            for arn, subject in case.subjects.items()
            if subject.identity.kind == "role" and trust.is_of_proxy(case, arn)
        },
        shares=tuple(each for each in case.access.shares if each.meshes),
        names=_names(case),
        absent=_absent(case),
    )


def _order(violation: Violation) -> tuple[str, str, str, str]:
    role, endpoint = violation.role or "", violation.endpoint or ""
    return violation.code, role, endpoint, violation.message


def _absent(case: Case) -> tuple[str, ...]:
    unmade = (arn for arn, target in case.targets.items() if target.made is None)
    return (*unmade, *case.calls.absent)


def _names(case: Case) -> dict[str, str]:
    """Services by their physical names; those of a mesh file by their names in it."""
    of_files = {made.arn: key for file in case.calls.files for key, made in file.services.items()}
    return {each.arn: each.name for each in case.services} | of_files


def _together(readings: Cells, calls: Cells) -> Cells:
    """What roles may read and call, which are different things."""
    return {arn: each | calls[arn] for arn, each in readings.items()}
