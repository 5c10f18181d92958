"""The whole mesh file as one component."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws  # Pulumi evaluates the annotations of components

from meshkit.config.deferred import Deferred
from meshkit.config.load import paused_gc
from meshkit.mesh.accounts import check_caller, check_providers, make_providers
from meshkit.mesh.endpoints import GatewayOutputs, Named, NodeOutputs
from meshkit.mesh.registration import Registration
from meshkit.mesh.source import resolved_mesh

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.config.load import Source
    from meshkit.topology.model import Endpoint, ResolvedMesh


class SharedMesh(pulumi.ComponentResource):
    """Everything in a mesh file: mesh, share, proxies with their roles, routing.

    Each account works through a provider of its own: the one in ``providers``, else one that
    assumes the account's ``assume_role``; the mesh owner without either uses the caller's.

    Names in the stack come from names in the file, so that adding or removing one thing leaves the
    others alone. A renamed node, router, service or gateway is made anew, what points at it moves
    over, and then the old one goes. Another mesh name does that with the whole mesh. What moves to
    another account under its old name meets itself there: App Mesh refuses the second of a name, so
    rename it, or remove it first.
    """

    mesh_arn: pulumi.Output[str]
    """ARN of the mesh, known in a preview."""
    share_arn: pulumi.Output[str] | None
    """ARN of the share; ``None`` when the mesh is not shared."""
    nodes: Named[NodeOutputs]
    """What to wire of each node, by name: ``mesh.nodes["storefront"].role_arn``."""
    gateways: Named[GatewayOutputs]
    """What to wire of each gateway, by name."""
    providers: Named[aws.Provider]
    """The providers of the accounts by their keys in the file, for what runs beside the mesh."""

    def __init__(
        self,
        name: str,
        config: Source | None = None,
        *,
        values: Mapping[str, Any] | None = None,
        providers: Mapping[str, aws.Provider] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Checks everything, then registers everything.

        ``config`` is a path, the data of a file, or a ``MeshFile``; without it the stack's
        configuration has ``meshkit:file`` or ``meshkit:mesh``. ``values`` fill ``${var.NAME}``,
        with plain data or Outputs. ``providers`` are by the account's key in the file.

        Raises, before anything is registered:
            UnreadableError: the file can't be read.
            ConfigError: it says something wrong; with every finding.
            MeshkitError: a value or a way into an account is missing, or it is another account.
        """
        mesh = resolved_mesh(config, values)
        handed_in = providers or {}
        check_providers(mesh, handed_in)
        check_caller(mesh, handed_in, opts)
        super().__init__("meshkit:index:SharedMesh", name, None, opts)
        for finding in mesh.findings:
            pulumi.log.warn(finding.unlabelled, self)
        by_account = make_providers(name, mesh, handed_in, self)
        made = Registration(name, mesh, by_account, self)
        with paused_gc():  # it would walk through hundreds of new resources again and again
            made.register()
        self.mesh_arn, self.share_arn = made.mesh_arn, made.share_arn
        self.providers = Named("provider of an account", by_account)
        self.nodes = Named(
            "node",
            {
                key: NodeOutputs(node, made.nodes[key], made.roles[node.role], mesh)
                for key, node in mesh.nodes.items()
            },
        )
        self.gateways = Named(
            "gateway",
            {
                key: GatewayOutputs(gateway, made.gateways[key], made.roles[gateway.role], mesh)
                for key, gateway in mesh.gateways.items()
            },
        )
        self.register_outputs(_outputs(self, mesh))


def _outputs(component: SharedMesh, mesh: ResolvedMesh) -> dict[str, Any]:
    return {
        "meshArn": component.mesh_arn,
        "shareArn": component.share_arn,
        "nodes": {key: _arns(node, mesh) for key, node in mesh.nodes.items()},
        "gateways": {key: _arns(gateway, mesh) for key, gateway in mesh.gateways.items()},
    }


def _arns(endpoint: Endpoint, mesh: ResolvedMesh) -> dict[str, str]:
    """Computed, so that hundreds of them cost nothing; those not known yet are left out."""
    role = mesh.roles[endpoint.role].arn
    arns = {"arn": endpoint.arn}
    return arns if isinstance(role, Deferred) else {**arns, "roleArn": role}
