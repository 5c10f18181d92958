"""The clusters of mesh files, with what a file leaves to the program told from its resources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.config.deferred import Deferred
from meshkit.inspect.access.references import own_arn, text
from meshkit.inspect.proof.where import SHARED_MESH
from meshkit.topology.clusters import SCHEME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from meshkit.graph import Graph, Resource
    from meshkit.inspect.access import Access
    from meshkit.policy.document import Text
    from meshkit.topology.model import ResolvedCluster, ResolvedMesh

    Clusters = Mapping[tuple[str, str], "Cluster"]
    """By the ARN of the mesh and the key of the cluster."""

OIDC_PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"


@dataclass(frozen=True)
class Cluster:
    """A cluster; what has holes is known only to the program."""

    name: Text
    provider: Text | None
    """ARN of its OIDC provider."""


def clusters_of(graph: Graph, access: Access, meshes: Sequence[ResolvedMesh]) -> Clusters:
    """Every cluster of the mesh files."""
    return {
        (mesh.arn, key): Cluster(
            _one(cluster.name, _names(graph, access, mesh, key)) or "",
            _one(cluster.provider_arn, _providers(graph, cluster)),
        )
        for mesh in meshes
        for key, cluster in mesh.clusters.items()
    }


def _one(written: Text | None, found: Iterator[str]) -> Text | None:
    """What the file says; where that has holes, what the program says if it says one thing."""
    if not isinstance(written, Deferred):
        return written
    known = set(found)
    return known.pop() if len(known) == 1 else written


def _providers(graph: Graph, cluster: ResolvedCluster) -> Iterator[str]:
    """ARNs of the providers that ``SharedMesh`` makes for a cluster, named for its key."""
    for resource in graph.of_type(OIDC_PROVIDER):
        named = resource.name.endswith(f"-cluster-{cluster.key}")
        if not named or resource.account != cluster.owner.id or not _is_made(graph, resource):
            continue
        arn, url = own_arn(resource), text(resource, "url")
        if arn is None and url is not None:
            partition = cluster.owner.context["partition"]
            bare = url.removeprefix(SCHEME)
            arn = f"arn:{partition}:iam::{cluster.owner.id}:oidc-provider/{bare}"
        if arn is not None:
            yield arn


def _names(graph: Graph, access: Access, mesh: ResolvedMesh, key: str) -> Iterator[str]:
    """Names of the cluster in the associations that ``SharedMesh`` makes for its pods."""
    wanted = {
        (str(role.arn), subject.namespace, subject.service_account)
        for role in mesh.roles.values()
        for subject in role.subjects
        if subject.cluster == key
    }
    for association in access.associations:
        pods = (str(association.role), association.namespace, association.service_account)
        name = association.cluster
        if name is not None and pods in wanted and _is_made(graph, association.resource):
            yield name


def _is_made(graph: Graph, resource: Resource) -> bool:
    parent = graph.get(resource.parent)
    return parent is not None and parent.type == SHARED_MESH
