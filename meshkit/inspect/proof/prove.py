"""From a program's graph and its mesh files to a proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.errors import MeshkitError
from meshkit.inspect.proof.case import case_of
from meshkit.inspect.proof.checks import (
    configuration,
    consumers,
    keys,
    leaving,
    needs,
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
    from meshkit.inspect.proof.case import Case
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

    Raises ``MeshkitError`` for a mesh on VPC Lattice, whose calls it does not know.
    """
    for mesh in meshes:
        if mesh.config.data_plane == "vpc-lattice":
            raise MeshkitError(
                f'mesh "{mesh.name}" is on vpc-lattice, of which this version proves nothing; '
                "meshkit local invoke tries a call"
            )
    case = case_of(graph, meshes, locate)
    found = [each for check in CHECKS for each in check(case)]
    if before is not None:
        found += leaving.removals(before, graph)
    violations = {each: None for each in found if isinstance(each, Violation)}
    unknown = {each: None for each in found if isinstance(each, Unknown)}
    return Proof(
        roles=tuple(case.subjects),
        endpoints=tuple(case.targets),
        allowed=case.allowed,
        expected=case.expected,
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
        absent=_absent(case),
    )


def _order(violation: Violation) -> tuple[str, str, str, str]:
    role, endpoint = violation.role or "", violation.endpoint or ""
    return violation.code, role, endpoint, violation.message


def _absent(case: Case) -> tuple[str, ...]:
    return tuple(arn for arn, target in case.targets.items() if target.made is None)
