"""EKS clusters and their IAM OIDC providers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.deferred import Deferred, bind
from meshkit.topology.model import ResolvedCluster

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.config.accounts import Cluster
    from meshkit.topology.index import Index
    from meshkit.topology.model import Owner, ResolvedMesh

SCHEME = "https://"


def resolve_clusters(
    index: Index, owner_of: Callable[[str | None], Owner]
) -> dict[str, ResolvedCluster]:
    """Each cluster of the file."""
    return {
        key: _resolve(index, key, cluster, owner_of(cluster.account))
        for key, cluster in index.config.clusters.items()
    }


def with_provider(mesh: ResolvedMesh) -> list[ResolvedCluster]:
    """The clusters for which an IAM OIDC provider is made."""
    return [
        cluster
        for cluster in mesh.clusters.values()
        if cluster.issuer is not None and not cluster.adopts_provider
    ]


def _resolve(index: Index, key: str, cluster: Cluster, owner: Owner) -> ResolvedCluster:
    issuer = None if cluster.oidc_issuer is None else bind(cluster.oidc_issuer, owner.context)
    bare = _without_scheme(issuer)
    return ResolvedCluster(
        key=key,
        name=bind(cluster.name or key, owner.context),
        owner=owner,
        issuer=bare,
        provider_arn=_provider_arn(cluster, owner, bare),
        spec=cluster,
        tags={**index.config.tags, **cluster.tags},
    )


def _without_scheme(issuer: str | Deferred | None) -> str | Deferred | None:
    """The issuer as IAM writes it; of a text with holes only a leading plain part is cut."""
    if isinstance(issuer, str):
        return issuer.removeprefix(SCHEME)
    if issuer is not None and isinstance(issuer.parts[0], str):
        return Deferred((issuer.parts[0].removeprefix(SCHEME), *issuer.parts[1:]))
    return issuer


def _provider_arn(
    cluster: Cluster, owner: Owner, issuer: str | Deferred | None
) -> str | Deferred | None:
    """ARN of the provider: the adopted one's, or as IAM makes it from the issuer."""
    if cluster.oidc_provider is not None:
        return bind(cluster.oidc_provider.arn, owner.context)
    if issuer is None:
        return None
    head = f"arn:{owner.context['partition']}:iam::{owner.id}:oidc-provider/"
    if isinstance(issuer, str):
        return head + issuer
    return Deferred((head, *issuer.parts)).bind({})
