"""The whole mesh file as one component."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws  # Pulumi evaluates the annotations of components

from meshkit.garbage import leave_modules_alone, paused_gc
from meshkit.landing_zone.audit_trail import MeshAuditTrail
from meshkit.landing_zone.operator_role import OperatorRole
from meshkit.mesh.accounts import check_caller, check_providers, make_providers
from meshkit.mesh.audit import register_audit
from meshkit.mesh.endpoints import GatewayOutputs, Named, NodeOutputs
from meshkit.mesh.lattice_outputs import LatticeOutputs
from meshkit.mesh.presence import check_presence, check_share_arn
from meshkit.mesh.source import chosen_slice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshkit.config.load import Source
    from meshkit.mesh.lattice import LatticeRegistration
    from meshkit.mesh.registration import Registration


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
    """ARN of the mesh, known in a preview. On VPC Lattice that of the service network, which is
    ``None`` inside in a slice that has nothing to do with the network."""
    share_arn: pulumi.Output[str] | None
    """ARN of the share; ``None`` when the mesh is not shared, or the share is in another slice."""
    nodes: Named[NodeOutputs]
    """What to wire of each node, by name: ``mesh.nodes["storefront"].role_arn``."""
    gateways: Named[GatewayOutputs]
    """What to wire of each gateway, by name."""
    operators: Named[OperatorRole]
    """The roles of operators, by name: ``mesh.operators["pipeline"].role_arn``."""
    audit: MeshAuditTrail | None
    """The audit trail; ``None`` without one, and in a slice that does not make it."""
    lattice: LatticeOutputs | None
    """Services and what else there is on VPC Lattice alone; ``None`` on App Mesh."""
    providers: Named[aws.Provider]
    """The providers of the accounts by their keys in the file, for what runs beside the mesh."""

    def __init__(  # noqa: PLR0913 - options, by keyword
        self,
        name: str,
        config: Source | None = None,
        *,
        values: Mapping[str, Any] | None = None,
        providers: Mapping[str, aws.Provider] | None = None,
        account: str | None = None,
        phase: str | None = None,
        share_arn: pulumi.Input[str] | None = None,
        arns: Sequence[pulumi.Input[Mapping[str, Any]]] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Checks everything, then registers everything.

        ``config`` is a path, the data of a file, or a ``MeshFile``; without it the stack's
        configuration has ``meshkit:file`` or ``meshkit:mesh``. ``values`` fill ``${var.NAME}``,
        with plain data or Outputs. ``providers`` are by the account's key in the file.

        ``account`` (key or id) and ``phase`` (``foundation``, ``endpoints``, ``routing``) choose a
        slice: what that account makes, in that phase. All slices together make the whole mesh,
        resource for resource. In the slice of an account the caller's own provider works, and only
        its own parts need values. ``share_arn`` is the ARN of the share for a slice that accepts an
        invitation to it, from the stack of the mesh owner. ``arns`` are the ``lattice.arns`` of
        other stacks: VPC Lattice makes up the ids of services, and who calls one of another account
        can't look it up.

        Raises, before any resource of AWS is registered:
            UnreadableError: the file can't be read.
            ConfigError: it says something wrong; with every finding.
            MeshkitError: a value or a way into an account is missing, it is another account, or
                what a slice builds on is not there yet (a preview only warns of that).
        """
        chosen = chosen_slice(config, values, account, phase)
        mesh, handed_in = chosen.mesh, providers or {}
        check_providers(chosen, handed_in)
        check_caller(chosen, handed_in, opts)
        check_share_arn(chosen, share_arn)
        super().__init__("meshkit:index:SharedMesh", name, None, opts)
        for finding in mesh.findings:
            pulumi.log.warn(finding.unlabelled, self)
        by_account = make_providers(name, chosen, handed_in, self)
        made: Registration | LatticeRegistration
        # The rooms of the other data plane stay unloaded.
        if mesh.config.data_plane == "vpc-lattice":
            from meshkit.mesh.lattice import LatticeRegistration  # noqa: PLC0415

            made = LatticeRegistration(name, chosen, by_account, self, share_arn, arns)
        else:
            from meshkit.mesh.registration import Registration  # noqa: PLC0415

            check_presence(chosen, by_account, self)
            made = Registration(name, chosen, by_account, self, share_arn)
        leave_modules_alone()
        with paused_gc():  # it would walk through hundreds of new resources again and again
            self.audit = register_audit(name, chosen, by_account, self)
            made.register()
        self.mesh_arn = made.foundation.mesh_arn
        self.share_arn = made.foundation.share.share_arn if made.foundation.share else None
        self.providers = Named("provider of an account", by_account)
        self.nodes = Named("node", made.node_outputs())
        self.gateways = Named("gateway", made.gateway_outputs())
        self.operators = Named("operator", made.operators)
        self.lattice = made.lattice_outputs()
        self.register_outputs(
            {"meshArn": self.mesh_arn, "shareArn": self.share_arn, **made.outputs()}
        )
