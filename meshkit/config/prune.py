"""Leaves out what is faulty, so that one fault hides no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from meshkit.config.positions import place
from meshkit.config.shape import Kept

if TYPE_CHECKING:
    from meshkit.config.finding import Finding, Path
    from meshkit.config.report import Fault

_STAND_INS: Final[dict[str, Any]] = {
    "name": "unknown",
    "region": "us-east-1",
    "owner": "000000000000",
    "landing_zone": "unknown",
    "organization": {"id": "o-0000000000", "management_account": "000000000000"},
}
"""Take the place of faulty top-level keys that must be there, so that the rest can be checked."""
_NEEDED: Final[set[Path]] = {("region",), ("owner",)}
"""What the rules between the parts of a file can't do without."""


class Pruner:
    """Takes faults, and keeps the data without what causes them."""

    def __init__(self, data: Mapping[str, Any], whole: Mapping[str, Any], known: set[Path]) -> None:
        """``whole`` is the data as written; ``known`` are paths with a fault reported before."""
        self.data = data
        self.findings: list[Finding] = []
        self.exhausted = False
        """Whether there was a fault that nothing could be left out for."""
        self._whole = whole
        self._known = known
        self._removed: set[Path] = set()
        self._emptied: set[Path] = set()

    @property
    def usable(self) -> bool:
        """Whether the rules between the parts can still be checked."""
        return not self.exhausted and not _NEEDED & self._removed

    @property
    def pruned(self) -> tuple[Path, ...]:
        """The topmost paths that were left out; an item of a list ends in -1."""
        topmost = [
            path
            for path in self._removed
            if not any(path[:length] in self._removed for length in range(len(path)))
        ]
        return tuple(
            sorted({(*p[:-1], -1) if isinstance(p[-1], int) else p for p in topmost}, key=str)
        )

    def prune(self, faults: list[Fault]) -> None:
        """Reports the faults that follow from no other, and leaves out what causes each."""
        before = len(self._removed)
        tree: dict[Any, Any] = {}
        stand_ins: dict[str, Any] = {}
        removed: set[Path] = set()
        for fault in faults:
            if not self._follows(fault):
                where = place(self._whole, fault.finding.path, key=fault.on_key)
                self.findings.append(replace(fault.finding, location=where))
            if fault.missing and len(fault.removal) == 1:
                key = str(fault.removal[0])
                stand_ins[key] = _STAND_INS[key]
                removed.add(fault.removal)
                continue
            path = fault.removal[:-1] if fault.missing else fault.removal
            removed.add(path)
            _plant(tree, path)
        self._removed |= removed
        self._emptied |= {path[:-1] for path in removed}
        self.exhausted = (len(self._removed) == before and not stand_ins) or () in removed
        self.data = {**_without(self.data, tree), **stand_ins}

    def _follows(self, fault: Fault) -> bool:
        """Whether a fault is known, or came about by what was left out."""
        if fault.removal in self._known:
            return True
        if fault.missing:
            return fault.removal in self._removed
        return fault.lacking and fault.removal in self._emptied


def _plant(tree: dict[Any, Any], path: Path) -> None:
    """Notes a path in a tree of what to leave out; None is all that is there."""
    for item in path[:-1]:
        branch = tree.setdefault(item, {})
        if branch is None:
            return
        tree = branch
    if path:
        tree[path[-1]] = None


def _without(data: Any, tree: dict[Any, Any]) -> Any:
    """A copy of the data without what the tree names."""
    if isinstance(data, Mapping):
        return {
            key: _without(value, tree[key]) if key in tree else value
            for key, value in data.items()
            if tree.get(key, tree) is not None
        }
    numbers = data.numbers if isinstance(data, Kept) else list(range(len(data)))
    left = [
        (number, _without(value, tree[number]) if number in tree else value)
        for number, value in zip(numbers, data, strict=True)
        if tree.get(number, tree) is not None
    ]
    return Kept.of([value for _, value in left], [number for number, _ in left])
