"""One figure: what was measured, against what, and the ratio it may have at most."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Row:
    """``value`` and ``reference`` are in ``unit``; ``ratio`` is what is judged."""

    name: str
    against: str
    value: float
    reference: float
    limit: float
    unit: str = "ms"
    ratio: float = 0.0

    @property
    def reached(self) -> bool:
        return self.ratio <= self.limit

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "reached": self.reached}


def paired(
    name: str,
    against: str,
    ours: Callable[[], float],
    reference: Callable[[], float],
    *,
    limit: float,
    rounds: int = 7,
) -> Row:
    """Runs both in turn, so that a machine whose speed drifts is fair to both.

    The ratio is the median of the rounds' ratios; the first round warms up and does not count.
    """
    pairs = [(ours(), reference()) for _ in range(rounds + 1)][1:]
    return compared(name, against, pairs, limit=limit)


def compared(name: str, against: str, pairs: list[tuple[float, float]], *, limit: float) -> Row:
    """A row from seconds measured side by side, ours first."""
    return Row(
        name,
        against,
        value=statistics.median(mine for mine, _ in pairs) * 1000,
        reference=statistics.median(theirs for _, theirs in pairs) * 1000,
        limit=limit,
        ratio=statistics.median(mine / theirs for mine, theirs in pairs),
    )


def timed(work: Callable[[], object]) -> Callable[[], float]:
    """Seconds of one call."""

    def run() -> float:
        gc.collect()
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return run


def fresh(*arguments: str) -> str:
    """What a fresh Python process prints.

    Modules are compiled once, in the round that warms up, as they are where packages are installed:
    else the figures would be those of the compiler.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(ROOT / ".cache" / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, *arguments],
        check=True, capture_output=True, text=True, cwd=ROOT, env=environment,
    )  # fmt: skip
    return done.stdout


def process(*arguments: str) -> Callable[[], float]:
    """Seconds that a fresh Python process reports of itself as its last line of output."""

    def run() -> float:
        return float(fresh(*arguments).splitlines()[-1])

    return run
