"""Translates manifests of the first App Mesh controller (``v1beta1``) into what it makes.

Rules: the first controller's reference. Nodes, routers and routes are called ``NAME-NAMESPACE``, a
virtual service by its own name alone; a virtual service holds its router and routes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.corpus.original import Made, Original, as_spec

if TYPE_CHECKING:
    from tests.corpus.controller import Object


def made(found: list[Object], account: str) -> Original:
    """What the controller makes of the objects in App Mesh."""
    makers = {"Mesh": _mesh, "VirtualNode": _node, "VirtualService": _service}
    specs: dict[tuple[str, ...], Object] = {}
    for each in found:
        if each["apiVersion"] == "appmesh.k8s.aws/v1beta1":
            specs |= makers[each["kind"]](each)
    return {name: Made(account, as_spec(name[0], spec)) for name, spec in specs.items()}


def _mesh(mesh: Object) -> dict[tuple[str, ...], Object]:
    return {("Mesh", mesh["metadata"]["name"]): mesh.get("spec", {})}


def _node(node: Object) -> dict[tuple[str, ...], Object]:
    # The API's hostname is spelled hostName here, which as_spec puts right.
    spec = {key: value for key, value in node["spec"].items() if key != "meshName"}
    return {("VirtualNode", _namespaced(node, node["metadata"]["name"])): spec}


def _service(service: Object) -> dict[tuple[str, ...], Object]:
    router = service["spec"]["virtualRouter"]
    name = _namespaced(service, router["name"])
    provider = {"virtualRouter": {"virtualRouterName": name}}
    specs: dict[tuple[str, ...], Object] = {
        ("VirtualService", service["metadata"]["name"]): {"provider": provider},
        ("VirtualRouter", name): {"listeners": router["listeners"]},
    }
    for route in service["spec"]["routes"]:
        specs["Route", name, _namespaced(service, route["name"])] = _route(service, route)
    return specs


def _route(service: Object, route: Object) -> Object:
    http = route["http"]
    targets = [
        {"virtualNode": _namespaced(service, each["virtualNodeName"]), "weight": each["weight"]}
        for each in http["action"]["weightedTargets"]
    ]
    spec: dict[str, Any] = {
        "httpRoute": {"match": http["match"], "action": {"weightedTargets": targets}}
    }
    return spec | {key: route[key] for key in ("priority",) if key in route}


def _namespaced(of: Object, name: str) -> str:
    return f"{name}-{of['metadata']['namespace']}"
