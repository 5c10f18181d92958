"""A part of a mesh: what one account makes in one phase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

from meshkit.topology.invitations import accepting_owners

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from meshkit.topology.model import Owner, ResolvedMesh

Phase = Literal["foundation", "endpoints", "routing"]
PHASES: Final[tuple[Phase, ...]] = get_args(Phase)
"""In the order of deployment."""

Kind = Literal[
    "mesh",
    "share",
    "subnet share",
    "service-linked role",
    "acceptance",
    "operator role",
    "audit trail",
    "OIDC provider",
    "role",
    "virtual node",
    "virtual gateway",
    "virtual router",
    "route",
    "virtual service",
    "gateway route",
    "service network",
    "service",
    "service share",
    "service acceptance",
    "service association",
    "task registration role",
    "security group rule",
    "VPC association",
    "role policy",
    "network policy",
    "auth policy",
]
"""What a part is, as AWS calls it."""

PHASE_OF: Final[Mapping[Kind, Phase]] = {
    "mesh": "foundation",
    "share": "foundation",
    "subnet share": "foundation",
    "service-linked role": "foundation",
    "acceptance": "foundation",
    "operator role": "foundation",
    "audit trail": "foundation",
    "OIDC provider": "endpoints",
    "role": "endpoints",
    "virtual node": "endpoints",
    "virtual gateway": "endpoints",
    # A router refers to nothing. With the endpoints, no two accounts ever wait for each other.
    "virtual router": "endpoints",
    "route": "routing",
    "virtual service": "routing",
    "gateway route": "routing",
    "service network": "foundation",
    "service": "endpoints",
    "service share": "endpoints",
    "task registration role": "endpoints",
    "security group rule": "endpoints",
    "VPC association": "endpoints",
    "service acceptance": "routing",
    "service association": "routing",
    "role policy": "routing",
    "network policy": "routing",
    "auth policy": "routing",
}

Ref = tuple[Kind, str]
"""Kind and name of a part; a route's name follows that of its router or gateway and a slash."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something that one account makes for the mesh; a share is one with its associations."""

    kind: Kind
    name: str
    owner: Owner
    needs: tuple[Ref, ...] = ()
    """What must be there before AWS takes it."""

    @property
    def ref(self) -> Ref:
        """How others refer to it."""
        return self.kind, self.name

    @property
    def phase(self) -> Phase:
        """The phase in which it is made."""
        return PHASE_OF[self.kind]


def share_parts(mesh: ResolvedMesh, shared: Ref) -> Iterator[Part]:
    """The share of a mesh or of its network, that of subnets, and who accepts an invitation."""
    if mesh.share is None:
        return
    yield Part("share", mesh.share.name, mesh.owner, (shared,))
    if mesh.share.spec.subnets:
        yield Part("subnet share", mesh.share.name, mesh.owner)
    for key, owner in accepting_owners(mesh).items():
        yield Part("acceptance", key, owner, (("share", mesh.share.name),))


def way_in(mesh: ResolvedMesh, owner: Owner, shared: Ref, accepting: Container[str]) -> Ref:
    """What an account needs before it can use what is shared; some accept an invitation first."""
    if owner.id == mesh.owner.id or mesh.share is None:
        return shared
    if owner.key in accepting:
        return ("acceptance", owner.key)
    return ("share", mesh.share.name)
