"""What Kubernetes knows of pods, by its official client; loaded only where a file has EKS."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import yaml

from meshkit.errors import MeshkitError
from meshkit.inspect.confirm.commands import kubectl
from meshkit.inspect.confirm.remark import CantTellError, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DEFAULT_KUBECONFIG = "~/.kube/config"
TIMEOUT = (5, 20)
"""Seconds to connect to a cluster and to wait for its answer."""


@dataclass(frozen=True, slots=True)
class ClusterName:
    """An EKS cluster, as AWS knows it."""

    key: str
    """Its key in the file."""
    name: str
    arn: str
    region: str
    endpoint: str | None
    """The address of its API server; ``None`` where AWS did not tell."""
    issuer: str | None = None
    """Its OIDC issuer without ``https://``, as AWS tells it."""


@dataclass(frozen=True, slots=True)
class Pod:
    """A running pod of a deployment."""

    name: str
    node: str | None
    containers: Mapping[str, Mapping[str, str]]
    """The environments of its containers by their names."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment: the service account of its pods, and how they are selected."""

    service_account: str
    selector: str


class Kubernetes:
    """One cluster. Everything raises ``CantTellError`` where the cluster does not answer."""

    def __init__(self, client: Any, context: str) -> None:
        from kubernetes import client as api  # noqa: PLC0415 - takes a second to load

        self._core, self._apps = api.CoreV1Api(client), api.AppsV1Api(client)
        self.context = context

    def command(self, namespace: str | None, *words: str) -> str:
        """A kubectl command for this cluster."""
        return kubectl(self.context, namespace, *words)

    def deployment(self, namespace: str, name: str) -> Deployment | None:
        """A deployment, ``None`` where there is none of this name."""
        command = self.command(namespace, "describe", "deployment", name)
        found = self._ask(self._apps.read_namespaced_deployment, command, name, namespace)
        if found is None:
            return None
        account = found.spec.template.spec.service_account_name or "default"
        return Deployment(account, _selector(found.spec.selector))

    def annotations(self, namespace: str, service_account: str) -> Mapping[str, str] | None:
        """The annotations of a service account, ``None`` where there is none of this name."""
        command = self.command(namespace, "describe", "serviceaccount", service_account)
        read = self._core.read_namespaced_service_account
        found = self._ask(read, command, service_account, namespace)
        return None if found is None else found.metadata.annotations or {}

    def pods(self, namespace: str, selector: str) -> list[Pod]:
        """The running pods with certain labels."""
        command = self.command(namespace, "get", "pods", "--selector", selector)
        found = self._ask(
            self._core.list_namespaced_pod,
            command,
            namespace,
            label_selector=selector,
            field_selector="status.phase=Running",
        )
        items = found.items if found else ()
        return [_pod(each) for each in items if not each.metadata.deletion_timestamp]

    def provider_ids(self, nodes: Iterable[str]) -> list[str]:
        """What the cloud calls some nodes: ``aws:///eu-west-1a/i-0123456789abcdef0``."""
        found = (
            self._ask(self._core.read_node, self.command(None, "describe", "node", name), name)
            for name in nodes
        )
        return [each.spec.provider_id for each in found if each and each.spec.provider_id]

    def _ask(self, call: Callable[..., Any], command: str, *args: str, **more: str) -> Any:
        from kubernetes.client.exceptions import ApiException  # noqa: PLC0415
        from urllib3.exceptions import HTTPError  # noqa: PLC0415

        try:
            return call(*args, **more, _request_timeout=TIMEOUT)
        except ApiException as error:
            if error.status == 404:
                return None
            told = f"{error.status} {error.reason}"
        except HTTPError as error:
            told = type(error).__name__
        text = f"the cluster of context {self.context} gives no answer: {told}"
        raise CantTellError(unknown(text, command)) from None


def _selector(selector: Any) -> str:
    labels = [f"{key}={value}" for key, value in (selector.match_labels or {}).items()]
    for each in selector.match_expressions or ():
        values = f"({','.join(each.values or ())})"
        labels.append(
            {
                "In": f"{each.key} in {values}",
                "NotIn": f"{each.key} notin {values}",
                "Exists": each.key,
                "DoesNotExist": f"!{each.key}",
            }[each.operator]
        )
    return ",".join(labels)


