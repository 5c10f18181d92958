"""What a mesh on VPC Lattice stands on: the service network, its share, and the way into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pulumi

from meshkit.inputs import to_input
from meshkit.lattice.network import register_access_logs
from meshkit.lattice.registration import register_network
from meshkit.mesh.foundation import Foundation

if TYPE_CHECKING:
    from meshkit.mesh.accounts import Providers
    from meshkit.topology.lattice.model import LatticeMesh
    from meshkit.topology.model import Owner
    from meshkit.topology.slices import MeshSlice


class LatticeFoundation(Foundation):
    """A service network in place of the mesh; its share and who comes in are the same."""

    def __init__(  # noqa: PLR0913 - what a foundation takes, and the network
        self,
        name: str,
        chosen: MeshSlice,
        providers: Providers,
        parent: pulumi.Resource,
        share_arn: pulumi.Input[str] | None,
        *,
        lattice: LatticeMesh,
        network_arn: pulumi.Input[str] | None,
    ) -> None:
        """``network_arn`` is that of a network of another slice, where it is needed."""
        super().__init__(name, chosen, providers, parent, share_arn)
        self._lattice = lattice
        self._network_arn = network_arn

    def _register_mesh(self) -> pulumi.Output[str]:
        mesh = self._mesh
        if not self._chosen.has(mesh.owner, "service network"):
            return pulumi.Output.from_input(cast("str", self._network_arn))
        options = self._options(mesh.owner)
        options.protect = mesh.settings.protect or None
        tags = self._leaves[mesh.owner.key].tags(mesh.tags)
        made = register_network(self._name, self._lattice.network, mesh.region, tags, options)
        self._keep(mesh.owner, made)
        register_access_logs(
            self._name,
            made.arn,
            [to_input(each, mesh.owner.context) for each in self._lattice.access_logs],
            mesh.region,
            tags,
            self._options(mesh.owner),
        )
        return made.arn

    def _register_service_role(self, owner: Owner) -> None:
        """None: the service-linked role is one of App Mesh."""
