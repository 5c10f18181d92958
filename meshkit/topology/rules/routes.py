"""Routes of routers: what they match, retry and time out; the weights of their targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.config.route import GrpcMatch, GrpcRetry
from meshkit.config.types import seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding, Path
    from meshkit.config.route import HeaderMatch, Retry
    from meshkit.topology.rules.view import GatewayRouteOf, RouteOf, View

TCP_TIMEOUT = Rule(
    "MK536",
    "A tcp route's timeout has only idle.",
    "A tcp connection has no requests that could time out.",
    "Remove per_request.",
    "App Mesh API: TcpTimeout",
)
NO_WEIGHT = Rule(
    "MK528",
    "At least one target of a route has a weight above 0.",
    "With all weights 0 no target gets any traffic.",
    "Give one of the targets a weight.",
    "App Mesh API: WeightedTarget",
)
WEIGHTS = Rule(
    "MK529",
    "The weights of a route's several targets add up to 100.",
    "Weights are relative, so that other sums work; but the shares are not what is written. One "
    "target gets everything, whatever its weight.",
    "Write the shares in per cent.",
    "App Mesh API: WeightedTarget",
    "warning",
)
NO_EVENT = Rule(
    "MK530",
    "A retry policy names at least one event.",
    "A policy without an event never retries, and App Mesh refuses it.",
    "Add http_events, tcp_events or grpc_events; AWS advises stream-error and gateway-error, for "
    "grpc cancelled and unavailable.",
    "App Mesh API: HttpRetryPolicy, GrpcRetryPolicy",
)
RETRY_TIME = Rule(
    "MK531",
    "The time for a request is at least per_retry_timeout times max_retries.",
    "A request that runs out of time is not tried again.",
    "Raise timeout.per_request (15 s if not given), or lower the retry's figures.",
    "App Mesh API: HttpTimeout, GrpcTimeout",
    "warning",
)
METHOD = Rule(
    "MK533",
    "A grpc match with method_name has service_name.",
    "The name of a method means something only within its service.",
    "Add service_name.",
    "App Mesh API: GrpcRouteMatch",
)
RANGE = Rule(
    "MK534",
    "The start of a range is below its end.",
    "The end is not part of the range, so that any other range is empty.",
    "Correct the figures; for one value N write start: N, end: N + 1.",
    "App Mesh API: MatchRange",
)
SCHEME = Rule(
    "MK535",
    "Only an http2 route matches a scheme.",
    "App Mesh documents the match of a scheme for http2 only.",
    "Remove scheme, or make the route http2.",
    "App Mesh user guide: routes",
    "warning",
)

RULES = (NO_WEIGHT, WEIGHTS, NO_EVENT, RETRY_TIME, METHOD, RANGE, SCHEME, TCP_TIMEOUT)

DEFAULT_REQUEST = 15.0
"""Seconds App Mesh gives a request. Source: App Mesh user guide, timeouts."""


def check_weights(view: View) -> Iterator[Finding]:
    """Shares that add up to nothing, or not to 100."""
    for route in view.routes:
        targets = route.body.targets
        total = sum(target.weight for target in targets)
        path = (*route.path, "targets")
        if total == 0:
            yield NO_WEIGHT.at(path, "all weights are 0, no target gets traffic; give one a weight")
        elif total != 100 and len(targets) > 1:
            shares = ", ".join(
                f"{target.node} gets {100 * target.weight / total:.3g} %" for target in targets
            )
            message = f"the weights add up to {total}, not 100: {shares}; make it 100"
            yield WEIGHTS.at(path, message)


def check_retries(view: View) -> Iterator[Finding]:
    """Retry policies that never retry, or not for as long as they say."""
    for route in view.routes:
        retry: Retry | None = getattr(route.body, "retry", None)
        if retry is None:
            continue
        grpc_events = retry.grpc_events if isinstance(retry, GrpcRetry) else ()
        if not (retry.http_events or retry.tcp_events or grpc_events):
            events = "[cancelled, unavailable]" if route.kind == "grpc" else "[stream-error]"
            key = "grpc_events" if route.kind == "grpc" else "http_events"
            message = f"a retry needs an event; add {key}: {events} or others"
            yield NO_EVENT.at((*route.path, "retry"), message)
        if view.whole(*route.path, "timeout"):
            yield from _retry_time(route, retry)


def _retry_time(route: RouteOf, retry: Retry) -> Iterator[Finding]:
    timeout = route.body.timeout
    given = timeout.per_request if timeout else None
    allowed = seconds(given) if given else DEFAULT_REQUEST
    needed = seconds(retry.per_retry_timeout) * retry.max_retries
    if 0 < allowed < needed:
        whose = f"timeout.per_request is {given}" if given else "App Mesh gives a request 15s"
        message = (
            f"{retry.max_retries} retries of {retry.per_retry_timeout} take {needed:g}s, "
            f"{whose}; set timeout.per_request to {needed:g}s or more, or retry less"
        )
        yield RETRY_TIME.at((*route.path, "retry"), message)


def check_tcp_timeouts(view: View) -> Iterator[Finding]:
    """Requests of tcp."""
    for route in view.routes:
        timeout = route.body.timeout
        if route.kind == "tcp" and timeout and timeout.per_request:
            message = "a tcp route has no requests; remove per_request, idle is allowed"
            yield TCP_TIMEOUT.at((*route.path, "timeout", "per_request"), message)


def check_matches(view: View) -> Iterator[Finding]:
    """What http and grpc routes match."""
    for route in view.routes:
        match = route.body.match
        path = (*route.path, "match")
        if isinstance(match, GrpcMatch) and match.method_name and not match.service_name:
            message = f'method_name "{match.method_name}" needs a service_name; add it'
            yield METHOD.at((*path, "method_name"), message)
        scheme = getattr(match, "scheme", None)
        if scheme and route.kind == "http":
            message = (
                f'the scheme "{scheme}" has effect in http2 routes only; remove it, or make the '
                "route http2"
            )
            yield SCHEME.at((*path, "scheme"), message)


def check_ranges(view: View) -> Iterator[Finding]:
    """Ranges of headers and metadata, in routes of routers and gateways."""
    routes: list[RouteOf | GatewayRouteOf] = [*view.routes, *view.gateway_routes]
    for route in routes:
        if route.kind == "tcp":
            continue
        key = "metadata" if route.kind == "grpc" else "headers"
        headers: tuple[HeaderMatch, ...] = getattr(route.body.match, key)
        for place, header in enumerate(headers):
            path: Path = (*route.path, "match", key, place, "range")
            if header.range and header.range.start >= header.range.end:
                message = (
                    f"the range from {header.range.start} up to but not including "
                    f"{header.range.end} is empty; start must be below end"
                )
                yield RANGE.at(path, message)


CHECKS = (check_weights, check_retries, check_tcp_timeouts, check_matches, check_ranges)
