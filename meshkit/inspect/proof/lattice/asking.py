"""What is asked of a service: ports, methods and paths that policies or the file tell apart.

A pattern stands for more texts than can be tried; what it is tried with is made up, so that no
other pattern takes it by chance.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

from meshkit.inspect.proof.conditions import is_exact
from meshkit.inspect.proof.reading import MADE_UP, is_about, texts_of
from meshkit.policy.lattice import INVOKE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from meshkit.policy.evaluation import Statement
    from meshkit.topology.lattice.model import Call

METHOD_KEY: Final = "vpc-lattice-svcs:requestmethod"
MADE_UP_METHOD: Final = "MADEUP"
_PATH: Final = re.compile(r"(?:arn:[^/]*service/[^/]+|\*)(?P<path>/.*)")
_ORDINARY: Final = ("GET", MADE_UP_METHOD)


@dataclass(frozen=True, slots=True, order=True)
class Ask:
    """One request for a service."""

    method: str
    path: str
    port: int

    def __str__(self) -> str:
        return f"{self.method} {self.path} on port {self.port}"


def instance(text: str) -> str:
    """One text that a pattern stands for."""
    filled = re.sub(r"\$\{[^}]*\}", MADE_UP, text)
    return filled.replace("*", MADE_UP).replace("?", "x")


def asks(
    calls: Iterable[Call], statements: Iterable[Statement], ports: Iterable[int]
) -> tuple[Ask, ...]:
    """Every request worth asking, for what the file declares and what statements tell apart."""
    methods, paths = set(_ORDINARY), {f"/{MADE_UP}"}
    for call in calls:
        methods.update(call.methods)
        paths.update(map(instance, call.paths))
    for statement in statements:
        methods.update(_methods(statement))
        paths.update(paths_of(statement))
    return tuple(
        Ask(method, path, port)
        for port, method, path in product(sorted(set(ports)), sorted(methods), sorted(paths))
    )


def is_declared(calls: Iterable[Call], ask: Ask) -> bool:
    """Whether the file lets one of the calls be made."""
    return any(
        (not call.methods or ask.method in call.methods)
        and (not call.paths or any(_takes(text, ask.path) for text in call.paths))
        for call in calls
    )


def _takes(text: str, path: str) -> bool:
    return path.startswith(text[:-1]) if text.endswith("*") else path == text


def about_calls(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Those that are about calls."""
    return (each for each in statements if is_about(each, INVOKE))


def paths_of(statement: Statement) -> Iterator[str]:
    """One path for each resource of a statement that tells paths apart."""
    for text in texts_of(statement):
        found = _PATH.fullmatch(text)
        if found is not None:
            yield instance(found["path"])


def _methods(statement: Statement) -> Iterator[str]:
    for condition in statement.conditions:
        if condition.key.lower() == METHOD_KEY:
            for value in condition.values:
                yield value.text if is_exact(value.text) else instance(value.text)
