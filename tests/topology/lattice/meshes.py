"""Mesh files for the tests of VPC Lattice, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshkit.config.file import MeshFile
from meshkit.topology.index import Index
from meshkit.topology.lattice.compile import compile_lattice
from meshkit.topology.resolve import resolve_checked

if TYPE_CHECKING:
    from meshkit.topology.lattice.model import LatticeMesh
    from meshkit.topology.model import ResolvedMesh

HTTP = {"port": 8080, "protocol": "http"}


def node(protocol: str = "http", **more: Any) -> dict[str, Any]:
    """A node with one listener on 8080."""
    return {
        "listeners": [{"port": 8080, "protocol": protocol}],
        "service_discovery": {"dns": "x.local"},
        **more,
    }


def file(**sections: Any) -> MeshFile:
    """A mesh of one account."""
    return MeshFile.model_validate(
        {
            "name": "shop",
            "data_plane": "vpc-lattice",
            "region": "eu-west-1",
            "owner": "network",
            "accounts": {"network": {"id": "111111111111", "vpc_id": "vpc-1"}},
            **sections,
        }
    )


def resolved(**sections: Any) -> ResolvedMesh:
    return resolve_checked(Index(file(**sections)))


def compiled(**sections: Any) -> LatticeMesh:
    return compile_lattice(resolved(**sections))


def routed(routes: dict[str, Any], protocol: str = "http", **nodes: Any) -> dict[str, Any]:
    """A service "web" behind a router with these routes; nodes a and b."""
    return {
        "nodes": {"a": node(protocol), "b": node(protocol), **nodes},
        "routers": {"web": {"listeners": [{"port": 8080, "protocol": protocol}], "routes": routes}},
        "services": {"web": {"router": "web"}},
    }


def route(prefix: str = "/", target: str = "a", priority: int | None = None, **match: Any) -> Any:
    """An http route with one target."""
    body = {"match": {"prefix": prefix, **match}, "targets": {target: 100}}
    return {"http": body, **({} if priority is None else {"priority": priority})}
