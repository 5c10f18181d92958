"""What of App Mesh has no counterpart on VPC Lattice: one entry a feature.

A loss is an error on ``data_plane: vpc-lattice`` until the file accepts it by the feature's name;
what changes but is not weaker is a warning. Source: VPC Lattice user guide and API, where nothing
else is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from meshkit.config.finding import Rule
from meshkit.topology.lattice import finders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meshkit.config.file import MeshFile
    from meshkit.config.finding import Finding, Path, Severity
    from meshkit.topology.lattice.finders import Found


@dataclass(frozen=True)
class Feature:
    """A feature of App Mesh that is lost, or changes."""

    code: str
    name: str
    """As ``accept_losses`` takes it."""
    what: str
    """What it is, after "no"."""
    lost: str
    """What is missing without it; a sentence."""
    instead: str
    """What to do; begins in lower case, has no full stop."""
    find: Callable[[MeshFile], Iterator[Found]]
    severity: Severity = "error"
    """``warning`` for what changes without being weaker."""
    source: str = "VPC Lattice API and user guide"

    @cached_property
    def rule(self) -> Rule:
        """The rule that a file keeps which does not have it."""
        return Rule(
            self.code,
            f"A file for VPC Lattice has no {self.what}, or accepts {self.name}.",
            self.lost,
            f"{self.instead[0].upper()}{self.instead[1:]}, or go on without it: "
            f"accept_losses: [{self.name}].",
            self.source,
            self.severity,
        )

    def at(self, found: Found) -> Finding:
        """The finding of one place."""
        return self.rule.at(
            found.path,
            f"vpc-lattice has no {self.what} ({found.shown}); {self.instead}, or go on "
            f"without it: accept_losses: [{self.name}]",
        )


FEATURES: tuple[Feature, ...] = (
    Feature(
        "MK920", "egress-filter", "egress filter",
        "VPC Lattice stands in the way of calls to its services alone: workloads reach all else "
        "that their network lets them reach.",
        "limit egress by security groups or a network firewall", finders.egress_filter,
    ),
    Feature(
        "MK921", "retry", "retry policy",
        "A failed request is not sent again: callers see the failure.",
        "retry in the caller", finders.retry,
    ),
    Feature(
        "MK922", "request-timeout", "timeout of a request",
        "A request may take as long as its connection lives, which is 10 minutes at most.",
        "set a timeout in the caller", finders.request_timeout,
    ),
    Feature(
        "MK923", "idle-timeout", "idle timeout of a route or listener",
        "A service has one idle timeout of 60 to 600 whole seconds, and 60 where these differ or "
        "are out of that range.",
        "give all behind the service the same idle timeout of 60s to 600s", finders.idle,
    ),
    Feature(
        "MK924", "outlier-detection", "outlier detection",
        "A target that answers with errors gets traffic until its health check fails.",
        "give the listener a health_check that fails with the workload",
        finders.outlier_detection,
    ),
    Feature(
        "MK925", "connection-pool", "connection pool",
        "Nothing limits the connections and requests that a workload gets at once.",
        "limit them in the workload", finders.connection_pool,
    ),
    Feature(
        "MK926", "path-match", "match of a path by a pattern",
        "A rule compares a path whole or by its beginning, in 200 of some characters. The route is "
        "left out, and what it took goes to the next route or gets 404.",
        "match by prefix or path.exact", finders.unmatched("path-match"),
    ),
    Feature(
        "MK927", "header-match", "match of a header by more than its text or beginning",
        "A rule compares 5 headers with a text or a beginning of 200 characters. The route is left "
        "out, and what it took goes to the next route or gets 404.",
        "match by exact or prefix", finders.unmatched("header-match"),
    ),
    Feature(
        "MK928", "query-match", "match of a query parameter",
        "A rule does not see the query. The route is left out, and what it took goes to the next "
        "route or gets 404.",
        "match by a header or a path", finders.unmatched("query-match"),
    ),
    Feature(
        "MK929", "scheme-match", "match of the scheme",
        "A rule does not see the scheme. The route is left out, and what it took goes to the next "
        "route or gets 404.",
        "remove scheme", finders.unmatched("scheme-match"),
    ),
    Feature(
        "MK930", "tcp", "tcp service",
        "Services take HTTP, HTTPS, or TLS that is handed on. The tcp listeners of the service are "
        "left out, so that nobody reaches it on them.",
        "write lattice: {passthrough: true, domain: …} where the port carries TLS already, use a "
        "Network Load Balancer or a resource configuration where it does not", finders.tcp,
    ),
    Feature(
        "MK931", "listener-tls", "TLS up to the workload's proxy",
        "Callers speak TLS with VPC Lattice, which shows its own certificate or that of the "
        "service's domain, and goes on to the workload without TLS. PERMISSIVE becomes TLS only.",
        "see that callers trust Amazon's certificates", finders.listener_tls,
    ),
    Feature(
        "MK932", "client-tls", "TLS by the caller's proxy",
        "No proxy speaks TLS for the caller, nor checks whom it talks to.",
        "call the service by https, and verify its certificate there", finders.client_tls,
    ),
    Feature(
        "MK933", "mutual-tls", "certificate of a caller",
        "VPC Lattice asks no caller for a certificate; a signed request tells who it is.",
        "sign requests, which every service here asks for", finders.mutual_tls,
    ),
    Feature(
        "MK934", "gateway", "virtual gateway",
        "Services are reached from associated VPCs alone; the gateway, its listeners and its "
        "routes are not made. Its role is, and may call the services of its routes.",
        "put a load balancer or API Gateway before a proxy that signs requests with the gateway's "
        "role", finders.gateways,
    ),
    Feature(
        "MK935", "access-log", "access log of a proxy",
        "There is no proxy to write one, and the network has no log without a place for it.",
        "give the network's log a place: lattice: {access_logs: [ARN]}", finders.access_log,
    ),
    Feature(
        "MK936", "tracing", "tracing by proxies",
        "VPC Lattice sends no spans; roles get no right to send traces.",
        "trace in the workload, and give its role what that needs as role.statements",
        finders.tracing,
    ),
    Feature(
        "MK938", "health-check", "health check by grpc or tcp",
        "Checks speak HTTP. Where the file's can't, targets are not checked.",
        "answer health checks by http, and say so as health_check.protocol", finders.health_check,
    ),
    Feature(
        "MK940", "mesh-wide-access", "access to all of a mesh",
        "A role may call its backends alone, whatever access says.",
        "remove access: mesh-wide, and list what the workload calls as backends",
        finders.mesh_wide,
    ),
    Feature(
        "MK941", "adopted-mesh", "mesh of App Mesh to build in",
        "A service network is made, whatever ARN the file has.",
        "remove mesh.arn", finders.adopted_mesh,
    ),
    Feature(
        "MK942", "service-linked-role", "service-linked role of App Mesh",
        "It is not made: VPC Lattice has a role of its own, which AWS makes when it is needed.",
        "remove service_linked_role", finders.service_linked_role,
    ),
    Feature(
        "MK750", "operators", "tiers of operators",
        "They are rights on App Mesh; the roles are not made.",
        "give people and pipelines roles of your own", finders.operators,
    ),
    Feature(
        "MK937", "ip-preference", "preference of one kind of address",
        "A target group has addresses of one kind: the one preferred here.",
        "write IPv4_ONLY or IPv6_ONLY", finders.ip_preference, "warning",
    ),
    Feature(
        "MK939", "health-check-seconds", "health check in milliseconds",
        "Checks are timed in whole seconds; the time is rounded up.",
        "write whole seconds", finders.health_check_seconds, "warning",
    ),
    Feature(
        "MK943", "proxy", "proxy to set up",
        "No proxy runs beside a workload, so that its settings mean nothing.",
        "remove proxy", finders.proxy, "warning",
    ),
    Feature(
        "MK944", "grpc-tls", "grpc without TLS",
        "VPC Lattice takes grpc by HTTPS alone: callers need https and Amazon's certificates.",
        "have callers speak TLS", finders.grpc, "warning",
        "AWS Gateway API Controller: GRPCRoute",
    ),
)  # fmt: skip

BY_NAME: dict[str, Feature] = {feature.name: feature for feature in FEATURES}


@dataclass(frozen=True)
class Loss:
    """One place where a file loses something."""

    feature: Feature
    path: Path
    shown: str
    accepted: bool

    def as_data(self) -> dict[str, Any]:
        """For other programs."""
        feature = self.feature
        return {
            "feature": feature.name,
            "code": feature.code,
            "severity": feature.severity,
            "written": self.shown,
            "lost": feature.lost,
            "instead": feature.instead,
            "accepted": self.accepted,
        }


def losses(config: MeshFile) -> Iterator[Loss]:
    """All that a file would lose on VPC Lattice, feature by feature, accepted or not."""
    for feature in FEATURES:
        accepted = feature.name in config.accept_losses
        for found in feature.find(config):
            yield Loss(feature, found.path, found.shown, accepted)
