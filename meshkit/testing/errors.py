"""What a test may meet beside a failed assertion."""

from __future__ import annotations

from meshkit.errors import MeshkitError


class Unanswerable(MeshkitError):  # noqa: N818 - it is neither a pass nor a failed assertion
    """A question that the program gives no answer to.

    The role is not in it, a policy is not known before deployment, the action does not exist: such
    a question must not pass for a no.
    """


class SnapshotWritten(UserWarning):
    """A snapshot was written anew: review it before it is committed."""
