"""Runs every benchmark, prints a table and writes ``bench-results/results.json``."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from benchmarks.row import ROOT, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

SUITES = ("imports", "load", "registration", "lattice", "prove", "local_up", "growth", "engine")


def measure(suites: list[str]) -> Iterator[Row]:
    """The rows of the named suites, told on standard error while they come."""
    for suite in suites:
        print(f"measuring {suite} …", file=sys.stderr)
        for row in import_module(f"benchmarks.{suite}").rows():
            print(f"  {row.name}: {row.ratio:.2f} x, at most {row.limit:g} x", file=sys.stderr)
            yield row


def table(rows: list[Row]) -> Table:
    """The rows as people read them."""
    made = Table(title="meshkit figures")
    for column in ("what", "against"):
        made.add_column(column)
    for column in ("meshkit", "reference", "ratio", "at most", "reached"):
        made.add_column(column, justify="right")
    for row in rows:
        made.add_row(
            row.name,
            row.against,
            f"{row.value:,.1f} {row.unit}",
            f"{row.reference:,.1f} {row.unit}",
            f"{row.ratio:.2f} x",
            f"{row.limit:g} x",
            "yes" if row.reached else "NO",
        )
    return made


def main() -> None:
    rows = list(measure(sys.argv[1:] or list(SUITES)))
    Console(width=None if sys.stdout.isatty() else 150).print(table(rows))
    results = ROOT / "bench-results" / "results.json"
    results.parent.mkdir(exist_ok=True)
    results.write_text(json.dumps([row.as_dict() for row in rows], indent=2) + "\n")
    print(f"written to {results.relative_to(ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
