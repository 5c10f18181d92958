"""The pictures of the meshes in a resource graph, also of those that were written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from meshkit.graph import UNKNOWN, Secret, redact
from meshkit.inspect.access import access_of
from meshkit.inspect.access.parts import GATEWAY, MESH, NODE
from meshkit.inspect.access.references import References
from meshkit.inspect.diagram.parts import (
    ELSEWHERE,
    Call,
    Endpoint,
    Parts,
    Port,
    Router,
    Service,
    rank,
)
from meshkit.inspect.diagram.picture import Group, Picture, Sharing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from meshkit.graph import Graph, Resource
    from meshkit.inspect.access import Share
    from meshkit.inspect.diagram.picture import Kind, Tls

ROUTER: Final = "aws:appmesh/virtualRouter:VirtualRouter"
ROUTE: Final = "aws:appmesh/route:Route"
SERVICE: Final = "aws:appmesh/virtualService:VirtualService"
GATEWAY_ROUTE: Final = "aws:appmesh/gatewayRoute:GatewayRoute"
_OPEN: Final = "account not known"
_MeshKey = tuple[str, str]
"""Name of a mesh and id of its owner."""


def pictures_of_graph(graph: Graph) -> tuple[Picture, ...]:
    """One picture for each mesh in which the program makes something, in its order.

    Accounts are ids: only a mesh file has names for them. What only a deployment can tell, and
    what is a secret, shows as its mark.
    """
    references = References(graph)
    meshes: dict[_MeshKey, list[Resource]] = {}
    for resource in graph:
        if resource.type.startswith("aws:appmesh/"):
            meshes.setdefault(_mesh_of(resource, references), []).append(resource)
    shares = access_of(graph).shares
    return tuple(_picture(references, shares, key, members) for key, members in meshes.items())


def _mesh_of(resource: Resource, references: References) -> _MeshKey:
    if resource.type == MESH:
        return _name(resource), resource.account or _OPEN
    owner = redact(resource.inputs.get("meshOwner")) or resource.account or _OPEN
    return _named(resource, "meshName", MESH, references), str(owner)


def _picture(
    references: References, shares: Iterable[Share], key: _MeshKey, members: list[Resource]
) -> Picture:
    mesh, owner = key
    parts = _Reader(members, references).parts()
    used = dict.fromkeys(box.group for box in parts.boxes)
    accounts = dict.fromkeys(each for each in (owner, *used) if each in used and each)
    return Picture(
        mesh=mesh,
        owner=owner,
        region=next((each.region for each in members if each.region), "region not known"),
        groups=(
            *(Group(each, "", each) for each in accounts),
            *([ELSEWHERE] if ELSEWHERE.key in used else []),
        ),
        boxes=parts.boxes,
        edges=parts.edges,
        sharing=_sharing(shares, mesh, owner),
    )


class _Reader:
    """Reads the parts of one mesh from its resources."""

    def __init__(self, members: list[Resource], references: References) -> None:
        self._members = members
        self._references = references

    def parts(self) -> Parts:
        return Parts(
            (*self._gateways(), *self._nodes()), tuple(self._routers()), tuple(self._services())
        )

    def _of(self, type_: str) -> Iterator[tuple[Resource, dict[str, Any]]]:
        """The resources of a type with their specs."""
        for resource in self._members:
            if resource.type == type_:
                yield resource, _at(redact(dict(resource.inputs)), "spec")

    def _gateways(self) -> Iterator[Endpoint]:
        routes = list(self._of(GATEWAY_ROUTE))
        for resource, spec in self._of(GATEWAY):
            tls = _client_tls(_at(spec, "backendDefaults", "clientPolicy"))
            called = tuple(
                Call(service, tls)
                for route, route_spec in routes
                if self._belongs(route, "virtualGatewayName", resource)
                for service in _gateway_targets(route_spec)
            )
            yield _endpoint("gateway", resource, spec, called)

    def _nodes(self) -> Iterator[Endpoint]:
        for resource, spec in self._of(NODE):
            default = _at(spec, "backendDefaults", "clientPolicy")
            services = [_at(each, "virtualService") for each in _list(spec.get("backends"))]
            called = tuple(
                Call(
                    str(each.get("virtualServiceName", "")),
                    _client_tls(_at(each, "clientPolicy") or default),
                )
                for each in services
            )
            yield _endpoint("node", resource, spec, called)

    def _routers(self) -> Iterator[Router]:
        routes = list(self._of(ROUTE))
        for resource, _ in self._of(ROUTER):
            own = [
                (rank(spec.get("priority"), _name(route)), _name(route), _targets(spec))
                for route, spec in routes
                if self._belongs(route, "virtualRouterName", resource)
            ]
            weights = {name: targets for _, name, targets in sorted(own)}
            yield Router(_name(resource), resource.account or _OPEN, weights)

    def _services(self) -> Iterator[Service]:
        for resource, spec in self._of(SERVICE):
            provider = _at(spec, "provider")
            node = _at(provider, "virtualNode").get("virtualNodeName")
            router = _at(provider, "virtualRouter").get("virtualRouterName")
            key = f"node/{node}" if node else f"router/{router}" if router else None
            yield Service(_name(resource), resource.account or _OPEN, key)

    def _belongs(self, route: Resource, key: str, to: Resource) -> bool:
        return _named(route, key, to.type, self._references) == _name(to)


def _named(resource: Resource, key: str, type_: str, references: References) -> str:
    """What an input names; where it isn't known yet, the name of what it is made from."""
    if resource.inputs.get(key) is UNKNOWN:
        made_from = references.dependency(resource, key, type_)
        return str(UNKNOWN) if made_from is None else _name(made_from)
    return str(redact(resource.inputs.get(key)))


