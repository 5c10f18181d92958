"""Registers a resolved mesh, directly below its component.

What is known is sent as text, and order is said with ``depends_on``: a preview is complete, and a
large mesh registers as fast as one written by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws

from meshkit.appmesh.gateway_route import gateway_route_spec
from meshkit.appmesh.mesh import mesh_spec
from meshkit.appmesh.references import in_place
from meshkit.appmesh.route import route_spec
from meshkit.appmesh.translation import Leaves
from meshkit.appmesh.virtual_gateway import gateway_spec
from meshkit.appmesh.virtual_node import node_spec
from meshkit.appmesh.virtual_router import router_spec
from meshkit.appmesh.virtual_service import service_spec
from meshkit.identity.mesh_roles import (
    RegisteredRole,
    register_provider,
    register_role,
    with_checked_providers,
)
from meshkit.identity.outputs import after
from meshkit.mesh.accounts import clusters_with_provider
from meshkit.mesh.principals import keyed_principals
from meshkit.sharing.registration import (
    RegisteredShare,
    ShareSpec,
    register_share,
)
from meshkit.topology import leaves as late

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.config.deferred import Deferred
    from meshkit.mesh.accounts import Providers
    from meshkit.topology.model import (
        Owner,
        ResolvedMesh,
        ResolvedRoute,
        ResolvedService,
        ResolvedShare,
    )


class Registration:
    """The resources of one mesh, in the order in which App Mesh takes them."""

    mesh_arn: pulumi.Output[str]

    def __init__(
        self, name: str, mesh: ResolvedMesh, providers: Providers, parent: pulumi.Resource
    ) -> None:
        self.name = name
        self.mesh = mesh
        self.share_arn: pulumi.Output[str] | None = None
        self.share: RegisteredShare | None = None
        self.foundation: list[pulumi.Resource] = []
        """The mesh itself, unless it is adopted."""
        self.roles: dict[str, RegisteredRole] = {}
        self.nodes: dict[str, aws.appmesh.VirtualNode] = {}
        self.gateways: dict[str, aws.appmesh.VirtualGateway] = {}
        self.routers: dict[str, aws.appmesh.VirtualRouter] = {}
        self.services: dict[str, aws.appmesh.VirtualService] = {}
        self._providers = providers
        self._parent = parent
        self._leaves = {key: Leaves(owner.context) for key, owner in mesh.owners.items()}

    def register(self) -> None:
        """Registers everything."""
        self._register_mesh()
        if self.mesh.share is not None:
            self._register_share(self.mesh.share)
        self._register_identities()
        self._register_nodes()
        self._register_gateways()
        self._register_routing()
        self._register_gateway_routes()

    def _register_mesh(self) -> None:
        mesh, settings = self.mesh, self.mesh.settings
        if settings.arn is not None:
            arn = self._leaves[mesh.owner.key].checked(
                settings.arn,
                lambda text: late.mesh(text, mesh.name, mesh.owner.id, mesh.region),
            )
            self.mesh_arn = pulumi.Output.from_input(arn)
            return
        made = aws.appmesh.Mesh(
            self.name,
            name=mesh.name,
            region=mesh.region,
            spec=mesh_spec(settings),
            tags=self._tags(mesh.owner, mesh.tags),
            opts=self._options(mesh.owner, protect=settings.protect),
        )
        self.foundation = [made]
        self.mesh_arn = after(mesh.arn, [made])

    def _register_share(self, share: ResolvedShare) -> None:
        owner, region = self.mesh.owner, self.mesh.region
        leaves, spec = self._leaves[owner.key], share.spec
        adopted = permission = None
        if spec.arn is not None:
            adopted = leaves.checked(spec.arn, lambda text: late.share(text, owner.id, region))
        if spec.permissions:
            permission = leaves.checked(spec.permissions[0], late.permission)
        self.share = register_share(
            f"{self.name}-share",
            ShareSpec(
                name=share.name,
                mesh_arn=self.mesh_arn,
                principals={
                    key: leaves.text(each) for key, each in keyed_principals(share).items()
                },
                arn=adopted,
                allow_external_principals=spec.allow_external_principals,
                permission_arn=permission,
                region=region,
                protect=spec.protect,
                tags=self._tags(owner, share.tags),
            ),
            self._base(owner),
        )
        self.share_arn = self.share.share_arn

    def _register_identities(self) -> None:
        mesh = with_checked_providers(self.mesh)
        for cluster in clusters_with_provider(mesh):
            register_provider(self.name, cluster, self._base(cluster.owner))
        for key, role in mesh.roles.items():
            self.roles[key] = register_role(self.name, role, mesh, self._base(role.owner))

    def _register_nodes(self) -> None:
        for key, node in self.mesh.nodes.items():
            owner = node.owner
            leaves = self._leaves[owner.key]
            self.nodes[key] = aws.appmesh.VirtualNode(
                f"{self.name}-node-{key}",
                name=key,
                spec=node_spec(node.spec, node.access_log, node.backend_defaults, leaves),
                tags=self._tags(owner, node.tags),
                opts=self._options(owner, *self._access(owner)),
                **self._place(owner),
            )

    def _register_gateways(self) -> None:
        for key, gateway in self.mesh.gateways.items():
            owner = gateway.owner
            leaves = self._leaves[owner.key]
            self.gateways[key] = aws.appmesh.VirtualGateway(
                f"{self.name}-gateway-{key}",
                name=key,
                spec=gateway_spec(
                    gateway.spec, gateway.access_log, gateway.backend_defaults, leaves
                ),
                tags=self._tags(owner, gateway.tags),
                opts=self._options(owner, *self._access(owner)),
                **self._place(owner),
            )

    def _register_routing(self) -> None:
        for key, router in self.mesh.routers.items():
            owner = router.owner
            self.routers[key] = aws.appmesh.VirtualRouter(
                f"{self.name}-router-{key}",
                name=key,
                spec=router_spec(router.spec),
                tags=self._tags(owner, router.tags),
                opts=self._options(owner, *self._access(owner)),
                **self._place(owner),
            )
        for route in self.mesh.routes:
            self._register_route(route)
        for service in self.mesh.services.values():
            self._register_service(service)

    def _register_route(self, route: ResolvedRoute) -> None:
        targets = [self.nodes[name] for name in _targets(route)]
        aws.appmesh.Route(
            # Names have no dot, so that router and route can't be told apart in two ways.
            f"{self.name}-route-{route.router}.{route.name}",
            name=route.name,
            virtual_router_name=route.router,
            spec=route_spec(route.spec),
            tags=self._tags(route.owner, route.tags),
            opts=self._options(route.owner, self.routers[route.router], *targets),
            **self._place(route.owner),
        )

    def _register_service(self, service: ResolvedService) -> None:
        owner, spec = service.owner, service.spec
        providers: list[pulumi.Resource] = []
        if spec.node is not None:
            providers.append(self.nodes[spec.node])
        if spec.router is not None:
            providers.append(self.routers[spec.router])
        self.services[service.name] = aws.appmesh.VirtualService(
            f"{self.name}-service-{service.name}",
            name=service.name,
            spec=service_spec(node=spec.node, router=spec.router),
            tags=self._tags(owner, service.tags),
            opts=self._options(owner, *self._access(owner), *providers),
            **self._place(owner),
        )

    def _register_gateway_routes(self) -> None:
        for route in self.mesh.gateway_routes:
            spec = route.spec.http or route.spec.http2 or route.spec.grpc
            services = [self.services[spec.service.name]] if spec else []
            aws.appmesh.GatewayRoute(
                f"{self.name}-gateway-route-{route.gateway}.{route.name}",
                name=route.name,
                virtual_gateway_name=route.gateway,
                spec=gateway_route_spec(route.spec),
                tags=self._tags(route.owner, route.tags),
                opts=self._options(route.owner, self.gateways[route.gateway], *services),
                **self._place(route.owner),
            )

    def _tags(
        self, owner: Owner, tags: Mapping[str, str | Deferred]
    ) -> dict[str, pulumi.Input[str]] | None:
        return self._leaves[owner.key].tags(tags)

    def _place(self, owner: Owner) -> dict[str, Any]:
        """Where it is; an owner's own things name no owner."""
        mesh = self.mesh
        foreign = None if owner.id == mesh.owner.id else mesh.owner.id
        return {"mesh_name": mesh.name, "mesh_owner": foreign, "region": mesh.region}

    def _access(self, owner: Owner) -> list[pulumi.Resource]:
        """What must be there before an account can build in the mesh.

        A consumer waits for the share and the principal that lets it in: its own, or else those
        that name no account, such as the organization.
        """
        if owner.id == self.mesh.owner.id or self.share is None:
            return self.foundation
        principals = self.share.principals
        if owner.id in principals:
            return [self.share.mesh, principals[owner.id]]
        wider = [made for key, made in principals.items() if not key.isdigit()]
        return [self.share.mesh, *wider]

    def _base(self, owner: Owner) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self._parent, provider=self._providers.get(owner.key))

    def _options(
        self, owner: Owner, *depends_on: pulumi.Resource, protect: bool = False
    ) -> pulumi.ResourceOptions:
        options = in_place(self._parent, list(depends_on))
        options.provider = self._providers.get(owner.key)
        options.protect = protect or None
        return options


def _targets(route: ResolvedRoute) -> list[str]:
    spec = route.spec.http or route.spec.http2 or route.spec.grpc or route.spec.tcp
    return list(dict.fromkeys(target.node for target in spec.targets)) if spec else []
