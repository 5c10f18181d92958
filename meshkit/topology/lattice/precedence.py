"""Which route of App Mesh wins where several match, and the dense priorities that say the same.

0 wins over 1000; routes without a priority come last, the longest path first, as App Mesh does for
prefixes. Of equal paths a whole one comes before a beginning, then the one that asks for more, and
last the name decides, so that the same file always gives the same order. Source: App Mesh API,
RouteSpec; user guide, routes. What equal paths do is inferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshkit.topology.lattice.model import RuleMatch
    from meshkit.topology.model import ResolvedRoute

LAST = 1001
"""After every priority that can be written."""

Matched = tuple["ResolvedRoute", "RuleMatch"]


def in_precedence(routes: Iterable[Matched]) -> list[Matched]:
    """Routes with what they match, the one that wins first."""
    return sorted(routes, key=_precedence)


def _precedence(matched: Matched) -> tuple[int, int, bool, int, str]:
    route, match = matched
    priority = LAST if route.spec.priority is None else route.spec.priority
    path = match.path or match.prefix or ""
    asked = len(match.headers) + (match.method is not None)
    return priority, -len(path), match.path is None, -asked, route.name
