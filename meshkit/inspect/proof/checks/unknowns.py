"""What can't be told of roles that matter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from meshkit.config.deferred import Deferred
from meshkit.inspect.proof.where import SHARED_MESH
from meshkit.inspect.violation import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.proof.case import Case


def open_questions(case: Case) -> Iterator[Unknown]:
    """What the graph does not tell: places, documents, decisions, roles that others have made."""
    by_urn = case.graph.get
    for unknown in case.access.unknowns:
        yield replace(unknown, place=case.where.of_resource(by_urn(unknown.resource)))
    for arn, subject in case.subjects.items():
        for unknown in subject.unknowns:
            yield replace(unknown, place=case.where.of_resource(by_urn(unknown.resource)))
        if arn in case.undecided:
            message = f"what it may read: {case.undecided[arn]}"
            yield Unknown(arn, message, place=case.where.of_role(subject))
        if not subject.identity.made and (subject.declared or case.readings[arn].exact):
            message = "its trust policy and its other policies: the program only attaches to it"
            yield Unknown(arn, message, place=case.where.of_role(subject))
    yield from _adopted(case)
    yield from _strangers(case)
    yield from _late_clusters(case)
    yield from _foreign_types(case)
    yield from _nothing(case)


def _nothing(case: Case) -> Iterator[Unknown]:
    """A program of which there is nothing to prove, as of the wrong folder or an empty state."""
    access = case.access
    found = (case.subjects, case.targets, case.meshes, access.shares, access.guarded,
             access.unknowns)  # fmt: skip
    if not any(found) and not any(_foreign_types(case)):
        yield Unknown("program", "anything: it has neither a role nor an endpoint of a mesh")


def _adopted(case: Case) -> Iterator[Unknown]:
    """Roles that mesh files adopt and nothing of the program says anything about."""
    on_lattice = {id(file.mesh): file.is_made() for file in case.calls.files}
    for mesh in case.meshes:
        for role in mesh.roles.values():
            known = role.name is not None and case.role_of(role.owner.id, role.name)
            present = on_lattice.get(id(mesh)) or any(
                each.arn in case.targets and case.targets[each.arn].made for each in role.endpoints
            )
            if not role.adopted or known or not present:
                continue
            late = isinstance(role.arn, Deferred)
            what = "which role it is; give its value with --var" if late else (
                "all that it may do: the program does not make it"
            )  # fmt: skip
            yield Unknown(str(role.arn), what, place=case.where.locate(mesh, role.path))


def _strangers(case: Case) -> Iterator[Unknown]:
    """Mesh files of which the program has nothing, so that nothing is proven of them.

    Not where it has a ``SharedMesh``: a phase of a mesh may have neither endpoints nor roles.
    """
    if case.graph.of_type(SHARED_MESH):
        return
    for mesh in case.meshes:
        made = any(each.mesh is mesh and each.made for each in case.targets.values())
        declared = any(
            each.mesh is mesh for subject in case.subjects.values() for each in subject.declared
        )
        if not made and not declared:
            on_lattice = mesh.config.data_plane == "vpc-lattice"
            subject = f"mesh {mesh.name} of {mesh.owner.id}" if on_lattice else mesh.arn
            yield Unknown(subject, f"anything of mesh {mesh.name}: it is not in the program")


def _late_clusters(case: Case) -> Iterator[Unknown]:
    """Clusters that only the program knows, so that another one could not be told from them."""
    for (mesh_arn, key), cluster in case.clusters.items():
        mesh = next(each for each in case.meshes if each.arn == mesh_arn)
        computes = {
            role.compute
            for role in mesh.roles.values()
            for subject in role.subjects
            if subject.cluster == key and case.role_of(role.owner.id, role.name or "")
        }
        late = [
            text
            for compute, text in (("irsa", cluster.provider), ("pod-identity", cluster.name))
            if compute in computes and isinstance(text, Deferred)
        ]
        for text in late:
            message = f"whether it is cluster {key} that its roles trust; give {text} with --var"
            yield Unknown(mesh_arn, message, place=case.where.locate(mesh, ("clusters", key)))


FOREIGN_TYPES = (
    *("aws-native:appmesh:", "aws-native:iam:", "aws-native:ram:"),
    *("aws-native:cloudformation:", "aws:cloudformation/", "aws:cloudcontrol/", "aws:ssoadmin/"),
)
"""Types that can grant access in a way that is not read here."""


def _foreign_types(case: Case) -> Iterator[Unknown]:
    for resource in case.graph:
        if resource.custom and resource.type.startswith(FOREIGN_TYPES):
            message = f"what it grants: no {resource.type} is looked at"
            place = case.where.of_resource(resource)
            yield Unknown(resource.name, message, resource.urn, place)
