"""How nodes are found: Cloud Map and its namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.topology import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding
    from meshkit.config.node import CloudMap
    from meshkit.topology.rules.view import View

ATTRIBUTE = Rule(
    "MK553",
    "Attributes of Cloud Map are letters, digits and punctuation.",
    "App Mesh refuses other characters.",
    "Correct the key or value.",
    "App Mesh API: AwsCloudMapInstanceAttribute",
)
NAMESPACE_ARN = Rule(
    "MK304",
    "The ARN of a namespace is of the account it is listed with, and of the mesh's region.",
    "App Mesh looks a namespace up in the account and region of the node.",
    "Correct the ARN, or the namespace's account.",
    "Cloud Map API: Namespace",
)
REGION = Rule(
    "MK905",
    "In eu-south-1 nodes are not discovered through Cloud Map.",
    "App Mesh does not offer Cloud Map discovery there.",
    "Use service_discovery: {dns: HOST}.",
    "App Mesh user guide: virtual nodes",
)

RULES = (ATTRIBUTE, NAMESPACE_ARN, REGION)

WITHOUT_CLOUD_MAP = frozenset({"eu-south-1"})


def _cloud_maps(view: View) -> Iterator[tuple[str, CloudMap]]:
    for name, node in view.config.nodes.items():
        if node.service_discovery and node.service_discovery.cloud_map:
            yield name, node.service_discovery.cloud_map


def check_attributes(view: View) -> Iterator[Finding]:
    """Characters of attributes."""
    for name, cloud_map in _cloud_maps(view):
        for key, value in cloud_map.attributes.items():
            fault = leaves.attribute(key, value)
            if fault:
                path = ("nodes", name, "service_discovery", "cloud_map", "attributes", key)
                yield ATTRIBUTE.at(path, fault)


def check_region(view: View) -> Iterator[Finding]:
    """Regions without Cloud Map discovery."""
    region = view.config.region
    if region not in WITHOUT_CLOUD_MAP or not view.app_mesh:
        return
    for name, _cloud_map in _cloud_maps(view):
        message = f"App Mesh has no Cloud Map discovery in {region}; use dns: HOST"
        yield REGION.at(("nodes", name, "service_discovery", "cloud_map"), message)


def check_namespace_arns(view: View) -> Iterator[Finding]:
    """ARNs of namespaces that exist."""
    for key, namespace in view.config.namespaces.items():
        account = view.id_of(namespace.account)
        text = view.text(namespace.arn, namespace.account)
        if text and account:
            fault = leaves.namespace(text, account, view.config.region)
            if fault:
                yield NAMESPACE_ARN.at(("namespaces", key, "arn"), fault)


CHECKS = (check_attributes, check_region, check_namespace_arns)
