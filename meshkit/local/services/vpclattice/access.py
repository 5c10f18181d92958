"""Finding what a request names, by the rights of who asks.

Sources: VPC Lattice user guide, "Share your VPC Lattice entities"; API reference of the
operations. A consumer of a share uses an entity by its ARN; an id means one of the caller's own.
"""

from __future__ import annotations

from meshkit.local.services.dispatch import Call
from meshkit.local.services.ram.access import allows, shared_with
from meshkit.local.services.vpclattice.backend import backend, everywhere, home
from meshkit.local.services.vpclattice.grants import grants
from meshkit.local.services.vpclattice.kinds import Kind
from meshkit.local.services.vpclattice.refusals import denied, not_found
from meshkit.local.services.vpclattice.resource import Resource, identified


def own(call: Call, kind: Kind, parent: Resource | None = None) -> Resource:
    """Return the caller's resource that the request names.

    Raises `AccessDeniedException` for another account's, `ResourceNotFoundException`.
    """
    return own_named(call, kind, call.params[kind.identifier], parent)


def own_named(call: Call, kind: Kind, text: str, parent: Resource | None = None) -> Resource:
    """Return the caller's resource with this id or ARN."""
    named = identified(text)
    if named.account not in (None, call.account):
        raise denied(call, text)
    found = home(call).resources[kind].get(named.id)
    elsewhere = named.region not in (None, call.region)
    if found is None or elsewhere or (parent and found.parent != parent.id):
        raise not_found(kind, text)
    return found


def usable(call: Call, kind: Kind) -> Resource:
    """Return a service or service network: the caller's own, or one shared for this operation."""
    text = call.params[kind.identifier]
    named = identified(text)
    if named.account in (None, call.account):
        return own_named(call, kind, text)
    found = None
    if named.region == call.region:
        found = backend(str(named.account), call.region).resources[kind].get(named.id)
    if found is None or not is_shared(call, found):
        # A stranger does not learn what exists.
        raise denied(call, text)
    return found


def is_shared(call: Call, resource: Resource) -> bool:
    """Return whether the owner lets the caller do this with a service or service network."""
    return allows(call, resource.owner, resource.arn) or grants(call, resource)


def visible(call: Call, kind: Kind) -> list[Resource]:
    """Return the services or service networks that the caller owns or that RAM shares with it."""
    arns = (identified(arn) for arn in shared_with(call, f"vpc-lattice:{kind.label}"))
    shared = (backend(str(arn.account), call.region).resources[kind].get(arn.id) for arn in arns)
    return [*home(call).of(kind), *filter(None, shared)]


def joined(call: Call, kind: Kind) -> Resource:
    """Return an association that the caller created, or whose service or network is the caller's.

    It stays the caller's when what it joins is shared no more.
    """
    text = call.params[kind.identifier]
    named = identified(text)
    if named.account in (None, call.account) and named.region in (None, call.region):
        for found in everywhere(kind, call.region):
            if found.id == named.id and call.account in found.accounts:
                return found
    raise not_found(kind, text)
