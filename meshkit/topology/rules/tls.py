"""TLS of listeners and towards backends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.config.node import Node
from meshkit.config.workload import EcsWorkload
from meshkit.topology import leaves
from meshkit.topology.rules.view import listeners_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding, Path
    from meshkit.config.tls import BackendDefaults, ClientTls, ListenerTls
    from meshkit.topology.rules.view import Proxied, View

CERTIFICATE = Rule(
    "MK601",
    "The ACM certificate of a listener is of the account and region of its node or gateway.",
    "App Mesh hands a proxy only certificates of the proxy's own account and region.",
    "Give the ARN of a private certificate of that account and region.",
    "App Mesh user guide: TLS; working with shared meshes",
)
AUTHORITY = Rule(
    "MK602",
    "A trusted authority is of AWS Private CA and of the mesh's region.",
    "App Mesh reads the authority's certificate in its own region.",
    "Give the ARN of a root authority of that region; its account may be another, through RAM.",
    "App Mesh user guide: TLS",
)
WILDCARD = Rule(
    "MK603",
    "A client policy that enforces TLS names no wildcard.",
    "App Mesh refuses a wildcard as subject alternative name while enforce is true.",
    "Write the full names.",
    "App Mesh user guide: TLS",
)
SUBJECT = Rule(
    "MK604",
    "A subject alternative name is a domain name or a URI.",
    "Certificates carry no other form that App Mesh compares.",
    "Write a full domain name, or a URI such as a SPIFFE id.",
    "App Mesh API: SubjectAlternativeNameMatchers",
)
SDS = Rule(
    "MK605",
    "A workload on ECS uses no Secret Discovery Service.",
    "SDS needs a socket on the host, which ECS tasks don't share with an agent.",
    "Use a certificate from acm or file.",
    "App Mesh user guide: mutual TLS",
)
NO_CLIENT_CERTIFICATE = Rule(
    "MK606",
    "Who calls a listener that validates its clients shows a certificate.",
    "A STRICT listener with a validation ends connections from clients without a certificate.",
    "Add a client_policy with tls.certificate, for the backend or in backend_defaults.",
    "App Mesh user guide: mutual TLS",
    "warning",
)

RULES = (CERTIFICATE, AUTHORITY, WILDCARD, SUBJECT, SDS, NO_CLIENT_CERTIFICATE)


def check_certificates(view: View) -> Iterator[Finding]:
    """Certificates of listeners from ACM."""
    for proxied in view.proxied:
        for path, tls in listener_tls(proxied):
            text = view.text(tls.certificate.acm, proxied.account)
            if text and proxied.account_id:
                fault = leaves.certificate(text, proxied.account_id, view.config.region)
                if fault:
                    yield CERTIFICATE.at((*path, "certificate", "acm"), fault)


def listener_tls(proxied: Proxied) -> Iterator[tuple[Path, ListenerTls]]:
    """TLS of each listener, where it stands."""
    for place, listener in enumerate(listeners_of(proxied.spec)):
        if listener.tls is not None:
            yield (*proxied.path, "listeners", place, "tls"), listener.tls


def client_tls(view: View) -> Iterator[tuple[Path, ClientTls]]:
    """Each client policy, where it stands."""
    yield from _defaults_tls(("defaults",), view.config.defaults.backend_defaults)
    for proxied in view.proxied:
        yield from _own_client_tls(proxied)


def _own_client_tls(proxied: Proxied) -> Iterator[tuple[Path, ClientTls]]:
    spec = proxied.spec
    yield from _defaults_tls(proxied.path, spec.backend_defaults)
    for place, backend in enumerate(spec.backends if isinstance(spec, Node) else ()):
        if backend.client_policy and backend.client_policy.tls:
            path = (*proxied.path, "backends", place, "client_policy", "tls")
            yield path, backend.client_policy.tls


def _defaults_tls(path: Path, defaults: BackendDefaults | None) -> Iterator[tuple[Path, ClientTls]]:
    if defaults and defaults.client_policy.tls:
        yield (*path, "backend_defaults", "client_policy", "tls"), defaults.client_policy.tls


def check_authorities(view: View) -> Iterator[Finding]:
    """Authorities that clients trust."""
    for path, tls in client_tls(view):
        for place, arn in enumerate(tls.validation.trust.acm or ()):
            text = view.text(arn)
            fault = text and leaves.authority(text, view.config.region)
            if fault:
                yield AUTHORITY.at((*path, "validation", "trust", "acm", place), fault)


def check_names(view: View) -> Iterator[Finding]:
    """Subject alternative names of both sides."""
    for path, tls in client_tls(view):
        for place, name in enumerate(tls.validation.sans):
            at = (*path, "validation", "sans", place)
            if "*" in name and tls.enforce is not False:
                message = f'"{name}" is a wildcard, which enforced TLS refuses; write the full name'
                yield WILDCARD.at(at, message)
            else:
                yield from _subject(at, name)
    for proxied in view.proxied:
        for path, listener in listener_tls(proxied):
            for place, name in enumerate(listener.validation.sans if listener.validation else ()):
                yield from _subject((*path, "validation", "sans", place), name)


def _subject(path: Path, name: str) -> Iterator[Finding]:
    fault = leaves.subject_name(name)
    if fault:
        yield SUBJECT.at(path, fault)


def check_sds(view: View) -> Iterator[Finding]:
    """Secrets from SDS on ECS; those of the file's defaults are reported once."""
    on_ecs = [each for each in view.proxied if isinstance(each.workload, EcsWorkload)]
    paths = [path for proxied in on_ecs for path in _own_sds(proxied)]
    if any(proxied.spec.backend_defaults is None for proxied in on_ecs):
        for path, tls in _defaults_tls(("defaults",), view.config.defaults.backend_defaults):
            paths += _client_sds(path, tls)
    for path in paths:
        yield SDS.at(path, "SDS can't be used on ECS; use a certificate from acm or file")


