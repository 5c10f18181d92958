"""What routes of routers and gateways match alike. Source: API HttpRouteMatch and its kin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.appmesh.translation import given

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshkit.appmesh.translation import Spec
    from meshkit.config.route import HeaderMatch, PathMatch, QueryMatch


def headers(matches: Sequence[HeaderMatch]) -> list[Spec] | None:
    """Headers, or keys of gRPC metadata; one without a method has to be there."""
    return [_header(match) for match in matches] or None


def path(match: PathMatch | None) -> Spec | None:
    """A whole path."""
    return match and given(exact=match.exact, regex=match.regex)


def queries(matches: Sequence[QueryMatch]) -> list[Spec] | None:
    """Parameters of the query."""
    return [
        given(name=match.name, match=None if match.exact is None else {"exact": match.exact})
        for match in matches
    ] or None


def _header(match: HeaderMatch) -> Spec:
    method = given(
        exact=match.exact,
        prefix=match.prefix,
        suffix=match.suffix,
        regex=match.regex,
        range=match.range and {"start": match.range.start, "end": match.range.end},
    )
    return given(name=match.name, invert=match.invert, match=method or None)
