"""Access logs of nodes and gateways. Source: API Logging, VirtualGatewayLogging."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.appmesh.translation import given

if TYPE_CHECKING:
    from meshkit.appmesh.translation import Leaves, Spec
    from meshkit.config.access_log import AccessLog, LogFormat


def logging(log: AccessLog | None, leaves: Leaves) -> Spec | None:
    """Where a proxy logs requests, and how."""
    return log and {
        "access_log": {"file": given(path=leaves.text(log.path), format=_format(log.format))}
    }


def _format(form: LogFormat | None) -> Spec | None:
    if form is None:
        return None
    pairs = form.json_ and [{"key": key, "value": value} for key, value in form.json_.items()]
    return given(jsons=pairs, text=form.text)
