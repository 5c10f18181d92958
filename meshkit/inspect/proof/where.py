"""Where things were written: lines of mesh files and of programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.config.finding import Location
from meshkit.policy.document import Document

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.config.finding import Path
    from meshkit.graph import Graph, Resource
    from meshkit.inspect.proof.subject import Granted, Subject
    from meshkit.topology.model import ResolvedMesh

    Locate = Callable[[ResolvedMesh, Path], Location | None]
    """Where a value of a mesh file was written, by its path."""

SHARED_MESH = "meshkit:index:SharedMesh"


def nowhere(_mesh: ResolvedMesh, _path: Path) -> Location | None:
    """For meshes that came from no file."""
    return None


@dataclass(frozen=True)
class Where:
    """Finds places."""

    graph: Graph
    locate: Locate

    def of_resource(self, resource: Resource | None) -> Location | None:
        """The line of the program that asks for a resource."""
        if resource is None or resource.source is None:
            return None
        return Location(*resource.source, 1)

    def of_role(self, subject: Subject) -> Location | None:
        """Where the mesh file declares a role, or the line of the program that makes it by hand."""
        made = subject.identity.resource
        if made is not None and not self._made_from_file(made) and made.source is not None:
            return self.of_resource(made)
        for each in subject.declared:
            endpoints = each.role.endpoints
            path = endpoints[0].path if endpoints else each.role.path
            place = self.locate(each.mesh, path)
            if place is not None:
                return place
        return self.of_resource(subject.identity.resource)

    def of_statement(self, subject: Subject, granted: Granted) -> Location | None:
        """The line of the mesh file or of the program that asks for a statement."""
        resource = granted.source.resource
        if resource is not None and not self._made_from_file(resource):
            return self.of_resource(resource) or self.of_role(subject)
        wanted = dict(granted.statement.document)
        for each in subject.declared:
            for statement in each.statements:
                if Document((statement,)).deferred() or statement.to_dict() != wanted:
                    continue
                for path in statement.origin:
                    place = self.locate(each.mesh, path)
                    if place is not None:
                        return place
        return self.of_role(subject)

    def _made_from_file(self, resource: Resource) -> bool:
        parent = self.graph.get(resource.parent)
        return parent is not None and parent.type == SHARED_MESH
