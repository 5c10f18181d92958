"""From a resource graph to what it says about access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.access import parts
from meshkit.inspect.access.guarded import guarded
from meshkit.inspect.access.identities import Identities
from meshkit.inspect.access.model import Access
from meshkit.inspect.access.references import References

if TYPE_CHECKING:
    from meshkit.graph import Graph
    from meshkit.inspect.violation import Unknown


def access_of(graph: Graph) -> Access:
    """All that a graph says about access, in the order of the program."""
    references = References(graph)
    identities = Identities(references)
    found = identities.collect()
    unknowns: list[Unknown] = identities.unknowns
    return Access(
        identities=found,
        endpoints=tuple(parts.endpoints(references, unknowns)),
        guarded=tuple(guarded(references, unknowns)),
        shares=tuple(parts.shares(references, unknowns)),
        keys=tuple(parts.access_keys(references)),
        control_policies=tuple(parts.control_policies(references, unknowns)),
        associations=tuple(parts.associations(references)),
        profiles=tuple(parts.instance_profiles(references)),
        unknowns=tuple(unknowns),
        parents=dict(parts.organization(references)),
    )
