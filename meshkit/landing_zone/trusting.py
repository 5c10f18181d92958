"""Trust policies as Pulumi inputs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast, get_args

import pulumi

from meshkit.config.deferred import Deferred
from meshkit.errors import MeshkitError
from meshkit.inputs import as_text, document_input
from meshkit.policy.operator_trust import AccountTrust, OperatorTrust, with_texts
from meshkit.policy.size import TRUST_LIMIT, check_trust

if TYPE_CHECKING:
    from meshkit.policy.document import Document, Text
    from meshkit.policy.operator_trust import Given


def require_trust(name: str, trust: OperatorTrust) -> Document:
    """The trust policy, checked before anything is registered. Raises ``MeshkitError``."""
    if not isinstance(trust, get_args(OperatorTrust)):
        kinds = ", ".join(each.__name__ for each in get_args(OperatorTrust))
        raise MeshkitError(f"{name}: trust takes one of {kinds}")
    try:
        document = check_trust(with_texts(trust, _as_text).document())
    except MeshkitError as error:
        raise MeshkitError(f"{name}: {error}") from None
    return _hidden(trust).document() if isinstance(trust, AccountTrust) else document


def trust_input(document: Document) -> pulumi.Input[str]:
    """The document as JSON; what comes late is checked when it is there."""
    return document_input(document, {}, TRUST_LIMIT)


def _hidden(trust: AccountTrust) -> OperatorTrust:
    """External ids are secrets, however they were given."""
    ids = [
        each if isinstance(each, Deferred) else pulumi.Output.secret(each)
        for each in trust.external_ids
    ]
    return with_texts(replace(trust, external_ids=ids), _as_text)


def _as_text(given: Given) -> Text:
    return given if isinstance(given, Deferred) else as_text(cast("pulumi.Input[str]", given))
