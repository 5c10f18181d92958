"""Values that are made once and replaced by turns, with a window in which old and new are good."""

from __future__ import annotations

from dataclasses import dataclass

from meshkit.errors import MeshkitError


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """Which value is in use.

    To rotate: raise ``generation`` by one and set ``keep_previous``, deploy, bring the new value to
    everybody who uses it, set ``keep_previous`` back, deploy.
    """

    generation: int = 1
    """From 1; another one is another value."""
    keep_previous: bool = False
    """Whether the value before is good as well."""

    def __post_init__(self) -> None:
        if self.generation < 1:
            raise MeshkitError("generation: the first is 1")
        if self.keep_previous and self.generation == 1:
            raise MeshkitError("keep_previous: before generation 1 there is none")

    @property
    def generations(self) -> tuple[int, ...]:
        """Those that are good, the one in use first."""
        current = self.generation
        return (current, current - 1) if self.keep_previous else (current,)