def _name(resource: Resource) -> str:
    """The physical name; one not given or not known is made from the name in the stack."""
    name = resource.inputs.get("name")
    return str(redact(name)) if isinstance(name, str | Secret) else resource.name


def _at(value: Any, *keys: str) -> dict[str, Any]:
    """The mapping at a place; an empty one where there is none, or it isn't known."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _endpoint(
    kind: Kind, resource: Resource, spec: Mapping[str, Any], calls: tuple[Call, ...]
) -> Endpoint:
    listeners = spec.get("listeners")
    ports = tuple(_port(each) for each in _list(listeners))
    return Endpoint(kind, _name(resource), resource.account or _OPEN, ports, calls)


def _port(listener: Any) -> Port:
    mapping, tls = _at(listener, "portMapping"), _at(listener, "tls")
    mode = str(tls.get("mode", "DISABLED"))
    secure = f"{'mTLS' if tls.get('validation') else 'TLS'} {mode.lower()}"
    return Port(
        str(mapping.get("protocol", "")),
        str(mapping.get("port", "")),
        "" if mode == "DISABLED" else secure,
    )


def _client_tls(policy: Mapping[str, Any]) -> Tls:
    tls = _at(policy, "tls")
    if not tls or tls.get("enforce") is False:
        return ""
    return "mTLS" if tls.get("certificate") else "TLS"


def _gateway_targets(spec: Mapping[str, Any]) -> Iterator[str]:
    for key in ("httpRoute", "http2Route", "grpcRoute"):
        name = _at(spec, key, "action", "target", "virtualService").get("virtualServiceName")
        if name:
            yield str(name)


def _targets(spec: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [
        (str(target.get("virtualNode")), int(weight) if isinstance(weight, int | float) else 0)
        for key in ("httpRoute", "http2Route", "grpcRoute", "tcpRoute")
        for target in _list(_at(spec, key, "action").get("weightedTargets"))
        for weight in [target.get("weight")]
    ]


def _sharing(shares: Iterable[Share], mesh: str, owner: str) -> Sharing | None:
    """The share that the mesh is in, where the program makes it or adds to it."""
    ending = f":{owner}:mesh/{mesh}"
    for share in shares:
        if any(arn.endswith(ending) for arn in share.meshes):
            principals = tuple(
                str(redact(each.resource.inputs.get("principal"))) for each in share.principals
            )
            name = _name(share.resource) if share.resource else share.name
            return Sharing(name, principals, external=share.allow_external is True)
    return None
