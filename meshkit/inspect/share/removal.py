"""What a change to a share orphans, told from the graphs of a program before and after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.graph import reveal
from meshkit.topology.leaves import parse_arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.graph import Graph, Resource

MESH_IN_SHARE = "aws:ram/resourceAssociation:ResourceAssociation"
PRINCIPAL = "aws:ram/principalAssociation:PrincipalAssociation"


@dataclass(frozen=True, slots=True)
class Orphan:
    """A consumer's resource that stays in the mesh while its account is shut out."""

    resource: Resource
    account: str
    removed: Resource
    """The association whose end shuts the account out."""


def orphans_of_removal(before: Graph, after: Graph) -> tuple[Orphan, ...]:
    """Consumers' resources that are there after a change that takes their account's way in.

    Ways in are the accounts, or the association of the mesh, that ``before`` has and ``after`` has
    not. An organization or unit that goes counts for the accounts that are not principals
    themselves. Resources of stacks that are in neither graph are not seen: ``meshkit share status``
    asks AWS for those.
    """
    gone = lost_ways(before, after)
    unshared = not any(each.type == MESH_IN_SHARE for each in _ways_in(after))
    left = {_principal(each) for each in after.of_type(PRINCIPAL)}
    found = []
    for resource in after:
        account = _consumer(resource)
        if account is None or (account in left and not unshared):
            continue
        removed = next((each for each in gone if _shuts_out(each, account)), None)
        if removed is not None:
            found.append(Orphan(resource, account, removed))
    return tuple(found)


def lost_ways(before: Graph, after: Graph) -> tuple[Resource, ...]:
    """The associations with a share that ``before`` has and ``after`` has not."""
    return tuple(each for each in _ways_in(before) if after.get(each.urn) is None)


def _ways_in(graph: Graph) -> Iterator[Resource]:
    yield from graph.of_type(PRINCIPAL)
    for each in graph.of_type(MESH_IN_SHARE):
        arn = parse_arn(str(reveal(each.inputs.get("resourceArn"))))
        if arn is not None and arn.service == "appmesh":
            yield each


def _principal(association: Resource) -> str:
    return str(reveal(association.inputs.get("principal")))


def _shuts_out(removed: Resource, account: str) -> bool:
    if removed.type == MESH_IN_SHARE:
        return True
    principal = _principal(removed)
    return principal == account or not principal.isdigit()


def _consumer(resource: Resource) -> str | None:
    """The account that made a resource in a mesh of another account."""
    owner = reveal(resource.inputs.get("meshOwner"))
    if owner is None or not resource.type.startswith("aws:appmesh/"):
        return None
    arn = parse_arn(str(reveal(resource.outputs.get("arn"))))
    account = resource.account or (arn.account if arn else None)
    return account if account != owner else None
