"""Policy documents as Pulumi inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.errors import MeshkitError
from meshkit.inputs import with_values
from meshkit.policy.size import text_size

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from meshkit.policy.document import Document, Text


def document_input(document: Document, context: Mapping[str, str], limit: int) -> pulumi.Input[str]:
    """Canonical JSON of a document: text at once, or an Output where a text has holes.

    A value that makes the document longer than ``limit``, a pattern where an exact ARN belongs, or
    a right to read the configuration of others fails the deployment with ``MeshkitError`` before
    IAM sees it.
    """
    bound = document.bind(context)
    deferred = bound.deferred()
    if not deferred:
        return bound.to_json()

    def made(texts: list[str]) -> str:
        known: dict[Text, str] = dict(zip(deferred, texts, strict=True))
        filled = bound.map(lambda each: known.get(each, each))
        for statement in filled.statements:
            statement.check_own()
        text = filled.to_json()
        if text_size(text) > limit:
            raise MeshkitError(
                f"a policy has {text_size(text)} characters and IAM takes {limit}: "
                "the values that came with the deployment are too long"
            )
        return text

    return with_values(deferred, made)
