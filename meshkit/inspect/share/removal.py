"""What a change to a share orphans, told from the graphs of a program before and after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from meshkit.graph import UNKNOWN, reveal
from meshkit.topology.leaves import parse_arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.graph import Graph, Resource

MESH_IN_SHARE = "aws:ram/resourceAssociation:ResourceAssociation"
PRINCIPAL = "aws:ram/principalAssociation:PrincipalAssociation"
ASSOCIATIONS = (
    "aws:vpclattice/serviceNetworkServiceAssociation:ServiceNetworkServiceAssociation",
    "aws:vpclattice/serviceNetworkVpcAssociation:ServiceNetworkVpcAssociation",
)
_ENDS = ("serviceNetworkIdentifier", "serviceIdentifier")
EXCLUSIVE = "aws:ram/resourceShareAssociationsExclusive:ResourceShareAssociationsExclusive"


class Mesh(NamedTuple):
    """Which mesh, or which network or service of VPC Lattice, is shared.

    Two meshes of one name may be in two accounts, or in two regions.
    """

    owner: str
    name: str
    region: str | None
    """``None`` where a program leaves it to its provider."""

    def is_(self, other: Mesh) -> bool:
        """Whether both are one mesh, as far as the regions are known."""
        known = None not in (self.region, other.region)
        return self[:2] == other[:2] and (not known or self.region == other.region)


class _Entry(NamedTuple):
    """A principal or a mesh in a share; ``None`` for one that only a deployment tells."""

    share: str
    entity: Any
    by: Resource


@dataclass(frozen=True, slots=True)
class LostWay:
    """What goes out of a share."""

    association: Resource
    principal: str | None
    """``None`` where the mesh goes."""


class _Way(NamedTuple):
    """A principal that a share lets into a mesh; ``None`` for any."""

    principal: str | None
    mesh: Mesh | None
    share: str
    by: tuple[Any, Any]
    """What puts the principal into the share, and what the mesh."""

    def may_lead(self, account: str, mesh: Mesh) -> bool:
        """Whether it lets an account into a mesh; an organization may let anybody in."""
        if self.mesh is not None and not self.mesh.is_(mesh):
            return False
        arn = parse_arn(self.principal or "")
        if arn is not None and arn.service == "iam":
            return arn.account == account
        return self.principal in (None, account) or arn is not None

    def replaces(self, other: _Way) -> bool:
        """Whether it surely lets the same principal into the same mesh."""
        one_share = self.share == other.share
        if self.principal != other.principal and not (one_share and other.principal is None):
            return False
        if self.mesh is None or other.mesh is None:
            return self.mesh is other.mesh or (one_share and other.mesh is None)
        return self.mesh.is_(other.mesh)


@dataclass(frozen=True, slots=True)
class Orphan:
    """A consumer's resource that stays in the mesh while its account is shut out."""

    resource: Resource
    account: str
    removed: LostWay
    """What shuts the account out."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What an update takes out of shares, and what that orphans."""

    lost: tuple[LostWay, ...]
    orphans: tuple[Orphan, ...]


def removal(before: Graph, after: Graph) -> Removal:
    """What ``after`` has no longer of the ways that ``before`` has into meshes.

    Consumers' resources are orphaned that stay in a mesh into which nothing leads their account.
    An organization or unit that stays may let an account in, so that what it made is not called
    orphaned. Resources of stacks that are in neither graph are not seen: ``meshkit share status``
    asks AWS for those.
    """
    remaining = _ways(after, before)
    gone = [
        way for way in _ways(before, before) if not any(each.replaces(way) for each in remaining)
    ]
    if not gone:
        return Removal((), ())
    kept = {(each.share, each.entity) for each in _principals(after, before)}
    lost = [_lost(way, kept) for way in gone]
    shut_out: dict[tuple[str, Mesh], LostWay | None] = {}
    orphans = []
    for resource in after:
        consumer = _consumer(resource)
        if consumer is None:
            continue
        if consumer not in shut_out:
            shut_out[consumer] = _shutting_out(consumer, remaining, gone, lost)
        removed = shut_out[consumer]
        if removed is not None:
            orphans.append(Orphan(resource, consumer[0], removed))
    once = {(each.association.urn, each.principal): each for each in lost}
    return Removal(tuple(once.values()), tuple(orphans))


