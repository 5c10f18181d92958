"""What people write of a Lambda function: its name, or an ARN, either with an alias or version.

Source: Lambda API, FunctionName.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from meshkit.config.deferred import bind
from meshkit.config.workload import LambdaWorkload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.topology.model import Endpoint

INVOKER: Final = "vpc-lattice.amazonaws.com"
"""Who invokes a function behind a service."""

_NAME = r"(?P<name>[A-Za-z0-9_-]{1,64})(:(?P<qualifier>[A-Za-z0-9_-]{1,128}))?"
_WRITTEN = re.compile(rf"(arn:[^:]+:lambda:[^:]+:[0-9]{{12}}:function:)?{_NAME}")


class Function(NamedTuple):
    """A Lambda function, as it is written."""

    name: str
    qualifier: str | None
    """Alias or version; ``None`` for the function itself."""


def parse_function(text: str) -> Function | None:
    """The parts of a function's name or ARN; ``None`` where it is neither."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return None
    return Function(match["name"], match["qualifier"])


def function_arn(text: str, context: Mapping[str, str]) -> str:
    """The ARN of a function that is written by name or ARN, in the account of ``context``."""
    if text.startswith("arn:"):
        return text
    partition, region = context["partition"], context["region"]
    return f"arn:{partition}:lambda:{region}:{context['account']}:function:{text}"


def unqualified(arn: str) -> tuple[str, str | None]:
    """The ARN of a function, and the alias or version that it ended in."""
    parsed = parse_function(arn)
    if parsed is None or parsed.qualifier is None:
        return arn, None
    return arn.removesuffix(f":{parsed.qualifier}"), parsed.qualifier


def function_of(endpoint: Endpoint) -> str | None:
    """Name of the function that an endpoint runs as; ``None`` where the file does not tell it."""
    workload = endpoint.workload
    if not isinstance(workload, LambdaWorkload) or workload.function is None:
        return None
    text = bind(workload.function, endpoint.owner.context)
    found = parse_function(text) if isinstance(text, str) else None
    return found.name if found else None
