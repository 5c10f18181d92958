"""Policies that fit: IAM's limits, and how statements are spread within them.

IAM counts characters without white space. The limits can't be raised, save the number of attached
policies, for which AWS's default holds here. Source: IAM User Guide, IAM and STS quotas.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from meshkit.errors import MeshkitError
from meshkit.policy.document import Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from meshkit.config.deferred import Hole
    from meshkit.policy.document import Statement, Text

INLINE_LIMIT = 10_240
"""All inline policies of one role together."""
MANAGED_LIMIT = 6_144
"""One managed policy."""
ATTACHED_LIMIT = 10
"""Managed policies of one role: AWS's default, which it raises on request."""
TRUST_LIMIT = 2_048
"""A trust policy: AWS's default, which it raises on request."""
HOLE_SIZE = 128
"""Taken for a value of unknown length: no ARN that a proxy needs is longer."""


@dataclass(frozen=True, slots=True)
class PolicySet:
    """The policies that carry a role's statements: one inline, or several managed ones."""

    inline: Document | None = None
    managed: tuple[Document, ...] = ()


def fit(
    statements: Sequence[Statement],
    *,
    attached: int = 0,
    mend: str = "give fewer proxies one role",
) -> PolicySet:
    """Spreads statements over as few policies as IAM's limits allow, always in the same way.

    ``attached`` counts the policies that the role carries anyway. Raises ``MeshkitError``, with
    ``mend``, when no spread fits.
    """
    if not statements:
        return PolicySet()
    whole = Document(tuple(statements))
    if size(whole) <= INLINE_LIMIT:
        return PolicySet(inline=whole)
    documents = tuple(spread(_in_order(statements), MANAGED_LIMIT))
    if len(documents) + attached > ATTACHED_LIMIT:
        raise MeshkitError(
            f"the role needs {len(documents)} managed policies beside {attached} others, and IAM "
            f"attaches {ATTACHED_LIMIT}: {mend}"
        )
    return PolicySet(managed=documents)


def size(document: Document) -> int:
    """Characters of a document as IAM counts them.

    A value not known yet counts as many as it will have, or as a long ARN.
    """
    return text_size(_assumed(document).to_json())


def text_size(text: str) -> int:
    """Characters without white space."""
    return len("".join(text.split()))


def check_trust(document: Document) -> Document:
    """The document, when it is short enough for a trust policy; else ``MeshkitError``."""
    found = size(document)
    if found > TRUST_LIMIT:
        raise MeshkitError(
            f"the trust policy has {found} characters and IAM takes {TRUST_LIMIT}: "
            "give fewer callers one role"
        )
    return document


def check_inline(document: Document) -> Document:
    """The document, when it is short enough for a role's inline policy; else ``MeshkitError``."""
    found = size(document)
    if found > INLINE_LIMIT:
        raise MeshkitError(
            f"the policy has {found} characters and IAM takes {INLINE_LIMIT}: "
            "give the role fewer routers"
        )
    return document


def _in_order(statements: Sequence[Statement]) -> list[Statement]:
    """Sorted, so that the spread does not hang on the order of the file."""
    return sorted(
        (replace(each, resources=_sorted(each.resources)) for each in statements),
        key=lambda each: _assumed(Document((each,))).to_json(),
    )


def _sorted(texts: tuple[Text, ...]) -> tuple[Text, ...]:
    return tuple(sorted(dict.fromkeys(texts), key=str))


def spread(statements: Sequence[Statement], limit: int) -> Iterator[Document]:
    """Fills one policy of a size after the other; only resources of a statement are parted.

    Raises ``MeshkitError`` for a statement that fits in none.
    """
    current: tuple[Statement, ...] = ()
    for statement in statements:
        rest: Statement | None = statement
        while rest is not None:
            head, rest = _part(current, rest, limit)
            if head is not None:
                current = (*current, head)
            if rest is not None:
                if not current:
                    raise MeshkitError(
                        f"a statement ({statement.sid or 'no Sid'}) is longer than the "
                        f"{limit} characters of a policy: write it as several"
                    )
                yield Document(current)
                current = ()
    if current:
        yield Document(current)


def _part(
    current: tuple[Statement, ...], statement: Statement, limit: int
) -> tuple[Statement | None, Statement | None]:
    """What of a statement still fits behind ``current``, and what is left."""
    if _fits((*current, statement), limit):
        return statement, None
    low, high = 0, len(statement.resources) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if _fits((*current, replace(statement, resources=statement.resources[:middle])), limit):
            low = middle
        else:
            high = middle - 1
    if low <= 0:
        return None, statement
    head, tail = statement.resources[:low], statement.resources[low:]
    return replace(statement, resources=head), replace(statement, resources=tail)


def _fits(statements: tuple[Statement, ...], limit: int) -> bool:
    return size(Document(statements)) <= limit


def _assumed(document: Document) -> Document:
    """The document with every hole filled by as many characters as it may take."""
    if not document.deferred():
        return document
    numbers: dict[Hole, int] = {}

    def stand_in(hole: Hole) -> str:
        number = numbers.setdefault(hole, len(numbers))
        length = hole.length or HOLE_SIZE
        return f"{hole.name}/{number}"[-length:].ljust(length, "x")  # each of its own

    return document.map(lambda text: text if isinstance(text, str) else str(text.fill(stand_in)))
