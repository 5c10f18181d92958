"""What each role must be allowed, worked out from the text of a mesh file and AWS's documents.

Nothing of meshkit is used here: this is the second opinion that its policies are compared with.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

Grant = tuple[str, str]
"""An action and the resource it is allowed on."""

XRAY = {
    ("xray:GetSamplingRules", "*"),
    ("xray:GetSamplingStatisticSummaries", "*"),
    ("xray:GetSamplingTargets", "*"),
    ("xray:PutTelemetryRecords", "*"),
    ("xray:PutTraceSegments", "*"),
}
"""AWSXRayDaemonWriteAccess; the service authorization reference has no resource types for them."""


def endpoint_arn(mesh: dict[str, Any], account: str, kind: str, name: str) -> str:
    """Facts of the user guide: the maker's account; the owner behind an @ where it is another's."""
    owner = account_id(mesh, mesh["owner"])
    segment = mesh["name"] if account == owner else f"{mesh['name']}@{owner}"
    return f"arn:aws:appmesh:{mesh['region']}:{account}:mesh/{segment}/{kind}/{name}"


def account_id(mesh: dict[str, Any], key: str) -> str:
    return str(mesh["accounts"][key]["id"])


def grants_by_role(mesh: dict[str, Any]) -> dict[tuple[str, str], set[Grant]]:
    """The grants of every role a file asks for, by account and the endpoints that share it."""
    shared: dict[str, str] = {}
    grants: dict[tuple[str, str], set[Grant]] = defaultdict(set)
    for section, kind in (("nodes", "virtualNode"), ("gateways", "virtualGateway")):
        for name, proxy in mesh.get(section, {}).items():
            account = account_id(mesh, proxy.get("account", mesh["owner"]))
            arn = endpoint_arn(mesh, account, kind, name)
            role = proxy.get("role", {}).get("name")
            key = (account, shared.setdefault(f"{account}/{role}", arn) if role else arn)
            grants[key] |= proxy_grants(mesh, proxy, arn)
    return dict(grants)


def proxy_grants(mesh: dict[str, Any], proxy: dict[str, Any], arn: str) -> set[Grant]:
    """What one proxy needs: its configuration, what TLS and tracing add, and statements."""
    found = {("appmesh:StreamAggregatedResources", arn)}
    for listener in proxy.get("listeners", []):
        certificate = listener.get("tls", {}).get("certificate", {}).get("acm")
        if certificate:
            found.add(("acm:ExportCertificate", certificate))
    policies = [
        each.get("client_policy") for each in proxy.get("backends", []) if each != str(each)
    ]
    defaults = proxy.get("backend_defaults") or mesh.get("defaults", {}).get("backend_defaults")
    policies.append((defaults or {}).get("client_policy"))
    for policy in filter(None, policies):
        for authority in (
            policy.get("tls", {}).get("validation", {}).get("trust", {}).get("acm", [])
        ):
            found.add(("acm-pca:GetCertificateAuthorityCertificate", authority))
    if proxy.get("tracing", mesh.get("defaults", {}).get("tracing")) == "xray":
        found |= XRAY
    for added in proxy.get("role", {}).get("statements", []):
        found.add((added["actions"], added["resources"]))
    return found
