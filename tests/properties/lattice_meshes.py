"""Random meshes for VPC Lattice in which workloads call services, as plain data."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.properties.meshes import IDS, LISTENER, meshes
from tests.properties.shared_meshes import audits, names, operators

METHODS = ("GET", "POST", "DELETE")
PATHS = ("/items", "/items/*", "/*", "/a", "/items/1")
BALANCED = 2
"""How many services a load balancer may stand behind."""
PREFIXES = ("/", "/items", "/items/1", "/x")


@st.composite
def lattice_meshes(draw: st.DrawFn) -> dict[str, Any]:
    """A mesh of up to three accounts; each service is behind a node or a router of one account."""
    mesh: dict[str, Any] = draw(meshes())
    mesh["data_plane"] = "vpc-lattice"
    mesh["accept_losses"] = ["tracing", "gateway", "operators"]
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
    draw(surroundings(mesh))
    draw(standing(mesh))
    mesh["operators"] = {name: draw(operators(mesh)) for name in draw(names(2))}
    if draw(st.booleans()):
        mesh["audit"] = draw(audits(mesh))
    return mesh


@st.composite
def surroundings(draw: st.DrawFn, mesh: dict[str, Any]) -> None:
    """Security groups, domains with zones, and controllers of clusters where they fit."""
    for number, node in enumerate(mesh["nodes"].values()):
        # No two accounts have a group of the same id.
        own = st.sampled_from([f"sg-{node['account']}{each}" for each in range(2)])
        groups = st.lists(own, max_size=2, unique=True)
        node["lattice"] = {"security_groups": draw(groups), "egress": draw(st.booleans())}
        if node["workload"]["type"] == "eks":
            node["workload"]["service"] = f"s{number}"
    for name in mesh["services"]:
        if draw(st.booleans()):
            zone = {"hosted_zone": "Z1"} if draw(st.booleans()) else {}
            lattice = {"domain": f"{name}.example.com", **zone}
            mesh["services"][name] = {**mesh["services"][name], "lattice": lattice}
    for key, cluster in mesh["clusters"].items():
        if draw(st.booleans()) and fits_controller(mesh, key):
            cluster["gateway_api"] = {"identity": draw(st.sampled_from(("irsa", "pod-identity")))}


@st.composite
def standing(draw: st.DrawFn, mesh: dict[str, Any]) -> None:
    """Functions in the place of what has a role of its own, load balancers before others."""
    led = [_names_behind(mesh, service) for service in mesh["services"].values()]
    for number, (name, node) in enumerate(mesh["nodes"].items()):
        place = f"eu-west-1:{IDS[node['account']]}"
        alone = node["workload"]["type"] != "eks" and "name" not in node["role"]
        if alone and draw(st.booleans()):
            arn = f"arn:aws:lambda:{place}:function:f{number}"
            given = draw(st.sampled_from(({}, {"function": f"f{number}"}, {"function": arn})))
            node["workload"] = {"type": "lambda", **given}
            continue
        cluster = mesh["clusters"].get(node["workload"].get("cluster"), {})
        few = sum(name in names for names in led) <= BALANCED
        if few and "gateway_api" not in cluster and draw(st.booleans()):
            arn = f"arn:aws:elasticloadbalancing:{place}:loadbalancer/app/b{number}/50dc6c49"
            node["lattice"]["alb"] = arn


def fits_controller(mesh: dict[str, Any], cluster: str) -> bool:
    """Whether a controller of the cluster can have every service with pods of it."""
    behind = [_behind(mesh, service) for service in mesh["services"].values()]
    ours = [pods for pods in behind if any(each.get("cluster") == cluster for each in pods)]
    return all(
        len({(each.get("cluster"), each.get("namespace")) for each in pods}) == 1 for pods in ours
    )


def _behind(mesh: dict[str, Any], service: dict[str, Any]) -> list[dict[str, Any]]:
    """The workloads of the nodes behind a service."""
    return [mesh["nodes"][name]["workload"] for name in _names_behind(mesh, service)]


def _names_behind(mesh: dict[str, Any], service: dict[str, Any]) -> list[str]:
    routes = mesh["routers"][service["router"]]["routes"] if "router" in service else {}
    names = [name for each in routes.values() for name in each["http"]["targets"]]
    return names + ([service["node"]] if "node" in service else [])


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
