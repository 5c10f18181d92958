"""What people apply in the clusters whose Gateway API controller leads services to pods."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pulumi

from meshkit.inputs import with_values
from meshkit.topology.lattice.manifests import filled, manifests, texts, to_yaml

if TYPE_CHECKING:
    from meshkit.topology.lattice.manifests import Manifest
    from meshkit.topology.lattice.model import LatticeMesh


class ClusterManifests:
    """The manifests of one cluster; made when they are asked for."""

    def __init__(self, lattice: LatticeMesh, cluster: str) -> None:
        self._lattice = lattice
        self._cluster = cluster

    @property
    def objects(self) -> pulumi.Output[list[Manifest]]:
        """The objects, each as Kubernetes takes it, in an order in which it does."""
        found = manifests(self._lattice, self._cluster)
        late = tuple(dict.fromkeys(texts(found)))
        if not late:
            return pulumi.Output.from_input(found)

        def made(values: list[str]) -> str:
            return json.dumps(filled(found, dict(zip(late, values, strict=True))))

        return with_values(late, made).apply(json.loads)

    @property
    def yaml(self) -> pulumi.Output[str]:
        """The same as text, for ``kubectl apply -f -``."""
        return self.objects.apply(to_yaml)


def cluster_manifests(lattice: LatticeMesh) -> dict[str, ClusterManifests]:
    """By the key of each cluster with a controller."""
    return {
        key: ClusterManifests(lattice, key)
        for key, cluster in lattice.mesh.clusters.items()
        if cluster.spec.gateway_api is not None
    }
