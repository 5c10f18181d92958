"""AWS App Mesh."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.model import Aws, Call, Inputs, ResourceType, at, by_token, plain

METADATA = {
    "arn": "metadata.arn",
    "createdDate": "metadata.createdAt",
    "lastUpdatedDate": "metadata.lastUpdatedAt",
    "meshOwner": "metadata.meshOwner",
    "resourceOwner": "metadata.resourceOwner",
}


def _type(kind: str, *, id_: str = "metadata.uid") -> ResourceType:
    member = kind[0].lower() + kind[1:]
    create = Call(
        "appmesh",
        f"Create{kind}",
        result=member,
        id=id_,
        renames={"name": f"{member}Name"},
        outputs=METADATA,
    )
    return ResourceType(f"aws:appmesh/{member}:{kind}", create)


TYPES = by_token(
    _type("Mesh", id_="meshName"),
    _type("VirtualNode"),
    _type("VirtualService"),
    _type("VirtualRouter"),
    _type("Route"),
    _type("VirtualGateway"),
    _type("GatewayRoute"),
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


INVOKES = {"aws:appmesh/getMesh:getMesh": get_mesh}