def _pod(pod: Any) -> Pod:
    containers = {
        container.name: {each.name: each.value or "" for each in container.env or ()}
        for container in pod.spec.containers
    }
    return Pod(pod.metadata.name, pod.spec.node_name, containers)


class Clusters:
    """The clusters of a mesh by a kubeconfig, each opened once.

    ``file`` is the kubeconfig, by default that of ``KUBECONFIG`` or the user's own. ``contexts``
    are the contexts to take, by the key of the cluster; for others one is found that leads to the
    cluster's own API server, so that no other cluster is asked by accident.
    """

    def __init__(self, file: Path | None = None, contexts: Mapping[str, str] | None = None) -> None:
        self._files = [file] if file else _default_files()
        self._contexts = dict(contexts or {})
        self._opened: dict[str, Kubernetes] = {}
        self._lock = Lock()
        if file and not file.is_file():
            raise MeshkitError(f"--kubeconfig {file}: no such file")

    def of(self, cluster: ClusterName) -> Kubernetes:
        """A cluster. Raises ``CantTellError`` where no context leads to it."""
        with self._lock:
            if cluster.key not in self._opened:
                context = self._contexts.get(cluster.key) or self._context_of(cluster)
                self._opened[cluster.key] = self._open(cluster, context)
        return self._opened[cluster.key]

    def _open(self, cluster: ClusterName, context: str) -> Kubernetes:
        if not self._files:
            text = f"there is no kubeconfig to reach cluster {cluster.name}"
            raise CantTellError(unknown(text, _update(cluster)))
        try:
            from kubernetes import client, config  # noqa: PLC0415 - an extra
        except ModuleNotFoundError:
            text = "Kubernetes can't be asked: pip install 'meshkit[kubernetes]'"
            raise CantTellError(unknown(text)) from None
        settings = client.Configuration()
        settings.retries = 1
        try:
            opened = config.new_client_from_config(
                os.pathsep.join(map(str, self._files)),
                context,
                persist_config=False,
                client_configuration=settings,
            )
        except (config.ConfigException, OSError, ValueError) as error:
            told = " ".join(str(error).split())
            text = f"context {context} of cluster {cluster.name} can't be used: {told}"
            raise CantTellError(unknown(text, _update(cluster))) from None
        return Kubernetes(opened, context)

    def _context_of(self, cluster: ClusterName) -> str:
        found = [
            name
            for name, (entry, server) in self._known().items()
            if cluster.arn in (name, entry) or (server and server == cluster.endpoint)
        ]
        if found:
            return found[0]
        text = (
            f"no context of the kubeconfig leads to cluster {cluster.name}: make one, or name one "
            "with --context"
        )
        raise CantTellError(unknown(text, _update(cluster)))

    def _known(self) -> dict[str, tuple[str, str | None]]:
        """The name of the cluster and the address of its server, by the context."""
        servers: dict[str, str] = {}
        contexts: dict[str, str] = {}
        for file in self._files:
            clusters, named = _read(file)
            servers, contexts = {**clusters, **servers}, {**named, **contexts}
        return {name: (entry, servers.get(entry)) for name, entry in contexts.items()}


def _update(cluster: ClusterName) -> str:
    return f"aws eks update-kubeconfig --name {cluster.name} --region {cluster.region}"


def _default_files() -> list[Path]:
    named = os.environ.get("KUBECONFIG") or str(Path(DEFAULT_KUBECONFIG).expanduser())
    return [Path(each) for each in named.split(os.pathsep) if each and Path(each).is_file()]


def _read(file: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The servers of a kubeconfig by their clusters, and the clusters by their contexts."""
    try:
        data = yaml.safe_load(file.read_text("utf-8")) or {}
        clusters, contexts = data.get("clusters") or (), data.get("contexts") or ()
        return (
            {each["name"]: each["cluster"].get("server", "").rstrip("/") for each in clusters},
            {each["name"]: each["context"].get("cluster", "") for each in contexts},
        )
    except (OSError, ValueError, yaml.YAMLError, AttributeError, KeyError, TypeError):
        raise MeshkitError(f"{file}: not a kubeconfig") from None
