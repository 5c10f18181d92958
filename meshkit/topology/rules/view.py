"""A mesh file as the checks see it: look-ups that leave out what is missing or only half known."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from meshkit.config.deferred import bind
from meshkit.config.suggest import Suggester

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from meshkit.config.deferred import Deferred
    from meshkit.config.finding import Path
    from meshkit.config.gateway import Gateway
    from meshkit.config.gateway_route import GatewayGrpcRoute, GatewayHttpRoute
    from meshkit.config.listener import GatewayListener, Listener, PortMapping
    from meshkit.config.node import Node
    from meshkit.config.role import Role
    from meshkit.config.route import GrpcRoute, HttpRoute, TcpRoute
    from meshkit.config.router import Router
    from meshkit.config.workload import Workload
    from meshkit.topology.index import Index

Section = Literal["accounts", "clusters", "namespaces", "nodes", "routers", "services"]
ROUTE_KINDS = ("http", "http2", "grpc", "tcp")
GATEWAY_ROUTE_KINDS = ("http", "http2", "grpc")


class Proxied(NamedTuple):
    """A node or gateway with the file's defaults applied."""

    path: Path
    name: str
    spec: Node | Gateway
    account: str
    """Key of its account."""
    account_id: str | None
    workload: Workload | None
    """``None`` where it is only half known."""
    role: Role
    role_known: bool
    """Whether all of the role is known, so that it can be compared with others."""


class RouteOf(NamedTuple):
    """A route of a router."""

    path: Path
    """Of the protocol's block: ``("routers", "catalog", "routes", "canary", "http")``."""
    kind: str
    router: str
    body: HttpRoute | GrpcRoute | TcpRoute

    @property
    def port(self) -> int | None:
        """The router's listener that the route names."""
        return self.body.match.port if self.body.match else None


class GatewayRouteOf(NamedTuple):
    """A route of a gateway; ``path`` as in ``RouteOf``."""

    path: Path
    kind: str
    gateway: str
    body: GatewayHttpRoute | GatewayGrpcRoute


