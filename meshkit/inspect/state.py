"""The resource graph of ``pulumi stack export``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshkit.errors import UnreadableError
from meshkit.inspect.places import Place, placed
from meshkit.inspect.snapshot import document_in, resource_of

if TYPE_CHECKING:
    from meshkit.graph import Graph

VERSIONS = (3, 4)
"""Versions of the deployment's schema that are known; 4 adds stack traces and hooks."""


def graph_of_state(text: str, *, account: str | None = None) -> Graph:
    """The resources of a stack as it was deployed last.

    A secret is a ``Secret``; without ``--show-secrets`` its value is ``UNKNOWN``. ``account`` is
    that of a default provider none of whose resources has an ARN.

    Raises ``UnreadableError`` for a text that is no exported state.
    """
    exported = document_in(text, "state")
    resources = _resources(exported)
    found = (
        resource_of(entry, "state")
        for entry in resources
        if not (isinstance(entry, dict) and entry.get("delete"))
    )
    return placed(found, Place(account, None))


def _resources(exported: dict[str, Any]) -> list[Any]:
    if "steps" in exported:
        raise UnreadableError("state: this is a preview; give it with --preview")
    deployment = exported.get("deployment")
    version = exported.get("version")
    if not isinstance(deployment, dict) or "version" not in exported:
        raise UnreadableError("state: no deployment in it; give what `pulumi stack export` printed")
    if version not in VERSIONS:
        raise UnreadableError(
            f"state: version {version} of Pulumi's format is not known; known are 3 and 4"
        )
    resources = deployment.get("resources") or []
    if not isinstance(resources, list):
        raise UnreadableError("state: its resources are no list")
    return resources
