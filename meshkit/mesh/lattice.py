"""Registers a resolved mesh on VPC Lattice, directly below its component.

AWS makes up the ids of networks and services, so policies wait for them; roles are pinned by names
that are known, so that no account waits for the roles of another.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pulumi

from meshkit.config.deferred import Deferred
from meshkit.identity.mesh_roles import (
    RegisteredRole,
    register_provider,
    register_rights,
    register_role,
    with_checked_providers,
)
from meshkit.identity.registration import waiting
from meshkit.inputs import as_text, tags_input, to_input
from meshkit.lattice.network import VpcArgs, register_vpc
from meshkit.lattice.records import dns_name, register_records
from meshkit.lattice.registration import (
    RegisteredService,
    register_auth_policy,
    register_frame,
    register_service,
)
from meshkit.mesh.accounts import in_account
from meshkit.mesh.function_targets import FunctionTargets
from meshkit.mesh.group_rules import register_group_rules
from meshkit.mesh.lattice_arns import arn_key, found_arns, network_ref
from meshkit.mesh.lattice_foundation import LatticeFoundation
from meshkit.mesh.lattice_joining import Joining
from meshkit.mesh.lattice_outputs import (
    LatticeGatewayOutputs,
    LatticeNodeOutputs,
    LatticeOutputs,
    LatticeServiceOutputs,
    known_arn,
)
from meshkit.mesh.manifests import cluster_manifests
from meshkit.mesh.task_registration import register_task_registration
from meshkit.policy.lattice import LatticeArns, caller_statements, network_policy, service_policy
from meshkit.topology.slices.lattice import calls_something

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.landing_zone.operator_role import OperatorRole
    from meshkit.mesh.accounts import Providers
    from meshkit.mesh.lattice_arns import Told
    from meshkit.policy.document import Document
    from meshkit.sharing.registration import RegisteredShare
    from meshkit.topology.lattice.model import LatticeMesh, LatticeService
    from meshkit.topology.model import Owner
    from meshkit.topology.slices import MeshSlice
    from meshkit.topology.slices.part import Ref


class LatticeRegistration:
    """The resources of one mesh on VPC Lattice, or of a slice of it."""

    def __init__(
        self,
        name: str,
        chosen: MeshSlice,
        providers: Providers,
        parent: pulumi.Resource,
        share_arn: pulumi.Input[str] | None = None,
        told: Told = (),
    ) -> None:
        """``told`` are the ``arns`` of other stacks.

        Raises ``MeshkitError`` where something that the slice needs is not there yet.
        """
        lattice = chosen.lattice
        if lattice is None:
            raise ValueError("the mesh is on another data plane")
        self.lattice: LatticeMesh = lattice
        self._found = found_arns(chosen, lattice, providers, parent, told)
        self.foundation = LatticeFoundation(
            name, chosen, providers, parent, share_arn,
            lattice=lattice, network_arn=self._found.get(network_ref(chosen)),
        )  # fmt: skip
        self._name = name
        self._chosen = chosen
        self._mesh = lattice.mesh
        self._providers = providers
        self._parent = parent
        self._services: dict[str, RegisteredService] = {}
        self._roles: dict[str, RegisteredRole] = {}
        self.operators: dict[str, OperatorRole] = {}
        """None: their tiers are rights on App Mesh."""
        self._task_roles: dict[str, pulumi.Output[str]] = {}
        self._shares: dict[str, RegisteredShare] = {}

    def register(self) -> None:
        """Registers everything."""
        self.foundation.register()
        for service in self.lattice.services.values():
            if self._chosen.has(service.owner, "service"):
                register = register_frame if service.controller else register_service
                self._services[service.key] = register(
                    self._name, service, service.owner.context, self._mesh.region,
                    self._options(service.owner),
                )  # fmt: skip
                self._register_records(service)
        self._register_roles()
        self._register_joining()
        arns = self._policy_arns()
        self._register_rights(arns)
        self._register_policies(arns)
        self._task_roles = register_task_registration(
            self._name, self.lattice, self._services, self._options
        )
        register_group_rules(
            self._name, self._chosen, self.lattice, self._providers, self._parent, self._options
        )

    def _register_records(self, service: LatticeService) -> None:
        """The records of the domain of a service, where the file names a zone."""
        if service.domain is None or service.hosted_zone is None:
            return
        owner = service.owner
        register_records(
            f"{self._name}-record-{service.key}", service.domain,
            to_input(service.hosted_zone, owner.context),
            self._services[service.key].service, self._options(owner),
        )  # fmt: skip

    def node_outputs(self) -> dict[str, LatticeNodeOutputs]:
        """What people wire of each node."""
        return {
            key: LatticeNodeOutputs(
                node,
                self._roles[node.role],
                self._mesh,
                self._groups(key),
                self._task_roles.get(node.owner.key),
                FunctionTargets(
                    self._name, self.lattice, self._services, self._options(node.owner)
                ),
            )
            for key, node in self._chosen.nodes.items()
        }

    def gateway_outputs(self) -> dict[str, LatticeGatewayOutputs]:
        """What people wire of each gateway, which is its role alone."""
        return {
            key: LatticeGatewayOutputs(gateway, self._roles[gateway.role], self._mesh)
            for key, gateway in self._chosen.gateways.items()
        }

    def lattice_outputs(self) -> LatticeOutputs:
        """What people wire of services."""
        return LatticeOutputs(
            self.foundation.mesh_arn,
            self._mesh.region,
            self._told_arns(),
            self._service_outputs,
            cluster_manifests(self.lattice),
        )

    @cached_property
    def _service_outputs(self) -> dict[str, LatticeServiceOutputs]:
        return {
            key: LatticeServiceOutputs(
                key, made.service.arn, dns_name(made.service), self.lattice.services[key].domain
            )
            for key, made in self._services.items()
        }

    def outputs(self) -> dict[str, Any]:
        """What the component registers besides mesh and share."""
        return {
            "services": {
                key: {"arn": each.arn, "dnsName": each.dns_name}
                for key, each in self._service_outputs.items()
            },
            "nodes": {
                key: known_arn(self._mesh.roles[node.role])
                for key, node in self._chosen.nodes.items()
            },
            "gateways": {
                key: known_arn(self._mesh.roles[gateway.role])
                for key, gateway in self._chosen.gateways.items()
            },
        }

    def _told_arns(self) -> dict[str, pulumi.Output[str]]:
        """The ARNs of what is made here, for the stacks of other slices."""
        found: dict[Ref, pulumi.Output[str]] = {
            ("service", key): made.service.arn for key, made in self._services.items()
        }
        found |= {("service share", key): made.share_arn for key, made in self._shares.items()}
        if self._chosen.has(self._mesh.owner, "service network"):
            found[network_ref(self._chosen)] = self.foundation.mesh_arn
        return {arn_key(ref): arn for ref, arn in found.items()}

    @cached_property
    def _known_arns(self) -> dict[Ref, pulumi.Input[str]]:
        """The ARNs of what is made here, once services are, and of what other slices made."""
        own: dict[Ref, pulumi.Input[str]] = {
            ("service", key): made.service.arn for key, made in self._services.items()
        }
        return {**self._found, **own}

    def _policy_arns(self) -> LatticeArns:
        services = {
            name: as_text(arn) for (kind, name), arn in self._known_arns.items()
            if kind == "service"
        }  # fmt: skip
        return LatticeArns(Deferred.of(self.foundation.mesh_arn, "service network"), services)

    def _register_joining(self) -> None:
        """Services and the VPCs of callers, joined to the network."""
        joined = Joining(self._name, self._chosen, self.lattice, self._known_arns, self._options)
        joined.register(self.foundation)
        self._shares = joined.shares
        for key, each in self.lattice.associations.items():
            if not self._chosen.has(each.owner, "VPC association"):
                continue
            context = each.owner.context
            vpc = VpcArgs(
                vpc_id=to_input(each.vpc_id, context),
                security_group_ids=[to_input(group, context) for group in each.security_groups],
            )
            tags = tags_input(self._mesh.config.tags, context)
            opts = waiting(self._options(each.owner), self.foundation.access(each.owner))
            arn = self.foundation.mesh_arn
            register_vpc(f"{self._name}-vpc-{key}", arn, vpc, self._mesh.region, tags, opts)

    def _register_roles(self) -> None:
        mesh = with_checked_providers(self._mesh)
        for cluster in self._chosen.clusters_with_provider:
            register_provider(self._name, mesh.clusters[cluster.key], self._options(cluster.owner))
        for key, role in mesh.roles.items():
            if self._chosen.has(role.owner, "role"):
                opts = self._options(role.owner)
                self._roles[key] = register_role(self._name, role, mesh, opts, ())

    def _register_rights(self, arns: LatticeArns) -> None:
        """What roles may call; who takes a role waits for it."""
        for key, role in self._mesh.roles.items():
            if not self._chosen.has(role.owner, "role policy"):
                continue
            if not calls_something(self.lattice, role):
                continue
            made = self._roles.get(key)
            rights = register_rights(
                self._name, role, self._mesh, self._options(role.owner),
                caller_statements(self.lattice, role, arns), made.known_name if made else None,
            )  # fmt: skip
            if made is not None:
                self._roles[key] = replace(made, resources=(*made.resources, *rights))

    def _register_policies(self, arns: LatticeArns) -> None:
        mesh, called = self._mesh, {call.service for call in self.lattice.calls}
        if called and self._chosen.has(mesh.owner, "network policy"):
            document = network_policy(self.lattice, arns)
            if document is not None:
                self._register_policy("auth", mesh.owner, self.foundation.mesh_arn, document)
        for key, service in self.lattice.services.items():
            if key not in called or not self._chosen.has(service.owner, "auth policy"):
                continue
            document = service_policy(self.lattice, service, arns)
            if document is not None:
                arn = self._known_arns["service", key]
                self._register_policy(f"auth-{key}", service.owner, arn, document)

    def _register_policy(
        self, label: str, owner: Owner, arn: pulumi.Input[str], document: Document
    ) -> None:
        register_auth_policy(
            f"{self._name}-{label}", arn, document, self._mesh.region, self._options(owner)
        )

    def _groups(self, node: str) -> Mapping[tuple[str, int], pulumi.Output[str]]:
        """The target groups of a node, by service and port."""
        return {
            (key, group.port): made.groups[group.key].arn
            for key, made in self._services.items()
            for group in self.lattice.services[key].groups.values()
            if group.node == node and group.key in made.groups
        }

    def _options(self, owner: Owner) -> pulumi.ResourceOptions:
        return in_account(owner, self._providers, self._parent)
