"""AWS App Mesh."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.life import Life, Reading, Request, Tagging, Update
from meshkit.local.resources.model import (
    Aws,
    Call,
    Inputs,
    Invoke,
    ResourceType,
    at,
    by_token,
    plain,
)

METADATA = {
    "arn": "metadata.arn",
    "createdDate": "metadata.createdAt",
    "lastUpdatedDate": "metadata.lastUpdatedAt",
    "meshOwner": "metadata.meshOwner",
    "resourceOwner": "metadata.resourceOwner",
}


def _type(kind: str, *parents: str, id_: str = "metadata.uid") -> ResourceType:
    member = kind[0].lower() + kind[1:]
    create = Call(
        "appmesh",
        f"Create{kind}",
        result=member,
        id=id_,
        renames={"name": f"{member}Name"},
        outputs=METADATA,
    )
    return ResourceType(f"aws:appmesh/{member}:{kind}", create, _life(kind, member, parents, id_))


def _life(kind: str, member: str, parents: tuple[str, ...], id_: str) -> Life:
    key = {
        "meshOwner": "meshOwner",
        **{parent: parent for parent in parents},
        f"{member}Name": "name",
    }
    if not parents:
        del key["meshOwner"]  # a mesh is changed by its owner alone
    return Life(
        read=Reading(
            Request("appmesh", f"Describe{kind}", key),
            result=member,
            id=id_,
            properties={"spec": "spec", "name": f"{member}Name", **METADATA},
        ),
        updates=(Update(Request("appmesh", f"Update{kind}", key), ("spec",), empty={"spec": {}}),),
        delete=(Request("appmesh", f"Delete{kind}", key),),
        tagging=Tagging("appmesh", {"resourceArn": "arn"}),
        computed=frozenset({"meshOwner"}) if parents else frozenset(),
        imported="/".join(f"{{{name}}}" for name in (*parents, "name")),
    )


TYPES = by_token(
    _type("Mesh", id_="meshName"),
    _type("VirtualNode", "meshName"),
    _type("VirtualService", "meshName"),
    _type("VirtualRouter", "meshName"),
    _type("Route", "meshName", "virtualRouterName"),
    _type("VirtualGateway", "meshName"),
    _type("GatewayRoute", "meshName", "virtualGatewayName"),
)


def get_mesh(aws: Aws, inputs: Inputs) -> dict[str, Any]:
    """Look a mesh up by `name`, and by `meshOwner` for a shared one."""
    request = {"meshName": inputs["name"]}
    if inputs.get("meshOwner"):
        request["meshOwner"] = inputs["meshOwner"]
    mesh = aws.call("appmesh", "DescribeMesh", request)["mesh"]
    found = {name: plain(at(mesh, path)) for name, path in METADATA.items()}
    spec = mesh["spec"]
    specs = [
        {
            "egressFilters": [spec["egressFilter"]] if "egressFilter" in spec else [],
            "serviceDiscoveries": [spec["serviceDiscovery"]] if "serviceDiscovery" in spec else [],
        }
    ]
    return {**found, "id": mesh["meshName"], "name": mesh["meshName"], "specs": specs, "tags": {}}


def _look_up(kind: str, *parents: str) -> Invoke:
    """The look-up of a kind by its name. Its specs are left out: look-ups serve to find things."""
    member = kind[0].lower() + kind[1:]

    def look_up(aws: Aws, inputs: Inputs) -> dict[str, Any]:
        named = {f"{member}Name": inputs["name"]}
        named |= {key: inputs[key] for key in ("meshOwner", *parents) if inputs.get(key)}
        found = aws.call("appmesh", f"Describe{kind}", named)[member]
        told = {name: plain(at(found, path)) for name, path in METADATA.items()}
        given = {key: inputs[key] for key in ("name", *parents)}
        return {**told, **given, "id": inputs["name"], "specs": [], "tags": {}}

    return look_up


INVOKES = {
    "aws:appmesh/getMesh:getMesh": get_mesh,
    "aws:appmesh/getVirtualNode:getVirtualNode": _look_up("VirtualNode", "meshName"),
    "aws:appmesh/getVirtualRouter:getVirtualRouter": _look_up("VirtualRouter", "meshName"),
    "aws:appmesh/getVirtualService:getVirtualService": _look_up("VirtualService", "meshName"),
    "aws:appmesh/getVirtualGateway:getVirtualGateway": _look_up("VirtualGateway", "meshName"),
    "aws:appmesh/getRoute:getRoute": _look_up("Route", "meshName", "virtualRouterName"),
    "aws:appmesh/getGatewayRoute:getGatewayRoute": _look_up(
        "GatewayRoute", "meshName", "virtualGatewayName"
    ),
}
