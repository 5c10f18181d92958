"""The resources of one account's meshes, and who refers to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from meshkit.local.services.appmesh import rules
from meshkit.local.services.appmesh.kinds import KINDS, Kind
from meshkit.local.services.appmesh.resource import Path, Resource
from meshkit.local.services.errors import ApiError

NAMED_USERS = 3
"""How many users of a resource an error names."""


class Store:
    """Resources by path, with an index of references so that no check walks a whole mesh."""

    def __init__(self, mesh_owner: str) -> None:
        self._mesh_owner = mesh_owner
        self._resources: dict[Path, Resource] = {}
        self._children: defaultdict[Path, dict[str, Resource]] = defaultdict(dict)
        self._referrers: defaultdict[Path, set[Path]] = defaultdict(set)

    def find(self, path: Path) -> Resource | None:
        """Return the resource at a path, or None."""
        return self._resources.get(path)

    def get(self, path: Path) -> Resource:
        """Return the resource at a path, raising `NotFoundException` for the first one missing.

        The wording is AWS's, as seen in aws-app-mesh-roadmap issue 173; the mesh's is inferred.
        """
        for end in range(2, len(path) + 1, 2):
            if path[:end] not in self._resources:
                raise ApiError("NotFoundException", self._missing(path[:end]))
        return self._resources[path]

    def children(self, parent: Path, kind: Kind) -> dict[str, Resource]:
        """Return the resources of a kind directly under a parent, by name."""
        collection = (*parent, kind.name)
        return self._children[collection]

    def add(self, resource: Resource) -> None:
        """Keep a new resource; its targets must exist."""
        self._link(resource.path, self._target_paths(resource.path, resource.kind, resource.spec))
        self._resources[resource.path] = resource
        self._children[resource.path[:-1]][resource.path[-1]] = resource

    def replace_spec(self, resource: Resource, spec: rules.Spec) -> None:
        """Give a resource a new spec; its targets must exist."""
        paths = self._target_paths(resource.path, resource.kind, spec)
        self._unlink(resource)
        self._link(resource.path, paths)
        resource.update(spec)

    def remove(self, resource: Resource) -> None:
        """Drop a resource, raising `ResourceInUseException` while anything needs it."""
        users = sorted("/".join(path[2:]) for path in self._users(resource))
        if users:
            # The code is AWS's (delete operations document it); the wording is inferred.
            more = f" and {len(users) - NAMED_USERS} more" if len(users) > NAMED_USERS else ""
            names = ", ".join(users[:NAMED_USERS]) + more
            message = f"{resource.kind.label} {resource.path[-1]} is in use by {names}"
            raise ApiError("ResourceInUseException", message)
        self._unlink(resource)
        del self._resources[resource.path]
        del self._children[resource.path[:-1]][resource.path[-1]]

    def _users(self, resource: Resource) -> set[Path]:
        inside = {
            child.path
            for kind in KINDS
            if kind.parent == resource.kind
            for child in self.children(resource.path, kind).values()
        }
        return inside | self._referrers[resource.path]

    def _target_paths(self, path: Path, kind: Kind, spec: rules.Spec) -> list[Path]:
        paths = [(*path[:2], target.name, name) for target, name in rules.targets(kind, spec)]
        for target_path in paths:
            self.get(target_path)
        return paths

    def _link(self, path: Path, targets: Iterable[Path]) -> None:
        for target in targets:
            self._referrers[target].add(path)

    def _unlink(self, resource: Resource) -> None:
        for kind, name in rules.targets(resource.kind, resource.spec):
            target = (*resource.path[:2], kind.name, name)
            self._referrers[target].discard(resource.path)

    def _missing(self, path: Path) -> str:
        label = path[-2][0].upper() + path[-2][1:]
        where = f" under mesh {path[1]}" if len(path) > 2 else ""
        return f"{label} with name {path[-1]} is not present{where} for account {self._mesh_owner}"
