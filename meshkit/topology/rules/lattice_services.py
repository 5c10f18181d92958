"""What the file says of services on VPC Lattice: their domains, their TLS, who is told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.topology import leaves
from meshkit.topology.lattice.finders import has_tls, service_listeners

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding
    from meshkit.config.service import Service
    from meshkit.topology.rules.view import View

GRPC_METHOD = "POST"
"""Of every call by gRPC."""

LIMITS = Rule(
    "MK906",
    "On VPC Lattice a backend is limited to methods and paths that VPC Lattice can see.",
    "It sees neither method nor path in TLS that it hands on, so that limits would hold nobody. "
    "Every call by gRPC is a POST, so that other methods would let nothing pass.",
    "Leave methods and paths out, or let VPC Lattice speak HTTPS; give a grpc service POST.",
    "VPC Lattice user guide: TLS listeners; Service Authorization Reference, VPC Lattice Services",
)
ONE_DOMAIN = Rule(
    "MK907",
    "Services of one mesh on VPC Lattice have domains of their own.",
    "Two services in one service network can't have the same custom domain name.",
    "Give one of them another domain, or make them one service with a router.",
    "VPC Lattice user guide: custom domain names",
)
UNPROVEN = Rule(
    "MK908",
    "A service with a domain that speaks HTTPS has a certificate for it.",
    "VPC Lattice has certificates for the names that it makes, not for custom domains: every "
    "connection to the domain by HTTPS fails.",
    "Give lattice.certificate, or leave lattice.domain out.",
    "VPC Lattice user guide: custom domain names",
)
NOT_HANDED_ON = Rule(
    "MK909",
    "A service with passthrough has a tcp listener.",
    "VPC Lattice hands on what comes to tcp listeners; on others it would open TLS.",
    "Give its provider's listener protocol: tcp, or leave passthrough out.",
    "VPC Lattice user guide: TLS listeners",
)
DOMAIN = Rule(
    "MK947",
    "A service with passthrough, a certificate or a hosted_zone has a domain.",
    "VPC Lattice tells services with passthrough apart by the domain in the client's hello, and a "
    "certificate of ACM or a record of Route 53 is for a domain.",
    "Give lattice.domain.",
    "VPC Lattice user guide: TLS listeners; custom domain names",
)
NO_IDENTITY = Rule(
    "MK950",
    "Every caller of a service on VPC Lattice has an identity.",
    "VPC Lattice does not open TLS that it hands on, so that it knows no role there: every "
    "workload in the VPCs of the service's callers can connect.",
    "Limit callers by security groups, or have the service ask for certificates of its own; or let "
    "VPC Lattice speak HTTPS.",
    "VPC Lattice user guide: TLS listeners",
    "warning",
)
CERTIFICATE = Rule(
    "MK958",
    "The certificate of a service's domain is in ACM, of the service's account and region.",
    "VPC Lattice takes no other.",
    "Give the ARN of a certificate there.",
    "VPC Lattice user guide: custom domain names",
)

RULES = (LIMITS, ONE_DOMAIN, UNPROVEN, NOT_HANDED_ON, DOMAIN, NO_IDENTITY, CERTIFICATE)


def check_limits(view: View) -> Iterator[Finding]:
    """Limits of backends that would not hold, or let nothing pass."""
    for name, node in view.config.nodes.items() if view.lattice else ():
        for place, backend in enumerate(node.backends):
            service = view.config.services.get(backend.service)
            if service is None or not (backend.methods or backend.paths):
                continue
            key = "methods" if backend.methods else "paths"
            path = ("nodes", name, "backends", place, key)
            if _hands_on(view, service):
                message = f'"{backend.service}" hands TLS on, where neither is seen; leave them out'
                yield LIMITS.at(path, message)
            elif _by_post(view, service) and backend.methods and GRPC_METHOD not in backend.methods:
                message = f'"{backend.service}" speaks grpc, where every call is a POST; add POST'
                yield LIMITS.at(path, message)


def check_domains(view: View) -> Iterator[Finding]:
    """What needs a domain, and the certificate of one."""
    for name, service in view.config.services.items():
        settings, path = service.lattice, ("services", name, "lattice")
        if settings is None:
            continue
        if settings.domain is None and view.whole(*path, "domain"):
            needing = ("passthrough", "certificate", "hosted_zone")
            key = next((each for each in needing if getattr(settings, each)), None)
            if key is not None:
                yield DOMAIN.at((*path, key), f"{key} needs a domain; add lattice.domain")
        key = view.index.service_account_key(name)
        text = view.text(settings.certificate, key)
        fault = text and leaves.certificate(text, view.id_of(key), view.config.region)
        if fault:
            yield CERTIFICATE.at((*path, "certificate"), fault)


def check_names(view: View) -> Iterator[Finding]:
    """Domains that two services have, or that nothing vouches for."""
    first: dict[str, str] = {}
    for name, service in view.config.services.items() if view.lattice else ():
        settings, path = service.lattice, ("services", name, "lattice")
        if settings is None or settings.domain is None:
            continue
        same = first.setdefault(settings.domain, name)
        if same != name:
            message = f'"{settings.domain}" is the domain of "{same}"; give it another'
            yield ONE_DOMAIN.at((*path, "domain"), message)
        known = view.whole(*path, "certificate")
        if known and settings.certificate is None and _speaks_https(view, service):
            message = "its listeners speak HTTPS; give the domain a certificate"
            yield UNPROVEN.at((*path, "domain"), message)


def check_passthrough(view: View) -> Iterator[Finding]:
    """Services whose callers can't be told apart, and those that hand on nothing."""
    for name, service in view.config.services.items() if view.lattice else ():
        path = ("services", name, "lattice", "passthrough")
        settings, listeners = service.lattice, service_listeners(view.config, service)
        if settings is None or not settings.passthrough or not listeners:
            continue
        if not _hands_on(view, service):
            message = "it has no tcp listener to hand TLS on; write protocol: tcp, or remove it"
            yield NOT_HANDED_ON.at(path, message)
        elif settings.domain:
            message = (
                "callers have no identity here: every workload in their VPCs can connect; limit "
                "them by security groups"
            )
            yield NO_IDENTITY.at(path, message)


def _hands_on(view: View, service: Service) -> bool:
    listeners = service_listeners(view.config, service)
    passthrough = service.lattice is not None and service.lattice.passthrough
    return passthrough and any(each.protocol == "tcp" for each in listeners)


def _by_post(view: View, service: Service) -> bool:
    listeners = service_listeners(view.config, service)
    return bool(listeners) and all(each.protocol == "grpc" for each in listeners)


def _speaks_https(view: View, service: Service) -> bool:
    return any(
        each.protocol == "grpc" or (each.protocol != "tcp" and has_tls(view.config, service, each))
        for each in service_listeners(view.config, service)
    )


CHECKS = (check_limits, check_domains, check_names, check_passthrough)
