"""Wiring as Pulumi inputs, where a part of it is known only at run time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

import pulumi

from meshkit.config.deferred import Deferred
from meshkit.inputs import with_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.envoy.proxy import EnvoyProxy, Text

T = TypeVar("T")


def wired(proxy: EnvoyProxy, make: Callable[[EnvoyProxy], T]) -> T | pulumi.Output[T]:
    """``make`` of a proxy: at once, or as an Output where its texts have holes.

    ``wired(proxy, container_definition)``; what came from the environment stays a secret.
    """
    deferred = tuple(dict.fromkeys(text for text in proxy.texts() if isinstance(text, Deferred)))
    if not deferred:
        return make(proxy)

    def made(resolved: str) -> T:
        known: dict[Text, str] = dict(zip(deferred, json.loads(resolved), strict=True))
        return make(proxy.map(lambda text: known.get(text, text)))

    return with_values(deferred, json.dumps).apply(made)
