"""Registers a resolved mesh, directly below its component.

What is known is sent as text, and order is said with ``depends_on``: a preview is complete, and a
large mesh registers as fast as one written by hand.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws

from meshkit.appmesh.gateway_route import gateway_route_spec
from meshkit.appmesh.references import in_place
from meshkit.appmesh.route import route_spec
from meshkit.appmesh.translation import Leaves
from meshkit.appmesh.virtual_gateway import gateway_spec
from meshkit.appmesh.virtual_node import node_spec
from meshkit.appmesh.virtual_router import router_spec
from meshkit.appmesh.virtual_service import service_spec
from meshkit.config.deferred import Deferred
from meshkit.identity.mesh_roles import (
    RegisteredRole,
    register_provider,
    register_role,
    with_checked_providers,
)
from meshkit.mesh.endpoints import GatewayOutputs, NodeOutputs
from meshkit.mesh.foundation import Foundation
from meshkit.mesh.operators import register_operators
from meshkit.topology.targets import gateway_route_services, route_targets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.landing_zone.operator_role import OperatorRole
    from meshkit.mesh.accounts import Providers
    from meshkit.topology.model import Endpoint, Owner, ResolvedRoute, ResolvedService
    from meshkit.topology.slices import MeshSlice


class Registration:
    """The resources of one mesh, or of a slice of it, in the order in which App Mesh takes them.

    What a slice refers to and does not make is there already, so nothing waits for it.
    """

    def __init__(
        self,
        name: str,
        chosen: MeshSlice,
        providers: Providers,
        parent: pulumi.Resource,
        share_arn: pulumi.Input[str] | None = None,
    ) -> None:
        self.name = name
        self.chosen = chosen
        self.mesh = chosen.mesh
        self.foundation = Foundation(name, chosen, providers, parent, share_arn)
        self.operators: dict[str, OperatorRole] = {}
        self.roles: dict[str, RegisteredRole] = {}
        self.nodes: dict[str, aws.appmesh.VirtualNode] = {}
        self.gateways: dict[str, aws.appmesh.VirtualGateway] = {}
        self.routers: dict[str, aws.appmesh.VirtualRouter] = {}
        self.services: dict[str, aws.appmesh.VirtualService] = {}
        self._providers = providers
        self._parent = parent
        self._leaves = {key: Leaves(owner.context) for key, owner in chosen.mesh.owners.items()}

    def register(self) -> None:
        """Registers everything."""
        self.foundation.register()
        self.operators = register_operators(self.name, self.chosen, self._providers, self._parent)
        self._register_identities()
        self._register_nodes()
        self._register_gateways()
        self._register_routers()
        for route in self.chosen.routes:
            self._register_route(route)
        for service in self.chosen.services.values():
            self._register_service(service)
        self._register_gateway_routes()

    def node_outputs(self) -> dict[str, NodeOutputs]:
        """What people wire of each node."""
        return {
            key: NodeOutputs(node, self.nodes[key], self.roles[node.role], self.mesh)
            for key, node in self.chosen.nodes.items()
        }

    def gateway_outputs(self) -> dict[str, GatewayOutputs]:
        """What people wire of each gateway."""
        return {
            key: GatewayOutputs(gateway, self.gateways[key], self.roles[gateway.role], self.mesh)
            for key, gateway in self.chosen.gateways.items()
        }

    def lattice_outputs(self) -> None:
        """Nothing is on VPC Lattice."""

    def outputs(self) -> dict[str, Any]:
        """What the component registers besides mesh and share."""
        return {
            "nodes": {key: self._arns(node) for key, node in self.chosen.nodes.items()},
            "gateways": {key: self._arns(each) for key, each in self.chosen.gateways.items()},
        }

    def _arns(self, endpoint: Endpoint) -> dict[str, str]:
        """Computed, so that hundreds of them cost nothing; those not known yet are left out."""
        role = self.mesh.roles[endpoint.role].arn
        arns = {"arn": endpoint.arn}
        return arns if isinstance(role, Deferred) else {**arns, "roleArn": role}

    def _register_identities(self) -> None:
        mesh = with_checked_providers(replace(self.mesh, clusters=self.chosen.clusters))
        for cluster in self.chosen.clusters_with_provider:
            register_provider(self.name, mesh.clusters[cluster.key], self._base(cluster.owner))
        for key, role in self.chosen.roles.items():
            self.roles[key] = register_role(self.name, role, mesh, self._base(role.owner))

    def _register_nodes(self) -> None:
        for key, node in self.chosen.nodes.items():
            owner = node.owner
            leaves = self._leaves[owner.key]
            self.nodes[key] = aws.appmesh.VirtualNode(
                f"{self.name}-node-{key}",
                name=key,
                spec=node_spec(node.spec, node.access_log, node.backend_defaults, leaves),
                tags=self._tags(owner, node.tags),
                opts=self._options(owner, *self.foundation.access(owner)),
                **self._place(owner),
            )

    def _register_gateways(self) -> None:
        for key, gateway in self.chosen.gateways.items():
            owner = gateway.owner
            leaves = self._leaves[owner.key]
            self.gateways[key] = aws.appmesh.VirtualGateway(
                f"{self.name}-gateway-{key}",
                name=key,
                spec=gateway_spec(
                    gateway.spec, gateway.access_log, gateway.backend_defaults, leaves
                ),
                tags=self._tags(owner, gateway.tags),
                opts=self._options(owner, *self.foundation.access(owner)),
                **self._place(owner),
            )

    def _register_routers(self) -> None:
        for key, router in self.chosen.routers.items():
            owner = router.owner
            self.routers[key] = aws.appmesh.VirtualRouter(
                f"{self.name}-router-{key}",
                name=key,
                spec=router_spec(router.spec),
                tags=self._tags(owner, router.tags),
                opts=self._options(owner, *self.foundation.access(owner)),
                **self._place(owner),
            )

    def _register_route(self, route: ResolvedRoute) -> None:
        routers = _made(self.routers, route.router)
        targets = _made(self.nodes, *route_targets(route))
        aws.appmesh.Route(
            # Names have no dot, so that router and route can't be told apart in two ways.
            f"{self.name}-route-{route.router}.{route.name}",
            name=route.name,
            virtual_router_name=route.router,
            spec=route_spec(route.spec),
            tags=self._tags(route.owner, route.tags),
            opts=self._options(route.owner, *routers, *targets),
            **self._place(route.owner),
        )

    def _register_service(self, service: ResolvedService) -> None:
        owner, spec = service.owner, service.spec
        providers = [
            *_made(self.nodes, *filter(None, [spec.node])),
            *_made(self.routers, *filter(None, [spec.router])),
        ]
        self.services[service.name] = aws.appmesh.VirtualService(
            f"{self.name}-service-{service.name}",
            name=service.name,
            spec=service_spec(node=spec.node, router=spec.router),
            tags=self._tags(owner, service.tags),
            opts=self._options(owner, *self.foundation.access(owner), *providers),
            **self._place(owner),
        )

    def _register_gateway_routes(self) -> None:
        for route in self.chosen.gateway_routes:
            gateways = _made(self.gateways, route.gateway)
            services = _made(self.services, *gateway_route_services(route))
            aws.appmesh.GatewayRoute(
                f"{self.name}-gateway-route-{route.gateway}.{route.name}",
                name=route.name,
                virtual_gateway_name=route.gateway,
                spec=gateway_route_spec(route.spec),
                tags=self._tags(route.owner, route.tags),
                opts=self._options(route.owner, *gateways, *services),
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

    def _base(self, owner: Owner) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self._parent, provider=self._providers.get(owner.key))

    def _options(self, owner: Owner, *depends_on: pulumi.Resource) -> pulumi.ResourceOptions:
        options = in_place(self._parent, list(depends_on))
        options.provider = self._providers.get(owner.key)
        return options


def _made(resources: Mapping[str, pulumi.Resource], *names: str) -> list[pulumi.Resource]:
    """Those of the named resources that are made here."""
    return [resources[name] for name in names if name in resources]
