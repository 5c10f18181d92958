"""A small Kubernetes API server on loopback: what the official client asks in a confirmation."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Object = dict[str, Any]
TOKEN = "kubernetes-token"
_LISTED = re.compile(r"(?P<key>[^ ]+) (?P<operator>in|notin) \((?P<values>.*)\)")


class Cluster:
    """The objects of one cluster, by the path at which the API serves them."""

    def __init__(self) -> None:
        self.objects: dict[str, Object] = {}
        self.status = 200
        """What every request is answered with, unless it is 200."""
        self.asked: list[str] = []
        self.url = ""

    def deployment(
        self, namespace: str, name: str, service_account: str | None, **selector: Any
    ) -> None:
        chosen = selector or {"matchLabels": {"app": name}}
        spec: Object = {"containers": [{"name": "app"}]}
        if service_account:
            spec["serviceAccountName"] = service_account
        template = {"metadata": {"labels": {"app": name}}, "spec": spec}
        self.objects[f"/apis/apps/v1/namespaces/{namespace}/deployments/{name}"] = {
            "metadata": {"name": name},
            "spec": {"selector": chosen, "template": template},
        }

    def service_account(self, namespace: str, name: str, **annotations: str) -> None:
        self.objects[f"/api/v1/namespaces/{namespace}/serviceaccounts/{name}"] = {
            "metadata": {"name": name, "annotations": annotations or None}
        }

    def node(self, name: str, provider_id: str) -> None:
        self.objects[f"/api/v1/nodes/{name}"] = {
            "metadata": {"name": name},
            "spec": {"providerID": provider_id},
        }

    def pod(
        self, namespace: str, app: str, node: str, env: dict[str, str], container: str = "envoy"
    ) -> None:
        variables = [{"name": key, "value": value} for key, value in env.items()]
        containers = [{"name": "app"}, {"name": container, "env": variables}]
        self.objects[f"/api/v1/namespaces/{namespace}/pods/{app}-0"] = {
            "metadata": {"name": f"{app}-0", "labels": {"app": app}},
            "spec": {"nodeName": node, "containers": containers},
            "status": {"phase": "Running"},
        }

    def env_of(self, namespace: str, app: str) -> list[dict[str, str]]:
        pod = self.objects[f"/api/v1/namespaces/{namespace}/pods/{app}-0"]
        env: list[dict[str, str]] = pod["spec"]["containers"][1]["env"]
        return env

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, Object]:
        self.asked.append(path)
        if self.status != 200:
            return self.status, {"kind": "Status", "code": self.status}
        if path in self.objects:
            return 200, self.objects[path]
        if path.endswith("/pods"):
            found = [each for key, each in self.objects.items() if key.startswith(f"{path}/")]
            return 200, {"items": [each for each in found if _selected(each, query)]}
        return 404, {"kind": "Status", "code": 404, "reason": "NotFound"}

    def kubeconfig(self, file: Path, context: str, cluster: str | None = None) -> Path:
        """Write a kubeconfig with one context that leads here."""
        name = cluster or context
        data = {
            "clusters": [{"name": name, "cluster": {"server": self.url}}],
            "users": [{"name": "me", "user": {"token": TOKEN}}],
            "contexts": [{"name": context, "context": {"cluster": name, "user": "me"}}],
            "current-context": context,
        }
        file.write_text(json.dumps(data))
        return file


def _selected(pod: Object, query: dict[str, list[str]]) -> bool:
    """Whether a pod is meant by labelSelector and fieldSelector, as the API reads them."""
    if query.get("fieldSelector") != ["status.phase=Running"]:
        return False
    labels = pod["metadata"]["labels"]
    text = query["labelSelector"][0]
    return all(_matches(labels, each) for each in re.split(r",(?![^(]*\))", text))


def _matches(labels: dict[str, str], requirement: str) -> bool:
    if listed := _LISTED.fullmatch(requirement):
        inside = labels.get(listed["key"]) in listed["values"].split(",")
        return inside is (listed["operator"] == "in")
    if requirement.startswith("!"):
        return requirement[1:] not in labels
    key, equals, value = requirement.partition("=")
    return labels.get(key) == value if equals else key in labels


@contextmanager
def serving() -> Iterator[Cluster]:
    """Serve a cluster for the length of a block."""
    cluster = Cluster()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            status, body = cluster.answer(url.path, parse_qs(url.query))
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                status, body = 401, {"kind": "Status", "code": 401}
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    cluster.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield cluster
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