class View:
    """The file, its index, and what of it was left out because its shape is wrong.

    ``pruned`` are the paths left out. Nothing is said about what touches them: a shape fault is
    reported once, and no finding follows from it.
    """

    def __init__(self, index: Index, pruned: Iterable[Path] = ()) -> None:
        self.index = index
        self.config = index.config
        self.pruned = frozenset(pruned)
        self.touched = frozenset(
            path[:length] for path in self.pruned for length in range(len(path) + 1)
        )
        """The pruned paths and all above them."""
        self._ids: dict[str | None, str | None] = {}
        self._suggesters: dict[str, Suggester] = {}

    @property
    def app_mesh(self) -> bool:
        """Whether App Mesh is the data plane."""
        return self.config.data_plane == "app-mesh" and self.whole("data_plane")

    @property
    def lattice(self) -> bool:
        """Whether VPC Lattice is the data plane."""
        return self.config.data_plane == "vpc-lattice"

    def whole(self, *path: str | int) -> bool:
        """Whether all of what the file says at ``path`` is known."""
        return path not in self.touched and not self._gone(path)

    def missing(self, section: Section, name: str) -> bool:
        """Whether the file names no such thing, not even one with faults."""
        return name not in getattr(self.config, section) and not self._gone((section, name))

    def suggester(self, section: Section) -> Suggester:
        """Finds the right name for a wrong one, made at the first fault."""
        if section not in self._suggesters:
            self._suggesters[section] = Suggester(getattr(self.config, section))
        return self._suggesters[section]

    def _gone(self, path: Path) -> bool:
        return bool(self.pruned) and any(
            path[:length] in self.pruned for length in range(1, len(path) + 1)
        )

    def account_id(self, section: str, name: str, key: str | None) -> str | None:
        """Id of the account of a thing; ``None`` when the file does not clearly say it.

        It does not where the account's key has a fault, or may be what is misspelt.
        """
        return None if (section, name) in self._unclear else self.id_of(key)

    def id_of(self, key: str | None) -> str | None:
        """Id of an account, ``None`` for an unknown key."""
        if key not in self._ids:
            self._ids[key] = self.index.account_id(key)
        return self._ids[key]

    @cached_property
    def _unclear(self) -> frozenset[Path]:
        """The things of which an unknown key or the account was left out."""
        found: set[Path] = set()
        for path in self.pruned:
            thing = getattr(self.config, str(path[0]), None) if len(path) == 3 else None
            fields = type(thing[path[1]]).model_fields if thing and path[1] in thing else {}
            if fields and (path[2] == "account" or path[2] not in fields):
                found.add(path[:2])
        return frozenset(found)

    def node(self, name: str | None) -> Node | None:
        """A node of which all is known."""
        found = self.config.nodes.get(name or "")
        return found if found and self.whole("nodes", name or "") else None

    def router(self, name: str | None) -> Router | None:
        """A router of which all but its routes is known."""
        found = self.config.routers.get(name or "")
        return found if found and self.whole("routers", name or "", "listeners") else None

    def provider(self, service: str) -> Node | Router | None:
        """What provides a service, if that is known."""
        found = self.config.services.get(service)
        if found is None:
            return None
        return self.node(found.node) if found.node else self.router(found.router)

    def behind(self, service: str, wanted: Callable[[Node], bool]) -> str | None:
        """Name of the first node behind a service of which ``wanted`` holds."""
        found = self.config.services.get(service)
        names = [found.node] if found and found.node else []
        if found and found.router:
            names = self._targets.get(found.router, [])
        nodes = ((name, self.node(name)) for name in names)
        return next((name for name, node in nodes if node and wanted(node)), None)

    @cached_property
    def _targets(self) -> dict[str, list[str]]:
        """The nodes that the routes of each router lead to."""
        targets: dict[str, list[str]] = {}
        for route in self.routes:
            names = (target.node for target in route.body.targets)
            targets.setdefault(route.router, []).extend(names)
        return targets

    def text(self, value: str | Deferred | None, account: str | None = None) -> str | None:
        """A leaf as it reads in an account; ``None`` when it is not known before the program runs.

        A leaf that is not known is checked by the same functions of ``leaves`` when it resolves.
        Nothing is known of leaves while the region is not: most have to agree with it.
        """
        if not self.whole("region"):
            return None
        if value is None or isinstance(value, str):
            return value
        context = {"partition": self.index.partition.name, "region": self.config.region}
        account_id = self.id_of(account)
        if account_id:
            context["account"] = account_id
        bound = bind(value, context)
        return bound if isinstance(bound, str) else None

    @cached_property
    def proxied(self) -> tuple[Proxied, ...]:
        """Each node, then each gateway."""
        return tuple(self._proxied())

    def _proxied(self) -> Iterator[Proxied]:
        index = self.index
        for path, name, spec in index.proxies():
            account = index.account_key(spec.account)
            account_id = self.account_id(str(path[0]), name, spec.account)
            workload = index.workload(spec) if self._known(path, "workload") else None
            role = index.role(spec)
            known = self._known(path, "role")
            yield Proxied(path, name, spec, account, account_id, workload, role, known)

    def _known(self, path: Path, key: str) -> bool:
        return not self.pruned or (self.whole(*path, key) and self.whole("defaults", key))

    @cached_property
    def routes(self) -> tuple[RouteOf, ...]:
        """Every route of every router."""
        return tuple(
            RouteOf(("routers", name, "routes", key, kind), kind, name, body)
            for name, router in self.config.routers.items()
            for key, route in router.routes.items()
            for kind in ROUTE_KINDS
            if (body := getattr(route, kind)) is not None
        )

    @cached_property
    def gateway_routes(self) -> tuple[GatewayRouteOf, ...]:
        """Every route of every gateway."""
        return tuple(
            GatewayRouteOf(("gateways", name, "routes", key, kind), kind, name, body)
            for name, gateway in self.config.gateways.items()
            for key, route in gateway.routes.items()
            for kind in GATEWAY_ROUTE_KINDS
            if (body := getattr(route, kind)) is not None
        )


def listeners_of(proxy: Node | Gateway) -> Sequence[Listener | GatewayListener]:
    """The listeners of a node or gateway, with the type of both."""
    return proxy.listeners


def listener_on(
    listeners: Sequence[Listener | GatewayListener | PortMapping], port: int | None
) -> Listener | GatewayListener | PortMapping | None:
    """The listener a port means; without a port, the only one."""
    if port is None:
        return listeners[0] if len(listeners) == 1 else None
    return next((each for each in listeners if each.port == port), None)
