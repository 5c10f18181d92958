"""Translates manifests of the App Mesh controller (``v1beta2``) into what it makes in App Mesh.

Rules: the controller's API reference. An object not named by ``awsName`` is called
``NAME_NAMESPACE``, a virtual service ``NAME.NAMESPACE``, a mesh ``NAME``; a reference without a
namespace stays in its own; selectors say which gateway a route belongs to.
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any

import yaml

from tests.corpus.original import Made, Original, as_spec, name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

GROUP = "appmesh.k8s.aws/"
SELECTORS = {"podSelector", "namespaceSelector"}
REFERENCES = {
    "virtualNodeRef": "VirtualNode",
    "virtualRouterRef": "VirtualRouter",
    "virtualServiceRef": "VirtualService",
}

Object = dict[str, Any]


def objects(files: Iterable[Path], parameters: Mapping[str, str]) -> list[Object]:
    """The objects of templates whose placeholders are filled as ``envsubst`` does.

    Images and secrets of pods are not asked for, so their placeholders stay.
    """
    found = []
    for file in files:
        text = string.Template(file.read_text("utf-8")).safe_substitute(parameters)
        found += [each for each in yaml.safe_load_all(text) if each]
    return found


class Cluster:
    """Objects applied to one cluster, whose controller works in one account."""

    def __init__(self, found: list[Object], account: str) -> None:
        self.account = account
        self.objects = [each for each in found if each["apiVersion"].startswith(GROUP)]
        self.labels = {
            each["metadata"]["name"]: each["metadata"].get("labels", {})
            for each in found
            if each["kind"] == "Namespace"
        }

    def made(self) -> Original:
        """What the controller makes in App Mesh."""
        found: Original = {}
        for each in self.objects:
            kind, spec = each["kind"], dict(each["spec"])
            name = aws_name(each)
            for route in spec.pop("routes", []):
                made = self.spec("Route", route, each)
                found["Route", name, route["name"]] = Made(self.account, made)
            above = (aws_name(self.gateway_of(each)),) if kind == "GatewayRoute" else ()
            key = (kind, *above, name)
            found[key] = Made(self.account, self.spec(kind, spec, each))
        return found

    def spec(self, kind: str, spec: Object, of: Object) -> Object:
        """A spec with its selectors left out and its references replaced by names."""
        own = {
            key: value
            for key, value in spec.items()
            if key not in SELECTORS and key not in {"awsName", "name"}
        }
        return as_spec(kind, self.resolved(own, of))

    def resolved(self, value: Any, of: Object) -> Any:
        if isinstance(value, list):
            return [self.resolved(each, of) for each in value]
        if not isinstance(value, dict):
            return value
        found: Object = {}
        for key, each in value.items():
            if key == "virtualServiceARN":
                found["virtualServiceName"] = each.rpartition("/")[2]
            elif key in REFERENCES:
                target = REFERENCES[key]
                # A weighted target alone says virtualNode where others say virtualNodeName.
                named = "virtualNode" if "weight" in value else name_key(target)
                found[named] = aws_name(self.find(target, each, of))
            else:
                found[key] = self.resolved(each, of)
        return found

    def find(self, kind: str, reference: Mapping[str, str], of: Object) -> Object:
        """The object that a reference means."""
        wanted = (reference["name"], reference.get("namespace", of["metadata"]["namespace"]))
        [found] = [
            each
            for each in self.objects
            if each["kind"] == kind
            and (each["metadata"]["name"], each["metadata"]["namespace"]) == wanted
        ]
        return found

    def gateway_of(self, route: Object) -> Object:
        """The one gateway that selects the namespace of a gateway route."""
        labels = self.labels[route["metadata"]["namespace"]]
        [found] = [
            each
            for each in self.objects
            if each["kind"] == "VirtualGateway"
            and each["spec"]["namespaceSelector"]["matchLabels"].items() <= labels.items()
        ]
        return found


def aws_name(of: Object) -> str:
    """The name of an object in App Mesh."""
    name: str = of["metadata"]["name"]
    if "awsName" in of["spec"]:
        given: str = of["spec"]["awsName"]
        return given
    if of["kind"] == "Mesh":
        return name
    separator = "." if of["kind"] == "VirtualService" else "_"
    return f"{name}{separator}{of['metadata']['namespace']}"
