"""What all checks look at: subjects, endpoints, and what is allowed and expected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from meshkit.inspect.access import access_of
from meshkit.inspect.proof.clusters import clusters_of
from meshkit.inspect.proof.lattice.calls import calls_of
from meshkit.inspect.proof.lattice.declared import declared_lattices
from meshkit.inspect.proof.meshstack import MeshStack, meshstack_of
from meshkit.inspect.proof.reading import reading_of, request_context
from meshkit.inspect.proof.subjects import Subjects
from meshkit.inspect.proof.universe import targets_of
from meshkit.inspect.proof.where import Where
from meshkit.policy.evaluation import matrix
from meshkit.topology.stream import STREAM_ACTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from meshkit.graph import Graph
    from meshkit.inspect.access import Access, Guarded
    from meshkit.inspect.proof.clusters import Clusters
    from meshkit.inspect.proof.lattice.calls import Calls
    from meshkit.inspect.proof.reading import Reading
    from meshkit.inspect.proof.subject import Subject
    from meshkit.inspect.proof.universe import Target
    from meshkit.inspect.proof.where import Locate
    from meshkit.policy.evaluation import Undecidable
    from meshkit.topology.model import ResolvedMesh

    Cells = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Case:
    """A program and its mesh files, ready to be judged."""

    graph: Graph
    access: Access
    meshes: Sequence[ResolvedMesh]
    subjects: Mapping[str, Subject]
    """By ARN."""
    targets: Mapping[str, Target]
    """By ARN."""
    readings: Mapping[str, Reading]
    """By subject."""
    allowed: Cells
    expected: Cells
    undecided: Mapping[str, Undecidable]
    """By subject: why the evaluator can't tell what it may read."""
    calls: Calls
    """What subjects may ask of services of VPC Lattice."""
    clusters: Clusters
    where: Where

    @property
    def services(self) -> tuple[Guarded, ...]:
        """The services of VPC Lattice that the program makes."""
        return tuple(each for each in self.access.guarded if each.kind == "service")

    @cached_property
    def meshstack(self) -> MeshStack:
        """What the program declares of meshStack."""
        return meshstack_of(self.graph, self.access, self.subjects, self.meshes)

    def role_of(self, account: str, name: str) -> Subject | None:
        """The role of an account with this name, if the program has it."""
        identity = self.access.roles.get((account, name.lower()))
        return None if identity is None else self.subjects[identity.arn]


def case_of(graph: Graph, meshes: Sequence[ResolvedMesh], locate: Locate) -> Case:
    """A program and the mesh files that it deploys."""
    access = access_of(graph)
    files = declared_lattices(meshes, access.guarded)
    subjects = {each.arn: each for each in Subjects(access, meshes, files).all()}
    targets = targets_of(access, [each for each in meshes if each.config.data_plane == "app-mesh"])
    meshes_at = {
        (each.place.mesh, each.place.owner, each.place.region): each.place
        for each in targets.values()
    }
    places = tuple(meshes_at.values())
    readings = {arn: reading_of(subject, places, targets) for arn, subject in subjects.items()}
    undecided: dict[str, Undecidable] = {}
    allowed = _allowed(subjects.values(), targets.values(), undecided)
    case = Case(
        graph=graph,
        access=access,
        meshes=meshes,
        subjects=subjects,
        targets=targets,
        readings=readings,
        allowed=allowed,
        expected={
            arn: _expected(subject, readings[arn], targets) for arn, subject in subjects.items()
        },
        undecided=undecided,
        calls=calls_of(access, subjects, files),
        clusters=clusters_of(graph, access, meshes),
        where=Where(graph, locate),
    )
    # What a connector may do in a member account, it is declared to do.
    members = {arn: allowed[arn] for arn in case.meshstack.members}
    return replace(case, expected={**case.expected, **members})


def _allowed(
    subjects: Iterable[Subject], targets: Iterable[Target], undecided: dict[str, Undecidable]
) -> Cells:
    """What each subject may read of the endpoints of its account.

    A proxy connects only as an endpoint that its own account has made, so others are left out.
    Source: App Mesh User Guide, Working with shared meshes.
    """
    by_account: dict[str | None, dict[str, Subject]] = {}
    for subject in subjects:
        by_account.setdefault(subject.identity.account, {})[subject.arn] = subject
    regions: dict[tuple[str, str], list[str]] = {}
    for target in targets:
        regions.setdefault((target.place.account, target.place.region), []).append(target.arn)
    found = {arn: frozenset[str]() for each in by_account.values() for arn in each}
    for (account, region), arns in regions.items():
        cells = matrix(
            STREAM_ACTION,
            {arn: subject.layers for arn, subject in by_account.get(account, {}).items()},
            arns,
            request_context(account, region),
            complete=False,
            undecided=undecided,
        )
        for arn, endpoints in cells.items():
            found[arn] |= endpoints
    return found


def _expected(subject: Subject, reading: Reading, targets: Mapping[str, Target]) -> frozenset[str]:
    """What a subject is declared to read.

    The mesh files say it for their roles. For any other role of a program the program itself does,
    by naming exact ARNs of endpoints that stand in no mesh file.
    """
    account = subject.identity.account
    if subject.mesh_wide:
        return frozenset(arn for arn, each in targets.items() if each.place.account == account)
    if subject.declared:
        # On VPC Lattice there is nothing to read.
        return frozenset(each.arn for own in subject.declared for each in own.endpoints)
    if subject.identity.kind != "role":
        return frozenset()
    return frozenset(
        arn
        for arn in reading.exact
        if arn in targets
        and targets[arn].declared is None
        and targets[arn].place.account == account
    )
