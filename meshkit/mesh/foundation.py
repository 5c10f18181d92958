"""What a mesh stands on: the mesh itself, its share, and the way of consumers into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from meshkit.appmesh.mesh import mesh_spec
from meshkit.appmesh.references import in_place
from meshkit.appmesh.translation import Leaves
from meshkit.config.deferred import Deferred
from meshkit.inputs import after
from meshkit.mesh.accounts import in_account
from meshkit.mesh.principals import keyed_principals, keyed_subnets
from meshkit.sharing.acceptance import register_acceptance
from meshkit.sharing.registration import RegisteredShare, ShareSpec, register_share
from meshkit.sharing.service_linked_role import register_service_role
from meshkit.topology import leaves as late

if TYPE_CHECKING:
    from meshkit.mesh.accounts import Providers
    from meshkit.topology.model import Owner, ResolvedShare
    from meshkit.topology.slices import MeshSlice


class Foundation:
    """Registers the foundation of a mesh, or the part of it that is in a slice."""

    mesh_arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        chosen: MeshSlice,
        providers: Providers,
        parent: pulumi.Resource,
        share_arn: pulumi.Input[str] | None,
    ) -> None:
        self.share: RegisteredShare | None = None
        self._name = name
        self._chosen = chosen
        self._mesh = chosen.mesh
        self._providers = providers
        self._parent = parent
        self._given_share_arn = share_arn
        self._leaves = {key: Leaves(owner.context) for key, owner in chosen.mesh.owners.items()}
        self._made: dict[str, list[pulumi.Resource]] = {}

    def register(self) -> None:
        """Registers everything."""
        for owner in self._chosen.service_linked.values():
            self._register_service_role(owner)
        self.mesh_arn = self._register_mesh()
        share = self._chosen.share
        if share is not None:
            self.share = self._register_share(share)
            if share.spec.subnets:
                self._register_subnets(share)
        for owner in self._chosen.accepting.values():
            self._register_acceptance(owner)

    def access(self, owner: Owner) -> list[pulumi.Resource]:
        """What must be there before an account can build in the mesh.

        A consumer waits for its acceptance; where it needs none, for the share and the principal
        that lets it in: its own, or else those that name no account, such as the organization.
        """
        made = self._made.get(owner.key, [])
        accepts = owner.key in self._chosen.accepting
        if owner.id == self._mesh.owner.id or self.share is None or accepts:
            return made
        return [*made, *self.share.resources, *self._letting_in(owner, self.share)]

    def _register_service_role(self, owner: Owner) -> None:
        tags = self._leaves[owner.key].tags(self._mesh.config.tags)
        name = f"{self._name}-service-role-{owner.key}"
        self._keep(owner, register_service_role(name, tags, self._options(owner)))

    def _register_mesh(self) -> pulumi.Output[str]:
        mesh, settings = self._mesh, self._mesh.settings
        leaves = self._leaves[mesh.owner.key]
        if not self._chosen.has(mesh.owner, "mesh"):
            return pulumi.Output.from_input(mesh.arn)
        if settings.arn is not None:
            arn = leaves.checked(
                settings.arn,
                lambda text: late.mesh(text, mesh.name, mesh.owner.id, mesh.region),
            )
            return pulumi.Output.from_input(arn)
        options = in_place(self._parent, self._made.get(mesh.owner.key))
        options.provider = self._providers.get(mesh.owner.key)
        options.protect = settings.protect or None
        made = aws.appmesh.Mesh(
            self._name,
            name=mesh.name,
            region=mesh.region,
            spec=mesh_spec(settings),
            tags=leaves.tags(mesh.tags),
            opts=options,
        )
        self._keep(mesh.owner, made)
        return after(mesh.arn, [made])

    def _register_share(self, share: ResolvedShare) -> RegisteredShare:
        owner, region = self._mesh.owner, self._mesh.region
        leaves, spec = self._leaves[owner.key], share.spec
        adopted = permission = None
        if spec.arn is not None:
            adopted = leaves.checked(spec.arn, lambda text: late.share(text, owner.id, region))
        if spec.permissions:
            permission = leaves.checked(spec.permissions[0], late.permission)
        return register_share(
            f"{self._name}-share",
            ShareSpec(
                name=share.name,
                resources={"": self.mesh_arn},
                principals=self._principals(share),
                arn=adopted,
                allow_external_principals=spec.allow_external_principals,
                permission_arn=permission,
                region=region,
                protect=spec.protect,
                tags=leaves.tags(share.tags),
            ),
            self._options(owner),
        )

    def _register_subnets(self, share: ResolvedShare) -> None:
        mesh, leaves = self._mesh, self._leaves[self._mesh.owner.key]
        head = f"arn:{mesh.partition.name}:ec2:{mesh.region}:{mesh.owner.id}:subnet/"
        register_share(
            f"{self._name}-subnets",
            ShareSpec(
                name=f"{share.name}-subnets",
                resources={
                    f"-{key}": leaves.text(_after(head, subnet))
                    for key, subnet in keyed_subnets(share).items()
                },
                principals=self._principals(share),
                region=mesh.region,
                protect=share.spec.protect,
                tags=leaves.tags(share.tags),
            ),
            self._options(mesh.owner),
        )

    def _register_acceptance(self, owner: Owner) -> None:
        options = self._options(owner)
        arn = self._given_share_arn
        if self.share is not None:
            arn = self.share.share_arn
            waiting = pulumi.ResourceOptions(depends_on=self._letting_in(owner, self.share))
            options = pulumi.ResourceOptions.merge(options, waiting)
        elif arn is None and self._mesh.share is not None:
            arn = self._leaves[self._mesh.owner.key].text(self._mesh.share.spec.arn)
        name = f"{self._name}-acceptance-{owner.key}"
        # SharedMesh has stopped by now where there is no ARN.
        made = register_acceptance(name, arn or "", self._mesh.region, options)
        self._keep(owner, made)

    def _principals(self, share: ResolvedShare) -> dict[str, pulumi.Input[str]]:
        leaves = self._leaves[self._mesh.owner.key]
        return {key: leaves.text(each) for key, each in keyed_principals(share).items()}

    def _letting_in(self, owner: Owner, share: RegisteredShare) -> list[pulumi.Resource]:
        if owner.id in share.principals:
            return [share.principals[owner.id]]
        return [made for key, made in share.principals.items() if not key.isdigit()]

    def _keep(self, owner: Owner, made: pulumi.Resource) -> None:
        self._made.setdefault(owner.key, []).append(made)

    def _options(self, owner: Owner) -> pulumi.ResourceOptions:
        return in_account(owner, self._providers, self._parent)


def _after(head: str, text: str | Deferred) -> str | Deferred:
    return Deferred((head, *text.parts)) if isinstance(text, Deferred) else head + text
