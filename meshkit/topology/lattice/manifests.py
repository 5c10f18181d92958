"""Kubernetes manifests for the AWS Gateway API Controller, as plain values.

The Gateway is the service network, by its name; a route takes over the service that meshkit made,
by its name; what is registered is the pods behind a Kubernetes service. Rights stay out of the
cluster: the service has its auth policy already.
Source: AWS Gateway API Controller, API reference and guides; Gateway API, v1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypedDict, cast

import yaml

from meshkit.config.deferred import Deferred, bind
from meshkit.topology.gateway_api import (
    NAMESPACE,
    SERVICE_ACCOUNT,
    controlled_by,
    kubernetes_service,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from meshkit.config.deferred import Hole
    from meshkit.config.workload import EksWorkload
    from meshkit.topology.lattice.model import (
        HealthCheck,
        LatticeListener,
        LatticeMesh,
        LatticeService,
        RuleMatch,
        TargetGroup,
        Weighted,
    )

CORE: Final = "gateway.networking.k8s.io"
LATTICE: Final = "application-networking.k8s.aws"
LATTICE_V1: Final = f"{LATTICE}/v1alpha1"
CLASS: Final = "amazon-vpc-lattice"
ROLE_ANNOTATION: Final = "eks.amazonaws.com/role-arn"


class Manifest(TypedDict, total=False):
    """An object of Kubernetes."""

    apiVersion: str
    kind: str
    metadata: dict[str, Any]
    spec: dict[str, Any]


def manifests(lattice: LatticeMesh, cluster: str) -> list[Manifest]:
    """What to apply in a cluster, in an order in which Kubernetes takes it.

    Texts that only the program knows are ``Deferred``.
    """
    return list(_Cluster(lattice, cluster).all())


def route_kind(service: LatticeService) -> str:
    """Kind of the route of a service."""
    return "GRPCRoute" if _is_grpc(service) else "HTTPRoute"


def namespace_of(lattice: LatticeMesh, service: LatticeService) -> str | None:
    """The Kubernetes namespace of the pods behind a service, and of its route."""
    return next(_pods(lattice, group).namespace for group in service.groups.values())


def _pods(lattice: LatticeMesh, group: TargetGroup) -> EksWorkload:
    """The workload of a node, which the rules hold to be pods."""
    return cast("EksWorkload", lattice.mesh.nodes[group.node].workload)


class _Cluster:
    """The manifests of one cluster."""

    def __init__(self, lattice: LatticeMesh, key: str) -> None:
        self._lattice = lattice
        self._key = key
        self._policies: dict[tuple[str, str], None] = {}
        """Those told already: a Kubernetes service behind two services has one."""

    def all(self) -> Iterator[Manifest]:
        """Every manifest."""
        services = self._lattice.services.values()
        led = [each for each in services if each.controller == self._key]
        yield from self._controller()
        name = f"{LATTICE}/gateway-api-controller"
        yield _made(f"{CORE}/v1", "GatewayClass", {"name": CLASS}, {"controllerName": name})
        if led:
            yield self._gateway(led)
        for service in led:
            yield from self._backends(service)
            yield self._route(service)
        for service in services:
            if service.controller not in (None, self._key):
                yield from self._exports(service)

    def _controller(self) -> Iterator[Manifest]:
        """The namespace of the controller, and its service account with its role."""
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
        roles = self._lattice.mesh.roles.values()
        role = next(each for each in roles if controlled_by(each) == self._key)
        metadata: dict[str, Any] = {"name": SERVICE_ACCOUNT, "namespace": NAMESPACE}
        if role.compute == "irsa":
            metadata["annotations"] = {ROLE_ANNOTATION: role.arn}
        yield {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}

    def _gateway(self, services: Sequence[LatticeService]) -> Manifest:
        """The service network: every listener of the services, which routes name."""
        listeners = {
            each.name: _gateway_listener(each) for service in services for each in service.listeners
        }
        return _made(
            f"{CORE}/v1",
            "Gateway",
            {"name": self._lattice.network, "namespace": NAMESPACE},
            {"gatewayClassName": CLASS, "listeners": list(listeners.values())},
        )

    def _route(self, service: LatticeService) -> Manifest:
        (listener,) = service.listeners
        grpc = _is_grpc(service)
        parent = {
            "name": self._lattice.network,
            "namespace": NAMESPACE,
            "sectionName": listener.name,
        }
        return _made(
            f"{CORE}/v1",
            route_kind(service),
            {
                "name": service.name,
                "namespace": namespace_of(self._lattice, service),
                "annotations": _route_annotations(service),
            },
            {"parentRefs": [parent], "rules": list(self._rules(service, listener, grpc=grpc))},
        )

    def _rules(
        self, service: LatticeService, listener: LatticeListener, *, grpc: bool
    ) -> Iterator[dict[str, Any]]:
        match = _grpc_match if grpc else _http_match
        for rule in listener.rules:
            refs = self._references(service, rule.targets)
            yield {"matches": [match(rule.match)], "backendRefs": refs}
        if listener.default:
            yield {"backendRefs": self._references(service, listener.default)}

    def _references(
        self, service: LatticeService, targets: Iterable[Weighted]
    ) -> list[dict[str, Any]]:
        found = []
        for target in targets:
            group = service.groups[target.group]
            here = self._is_here(group)
            found.append(
                {
                    "kind": "Service" if here else "ServiceImport",
                    "name": self._name(group),
                    "port": group.port,
                    "weight": target.weight,
                }
            )
        return found

    def _backends(self, service: LatticeService) -> Iterator[Manifest]:
        """How pods of this cluster are reached, and where those of others come from."""
        for group in service.groups.values():
            if self._is_here(group):
                yield from self._policy(group, {"group": "", "kind": "Service"})
            else:
                yield self._import(group)

    def _exports(self, service: LatticeService) -> Iterator[Manifest]:
        """The pods of this cluster behind a service that another cluster leads to them."""
        kind = "GRPC" if _is_grpc(service) else "HTTP"
        for group in service.groups.values():
            if self._is_here(group):
                ports = [{"port": group.port, "routeType": kind}]
                metadata = {"name": self._name(group), "namespace": self._pods(group).namespace}
                yield _made(LATTICE_V1, "ServiceExport", metadata, {"exportedPorts": ports})
                yield from self._policy(group, {"group": LATTICE, "kind": "ServiceExport"})

    def _import(self, group: TargetGroup) -> Manifest:
        pods = self._pods(group)
        cluster = self._lattice.mesh.clusters[cast("str", pods.cluster)]
        context = cluster.owner.context
        vpc = cluster.owner.account.vpc_id
        annotations = {
            f"{LATTICE}/aws-eks-cluster-name": bind(cluster.name, context),
            f"{LATTICE}/aws-vpc": vpc and bind(vpc, context),
        }
        metadata = {
            "name": self._name(group), "namespace": pods.namespace, "annotations": annotations
        }  # fmt: skip
        ports = [{"port": group.port, "protocol": "TCP"}]
        return _made(
            LATTICE_V1, "ServiceImport", metadata, {"type": "ClusterSetIP", "ports": ports}
        )

    def _policy(self, group: TargetGroup, target: dict[str, str]) -> Iterator[Manifest]:
        name, kind = self._name(group), target["kind"]
        told = f"{name}-{kind.removeprefix('Service').lower() or 'pods'}"
        namespace = cast("str", self._pods(group).namespace)
        if (namespace, told) in self._policies:
            return
        self._policies[namespace, told] = None
        spec: dict[str, Any] = {"targetRef": {**target, "name": name}, "protocol": group.protocol}
        if group.protocol_version != "GRPC":
            spec["protocolVersion"] = group.protocol_version
        spec["healthCheck"] = _health_check(group.health_check)
        metadata = {"name": told, "namespace": namespace}
        yield _made(LATTICE_V1, "TargetGroupPolicy", metadata, spec)

    def _is_here(self, group: TargetGroup) -> bool:
        return self._pods(group).cluster == self._key

    def _name(self, group: TargetGroup) -> str:
        return kubernetes_service(self._pods(group), group.node)

    def _pods(self, group: TargetGroup) -> EksWorkload:
        return _pods(self._lattice, group)


def _made(api: str, kind: str, metadata: dict[str, Any], spec: dict[str, Any]) -> Manifest:
    return {"apiVersion": api, "kind": kind, "metadata": metadata, "spec": spec}


def _gateway_listener(listener: LatticeListener) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": listener.name,
        "protocol": listener.protocol,
        "port": listener.port,
        "allowedRoutes": {"namespaces": {"from": "All"}},
    }
    if listener.protocol == "HTTPS":
        # The certificate is the service's own; Kubernetes asks for a reference all the same.
        made["tls"] = {"mode": "Terminate", "certificateRefs": [{"name": "unused"}]}
    return made


def _is_grpc(service: LatticeService) -> bool:
    return any(group.protocol_version == "GRPC" for group in service.groups.values())


def _route_annotations(service: LatticeService) -> dict[str, Any]:
    """Which service it takes over, without what meshkit does itself, and the service's tags.

    The controller takes tags away that its route does not name.
    """
    made: dict[str, Any] = {
        f"{LATTICE}/service-name-override": service.name,
        f"{LATTICE}/standalone": "true",
    }
    if service.tags:
        made[f"{LATTICE}/tags"] = _pairs(service.tags, service.owner.context)
    return made


def _pairs(tags: Mapping[str, str | Deferred], context: Mapping[str, str]) -> str | Deferred:
    """``key=value``, parted by commas."""
    parts: list[str | Hole] = []
    for key, value in tags.items():
        parts.append(f"{',' if parts else ''}{key}=")
        parts.extend(value.parts if isinstance(value, Deferred) else (value,))
    return Deferred(tuple(parts)).bind(context)


def _http_match(match: RuleMatch) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if match.path is not None:
        found["path"] = {"type": "Exact", "value": match.path}
    elif match.prefix is not None:
        found["path"] = {"type": "PathPrefix", "value": match.prefix}
    if match.method is not None:
        found["method"] = match.method
    return {**found, **_headers(match)}


def _grpc_match(match: RuleMatch) -> dict[str, Any]:
    """A path of gRPC is ``/SERVICE/METHOD``."""
    _, service, method = [*(match.path or match.prefix or "/").split("/"), ""][:3]
    named = {"service": service, "method": method}
    found = {key: text for key, text in named.items() if text}
    return {**({"method": {"type": "Exact", **found}} if found else {}), **_headers(match)}


def _headers(match: RuleMatch) -> dict[str, Any]:
    found = [{"type": "Exact", "name": each.name, "value": each.exact} for each in match.headers]
    return {"headers": found} if found else {}


def _health_check(check: HealthCheck | None) -> dict[str, Any]:
    if check is None:
        return {"enabled": False}
    found = {
        "enabled": True,
        "intervalSeconds": check.interval,
        "timeoutSeconds": check.timeout,
        "healthyThresholdCount": check.healthy_threshold,
        "unhealthyThresholdCount": check.unhealthy_threshold,
        "path": check.path,
        "port": check.port,
        "protocol": "HTTP",
        "protocolVersion": check.protocol_version,
    }
    return {key: value for key, value in found.items() if value is not None}


def texts(value: Any) -> Iterator[Deferred]:
    """The texts in manifests that only the program knows."""
    if isinstance(value, Deferred):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def filled(value: Any, known: Mapping[Deferred, str]) -> Any:
    """Manifests with such texts put in."""
    if isinstance(value, Deferred):
        return known[value]
    if isinstance(value, dict):
        return {key: filled(each, known) for key, each in value.items()}
    return [filled(each, known) for each in value] if isinstance(value, list) else value


def to_yaml(objects: Sequence[Manifest]) -> str:
    """The documents that ``kubectl apply -f -`` takes."""
    return yaml.safe_dump_all(objects, sort_keys=False, explicit_start=True)
