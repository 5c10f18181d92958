"""The picture of a resolved mesh."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshkit.inspect.diagram.parts import Call, Endpoint, Parts, Port, Router, Service, rank
from meshkit.inspect.diagram.picture import Group, Picture, Sharing
from meshkit.topology.lattice.sharing import services_shared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.tls import BackendDefaults, ClientPolicy
    from meshkit.inspect.diagram.picture import Kind, Tls
    from meshkit.topology.model import Endpoint as ResolvedEndpoint
    from meshkit.topology.model import Owner, ResolvedMesh, ResolvedRouter, ResolvedService


def picture_of_mesh(mesh: ResolvedMesh) -> Picture:
    """Shows what the file says; accounts stand in its order, the mesh owner first."""
    parts = Parts(
        tuple(_endpoints(mesh)),
        tuple(_router(mesh, router) for router in mesh.routers.values()),
        tuple(_service(service) for service in mesh.services.values()),
    )
    used = {box.group for box in parts.boxes}
    order = dict.fromkeys((mesh.owner.key, *mesh.config.accounts, *mesh.owners))
    return Picture(
        mesh=mesh.name,
        owner=_group(mesh.owner).label,
        region=mesh.region,
        groups=tuple(_group(mesh.owners[key]) for key in order if key in used),
        boxes=parts.boxes,
        edges=parts.edges,
        sharing=_sharing(mesh),
        providers=_providers(mesh),
    )


def _group(owner: Owner) -> Group:
    return Group(owner.key, "" if owner.key == owner.id else owner.key, owner.id)


def _endpoints(mesh: ResolvedMesh) -> Iterator[Endpoint]:
    for gateway in mesh.gateways.values():
        tls = _client_tls(_default_policy(gateway.backend_defaults))
        routes = [each for each in mesh.gateway_routes if each.gateway == gateway.name]
        called = tuple(Call(_protocol(each.spec).service.name, tls) for each in routes)
        yield _endpoint("gateway", gateway, called)
    for node in mesh.nodes.values():
        default = _default_policy(node.backend_defaults)
        called = tuple(
            Call(backend.service, _client_tls(backend.client_policy or default))
            for backend in node.spec.backends
        )
        yield _endpoint("node", node, called)


def _endpoint(kind: Kind, endpoint: ResolvedEndpoint, calls: tuple[Call, ...]) -> Endpoint:
    ports = tuple(
        Port(listener.protocol, str(listener.port), _listener_tls(listener.tls))
        for listener in endpoint.spec.listeners
    )
    return Endpoint(kind, endpoint.name, endpoint.owner.key, ports, calls, _compute(endpoint))


def _compute(endpoint: ResolvedEndpoint) -> str:
    workload = endpoint.workload.type
    name = "Lambda" if workload == "lambda" else workload.upper()
    balanced = endpoint.kind == "virtualNode" and endpoint.spec.load_balancer
    return f"{name} behind an ALB" if balanced else name


def _listener_tls(tls: Any) -> str:
    if tls is None or tls.mode == "DISABLED":
        return ""
    return f"{'mTLS' if tls.validation else 'TLS'} {tls.mode.lower()}"


def _default_policy(defaults: BackendDefaults | None) -> ClientPolicy | None:
    return defaults.client_policy if defaults else None


def _client_tls(policy: ClientPolicy | None) -> Tls:
    if policy is None or policy.tls is None or policy.tls.enforce is False:
        return ""
    return "mTLS" if policy.tls.certificate else "TLS"


def _router(mesh: ResolvedMesh, router: ResolvedRouter) -> Router:
    own = [route for route in mesh.routes if route.router == router.name]
    routes = {
        route.name: [(target.node, target.weight) for target in _protocol(route.spec).targets]
        for route in sorted(own, key=lambda route: rank(route.spec.priority, route.name))
    }
    return Router(router.name, router.owner.key, routes)


def _service(service: ResolvedService) -> Service:
    node, router = service.spec.node, service.spec.router
    provider = f"node/{node}" if node else f"router/{router}" if router else None
    return Service(service.name, service.owner.key, provider)


def _protocol(spec: Any) -> Any:
    """What stands under the one protocol of a route."""
    return next(found for key in spec.one_of if (found := getattr(spec, key)) is not None)


def _sharing(mesh: ResolvedMesh) -> Sharing | None:
    if mesh.share is None:
        return None
    names = {account.id: key for key, account in mesh.config.accounts.items()}
    principals = tuple(names.get(str(each), str(each)) for each in mesh.share.principals)
    return Sharing(mesh.share.name, principals, mesh.share.spec.allow_external_principals)


def _providers(mesh: ResolvedMesh) -> tuple[str, ...]:
    if not services_shared(mesh.config):
        return ()
    owners = {each.owner.key: each.owner for each in mesh.services.values()}
    return tuple(key for key, owner in owners.items() if owner.id != mesh.owner.id)
