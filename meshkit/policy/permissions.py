"""What a proxy may need of AWS, as data.

Each entry says which actions, on what, and where that is written. A new need is a new entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from meshkit.policy.document import Statement
from meshkit.topology.model import ResolvedGateway

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from meshkit.config.finding import Path
    from meshkit.config.listener import GatewayListener, Listener
    from meshkit.config.tls import BackendDefaults, ClientPolicy
    from meshkit.policy.document import Text
    from meshkit.topology.model import Endpoint

Need = Literal["configuration", "certificates", "authorities", "traces"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A resource a proxy uses, and the place in the file that asked for it."""

    arn: Text
    path: Path = ()


@dataclass(frozen=True, slots=True)
class ProxyNeeds:
    """What one proxy uses of AWS."""

    configuration: tuple[Wanted, ...]
    """The node or gateway it runs as."""
    certificates: tuple[Wanted, ...] = ()
    """ACM certificates of its listeners."""
    authorities: tuple[Wanted, ...] = ()
    """Authorities of AWS Private CA that it trusts as a client."""
    traces: tuple[Wanted, ...] = ()
    """Where it sends traces through AWS."""


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing a proxy may be allowed to do."""

    key: Need
    sid: str
    actions: tuple[str, ...]
    resource_types: tuple[str, ...]
    """Resource types that all of the actions take; none means that IAM accepts only ``*``."""
    when: str
    source: str
    """Where AWS asks for it."""


PERMISSIONS = (
    Permission(
        key="configuration",
        sid="ReadOwnConfiguration",
        actions=("appmesh:StreamAggregatedResources",),
        resource_types=("virtualNode", "virtualGateway"),
        when="always",
        source="App Mesh User Guide, Envoy Proxy authorization",
    ),
    Permission(
        key="certificates",
        sid="ExportListenerCertificates",
        actions=("acm:ExportCertificate",),
        resource_types=("certificate",),
        when="a listener has a certificate from ACM",
        source="App Mesh User Guide, Transport Layer Security, ACM certificates",
    ),
    Permission(
        key="authorities",
        sid="ReadTrustedAuthorities",
        actions=("acm-pca:GetCertificateAuthorityCertificate",),
        resource_types=("certificate-authority",),
        when="a client policy trusts authorities of AWS Private CA",
        source="App Mesh User Guide, Transport Layer Security, client policies",
    ),
    Permission(
        key="traces",
        sid="WriteTraces",
        actions=(
            "xray:GetSamplingRules",
            "xray:GetSamplingStatisticSummaries",
            "xray:GetSamplingTargets",
            "xray:PutTelemetryRecords",
            "xray:PutTraceSegments",
        ),
        resource_types=(),
        when="tracing is xray",
        source="AWS managed policy AWSXRayDaemonWriteAccess (v2); "
        "Service Authorization Reference, AWS X-Ray",
    ),
)
"""Resource types are those of the Service Authorization Reference."""

TRACES = "*"
"""None of the X-Ray actions a proxy needs has a resource type."""


def needs_of(endpoint: Endpoint) -> ProxyNeeds:
    """What the proxy of a node or gateway uses, each with its place in the file."""
    return ProxyNeeds(
        configuration=(Wanted(endpoint.arn, endpoint.path),),
        certificates=tuple(_certificates(endpoint)),
        authorities=tuple(_authorities(endpoint)),
        traces=(Wanted(TRACES, (*endpoint.path, "tracing")),) if endpoint.tracing == "xray" else (),
    )


def statements_for(needs: Iterable[ProxyNeeds], *, own_only: bool = True) -> tuple[Statement, ...]:
    """The statements that cover the needs exactly: one for each permission that is needed.

    Without ``own_only`` the configuration is left to a managed policy.
    """
    proxies = tuple(needs)
    found = []
    for permission in PERMISSIONS:
        if permission.key == "configuration" and not own_only:
            continue
        wanted = [each for proxy in proxies for each in getattr(proxy, permission.key)]
        if wanted:
            found.append(_statement(permission, wanted))
    return tuple(found)


def _statement(permission: Permission, wanted: list[Wanted]) -> Statement:
    return Statement(
        sid=permission.sid,
        actions=permission.actions,
        resources=tuple(dict.fromkeys(each.arn for each in wanted)),
        literal=bool(permission.resource_types),
        origin=tuple(dict.fromkeys(each.path for each in wanted if each.path)),
    )


def _certificates(endpoint: Endpoint) -> Iterator[Wanted]:
    listeners: tuple[Listener | GatewayListener, ...] = endpoint.spec.listeners
    for number, listener in enumerate(listeners):
        arn = listener.tls and listener.tls.certificate.acm
        if arn:
            path = ("listeners", number, "tls", "certificate", "acm")
            yield Wanted(arn, (*endpoint.path, *path))


def _authorities(endpoint: Endpoint) -> Iterator[Wanted]:
    defaults = endpoint.backend_defaults
    if defaults is not None:
        yield from _trusted(defaults.client_policy, _defaults_path(endpoint, defaults))
    if isinstance(endpoint, ResolvedGateway):
        return
    for number, backend in enumerate(endpoint.spec.backends):
        yield from _trusted(backend.client_policy, (*endpoint.path, "backends", number))


def _defaults_path(endpoint: Endpoint, defaults: BackendDefaults) -> Path:
    own = endpoint.spec.backend_defaults is defaults
    return (*(endpoint.path if own else ("defaults",)), "backend_defaults")


def _trusted(policy: ClientPolicy | None, path: Path) -> Iterator[Wanted]:
    if policy is None or policy.tls is None:
        return
    within = ("client_policy", "tls", "validation", "trust", "acm")
    for number, arn in enumerate(policy.tls.validation.trust.acm or ()):
        yield Wanted(arn, (*path, *within, number))
