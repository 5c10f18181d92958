"""Condition operators: how one value of a request compares with one of a policy.

Source: IAM User Guide, IAM JSON policy elements: Condition operators.
"""

from __future__ import annotations

import base64
import binascii
import operator
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

from meshkit.policy.evaluation.errors import Undecidable
from meshkit.policy.pattern import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.policy.pattern import Token

_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_EPOCH: Final = re.compile(r"[0-9]{1,3}|[0-9]{5,15}(?:\.[0-9]+)?")
_DATE: Final = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?P<fraction>\.[0-9]+)?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2}))?)?"
)
_ARN_PARTS: Final = 6


@dataclass(frozen=True, slots=True)
class Operator:
    """One condition operator.

    ``compare`` takes a value of the request and one of the policy; of a negated operator, it tells
    what must not be. It raises ``Undecidable`` for a value that is not of the operator's type.
    """

    compare: Callable[[str, Pattern], bool]
    negated: bool = False
    variables: bool = False
    """Whether IAM replaces policy variables in its values."""


def _equal(value: str, pattern: Pattern) -> bool:
    return value == pattern.plain


def _equal_without_case(value: str, pattern: Pattern) -> bool:
    return value.lower() == pattern.plain.lower()


def _like(value: str, pattern: Pattern) -> bool:
    return pattern.matches(value)


def _arn_like(value: str, pattern: Pattern) -> bool:
    """Each of the six parts is compared on its own."""
    wanted = _arn_parts(pattern)
    parts = value.split(":", _ARN_PARTS - 1)
    if len(parts) != _ARN_PARTS or len(wanted) != _ARN_PARTS:
        bad = value if len(parts) != _ARN_PARTS else pattern.plain
        raise Undecidable(f'"{bad}" is not an ARN of six parts')
    return all(Pattern(tokens).matches(part) for part, tokens in zip(parts, wanted, strict=True))


def _arn_parts(pattern: Pattern) -> list[tuple[Token, ...]]:
    parts: list[list[Token]] = [[]]
    for token in pattern.tokens:
        if not isinstance(token, str):
            parts[-1].append(token)
            continue
        first, *others = token.split(":", _ARN_PARTS - len(parts))
        parts[-1].append(first)
        parts += [[other] for other in others]
    return [tuple(token for token in part if token) for part in parts]


def _with(
    read: Callable[[str], Any], test: Callable[[Any, Any], bool]
) -> Callable[[str, Pattern], bool]:
    """Compares two values after reading each as what it should be."""
    return lambda value, pattern: test(read(value), read(pattern.plain))


def _number(text: str) -> Decimal:
    if _NUMBER.fullmatch(text) is None:
        raise Undecidable(f'"{text}" is not a number')
    return Decimal(text)


def _moment(text: str) -> Decimal:
    """Seconds since 1970 of an ISO 8601 date or of such a number itself.

    Four digits may be a year or a number, so they are neither.
    """
    if _EPOCH.fullmatch(text):
        return Decimal(text)
    found = _DATE.fullmatch(text)
    if found is None:
        raise Undecidable(f'"{text}" is not a date that can be read one way only')
    numbers = [int(found[name] or 1) for name in ("year", "month", "day")]
    numbers += [int(found[name] or 0) for name in ("hour", "minute", "second")]
    zone = found["zone"] or "Z"
    hours, minutes = (0, 0) if zone == "Z" else (int(zone[1:3]), int(zone[4:6]))
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
    try:
        moment = datetime(*numbers, tzinfo=timezone.utc) - offset  # type: ignore[arg-type,misc]
    except (ValueError, OverflowError):
        raise Undecidable(f'"{text}" is not a date') from None
    whole = (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(seconds=1)
    return whole + Decimal(found["fraction"] or 0)


def _truth(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise Undecidable(f'"{text}" is neither true nor false')
    return text.lower() == "true"


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise Undecidable(f'"{text}" is not base64') from None


def _in_network(value: str, pattern: Pattern) -> bool:
    """An address without a prefix length is that address alone."""
    try:
        address = ip_address(value)
        network = ip_network(pattern.plain, strict=False)
    except ValueError:
        raise Undecidable(f'"{value}" in "{pattern.plain}": not an address and a range') from None
    return address.version == network.version and address in network


def _ordered(read: Callable[[str], Any], name: str) -> dict[str, Operator]:
    equal = _with(read, operator.eq)
    return {
        f"{name}Equals": Operator(equal),
        f"{name}NotEquals": Operator(equal, negated=True),
        f"{name}LessThan": Operator(_with(read, operator.lt)),
        f"{name}LessThanEquals": Operator(_with(read, operator.le)),
        f"{name}GreaterThan": Operator(_with(read, operator.gt)),
        f"{name}GreaterThanEquals": Operator(_with(read, operator.ge)),
    }


def _both(compare: Callable[[str, Pattern], bool], yes: str, no: str) -> dict[str, Operator]:
    """An operator and its negation, of those that take variables."""
    return {
        yes: Operator(compare, variables=True),
        no: Operator(compare, negated=True, variables=True),
    }


NULL: Final = "Null"
"""The operator that asks whether a key is absent; it compares nothing."""

OPERATORS: Final = {
    **_both(_equal, "StringEquals", "StringNotEquals"),
    **_both(_equal_without_case, "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    **_both(_like, "StringLike", "StringNotLike"),
    **_both(_arn_like, "ArnEquals", "ArnNotEquals"),
    **_both(_arn_like, "ArnLike", "ArnNotLike"),
    **_ordered(_number, "Numeric"),
    **_ordered(_moment, "Date"),
    "Bool": Operator(_with(_truth, operator.eq)),
    "BinaryEquals": Operator(_with(_bytes, operator.eq)),
    "IpAddress": Operator(_in_network),
    "NotIpAddress": Operator(_in_network, negated=True),
}


def truth(text: str) -> bool:
    """The value of ``Null``. Raises ``Undecidable`` where it is neither true nor false."""
    return _truth(text)
