"""How services come into the network: the shares of providers, and the associations.

Associations outlive a share that ends, so they depend on it and go first when all is destroyed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pulumi
import pulumi_aws as aws

from meshkit.identity.registration import waiting
from meshkit.inputs import tags_input, to_input
from meshkit.lattice.registration import beside, replacing
from meshkit.sharing.acceptance import register_acceptance
from meshkit.sharing.registration import RegisteredShare, ShareSpec, register_share
from meshkit.topology.lattice.sharing import joined_by

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from meshkit.mesh.foundation import Foundation
    from meshkit.topology.lattice.model import LatticeMesh, ServiceShare
    from meshkit.topology.model import Owner
    from meshkit.topology.slices import MeshSlice
    from meshkit.topology.slices.part import Ref


class Joining:
    """Registers what brings services into the network, or the part of it that is in a slice."""

    def __init__(
        self,
        name: str,
        chosen: MeshSlice,
        lattice: LatticeMesh,
        arns: Mapping[Ref, pulumi.Input[str]],
        options: Callable[[Owner], pulumi.ResourceOptions],
    ) -> None:
        """``arns`` are of services, of this slice or others, and of shares of other slices."""
        self.shares: dict[str, RegisteredShare] = {}
        """By the key of the provider."""
        self._name = name
        self._chosen = chosen
        self._lattice = lattice
        self._arns = arns
        self._options = options
        self._opened: dict[str, list[pulumi.Resource]] = {}

    def register(self, foundation: Foundation) -> None:
        """Registers everything."""
        for key, share in self._lattice.service_shares.items():
            if self._chosen.has(share.owner, "service share"):
                self._share(key, share)
            if share.accepted and self._chosen.has(self._lattice.mesh.owner, "service acceptance"):
                self._accept(key, share)
        for name, service in self._lattice.services.items():
            if self._chosen.has(joined_by(self._lattice.mesh, service), "service association"):
                self._associate(name, foundation)

    def _share(self, key: str, share: ServiceShare) -> None:
        mesh, context = self._lattice.mesh, share.owner.context
        spec = ShareSpec(
            name=share.name,
            resources={f"-{name}": self._arns["service", name] for name in share.services},
            principals={mesh.owner.id: mesh.owner.id},
            allow_external_principals=share.allow_external,
            permission_arn=to_input(share.permission, context),
            region=mesh.region,
            protect=share.protect,
            tags=tags_input(share.tags, context),
        )
        made = register_share(f"{self._name}-services-{key}", spec, self._options(share.owner))
        self.shares[key] = made
        self._opened[key] = [*made.resources, *made.principals.values()]

    def _accept(self, key: str, share: ServiceShare) -> None:
        mesh, options = self._lattice.mesh, self._options(self._lattice.mesh.owner)
        made = self.shares.get(key)
        arn = made.share_arn if made else self._arns["service share", key]
        if made is not None:
            options = waiting(options, self._opened[key])
        name = f"{self._name}-services-acceptance-{share.owner.key}"
        self._opened.setdefault(key, []).append(
            register_acceptance(name, arn, mesh.region, options)
        )

    def _associate(self, name: str, foundation: Foundation) -> None:
        mesh, service = self._lattice.mesh, self._lattice.services[name]
        owner = joined_by(mesh, service)
        # A network has a domain once, so that the old association must go first.
        order = replacing if service.domain else beside
        aws.vpclattice.ServiceNetworkServiceAssociation(
            f"{self._name}-service-{name}",
            service_identifier=self._arns["service", name],
            service_network_identifier=foundation.mesh_arn,
            region=mesh.region,
            tags=tags_input(service.tags, owner.context),
            opts=waiting(
                order(self._options(owner)), [*self._open(name), *foundation.access(owner)]
            ),
        )

    def _open(self, name: str) -> list[pulumi.Resource]:
        """What opens a service of another account."""
        shares = self._lattice.service_shares.items()
        key = next((key for key, share in shares if name in share.services), None)
        return self._opened.get(cast("str", key), [])
