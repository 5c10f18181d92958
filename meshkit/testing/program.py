"""A program that was deployed, as questions need it: who is in it, and what they may do."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from meshkit.config.suggest import did_you_mean
from meshkit.inspect.access import access_of
from meshkit.inspect.mesh_files import mesh_without_file
from meshkit.inspect.proof import prove
from meshkit.inspect.proof.subjects import Subjects
from meshkit.inspect.proof.universe import place_of, targets_of
from meshkit.testing.aws_policies import with_whole_policies
from meshkit.testing.errors import Unanswerable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshkit.graph import Graph
    from meshkit.inspect.proof import Proof
    from meshkit.inspect.proof.subject import Subject
    from meshkit.inspect.proof.universe import Target
    from meshkit.topology.model import ResolvedMesh


class Program:
    """A graph and its mesh files."""

    def __init__(self, graph: Graph, meshes: Sequence[ResolvedMesh]) -> None:
        self.graph = graph
        self.meshes = tuple(meshes)

    @cached_property
    def roles(self) -> Mapping[str, Subject]:
        """Every role of the program by its ARN, in the program's order."""
        access = with_whole_policies(access_of(self.graph))
        subjects = Subjects(access, self.meshes).all()
        return {each.arn: each for each in subjects if each.identity.kind == "role"}

    @cached_property
    def endpoints(self) -> Mapping[str, Target]:
        """Every node and gateway that the program makes, by its ARN."""
        targets = targets_of(access_of(self.graph), self.meshes)
        return {arn: target for arn, target in targets.items() if target.made is not None}

    def role(self, name: str) -> Subject:
        """The role meant by an ARN, a physical name, a name in the stack, or a node or gateway.

        Raises ``Unanswerable`` when there is none, or more than one.
        """
        found = [self.roles[arn] for arn in self._names.get(name, ())]
        if len(found) == 1:
            return found[0]
        if found:
            arns = ", ".join(subject.arn for subject in found)
            raise Unanswerable(f'"{name}" may be any of {arns}; give the ARN')
        known = did_you_mean(name, self._names) or _listed(self.roles)
        raise Unanswerable(f'the program has no role "{name}"{known}')

    def endpoint(self, name: str) -> str:
        """ARN of the node or gateway of this name. Raises ``Unanswerable`` unless there is one."""
        names = {target.place.name for target in self.endpoints.values()}
        found = [arn for arn, target in self.endpoints.items() if target.place.name == name]
        if len(found) == 1:
            return found[0]
        if found:
            raise Unanswerable(f'"{name}" may be any of {", ".join(found)}')
        raise Unanswerable(
            f'the program has no node or gateway "{name}"{did_you_mean(name, names)}'
        )

    def require_resource(self, resource: str) -> None:
        """Stops at what is no ARN of one resource, or an endpoint that is not in its mesh here."""
        if resource == "*":
            return
        if not resource.startswith("arn:") or resource.count(":") < 5 or "*" in resource:
            raise Unanswerable(f'"{resource}" is not one resource; give its ARN, without wildcards')
        place = place_of(resource)
        if place is None or resource in self.endpoints:
            return
        meshes = {(each.place.mesh, each.place.owner) for each in self.endpoints.values()}
        if (place.mesh, place.owner) in meshes:
            near = did_you_mean(resource, self.endpoints)
            raise Unanswerable(f"mesh {place.mesh} has no endpoint {resource}{near}")

    def prove(self) -> Proof:
        """The proof of the program. Raises ``Unanswerable`` when a mesh file is not at hand."""
        unknown = mesh_without_file(self.graph, self.meshes)
        if unknown is not None:
            component, mesh = unknown
            raise Unanswerable(f"SharedMesh {component} has the mesh {mesh}: give its file as mesh")
        return prove(self.graph, self.meshes)

    @cached_property
    def _names(self) -> Mapping[str, Sequence[str]]:
        """The ARNs of roles by every name that people have for them."""
        found: dict[str, dict[str, None]] = {}
        for arn, subject in self.roles.items():
            resource = subject.identity.resource
            names = [arn, subject.identity.name, *([resource.name] if resource else [])]
            names += [each.name for own in subject.declared for each in own.endpoints]
            for name in names:
                found.setdefault(name, {})[arn] = None
        return {name: tuple(arns) for name, arns in found.items()}


def _listed(roles: Mapping[str, Subject]) -> str:
    names = ", ".join(subject.identity.name for subject in roles.values())
    return f"; there are {names}" if names else "; it has no roles at all"