def _shutting_out(
    consumer: tuple[str, Mesh], remaining: list[_Way], gone: list[_Way], lost: list[LostWay]
) -> LostWay | None:
    if any(way.may_lead(*consumer) for way in remaining):
        return None
    return next(
        (what for way, what in zip(gone, lost, strict=True) if way.may_lead(*consumer)), None
    )


def _lost(way: _Way, kept: set[tuple[str, Any]]) -> LostWay:
    by_principal, by_mesh = way.by
    if by_mesh is None or (by_principal and (way.share, way.principal) not in kept):
        return LostWay(by_principal, way.principal)
    return LostWay(by_mesh, None)


def _ways(graph: Graph, before: Graph) -> list[_Way]:
    """Every principal with every mesh of its share.

    A share of which the program has the principals alone may have any mesh, and the other way
    round.
    """
    principals, meshes = list(_principals(graph, before)), list(_meshes(graph, before))
    filled = _shares(MESH_IN_SHARE, graph, before)
    let_in = _shares(PRINCIPAL, graph, before)
    ways = [
        _Way(principal.entity, mesh.entity, principal.share, (principal.by, mesh.by))
        for principal in principals
        for mesh in meshes
        if mesh.share == principal.share
    ]
    alone = [each for each in principals if each.share not in filled]
    ways += [_Way(each.entity, None, each.share, (each.by, None)) for each in alone]
    alone = [each for each in meshes if each.share not in let_in]
    ways += [_Way(None, each.entity, each.share, (None, each.by)) for each in alone]
    return ways


def _shares(type_: str, *graphs: Graph) -> set[str]:
    """The shares whose associations of a type are in one of the graphs, whatever they put in."""
    before = graphs[-1]
    return {
        _share(each, before) for graph in graphs for kind in (type_, EXCLUSIVE)
        for each in graph.of_type(kind)
    }  # fmt: skip


def _principals(graph: Graph, before: Graph) -> Iterator[_Entry]:
    for share, value, by in _entries(graph, before, PRINCIPAL, "principal", "principals"):
        yield _Entry(share, None if value is UNKNOWN else str(value), by)


def _meshes(graph: Graph, before: Graph) -> Iterator[_Entry]:
    for share, value, by in _entries(graph, before, MESH_IN_SHARE, "resourceArn", "resourceArns"):
        if value is UNKNOWN:
            yield _Entry(share, None, by)
            continue
        mesh = _shared(value)
        if mesh is not None:
            yield _Entry(share, mesh, by)


def _shared(arn: Any) -> Mesh | None:
    """What an ARN names, if others build in it or join it."""
    parts = parse_arn(str(arn))
    if parts is None or parts.service not in ("appmesh", "vpc-lattice"):
        return None
    return Mesh(parts.account, parts.resource.partition("/")[2], parts.region)


def _entries(
    graph: Graph, before: Graph, type_: str, member: str, members: str
) -> Iterator[_Entry]:
    for each in graph.of_type(type_):
        yield _Entry(_share(each, before), reveal(each.inputs.get(member)), each)
    for each in graph.of_type(EXCLUSIVE):
        listed = reveal(each.inputs.get(members)) or []
        for entity in [UNKNOWN] if listed is UNKNOWN else listed:
            yield _Entry(_share(each, before), entity, each)


def _share(association: Resource, before: Graph) -> str:
    """The ARN of the share. That of one made anew is not known: there it is the one it replaces."""
    arn = reveal(association.inputs.get("resourceShareArn"))
    if isinstance(arn, str):
        return arn
    made_by = next(iter(association.input_dependencies.get("resourceShareArn", ())), "")
    old = before.get(made_by)
    return made_by if old is None else str(reveal(old.outputs.get("arn")))


def _consumer(resource: Resource) -> tuple[str, Mesh] | None:
    """The account that made a resource in a mesh of another account, and that mesh.

    On VPC Lattice, an association with a network or service of another account.
    """
    arn = parse_arn(str(reveal(resource.outputs.get("arn"))))
    account = resource.account or (arn.account if arn else None)
    if account is None:
        return None
    if resource.type in ASSOCIATIONS:
        ends = (_shared(reveal(resource.inputs.get(member))) for member in _ENDS)
        other = next((each for each in ends if each and each.owner != account), None)
        return (account, other) if other else None
    owner = reveal(resource.inputs.get("meshOwner"))
    if owner in (None, account) or not resource.type.startswith("aws:appmesh/"):
        return None
    region = reveal(resource.inputs.get("region")) or resource.region or (arn and arn.region)
    return account, Mesh(str(owner), str(reveal(resource.inputs.get("meshName"))), region)
