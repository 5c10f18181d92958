"""Random meshes whose accounts point at each other, as plain data."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.properties.meshes import IDS, LISTENER, NAMES, OWNER, meshes

ACCOUNTS = st.sampled_from(sorted(IDS))
MATCH = {"match": {"prefix": "/"}}
ADOPTED = f"arn:aws:ram:eu-west-1:{IDS[OWNER]}:resource-share/1"


@st.composite
def shared_meshes(draw: st.DrawFn) -> dict[str, Any]:
    """A mesh with routers, services and gateway routes of any account, shared in any way."""
    mesh: dict[str, Any] = draw(meshes())
    for name, node in mesh["nodes"].items():
        node["listeners"] = [LISTENER]
        node["service_discovery"] = {"dns": f"n{len(name)}.local"}
    routers = {
        name: {
            "account": draw(ACCOUNTS),
            "listeners": [LISTENER],
            "routes": {route: draw(routes(mesh)) for route in draw(names(3))},
        }
        for name in draw(names(3))
    }
    mesh["routers"] = routers
    providers = [{"node": name} for name in mesh["nodes"]]
    providers += [{"router": name} for name in routers]
    mesh["services"] = {
        f"s{number}.local": draw(services(providers)) for number in range(draw(st.integers(0, 4)))
    }
    for gateway in mesh["gateways"].values():
        if mesh["services"]:
            gateway["routes"] = {name: draw(gateway_routes(mesh)) for name in draw(names(2))}
    mesh["operators"] = {name: draw(operators(mesh)) for name in draw(names(3))}
    draw(sharing(mesh))
    if draw(st.booleans()):
        mesh["audit"] = draw(audits(mesh))
    return mesh


def names(most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(NAMES, max_size=most, unique=True)


@st.composite
def routes(draw: st.DrawFn, mesh: dict[str, Any]) -> dict[str, Any]:
    targets = st.sampled_from(sorted(mesh["nodes"]))
    chosen = draw(st.lists(targets, min_size=1, max_size=2, unique=True))
    return {"http": {**MATCH, "targets": dict.fromkeys(chosen, 100 // len(chosen))}}


@st.composite
def services(draw: st.DrawFn, providers: list[dict[str, Any]]) -> dict[str, Any]:
    service: dict[str, Any] = dict(draw(st.sampled_from(providers)))
    account = draw(st.none() | ACCOUNTS)
    return service if account is None else {**service, "account": account}


@st.composite
def gateway_routes(draw: st.DrawFn, mesh: dict[str, Any]) -> dict[str, Any]:
    return {"http": {**MATCH, "service": draw(st.sampled_from(sorted(mesh["services"])))}}


@st.composite
def operators(draw: st.DrawFn, mesh: dict[str, Any]) -> dict[str, Any]:
    account = draw(ACCOUNTS)
    own = sorted(name for name, each in mesh["routers"].items() if each["account"] == account)
    tiers = ["viewer", "deployer"]
    tiers += ["router"] if own else []
    tiers += ["owner", "sharer"] if account == OWNER else []
    operator: dict[str, Any] = {
        "tier": draw(st.sampled_from(tiers)),
        "account": account,
        "trust": {"permission_set": {"name": "MeshPeople"}},
    }
    if operator["tier"] == "router":
        operator["routers"] = draw(st.lists(st.sampled_from(own), min_size=1, unique=True))
    return operator


@st.composite
def audits(draw: st.DrawFn, mesh: dict[str, Any]) -> dict[str, Any]:
    """In the mesh owner's account, or in the management account of the organization."""
    audit: dict[str, Any] = {"organization": "organization" in mesh and draw(st.booleans())}
    if audit["organization"]:
        way_in = {"id": "999999999999", "assume_role": {"name": "Deploy"}}
        mesh["accounts"]["management"] = way_in
    trail = "arn:aws:cloudtrail:eu-west-1:{}:trail/company"
    if draw(st.booleans()):
        account = "999999999999" if audit["organization"] else IDS[OWNER]
        audit |= {"trail": {"arn": trail.format(account), "log_group": "company"}, "config": False}
    else:
        # Not every name of a mesh makes one of a trail.
        audit["name"] = "mesh-audit"
    return audit


@st.composite
def sharing(draw: st.DrawFn, mesh: dict[str, Any]) -> None:
    """Within an organization or not, with invitations accepted here or by hand."""
    share = mesh["share"]
    if draw(st.booleans()):
        share["allow_external_principals"] = True
        share["accept"] = draw(st.booleans())
        mesh["accounts"]["billing"]["external"] = draw(st.booleans())
        if draw(st.booleans()):
            del mesh["organization"]
        if draw(st.booleans()):
            # Whether an adopted share lets outsiders in is not the file's to say.
            del share["allow_external_principals"]
            share["arn"] = ADOPTED
    elif draw(st.booleans()):
        head = "arn:aws:organizations::999999999999:organization/"
        share["principals"] = [head + mesh["organization"]["id"]]
    inside = not {"allow_external_principals", "arn"} & share.keys()
    if inside and draw(st.booleans()):
        share["subnets"] = ["subnet-1", "subnet-2"]
    for key in sorted(IDS):
        if draw(st.booleans()):
            mesh["accounts"][key]["service_linked_role"] = True
    mesh["mesh"] = {} if draw(st.booleans()) else {
        "arn": f"arn:aws:appmesh:eu-west-1:{IDS[OWNER]}:mesh/{mesh['name']}"
    }  # fmt: skip
