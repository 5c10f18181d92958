"""What App Mesh checks in a spec beyond its shape, and what a spec refers to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from meshkit.local.services.appmesh.kinds import (
    GATEWAY_ROUTE,
    ROUTE,
    VIRTUAL_NODE,
    VIRTUAL_ROUTER,
    VIRTUAL_SERVICE,
    Kind,
)
from meshkit.local.services.errors import ApiError

Spec = dict[str, Any]
Target = tuple[Kind, str]
"""A kind and the name of a resource of that kind in the same mesh."""

_ROUTE_TYPES = ("httpRoute", "http2Route", "grpcRoute", "tcpRoute")


def targets(kind: Kind, spec: Spec) -> Iterator[Target]:
    """Return the resources of the mesh that must exist for this spec.

    Backends of a node are not among them: the API takes any name there
    (aws-app-mesh-roadmap issue 372).
    """
    finder = _TARGETS.get(kind)
    return finder(spec) if finder else iter(())


def check_spec(kind: Kind, spec: Spec) -> None:
    """Raise `BadRequestException` for a spec that the shape allows and the service refuses."""
    rule = _RULES.get(kind)
    message = rule(spec) if rule else None
    if message:
        raise ApiError("BadRequestException", message)


def _route_targets(spec: Spec) -> Iterator[Target]:
    for route_type in _ROUTE_TYPES:
        action = (spec.get(route_type) or {}).get("action", {})
        for target in action.get("weightedTargets", ()):
            yield VIRTUAL_NODE, target["virtualNode"]


def _service_targets(spec: Spec) -> Iterator[Target]:
    provider = spec.get("provider") or {}
    for kind in (VIRTUAL_NODE, VIRTUAL_ROUTER):
        if chosen := provider.get(kind.name):
            yield kind, chosen[f"{kind.name}Name"]


def _gateway_route_targets(spec: Spec) -> Iterator[Target]:
    for route_type in _ROUTE_TYPES:
        if route := spec.get(route_type):
            service = route["action"]["target"]["virtualService"]
            yield VIRTUAL_SERVICE, service["virtualServiceName"]


_TARGETS: dict[Kind, Callable[[Spec], Iterator[Target]]] = {
    ROUTE: _route_targets,
    VIRTUAL_SERVICE: _service_targets,
    # Inferred: AWS documents that the service is the target, not that create looks for it.
    GATEWAY_ROUTE: _gateway_route_targets,
}


def _one_route_type(spec: Spec) -> str | None:
    given = [route_type for route_type in _ROUTE_TYPES if spec.get(route_type)]
    # The user guide asks for exactly one; the wording is inferred.
    return None if len(given) == 1 else "A route must have exactly one route type."


def _discovery_needs_listener(spec: Spec) -> str | None:
    if spec.get("serviceDiscovery") and not spec.get("listeners"):
        # AWS's answer, seen in terraform-provider-aws pull request 13337.
        return "Service Discovery can't be set without a listener."
    return None


_RULES: dict[Kind, Callable[[Spec], str | None]] = {
    ROUTE: _one_route_type,
    GATEWAY_ROUTE: _one_route_type,
    VIRTUAL_NODE: _discovery_needs_listener,
}
