from __future__ import annotations

from typing import NamedTuple


class Ref(NamedTuple):
    """An output of the sample of another type."""

    token: str
    output: str = "id"
