"""The ARNs of networks, services and shares that other slices made, which VPC Lattice makes up.

An account finds by its name what is its own, or what RAM shares with it. A service of another
account that is shared with nobody here can only be told by the stack that made it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

import pulumi
import pulumi_aws as aws
from pulumi.output import UNKNOWN

from meshkit.errors import MeshkitError
from meshkit.mesh.presence import LookUpError, asking, looked_up, missing_report, stop_or_warn
from meshkit.topology.lattice.sharing import services_shared
from meshkit.topology.slices import plan

if TYPE_CHECKING:
    from meshkit.mesh.accounts import Providers
    from meshkit.topology.lattice.model import LatticeMesh
    from meshkit.topology.model import Owner
    from meshkit.topology.slices import MeshSlice
    from meshkit.topology.slices.part import Ref

Told = Sequence[pulumi.Input[Mapping[str, Any]]]
"""What other stacks tell: the ``arns`` of each."""

OPENS_NETWORK: Final = ("service network", "share", "acceptance")
"""What makes the network visible to an account."""
ABSENT: Final = (
    "NotFound", "NoSuchEntity", "couldn't find", "no matching", "empty result", "UnknownResource",
)  # fmt: skip


def arn_key(ref: Ref) -> str:
    """How ``arns`` names the ARN of a part."""
    return " ".join(ref)


def network_ref(chosen: MeshSlice) -> Ref:
    """The service network."""
    return "service network", chosen.mesh.name


def found_arns(
    chosen: MeshSlice,
    lattice: LatticeMesh,
    providers: Providers,
    parent: pulumi.Resource,
    told: Told,
) -> dict[Ref, pulumi.Input[str]]:
    """The ARN of all that the slice needs and does not make.

    In a preview, where what is missing may come before the deployment, it only warns.

    Raises ``MeshkitError`` naming everything that is missing, or that nobody tells.
    """
    finder = _Finder(chosen, lattice, providers, parent, told)
    wanted: dict[Ref, Ref] = {}
    for ref in () if chosen.whole else chosen.needs:
        if ref[0] in OPENS_NETWORK:
            wanted.setdefault(network_ref(chosen), ref)
        elif ref[0] == "service" or _is_invitation(lattice, ref):
            wanted.setdefault(ref, ref)
    try:
        found = {ref: finder.find(ref, because) for ref, because in wanted.items()}
        if not chosen.whole:
            finder.look_for_roles()
    except LookUpError as error:
        found = dict.fromkeys(wanted)
        stop_or_warn(f"{chosen}: {error}", parent)
    finder.report()
    return {ref: _unknown() if arn is None else arn for ref, arn in found.items()}


def _unknown() -> pulumi.Output[str]:
    """As what a preview does not know yet."""
    return pulumi.Output.from_input(cast("str", UNKNOWN))


def _is_invitation(lattice: LatticeMesh, ref: Ref) -> bool:
    """Whether it is a share that is to be accepted."""
    return ref[0] == "service share" and lattice.service_shares[ref[1]].accepted


class _Finder:
    """Finds ARNs, and remembers what it did not find."""

    def __init__(
        self,
        chosen: MeshSlice,
        lattice: LatticeMesh,
        providers: Providers,
        parent: pulumi.Resource,
        told: Told,
    ) -> None:
        self._chosen = chosen
        self._lattice = lattice
        self._providers = providers
        self._parent = parent
        self._plain = {
            key: arn for each in told if isinstance(each, Mapping) for key, arn in each.items()
        }
        self._late = [each for each in told if not isinstance(each, Mapping)]
        self._missing: list[Ref] = []
        self._untold: list[Ref] = []

    def find(self, ref: Ref, because: Ref) -> pulumi.Input[str] | None:
        """The ARN; ``because`` is what the slice waits for, which is missing where it is absent."""
        key = arn_key(ref)
        if key in self._plain:
            return cast("pulumi.Input[str]", self._plain[key])
        visible = self._visible(ref)
        arn = self._look_up(ref) if visible else None
        if arn is not None:
            return arn
        if self._late:
            return self._later(key, ref)
        (self._missing if visible else self._untold).append(because)
        return None

    def look_for_roles(self) -> None:
        """Remembers the roles of the file that get rights here and are not there."""
        roles = self._lattice.mesh.roles
        for ref in self._chosen.needs:
            role = roles[ref[1]] if ref[0] == "role" else None
            if role is None or role.adopted or role.name is None:
                continue
            options = asking(role.owner, self._providers, self._parent)
            if looked_up(aws.iam.get_role, ABSENT, options, name=role.name) is None:
                self._missing.append(ref)

    def report(self) -> None:
        """Says what was not found."""
        if self._missing:
            stop_or_warn(missing_report(self._chosen, self._missing), self._parent)
        if self._untold:
            stop_or_warn(self._not_told(), self._parent)

    def _visible(self, ref: Ref) -> bool:
        """Whether who asks can find it by its name."""
        owner = self._asker(ref)
        if ref[0] == "service network":
            share = self._lattice.mesh.share
            accepts = owner.key in self._chosen.accepting
            return share is not None and share.spec.arn is None and not accepts
        if ref[0] == "service share":
            return False
        service = self._lattice.services[ref[1]]
        if owner.id == service.owner.id:
            return True
        shares = self._lattice.service_shares.values()
        accepted = any(each.accepted for each in shares if ref[1] in each.services)
        central = owner.id == self._lattice.mesh.owner.id
        return central and services_shared(self._lattice.mesh.config) and not accepted

    def _asker(self, ref: Ref) -> Owner:
        """The account of the slice; in a slice of all accounts, the owner of what is asked for."""
        mesh = self._lattice.mesh
        if self._chosen.account is not None:
            return mesh.owners.get(self._chosen.account, mesh.owner)
        return self._lattice.services[ref[1]].owner if ref[0] == "service" else mesh.owner

    def _look_up(self, ref: Ref) -> str | None:
        owner = self._asker(ref)
        options = asking(owner, self._providers, self._parent)
        return self._network(owner, options) if ref[0] != "service" else self._service(ref, options)

    def _network(self, owner: Owner, options: pulumi.InvokeOptions) -> str | None:
        """Among what the share of the file has, the network of the mesh."""
        mesh = self._lattice.mesh
        own = owner.id == mesh.owner.id
        share = looked_up(
            aws.ram.get_resource_share, ABSENT, options,
            name=mesh.share.name if mesh.share else None, region=mesh.region,
            resource_owner="SELF" if own else "OTHER-ACCOUNTS", resource_share_status="ACTIVE",
        )  # fmt: skip
        head = (
            f"arn:{mesh.partition.name}:vpc-lattice:{mesh.region}:{mesh.owner.id}:servicenetwork/"
        )
        for arn in share.resource_arns if share else ():
            if arn.startswith(head):
                network = looked_up(
                    aws.vpclattice.get_service_network, ABSENT, options,
                    service_network_identifier=arn, region=mesh.region,
                )  # fmt: skip
                if network is not None and network.name == self._lattice.network:
                    return str(arn)
        return None

    def _service(self, ref: Ref, options: pulumi.InvokeOptions) -> str | None:
        service = self._lattice.services[ref[1]]
        found = looked_up(
            aws.vpclattice.get_service, ABSENT, options,
            name=service.name, region=self._lattice.mesh.region,
        )  # fmt: skip
        own = found is not None and f":{service.owner.id}:" in found.arn
        return str(found.arn) if found is not None and own else None

    def _later(self, key: str, ref: Ref) -> pulumi.Output[str]:
        """The ARN that one of the other stacks tells; an error where none does."""

        def pick(told: list[Mapping[str, str] | None]) -> str:
            for each in told:
                if each is not None and key in each:
                    return each[key]
            if pulumi.runtime.is_dry_run():
                return cast("str", UNKNOWN)
            raise MeshkitError(
                f'{self._chosen}: arns: none of the stacks tells "{key}"; '
                f"deploy {self._home(ref)} first, and export its mesh.lattice.arns"
            )

        return pulumi.Output.all(*self._late).apply(pick)

    def _not_told(self) -> str:
        refs = [ref if ref[0] not in OPENS_NETWORK else network_ref(self._chosen)
                for ref in self._untold]  # fmt: skip
        names = ", ".join(f'{kind} "{name}"' for kind, name in refs)
        homes = " and ".join(dict.fromkeys(map(self._home, refs)))
        return (
            f"{self._chosen}: this account can't look up the ARN of {names}: pass "
            'arns=[pulumi.StackReference("…").get_output("arns")], the mesh.lattice.arns of '
            f"{homes}"
        )

    def _home(self, ref: Ref) -> str:
        """The slice that makes it."""
        slices = plan(self._lattice.mesh).slices
        return next(each.name for each in slices for part in each.parts if part.ref == ref)
