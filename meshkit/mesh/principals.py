"""The principals of a mesh's share by the keys that name their associations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.deferred import Deferred
from meshkit.errors import MeshkitError
from meshkit.sharing.registration import principal_key

if TYPE_CHECKING:
    from meshkit.topology.model import ResolvedShare

Principal = str | Deferred


def keyed_principals(share: ResolvedShare) -> dict[str, Principal]:
    """Each principal by a key that stays with it.

    Raises ``MeshkitError`` for two with one key, of which the second would be lost.
    """
    keyed: dict[str, Principal] = {}
    for principal in share.principals:
        key = _key(principal)
        if key in keyed:
            raise MeshkitError(
                f'share.principals: two values are named "{key}"; give each as ${{var.NAME}} with '
                "a name of its own"
            )
        keyed[key] = principal
    return keyed


def _key(principal: Principal) -> str:
    """The principal itself; where it comes late, with the names of what it is made from."""
    if isinstance(principal, Deferred):
        parts = (part if isinstance(part, str) else part.name for part in principal.parts)
        principal = "".join(parts)
    return principal_key(principal)
