"""Random meshes for VPC Lattice in which workloads call services, as plain data."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.properties.meshes import LISTENER, meshes
from tests.properties.shared_meshes import names

METHODS = ("GET", "POST", "DELETE")
PATHS = ("/items", "/items/*", "/*", "/a", "/items/1")
PREFIXES = ("/", "/items", "/items/1", "/x")


@st.composite
def lattice_meshes(draw: st.DrawFn) -> dict[str, Any]:
    """A mesh of up to three accounts; each service is behind a node or a router of one account."""
    mesh: dict[str, Any] = draw(meshes())
    mesh["data_plane"] = "vpc-lattice"
    mesh["accept_losses"] = ["tracing", "gateway"]
    for key, account in mesh["accounts"].items():
        account["vpc_id"] = f"vpc-{key}"
    for name, node in mesh["nodes"].items():
        node["listeners"] = [LISTENER]
        node["service_discovery"] = {"dns": f"n{len(name)}.local"}
    mesh["routers"] = {name: draw(routers(mesh)) for name in draw(names(3))}
    providers = [{"node": name} for name in mesh["nodes"]]
    providers += [{"router": name} for name in mesh["routers"]]
    mesh["services"] = {
        f"s{number}.local": draw(st.sampled_from(providers))
        for number in range(draw(st.integers(1, 4)))
    }
    called = st.sampled_from(sorted(mesh["services"]))
    for node in mesh["nodes"].values():
        node["backends"] = draw(st.lists(backends(called), max_size=3, unique_by=_service))
    for gateway in mesh["gateways"].values():
        gateway["routes"] = {
            name: {"http": {"match": {"prefix": "/"}, "service": draw(called)}}
            for name in draw(names(2))
        }
    if draw(st.booleans()):
        head = "arn:aws:organizations::999999999999:organization/"
        mesh["share"]["principals"] = [head + mesh["organization"]["id"]]
    return mesh


@st.composite
def backends(draw: st.DrawFn, called: st.SearchStrategy[str]) -> Any:
    service = draw(called)
    if draw(st.booleans()):
        return service
    return {
        "service": service,
        "methods": draw(st.lists(st.sampled_from(METHODS), max_size=2, unique=True)),
        "paths": draw(st.lists(st.sampled_from(PATHS), max_size=2, unique=True)),
    }


@st.composite
def routers(draw: st.DrawFn, mesh: dict[str, Any]) -> dict[str, Any]:
    account = draw(st.sampled_from(sorted({node["account"] for node in mesh["nodes"].values()})))
    own = sorted(name for name, node in mesh["nodes"].items() if node["account"] == account)
    return {
        "account": account,
        "listeners": [LISTENER],
        "routes": {name: draw(routes(own)) for name in draw(names(3))},
    }


@st.composite
def routes(draw: st.DrawFn, nodes: list[str]) -> dict[str, Any]:
    chosen = draw(st.lists(st.sampled_from(nodes), min_size=1, max_size=2, unique=True))
    match = {"prefix": draw(st.sampled_from(PREFIXES))}
    return {"http": {"match": match, "targets": dict.fromkeys(chosen, 100 // len(chosen))}}


def _service(backend: Any) -> str:
    return backend if isinstance(backend, str) else backend["service"]
