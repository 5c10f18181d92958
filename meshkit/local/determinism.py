"""Makes moto repeatable: what a request generates follows from the instant at which it came.

moto draws ids and keys from one generator and takes the time from many places. Here the generator
is seeded for each request and the time of each request stands still, so the same request at the
same instant gives the same answer. Key material (certificates, keys of KMS) comes from the
operating system and is new each time.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from moto.core import utils
from moto.core.base_backend import AccountSpecificBackend
from moto.moto_api._internal import mock_random

from meshkit.local.services.clock import CLOCK

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)


@contextmanager
def at(instant: int) -> Iterator[None]:
    """Let everything in a `with` block happen at an instant, in microseconds since 1970.

    No two requests may have the same instant: they would draw the same ids.
    """
    watch_new_modules()
    mock_random.seed(instant)
    with CLOCK.stopped(EPOCH + dt.timedelta(microseconds=instant)):
        yield


def before_loading() -> None:
    """Fix what moto's modules draw while they are loaded, such as the hosts of their endpoints."""
    mock_random.seed(0)


class _Meta(type):
    def __instancecheck__(cls, instance: object) -> bool:
        # A datetime that was made elsewhere is one for moto too.
        return isinstance(instance, dt.datetime)


class _Datetime(dt.datetime, metaclass=_Meta):
    """The datetime of moto's modules: its "now" is the local cloud's."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:
        now = CLOCK.now()
        return now.astimezone(tz) if tz else now.astimezone().replace(tzinfo=None)

    @classmethod
    def utcnow(cls) -> Any:
        return _utcnow()

    @classmethod
    def today(cls) -> Any:
        return cls.now()


def _utcnow() -> dt.datetime:
    return CLOCK.now().replace(tzinfo=None)


def _time() -> float:
    return CLOCK.now().timestamp()


def _copy(module: ModuleType, **changed: Any) -> ModuleType:
    copy = ModuleType(module.__name__, module.__doc__)
    vars(copy).update({**vars(module), **changed})
    return copy


_REPLACED = {
    id(original): replacement
    for original, replacement in (
        (dt.datetime, _Datetime),
        (dt, _copy(dt, datetime=_Datetime)),
        (time.time, _time),
        (time, _copy(time, time=_time)),
        (utils.utcnow, _utcnow),
    )
}
_seen: set[str] = set()
_new_backend = AccountSpecificBackend.__getitem__


def _backend(backends: Any, region: str) -> Any:
    """Return moto's state of a service in a region, drawing its first ids by its address alone.

    A read may be the first to touch a service: what is made then (a default VPC, say) must not
    depend on which request it was.
    """
    if region in backends.keys():  # noqa: SIM118 - "in" asks for the regions that could be
        return _new_backend(backends, region)
    state = mock_random.getstate()
    mock_random.seed(f"{backends.service_name} {backends.account_id} {region}")
    try:
        return _new_backend(backends, region)
    finally:
        mock_random.setstate(state)


def install() -> None:
    """Make moto repeatable in this process, for good: for one that does nothing but serve."""
    hook: Any = AccountSpecificBackend
    hook.__getitem__ = _backend
    watch_new_modules()


def watch_new_modules() -> None:
    """Give the modules of moto that were loaded since the last time the local cloud's clock."""
    if len(sys.modules) == len(_seen):
        return
    for name in set(sys.modules) - _seen:
        if name.startswith("moto."):
            _give_clock(vars(sys.modules[name]))
    _seen.update(sys.modules)


def _give_clock(names: dict[str, Any]) -> None:
    for name, value in list(names.items()):
        if id(value) in _REPLACED:
            names[name] = _REPLACED[id(value)]
