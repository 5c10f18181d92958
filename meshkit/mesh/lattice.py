"""Registers a resolved mesh on VPC Lattice, directly below its component.

AWS makes up the ids of networks and services, so policies wait for them; roles are pinned by names
that are known, so that no account waits for the roles of another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws

from meshkit.config.deferred import Deferred
from meshkit.identity.mesh_roles import (
    RegisteredRole,
    register_provider,
    register_role,
    with_checked_providers,
)
from meshkit.inputs import tags_input, to_input
from meshkit.lattice.network import VpcArgs, register_access_logs, register_vpc
from meshkit.lattice.registration import (
    RegisteredService,
    register_auth_policy,
    register_network,
    register_service,
)
from meshkit.lattice.service import dns_name
from meshkit.mesh.foundation import Foundation
from meshkit.mesh.lattice_outputs import (
    LatticeGatewayOutputs,
    LatticeNodeOutputs,
    LatticeOutputs,
    LatticeServiceOutputs,
    known_arn,
)
from meshkit.mesh.task_registration import register_task_registration
from meshkit.policy.lattice import LatticeArns, caller_statements, network_policy, service_policy
from meshkit.topology.lattice.compile import compile_lattice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.landing_zone.operator_role import OperatorRole
    from meshkit.mesh.accounts import Providers
    from meshkit.topology.lattice.model import LatticeMesh, LatticeService
    from meshkit.topology.model import Owner
    from meshkit.topology.slices import MeshSlice


class LatticeFoundation(Foundation):
    """A service network in place of the mesh; its share and who comes in are the same."""

    def __init__(
        self,
        name: str,
        chosen: MeshSlice,
        providers: Providers,
        parent: pulumi.Resource,
        physical: str,
    ) -> None:
        super().__init__(name, chosen, providers, parent, None)
        self._physical = physical

    def _register_mesh(self) -> pulumi.Output[str]:
        mesh = self._mesh
        options = self._options(mesh.owner)
        options.protect = mesh.settings.protect or None
        made = register_network(
            self._name,
            self._physical,
            mesh.region,
            self._leaves[mesh.owner.key].tags(mesh.tags),
            options,
        )
        self._keep(mesh.owner, made)
        return made.arn

    def _register_service_role(self, owner: Owner) -> None:
        """None: the service-linked role is one of App Mesh."""


class LatticeRegistration:
    """The resources of one mesh on VPC Lattice."""

    def __init__(
        self, name: str, chosen: MeshSlice, providers: Providers, parent: pulumi.Resource
    ) -> None:
        self.lattice: LatticeMesh = compile_lattice(chosen.mesh)
        self.foundation = LatticeFoundation(name, chosen, providers, parent, self.lattice.network)
        self._name = name
        self._chosen = chosen
        self._mesh = self.lattice.mesh
        self._providers = providers
        self._parent = parent
        self.operators: dict[str, OperatorRole] = {}
        """None: their tiers are rights on App Mesh."""
        self._services: dict[str, RegisteredService] = {}
        self._roles: dict[str, RegisteredRole] = {}
        self._task_roles: dict[str, pulumi.Output[str]] = {}

    def register(self) -> None:
        """Registers everything."""
        self.foundation.register()
        for service in self.lattice.services.values():
            self._register_service(service)
        arns = LatticeArns(
            Deferred.of(self.foundation.mesh_arn, "service network"),
            {
                key: Deferred.of(made.service.arn, f"service {key}")
                for key, made in self._services.items()
            },
        )
        self._register_roles(arns)
        self._register_policies(arns)
        self._register_reach()
        self._task_roles = register_task_registration(
            self._name, self.lattice, self._services, self._options
        )

    def node_outputs(self) -> dict[str, LatticeNodeOutputs]:
        """What people wire of each node."""
        return {
            key: LatticeNodeOutputs(
                node,
                self._roles[node.role],
                self._mesh,
                self._groups(key),
                self._task_roles.get(node.owner.key),
            )
            for key, node in self._mesh.nodes.items()
        }

    def gateway_outputs(self) -> dict[str, LatticeGatewayOutputs]:
        """What people wire of each gateway, which is its role alone."""
        return {
            key: LatticeGatewayOutputs(gateway, self._roles[gateway.role], self._mesh)
            for key, gateway in self._mesh.gateways.items()
        }

    def lattice_outputs(self) -> LatticeOutputs:
        """What people wire of services."""
        return LatticeOutputs(
            self.foundation.mesh_arn,
            self._mesh.region,
            {
                key: LatticeServiceOutputs(
                    key, made.service.arn, dns_name(made.service), self.lattice.services[key].domain
                )
                for key, made in self._services.items()
            },
        )

    def outputs(self) -> dict[str, Any]:
        """What the component registers besides mesh and share."""
        return {
            "services": {
                key: {"arn": made.service.arn, "dnsName": dns_name(made.service)}
                for key, made in self._services.items()
            },
            "nodes": {
                key: known_arn(self._mesh.roles[node.role])
                for key, node in self._mesh.nodes.items()
            },
            "gateways": {
                key: known_arn(self._mesh.roles[gateway.role])
                for key, gateway in self._mesh.gateways.items()
            },
        }

    def _register_service(self, service: LatticeService) -> None:
        owner = service.owner
        made = register_service(
            self._name, service, owner.context, self._mesh.region, self._options(owner)
        )
        self._services[service.key] = made
        aws.vpclattice.ServiceNetworkServiceAssociation(
            f"{self._name}-service-{service.key}",
            service_identifier=made.service.id,
            service_network_identifier=self.foundation.mesh_arn,
            region=self._mesh.region,
            tags=tags_input(service.tags, owner.context),
            opts=self._joining(owner),
        )

    def _register_roles(self, arns: LatticeArns) -> None:
        mesh = with_checked_providers(self._mesh)
        for cluster in self._chosen.clusters_with_provider:
            register_provider(self._name, mesh.clusters[cluster.key], self._options(cluster.owner))
        for key, role in mesh.roles.items():
            self._roles[key] = register_role(
                self._name,
                role,
                mesh,
                self._options(role.owner),
                caller_statements(self.lattice, role, arns),
            )

    def _register_policies(self, arns: LatticeArns) -> None:
        region, network = self._mesh.region, network_policy(self.lattice, arns)
        if network is not None:
            register_auth_policy(
                f"{self._name}-auth",
                self.foundation.mesh_arn,
                network,
                region,
                self._options(self._mesh.owner),
            )
        for key, service in self.lattice.services.items():
            document = service_policy(self.lattice, service, arns)
            if document is not None:
                register_auth_policy(
                    f"{self._name}-auth-{key}",
                    self._services[key].service.arn,
                    document,
                    region,
                    self._options(service.owner),
                )

    def _register_reach(self) -> None:
        """The VPCs of callers, and the logs."""
        mesh, arn = self._mesh, self.foundation.mesh_arn
        for each in self.lattice.associations.values():
            context = each.owner.context
            vpc = VpcArgs(
                vpc_id=to_input(each.vpc_id, context),
                security_group_ids=[to_input(group, context) for group in each.security_groups],
            )
            name = f"{self._name}-vpc-{each.owner.key}"
            tags = tags_input(mesh.config.tags, context)
            register_vpc(name, arn, vpc, mesh.region, tags, self._joining(each.owner))
        register_access_logs(
            self._name,
            arn,
            [to_input(each, mesh.owner.context) for each in self.lattice.access_logs],
            mesh.region,
            tags_input(mesh.tags, mesh.owner.context),
            self._options(mesh.owner),
        )

    def _groups(self, node: str) -> Mapping[tuple[str, int], pulumi.Output[str]]:
        """The target groups of a node, by service and port."""
        return {
            (key, group.port): self._services[key].groups[group.key].arn
            for key, service in self.lattice.services.items()
            for group in service.groups.values()
            if group.node == node
        }

    def _options(self, owner: Owner) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self._parent, provider=self._providers.get(owner.key))

    def _joining(self, owner: Owner) -> pulumi.ResourceOptions:
        """For what an account joins to the network, which must be open to it."""
        joined = pulumi.ResourceOptions(
            depends_on=self.foundation.access(owner), delete_before_replace=True
        )
        return pulumi.ResourceOptions.merge(self._options(owner), joined)
