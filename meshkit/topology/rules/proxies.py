"""Settings of the Envoy proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.topology.rules.wording import both

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.deferred import Deferred
    from meshkit.config.finding import Finding, Path
    from meshkit.config.proxy import Proxy
    from meshkit.topology.rules.view import View

ENV = Rule(
    "MK718",
    "proxy.env sets neither the proxy's identity nor its credentials.",
    "meshkit names the resource; credentials come from the role. With AWS_ROLE_ARN or "
    "AWS_WEB_IDENTITY_TOKEN_FILE set, EKS does not inject the role's token.",
    "Remove the variable.",
    "App Mesh user guide: Envoy configuration variables; EKS pod identity webhook",
)
TRACERS = Rule(
    "MK719",
    "A proxy has one tracer.",
    "Envoy sends traces to one of X-Ray, Jaeger and Datadog, and does not start with two.",
    "Choose it by tracing, and remove the other's variable.",
    "App Mesh user guide: Envoy configuration variables",
)
EGRESS_PORTS = Rule(
    "MK720",
    "At most 15 ports are left out of the proxy, with 22, which always is.",
    "The proxy configuration of ECS takes 15.",
    "Remove some.",
    "App Mesh user guide: getting started with ECS, proxy configuration",
)

RULES = (ENV, TRACERS, EGRESS_PORTS)

_NAMED = "meshkit sets it from the node or gateway"
_INJECTED = "the role comes from the workload"
_STATIC = "credentials come from the role"
FORBIDDEN = {
    "APPMESH_RESOURCE_ARN": _NAMED,
    "APPMESH_RESOURCE_NAME": _NAMED,
    "APPMESH_VIRTUAL_NODE_NAME": _NAMED,
    "AWS_ROLE_ARN": _INJECTED,
    "AWS_WEB_IDENTITY_TOKEN_FILE": _INJECTED,
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": _INJECTED,
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": _INJECTED,
    "AWS_ACCESS_KEY_ID": _STATIC,
    "AWS_SECRET_ACCESS_KEY": _STATIC,
    "AWS_SESSION_TOKEN": _STATIC,
}
TRACER_ENV = {
    "ENABLE_ENVOY_XRAY_TRACING": "xray",
    "ENABLE_ENVOY_JAEGER_TRACING": "jaeger",
    "ENABLE_ENVOY_DATADOG_TRACING": "datadog",
}
ALWAYS_IGNORED_PORTS = frozenset({22})
MAX_IGNORED_PORTS = 15


def _settings(view: View) -> Iterator[tuple[Path, Proxy]]:
    yield ("proxy",), view.config.proxy
    for path, _name, proxied in view.index.proxies():
        if proxied.proxy is not None:
            yield (*path, "proxy"), proxied.proxy


def check_env(view: View) -> Iterator[Finding]:
    """Variables that are not the file's to set."""
    for path, proxy in _settings(view):
        for name in proxy.env:
            reason = FORBIDDEN.get(name)
            if reason:
                yield ENV.at((*path, "env", name), f"{name} is not to be set: {reason}; remove it")


def check_tracers(view: View) -> Iterator[Finding]:
    """A tracer by variable beside another one."""
    for path, _name, proxied in view.index.proxies():
        base, own = view.config.proxy.env, proxied.proxy.env if proxied.proxy else {}
        if not base and not own:
            continue
        env = {**base, **own}
        named = [tracer for name, tracer in TRACER_ENV.items() if _on(view, env.get(name))]
        tracing = view.index.tracing(proxied)
        tracers = sorted({*named, tracing} - {"none"})
        if len(tracers) > 1:
            where = (*path, "proxy", "env") if any(name in own for name in TRACER_ENV) else path
            message = f"{both(tracers)} can't trace at once; keep tracing or the variable"
            yield TRACERS.at(where, message)


def _on(view: View, value: str | Deferred | None) -> bool:
    text = view.text(value)
    return text is not None and text.lower() in ("1", "true")


def check_egress_ports(view: View) -> Iterator[Finding]:
    """The file's ports with each proxy's own."""
    base = view.config.proxy.egress_ignored_ports
    for path, _name, proxied in view.index.proxies():
        own = proxied.proxy.egress_ignored_ports if proxied.proxy else ()
        ports = {*base, *own, *ALWAYS_IGNORED_PORTS}
        if own and len(ports) > MAX_IGNORED_PORTS:
            message = (
                f"{len(ports)} ports with 22 and those of the file's proxy, the limit is "
                f"{MAX_IGNORED_PORTS}; remove some"
            )
            yield EGRESS_PORTS.at((*path, "proxy", "egress_ignored_ports"), message)


CHECKS = (check_env, check_tracers, check_egress_ports)
