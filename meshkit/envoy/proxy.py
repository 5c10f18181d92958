"""One Envoy proxy, as it is to be wired into a workload."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from meshkit.config.deferred import Deferred, bind
from meshkit.config.proxy import Proxy
from meshkit.topology.model import ResolvedGateway

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from meshkit.config.workload import Tracing
    from meshkit.topology.model import Endpoint

Text = str | Deferred

ADMIN_PORT = 9901
INGRESS_PORT = 15000
EGRESS_PORT = 15001
USER = 1337
"""User of the proxy in AWS's own examples; its traffic is not redirected to itself."""
METADATA_ADDRESSES = ("169.254.170.2", "169.254.169.254")
"""Credentials of ECS tasks, and instance metadata."""
POD_IDENTITY_ADDRESS = "169.254.170.23"
"""The agent of EKS Pod Identity."""
SSH_PORT = 22


@dataclass(frozen=True, slots=True)
class EnvoyProxy:
    """A proxy: what it runs as, where, and its settings. Texts may have holes."""

    resource_arn: Text
    """ARN of its virtual node or gateway."""
    region: str
    ports: tuple[int, ...] = ()
    """Ports of the listeners; none for a node that only calls others."""
    gateway: bool = False
    """A gateway's proxy stands alone: nothing is redirected to it."""
    tracing: Tracing = "none"
    settings: Proxy = field(default_factory=Proxy)

    @property
    def admin_port(self) -> int:
        """Port of Envoy's admin interface."""
        return self.settings.admin_port or ADMIN_PORT

    @property
    def user(self) -> int:
        """User the proxy runs as."""
        return self.settings.ignored_uid or USER

    @property
    def egress_ignored_ports(self) -> tuple[int, ...]:
        """Ports the application reaches without the proxy."""
        return (SSH_PORT, *self.settings.egress_ignored_ports)

    def egress_ignored_ips(self, always: tuple[str, ...]) -> tuple[str, ...]:
        """Addresses the application reaches without the proxy, each once."""
        return tuple(dict.fromkeys((*always, *map(known, self.settings.egress_ignored_ips))))

    def texts(self) -> Iterator[Text]:
        """Every text that may have holes."""
        settings = self.settings
        yield from (self.resource_arn, *settings.egress_ignored_ips, *settings.env.values())
        yield from (each for each in (settings.image, settings.sds_socket) if each is not None)

    def map(self, change: Callable[[Text], Text]) -> EnvoyProxy:
        """The proxy with every such text changed."""
        settings = self.settings
        update: dict[str, Any] = {
            "egress_ignored_ips": tuple(map(change, settings.egress_ignored_ips)),
            "env": {key: change(value) for key, value in settings.env.items()},
        }
        for key in ("image", "sds_socket"):
            text = getattr(settings, key)
            update[key] = None if text is None else change(text)
        return replace(
            self,
            resource_arn=change(self.resource_arn),
            settings=settings.model_copy(update=update),
        )


def proxy_of(endpoint: Endpoint) -> EnvoyProxy:
    """The proxy of a resolved node or gateway."""
    context: Mapping[str, str] = endpoint.owner.context
    return EnvoyProxy(
        resource_arn=endpoint.arn,
        region=context["region"],
        ports=tuple(listener.port for listener in endpoint.spec.listeners),
        gateway=isinstance(endpoint, ResolvedGateway),
        tracing=endpoint.tracing,
        settings=endpoint.proxy,
    ).map(lambda text: bind(text, context))


def known(text: Text) -> str:
    """A text without holes; ``TypeError`` while it has some."""
    if isinstance(text, Deferred):
        raise TypeError(f"{text} is not known yet")
    return text