def _own_sds(proxied: Proxied) -> Iterator[Path]:
    for path, tls in listener_tls(proxied):
        if tls.certificate.sds is not None:
            yield (*path, "certificate", "sds")
        if tls.validation and tls.validation.trust.sds is not None:
            yield (*path, "validation", "trust", "sds")
    for path, client in _own_client_tls(proxied):
        yield from _client_sds(path, client)


def _client_sds(path: Path, tls: ClientTls) -> Iterator[Path]:
    if tls.certificate and tls.certificate.sds is not None:
        yield (*path, "certificate", "sds")
    if tls.validation.trust.sds is not None:
        yield (*path, "validation", "trust", "sds")


def check_mutual(view: View) -> Iterator[Finding]:
    """Callers without a certificate of listeners that ask for one."""
    asking = {name: view.behind(name, _validates) for name in view.config.services}
    for name, node in view.config.nodes.items():
        defaults = view.index.backend_defaults(node)
        for place, backend in enumerate(node.backends):
            target = asking.get(backend.service)
            policy = backend.client_policy or (defaults.client_policy if defaults else None)
            shown = policy and policy.tls and policy.tls.certificate
            if target is None or shown or not _policies_known(view, name):
                continue
            message = (
                f'node "{target}" behind "{backend.service}" asks its clients for a certificate; '
                "add client_policy: {tls: {certificate: …}}"
            )
            yield NO_CLIENT_CERTIFICATE.at(("nodes", name, "backends", place), message)


def _policies_known(view: View, node: str) -> bool:
    return view.whole("nodes", node, "backend_defaults") and view.whole(
        "defaults", "backend_defaults"
    )


def _validates(node: Node) -> bool:
    return any(
        listener.tls and listener.tls.mode == "STRICT" and listener.tls.validation
        for listener in node.listeners
    )


CHECKS = (check_certificates, check_authorities, check_names, check_sds, check_mutual)
