"""What is in a mesh's share by the keys that name its associations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.deferred import Deferred
from meshkit.errors import MeshkitError
from meshkit.sharing.registration import principal_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshkit.topology.model import ResolvedShare

Text = str | Deferred


def keyed_principals(share: ResolvedShare) -> dict[str, Text]:
    """Each principal by a key that stays with it.

    Raises ``MeshkitError`` for two with one key, of which the second would be lost.
    """
    return _keyed(share.principals, "principals")


def keyed_subnets(share: ResolvedShare) -> dict[str, Text]:
    """Each subnet likewise."""
    return _keyed(share.spec.subnets, "subnets")


def _keyed(values: Iterable[Text], section: str) -> dict[str, Text]:
    keyed: dict[str, Text] = {}
    for value in values:
        key = _key(value)
        if keyed.get(key) == value:
            raise MeshkitError(f'share.{section}: "{value}" is there twice; remove one of the two')
        if key in keyed:
            raise MeshkitError(
                f'share.{section}: two values are named "{key}"; give each as ${{var.NAME}} with '
                "a name of its own"
            )
        keyed[key] = value
    return keyed


def _key(principal: Text) -> str:
    """The principal itself; where it comes late, with the names of what it is made from."""
    if isinstance(principal, Deferred):
        parts = (part if isinstance(part, str) else part.name for part in principal.parts)
        principal = "".join(parts)
    return principal_key(principal)
