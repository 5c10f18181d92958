"""The proxy in pods of EKS, for the App Mesh controller's injector.

Source: App Mesh controller for Kubernetes, injector annotations; EKS User Guide, service accounts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshkit.envoy.environment import RESOURCE_ARN, TRACERS, environment
from meshkit.envoy.image import image_of
from meshkit.envoy.proxy import POD_IDENTITY_ADDRESS
from meshkit.errors import MeshkitError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.workload import Identity
    from meshkit.envoy.proxy import EnvoyProxy

PREFIX = "appmesh.k8s.aws"
ROLE_ANNOTATION = "eks.amazonaws.com/role-arn"
GATEWAY_CONTAINER = "envoy"
"""The name the controller looks for in a gateway's pods."""
METADATA_ADDRESS = "169.254.169.254"
SET_BY_CONTROLLER = {
    RESOURCE_ARN,
    "APPMESH_DUALSTACK_ENDPOINT",
    "APPMESH_SDS_SOCKET_PATH",
    "ENVOY_ADMIN_ACCESS_PORT",
    "ENVOY_LOG_LEVEL",
    *(tracer for tracer in TRACERS.values() if tracer is not None),
}
"""What the controller sets for the whole cluster, whatever a pod says."""
FILE_SYSTEM_GROUP = 1337
"""Lets the proxy read the token of its service account."""


def service_account_annotations(role_arn: str) -> dict[str, str]:
    """Annotations that give a service account its role (IRSA)."""
    return {ROLE_ANNOTATION: role_arn}


def service_account_manifest(
    namespace: str, name: str, role_arn: str | None = None
) -> dict[str, Any]:
    """A service account, with its role for IRSA; Pod Identity needs none."""
    metadata: dict[str, Any] = {"namespace": namespace, "name": name}
    if role_arn is not None:
        metadata["annotations"] = service_account_annotations(role_arn)
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}


def namespace_labels(mesh: str) -> dict[str, str]:
    """Labels of a namespace whose pods get a proxy."""
    return {"mesh": mesh, f"{PREFIX}/sidecarInjectorWebhook": "enabled"}


def pod_annotations(proxy: EnvoyProxy, identity: Identity = "irsa") -> dict[str, str]:
    """Annotations of a node's pods; of a gateway's, those that keep its container as it is.

    The controller sets the rest for the whole cluster: ARN, user, log level, admin port, tracer,
    SDS socket, dualstack. Raises ``MeshkitError`` for a variable that it can't take.
    """
    if proxy.gateway:
        own_image = proxy.settings.image is not None
        return {f"{PREFIX}/virtualGatewaySkipImageOverride": "true"} if own_image else {}
    settings = proxy.settings
    given = {
        "ports": _joined(proxy.ports),
        "egressIgnoredIPs": ",".join(_ignored_ips(proxy, identity)),
        "egressIgnoredPorts": _joined(proxy.egress_ignored_ports),
        "cpuRequest": settings.cpu and f"{settings.cpu * 1000 // 1024}m",
        "memoryRequest": settings.memory and f"{settings.memory}Mi",
        "sidecarEnv": ",".join(_sidecar(proxy)),
    }
    return {f"{PREFIX}/{key}": value for key, value in given.items() if value}


def gateway_container(proxy: EnvoyProxy) -> dict[str, Any]:
    """The container of a gateway's pods, which people write themselves."""
    return {
        "name": GATEWAY_CONTAINER,
        "image": image_of(proxy),
        "ports": [{"containerPort": port} for port in proxy.ports],
        "env": [{"name": key, "value": value} for key, value in environment(proxy).items()],
    }


def pod_security_context() -> dict[str, Any]:
    """Security context of the pods, so that the proxy can read its token."""
    return {"fsGroup": FILE_SYSTEM_GROUP}


def _ignored_ips(proxy: EnvoyProxy, identity: Identity) -> tuple[str, ...]:
    agent = (POD_IDENTITY_ADDRESS,) if identity == "pod-identity" else ()
    return proxy.egress_ignored_ips((METADATA_ADDRESS, *agent))


def _sidecar(proxy: EnvoyProxy) -> Iterator[str]:
    """Variables as the controller takes them; it parts them at commas and equals signs."""
    for key, value in environment(proxy).items():
        if key in SET_BY_CONTROLLER:
            continue
        if "," in value or "=" in value:
            raise MeshkitError(
                f"{key}: the App Mesh controller takes no variable with a comma or an equals sign "
                "in its value: leave it out"
            )
        yield f"{key}={value}"


def _joined(ports: tuple[int, ...]) -> str:
    return ",".join(str(port) for port in dict.fromkeys(ports))
