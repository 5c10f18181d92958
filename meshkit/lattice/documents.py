"""Auth policies as Pulumi inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.errors import MeshkitError
from meshkit.inputs import with_values
from meshkit.policy.lattice import AUTH_POLICY_LIMIT

if TYPE_CHECKING:
    import pulumi

    from meshkit.policy.document import Document, Text


def auth_policy_input(document: Document) -> pulumi.Input[str]:
    """Canonical JSON of a policy: text at once, or an Output where a text has holes.

    One that turns out longer than VPC Lattice takes fails the deployment with ``MeshkitError``.
    """
    deferred = document.deferred()
    if not deferred:
        return fitting(document)

    def made(texts: list[str]) -> str:
        known: dict[Text, str] = dict(zip(deferred, texts, strict=True))
        return fitting(document.map(lambda each: known.get(each, each)))

    return with_values(deferred, made)


def fitting(document: Document) -> str:
    """Canonical JSON of a policy; ``MeshkitError`` for one that is too long."""
    text = document.to_json()
    if len(text) > AUTH_POLICY_LIMIT:
        raise MeshkitError(
            f"an auth policy has {len(text)} characters and VPC Lattice takes "
            f"{AUTH_POLICY_LIMIT}: let fewer roles call the service"
        )
    return text
