"""What a proof finds: one violation, or one thing that can't be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshkit.config.finding import Location


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of violation; its page in the docs is made from these texts."""

    code: str
    """``MP`` and three digits; never used again for another kind."""
    title: str
    """What is wrong, in one sentence."""
    why: str
    """Why it matters."""
    mend: str
    """What to do about it."""
    source: str
    """The AWS document or the decision it comes from."""

    def found(  # noqa: PLR0913 - one keyword for each part of a violation
        self,
        message: str,
        *,
        role: str | None = None,
        endpoint: str | None = None,
        statement: str | None = None,
        resource: str | None = None,
        place: Location | None = None,
        mend: str | None = None,
    ) -> Violation:
        """A violation of this kind; whatever a message quotes, it stays on one line."""
        return Violation(
            code=self.code,
            title=self.title,
            message=" ".join(message.split()),
            role=role,
            endpoint=endpoint,
            statement=statement,
            resource=resource,
            place=place,
            why=self.why,
            mend=self.mend if mend is None else mend,
        )


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing in a program that lets somebody do more, or a proxy do less, than is declared."""

    code: str
    title: str
    message: str
    """What is wrong here, in one line."""
    role: str | None
    """ARN of the role, or of the user; its name where the account isn't known."""
    endpoint: str | None
    """ARN of the node or gateway."""
    statement: str | None
    """JSON of the statement that causes it."""
    resource: str | None
    """URN of the resource that causes it."""
    place: Location | None
    """Where the mesh file or the program asks for it."""
    why: str
    mend: str
    """What to do here."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that the graph can't tell, and the proof therefore leaves open."""

    subject: str
    """ARN or name of the role or resource."""
    message: str
    """What can't be told, and why, in one line."""
    resource: str | None = None
    """URN of the resource."""
    place: Location | None = None
