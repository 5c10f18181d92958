"""What a workload takes over from ``defaults.workload`` before its model can be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SECTIONS = ("nodes", "gateways")


def inherit_workload_type(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data with the default's ``type`` in each workload that gives none; else itself."""
    defaults = data.get("defaults")
    workload = defaults.get("workload") if isinstance(defaults, Mapping) else None
    kind = workload.get("type") if isinstance(workload, Mapping) else None
    if not isinstance(kind, str):
        return data
    sections = {key: data[key] for key in SECTIONS if isinstance(data.get(key), Mapping)}
    made = {
        key: {name: _typed(proxy, kind) for name, proxy in section.items()}
        for key, section in sections.items()
    }
    return {**data, **made}


def _typed(proxy: Any, kind: str) -> Any:
    workload = proxy.get("workload") if isinstance(proxy, Mapping) else None
    if not isinstance(workload, Mapping) or "type" in workload:
        return proxy
    return {**proxy, "workload": {"type": kind, **workload}}
