"""Meshes for the tests of policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshkit.config.file import MeshFile
from meshkit.topology.index import Index
from meshkit.topology.resolve import resolve_checked

if TYPE_CHECKING:
    from meshkit.topology.model import ResolvedMesh

ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"


def mesh(**parts: Any) -> ResolvedMesh:
    """A resolved mesh of 111111111111, shared with 222222222222; the rules are not run."""
    data = {
        "name": "shop",
        "region": "eu-west-1",
        "owner": "network",
        "accounts": {"network": {"id": "111111111111"}, "orders": {"id": "222222222222"}},
        "clusters": {
            "main": {"account": "orders", "oidc_issuer": f"https://{ISSUER}"},
            "second": {"account": "orders", "oidc_issuer": f"https://{ISSUER}2"},
        },
        **parts,
    }
    return resolve_checked(Index(MeshFile.model_validate(data)))


def listener(port: int = 8080, certificate: str | None = None) -> dict[str, Any]:
    plain: dict[str, Any] = {"port": port, "protocol": "http"}
    if certificate is None:
        return plain
    return {**plain, "tls": {"mode": "STRICT", "certificate": {"acm": certificate}}}


def trusting(*authorities: str) -> dict[str, Any]:
    return {"client_policy": {"tls": {"validation": {"trust": {"acm": list(authorities)}}}}}


def pods(cluster: str = "main", namespace: str = "shop", account: str = "web", **more: Any) -> Any:
    names = {"cluster": cluster, "namespace": namespace, "service_account": account}
    return {"type": "eks", **names, **more}
