"""What can be wrong with a policy or a question about it."""

from __future__ import annotations

from meshkit.errors import MeshkitError


class PolicyError(MeshkitError):
    """A document that is no policy IAM would take."""


class Undecidable(MeshkitError):  # noqa: N818, names what the answer is
    """A question whose answer depends on something that the policies or the request do not tell.

    Never to be read as an allow, nor as a deny.
    """
