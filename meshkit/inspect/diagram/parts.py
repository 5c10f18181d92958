"""The parts of a mesh in one form, wherever they were read, and the boxes and edges they make."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from meshkit.inspect.diagram.picture import Box, Edge, Group
from meshkit.inspect.diagram.weights import weight_labels

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from meshkit.inspect.diagram.picture import Kind, Tls

ELSEWHERE: Final = Group("", "not in this program", "")
"""Where what is named but not there is shown."""


class Call(NamedTuple):
    """A service that a node or gateway calls."""

    service: str
    tls: Tls = ""


class Port(NamedTuple):
    """A listener."""

    protocol: str
    port: str
    tls: str = ""
    """``TLS strict``, ``mTLS permissive``, or nothing."""

    def __str__(self) -> str:
        return " ".join(part for part in self if part)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A node or a gateway."""

    kind: Kind
    name: str
    group: str
    ports: tuple[Port, ...]
    calls: tuple[Call, ...]
    compute: str = ""

    @property
    def key(self) -> str:
        """The key of its box."""
        return f"{self.kind}/{self.name}"


@dataclass(frozen=True, slots=True)
class Router:
    """A router with the (node, weight) pairs of each of its routes."""

    name: str
    group: str
    routes: Mapping[str, Sequence[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Service:
    """A service and the key of the box that provides it."""

    name: str
    group: str
    provider: str | None


def rank(priority: object, name: str) -> tuple[float, str]:
    """The place of a route in its router: the lowest priority first, and last those without."""
    return (priority if isinstance(priority, int | float) else float("inf"), name)


@dataclass(frozen=True)
class Parts:
    """All parts of one mesh."""

    endpoints: tuple[Endpoint, ...] = ()
    routers: tuple[Router, ...] = ()
    services: tuple[Service, ...] = field(default=())

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """A box for each part; a service stands on its provider where both are in one account."""
        made = {box.key: box for box in (*self._endpoints(), *self._routers(), *self._lone())}
        named = [key for edge in self.edges for key in (edge.source, edge.target)]
        for key in dict.fromkeys(named):
            if key not in made:
                kind, _, name = key.partition("/")
                made[key] = _stranger(kind, name)
        return tuple(made.values())

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """All traffic; calls of one service by one caller are one edge."""
        return (*self._calls(), *self._weights(), *self._lone_providers())

    @cached_property
    def _groups(self) -> dict[str, str]:
        groups = {endpoint.key: endpoint.group for endpoint in self.endpoints}
        return groups | {f"router/{router.name}": router.group for router in self.routers}

    def _stands_on(self, service: Service) -> str | None:
        provider = service.provider
        return provider if provider and self._groups.get(provider) == service.group else None

    @cached_property
    def _provided(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for service in self.services:
            if key := self._stands_on(service):
                found[key] = (*found.get(key, ()), service.name)
        return found

    def _endpoints(self) -> Iterator[Box]:
        for each in self.endpoints:
            what = f"{each.kind} on {each.compute}" if each.compute else each.kind
            details = (what, ", ".join(map(str, each.ports)) or "no listener")
            services = self._provided.get(each.key, ())
            yield Box(each.key, each.kind, each.group, each.name, details, services, each.compute)

    def _routers(self) -> Iterator[Box]:
        for each in self.routers:
            key = f"router/{each.name}"
            services = self._provided.get(key, ())
            yield Box(key, "router", each.group, each.name, ("router",), services)

    def _lone(self) -> Iterator[Box]:
        for each in self.services:
            if self._stands_on(each) is None:
                what = "service" if each.provider else "service, no provider"
                yield Box(f"service/{each.name}", "service", each.group, each.name, (what,))

    def _calls(self) -> Iterator[Edge]:
        stands = {service.name: self._stands_on(service) for service in self.services}
        for each in self.endpoints:
            for service, tls in dict.fromkeys(each.calls):
                target = stands.get(service) or f"service/{service}"
                yield Edge(each.key, target, service, tls=tls)

    def _weights(self) -> Iterator[Edge]:
        for each in self.routers:
            for node, label in weight_labels(each.routes).items():
                yield Edge(f"router/{each.name}", f"node/{node}", label=label)

    def _lone_providers(self) -> Iterator[Edge]:
        for each in self.services:
            if each.provider and self._stands_on(each) is None:
                yield Edge(f"service/{each.name}", each.provider)


def _stranger(kind: str, name: str) -> Box:
    kinds: dict[str, Kind] = {"node": "node", "router": "router", "service": "service"}
    return Box(f"{kind}/{name}", kinds[kind], ELSEWHERE.key, name, (f"{kind}, made elsewhere",))
