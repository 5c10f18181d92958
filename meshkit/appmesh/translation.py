"""What every translation from the file's models to Pulumi's inputs needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, overload

from meshkit.config.deferred import Deferred
from meshkit.errors import MeshkitError
from meshkit.inputs import checked_input, to_input
from meshkit.topology import leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pulumi

Spec = Any
"""A mapping in the keys of pulumi_aws. Its TypedDicts name the same shape anew for every protocol,
so the tests compare with them, not the types."""


def given(**fields: Any) -> Spec:
    """The fields that say something: neither ``None`` nor an empty list."""
    return {key: value for key, value in fields.items() if value is not None and value != ()}


def duration(text: str | None) -> Spec | None:
    """``2s`` or ``1500ms`` as App Mesh takes it, in the unit that was written."""
    if text is None:
        return None
    unit = "ms" if text.endswith("ms") else "s"
    return {"unit": unit, "value": int(text.removesuffix(unit))}


def lacks(what: str) -> MeshkitError:
    """The error for a field of the API that pulumi_aws can't send; nothing is dropped silently."""
    return MeshkitError(f"{what} can't be sent: pulumi_aws 7 lacks it; remove it")


@dataclass(frozen=True)
class Leaves:
    """Turns the text leaves of one account's resources into inputs."""

    context: Mapping[str, str] = field(default_factory=dict)
    """What ``${account}``, ``${partition}`` and ``${region}`` stand for; empty if not known."""

    @overload
    def text(self, value: None) -> None: ...
    @overload
    def text(self, value: str | Deferred) -> pulumi.Input[str]: ...
    def text(self, value: str | Deferred | None) -> pulumi.Input[str] | None:
        """A leaf as an input; ``MeshkitError`` for a hole that nothing fills."""
        if not isinstance(value, Deferred):
            return value
        self._require_context(value)
        return to_input(value, self.context)

    def tags(self, tags: Mapping[str, str | Deferred]) -> dict[str, pulumi.Input[str]] | None:
        """Tags as an input; ``None`` when there are none."""
        return {key: self.text(value) for key, value in tags.items()} or None

    def certificate(self, value: str | Deferred) -> pulumi.Input[str]:
        """ARN of an ACM certificate; one that comes late is checked before anything uses it."""
        account, region = self.context.get("account"), self.context.get("region")
        if region is None:
            return self.text(value)
        return self.checked(value, lambda text: leaves.certificate(text, account, region))

    def authority(self, value: str | Deferred) -> pulumi.Input[str]:
        """ARN of a private authority, checked as ``certificate``."""
        region = self.context.get("region")
        if region is None:
            return self.text(value)
        return self.checked(value, lambda text: leaves.authority(text, region))

    def checked(
        self, value: str | Deferred, fault: Callable[[str], str | None]
    ) -> pulumi.Input[str]:
        """A leaf that is checked when it comes late; plain text was checked with the file."""
        if isinstance(value, Deferred):
            self._require_context(value)
        return checked_input(value, self.context, fault)

    def _require_context(self, value: Deferred) -> None:
        missing = [h for h in value.holes if h.kind == "context" and h.name not in self.context]
        if missing:
            raise MeshkitError(f'"{value}": only a mesh file knows {missing[0]!r}; write the value')
