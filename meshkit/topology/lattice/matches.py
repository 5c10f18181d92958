"""What a route matches, as a rule of VPC Lattice can say it, or why it can't.

VPC Lattice compares paths and headers whole or by their beginning, and a method. Nothing else is
made to fit: a regular expression never becomes a prefix. Source: VPC Lattice API, HttpMatch.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from meshkit.config.route import GrpcMatch, HttpMatch
from meshkit.topology.lattice.model import HeaderMatch, RuleMatch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from meshkit.config.finding import Path
    from meshkit.config.route import HeaderMatch as RouteHeader
    from meshkit.config.route import TcpMatch

    RouteMatch = HttpMatch | GrpcMatch | TcpMatch | None

MAX_HEADERS = 5
MAX_TEXT = 200

_PATH = re.compile(r"/[a-zA-Z0-9@:%_+.~&/=-]*")
"""Without ? and #, which VPC Lattice would write: no path has them, and App Mesh reads them so."""
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


class Inexact(NamedTuple):
    """A part of a match that VPC Lattice can't say."""

    feature: str
    """Its name in ``accept_losses``."""
    path: Path
    """Where it stands in the match."""
    shown: str


def rule_match(match: RouteMatch) -> RuleMatch | None:
    """The match of a rule; ``None`` where VPC Lattice can't say the same."""
    if next(inexact(match), None) is not None:
        return None
    if isinstance(match, HttpMatch):
        path = match.path.exact if match.path else None
        return RuleMatch(match.method, path, match.prefix, _headers(match.headers))
    if isinstance(match, GrpcMatch):
        return RuleMatch(None, *_grpc_path(match), _headers(match.metadata))
    return RuleMatch()


def inexact(match: RouteMatch) -> Iterator[Inexact]:
    """Everything in a match that VPC Lattice can't say."""
    if isinstance(match, HttpMatch):
        yield from _paths(match)
        yield from _inexact_headers(match.headers, "headers")
        for place, query in enumerate(match.query_parameters):
            yield Inexact("query-match", ("query_parameters", place), f'"{query.name}"')
        if match.scheme is not None:
            yield Inexact("scheme-match", ("scheme",), match.scheme)
    elif isinstance(match, GrpcMatch):
        for path in filter(None, _grpc_path(match)):
            if not _writable(path):
                yield Inexact("path-match", ("service_name",), f'"{path}"')
        yield from _inexact_headers(match.metadata, "metadata")


def _paths(match: HttpMatch) -> Iterator[Inexact]:
    if match.path is not None and match.path.regex is not None:
        yield Inexact("path-match", ("path", "regex"), f'"{match.path.regex}"')
    exact = match.path.exact if match.path else None
    for path, text in ((("path", "exact"), exact), (("prefix",), match.prefix)):
        if text is not None and not _writable(text):
            yield Inexact("path-match", path, f'"{text}"')


def _grpc_path(match: GrpcMatch) -> tuple[str | None, str | None]:
    """The whole path of a call, or its beginning."""
    if match.service_name is None:
        return None, None
    if match.method_name is not None:
        return f"/{match.service_name}/{match.method_name}", None
    return None, f"/{match.service_name}/"


def _writable(path: str) -> bool:
    return len(path) <= MAX_TEXT and _PATH.fullmatch(path) is not None


def _headers(headers: Sequence[RouteHeader]) -> tuple[HeaderMatch, ...]:
    return tuple(HeaderMatch(each.name, each.exact, each.prefix) for each in headers)


def _inexact_headers(headers: Sequence[RouteHeader], key: str) -> Iterator[Inexact]:
    if len(headers) > MAX_HEADERS:
        yield Inexact("header-match", (key,), f"{len(headers)} of them, where {MAX_HEADERS} go")
    for place, header in enumerate(headers):
        if not _exact_header(header):
            yield Inexact("header-match", (key, place), f'"{header.name}"')


def _exact_header(header: RouteHeader) -> bool:
    text = header.exact or header.prefix
    named = _HEADER.fullmatch(header.name) is not None
    return named and not header.invert and text is not None and len(text) <= MAX_TEXT
