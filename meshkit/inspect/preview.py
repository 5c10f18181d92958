"""The resource graph of ``pulumi preview --json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshkit.errors import UnreadableError
from meshkit.inspect.places import Place, described, placed
from meshkit.inspect.snapshot import document_in, resource_of

if TYPE_CHECKING:
    from meshkit.graph import Graph, Resource

GOING = frozenset({"delete", "delete-replaced", "discard", "discard-replaced", "read-discard"})
"""Operations after which a resource is gone."""


def graph_of_preview(text: str, *, account: str | None = None) -> Graph:
    """The resources that a stack will have after the previewed update.

    A value that only the deployment tells is ``UNKNOWN``; a secret is a ``Secret`` of it, since a
    preview shows none. ``account`` is that of the default provider, which a preview doesn't tell.

    Raises ``UnreadableError`` for a text that is no preview, for a preview that failed, and for one
    without the resources that stay the same: ``--show-sames`` adds them.
    """
    preview = document_in(text, "preview")
    steps = preview.get("steps")
    if not isinstance(steps, list):
        raise UnreadableError(_not_a_preview(preview))
    _check_diagnostics(preview)
    _check_complete(preview, steps)
    known = (step for step in steps if isinstance(step, dict))
    after = [step for step in known if str(step.get("op")) not in GOING]
    return _graph(preview, after, "newState", account)


def graph_before_preview(text: str, *, account: str | None = None) -> Graph:
    """The resources that a stack has before the previewed update.

    Arguments and errors are those of ``graph_of_preview``.
    """
    preview = document_in(text, "preview")
    steps = preview.get("steps")
    known = steps if isinstance(steps, list) else []
    return _graph(preview, [step for step in known if isinstance(step, dict)], "oldState", account)


def _graph(
    preview: dict[str, Any], steps: list[dict[str, Any]], state: str, account: str | None
) -> Graph:
    """The resources in one state of the steps, the last of each URN."""
    resources = (resource_of(step[state], "preview") for step in steps if step.get(state))
    found: dict[str, Resource] = {resource.urn: resource for resource in resources}
    default = described(_settings(preview))
    return placed(found.values(), Place(default.account or account, default.region))


def _settings(preview: dict[str, Any]) -> dict[str, Any]:
    """The settings of the default provider, which stand in the stack's configuration."""
    config = preview.get("config")
    if not isinstance(config, dict):
        return {}
    return {key.removeprefix("aws:"): config[key] for key in config if key.startswith("aws:")}


def config_of_preview(text: str) -> dict[str, str]:
    """The stack's configuration that a preview shows; secrets are masked in it.

    Raises ``UnreadableError`` for a text that is no JSON object.
    """
    config = document_in(text, "preview").get("config")
    return {key: str(value) for key, value in config.items()} if isinstance(config, dict) else {}


def _not_a_preview(found: dict[str, Any]) -> str:
    if "deployment" in found:
        return "preview: this is a stack's exported state; give it with --state"
    return "preview: no steps in it; give what `pulumi preview --json --show-sames` printed"


def _check_diagnostics(preview: dict[str, Any]) -> None:
    for each in preview.get("diagnostics") or ():
        if isinstance(each, dict) and each.get("severity") == "error":
            message = " ".join(str(each.get("message", "")).split())
            raise UnreadableError(f"preview: it failed: {message}")


def _check_complete(preview: dict[str, Any], steps: list[Any]) -> None:
    """A preview leaves out what stays the same unless it is asked to show it."""
    summary = preview.get("changeSummary") or {}
    same = summary.get("same", 0) if isinstance(summary, dict) else 0
    shown = sum(isinstance(step, dict) and step.get("op") == "same" for step in steps)
    if isinstance(same, int) and shown < same:
        raise UnreadableError(
            f"preview: {same - shown} resources that stay the same are not in it; make it with "
            "`pulumi preview --json --show-sames`"
        )
