"""What can be wrong with a policy or a question about it."""

from __future__ import annotations

from meshkit.errors import MeshkitError

_LONGEST = 500


class _OneLineError(MeshkitError):
    """An error whose text stays one readable line, whatever it quotes of a policy."""

    def __init__(self, message: str) -> None:
        line = " ".join(message.split())
        super().__init__(line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…")


class PolicyError(_OneLineError):
    """A document that is no policy IAM would take."""


class Undecidable(_OneLineError):  # noqa: N818, names what the answer is
    """A question whose answer depends on something that the policies or the request do not tell.

    Never to be read as an allow, nor as a deny.
    """
