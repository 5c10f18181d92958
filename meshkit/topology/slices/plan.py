"""The order in which slices are deployed and destroyed.

With phases there always is one: the owner's foundation, the acceptance of consumers, all endpoints,
the consumers' routing, the owner's routing. Nothing else refers to a gateway's routes, which only
the owner has.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from meshkit.topology.slices.part import PHASES, Phase
from meshkit.topology.slices.parts import parts
from meshkit.topology.slices.selection import slice_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.topology.model import Owner, ResolvedMesh
    from meshkit.topology.slices.part import Part, Ref

Key = tuple[str, Phase]
"""Key of the account, and the phase."""


@dataclass(frozen=True)
class PlannedSlice:
    """One account in one phase."""

    account: str
    """Key of the account in the file."""
    account_id: str
    phase: Phase
    parts: tuple[Part, ...]
    after: tuple[str, ...]
    """Names of the slices that must be deployed before, and destroyed after; without those that
    these wait for themselves."""
    step: int
    """Slices of one step wait for none of each other; the first step is 1."""

    @property
    def name(self) -> str:
        """``billing / routing``."""
        return slice_name(self.account, self.phase)


@dataclass(frozen=True)
class Plan:
    """All slices of a mesh in the order of deployment."""

    slices: tuple[PlannedSlice, ...]
    accounts: tuple[str, ...] | None
    """An order in which the accounts can be deployed whole; ``None`` when there is none."""
    knot: tuple[str, ...] = ()
    """Accounts of which each waits for the next, and the last is the first again."""

    @cached_property
    def deploy(self) -> tuple[tuple[PlannedSlice, ...], ...]:
        """The steps, one after the other; the slices of a step can be deployed side by side."""
        last = max((each.step for each in self.slices), default=0)
        return tuple(
            tuple(each for each in self.slices if each.step == step) for step in range(1, last + 1)
        )

    @property
    def destroy(self) -> tuple[tuple[PlannedSlice, ...], ...]:
        """The steps of destruction: those of deployment, from the last to the first."""
        return tuple(reversed(self.deploy))


def plan(mesh: ResolvedMesh) -> Plan:
    """What waits for what, from who owns what and who refers to whom."""
    by_slice: dict[Key, list[Part]] = {}
    home: dict[Ref, Key] = {}
    for part in parts(mesh):
        key = (part.owner.key, part.phase)
        by_slice.setdefault(key, []).append(part)
        home[part.ref] = key
    before = {key: _before(key, found, home) for key, found in by_slice.items()}
    last = _nearest(before)
    steps = _steps(before)
    accounts = list(mesh.owners)
    order = sorted(
        by_slice, key=lambda key: (steps[key], PHASES.index(key[1]), accounts.index(key[0]))
    )
    slices = tuple(
        PlannedSlice(
            account=account,
            account_id=mesh.owners[account].id,
            phase=phase,
            parts=tuple(by_slice[account, phase]),
            after=tuple(slice_name(*key) for key in order if key in last[account, phase]),
            step=steps[account, phase],
        )
        for account, phase in order
    )
    return Plan(slices, *_whole_accounts(before, mesh.owners))


def _before(key: Key, found: list[Part], home: Mapping[Ref, Key]) -> set[Key]:
    needed = {home[ref] for part in found for ref in part.needs if ref in home}
    return needed - {key}


def _nearest(before: Mapping[Key, set[Key]]) -> dict[Key, set[Key]]:
    """What each slice waits for, without what it waits for through another."""
    all_before: dict[Key, set[Key]] = {}
    for key in TopologicalSorter(before).static_order():
        all_before[key] = before[key].union(*(all_before[each] for each in before[key]))
    return {
        key: {each for each in others if not any(each in all_before[other] for other in others)}
        for key, others in before.items()
    }


def _steps(before: Mapping[Key, set[Key]]) -> dict[Key, int]:
    """The number of the step of each slice: one more than that of the last it waits for."""
    steps: dict[Key, int] = {}
    for key in TopologicalSorter(before).static_order():
        steps[key] = 1 + max((steps[each] for each in before[key]), default=0)
    return steps


def _whole_accounts(
    before: Mapping[Key, set[Key]], owners: Mapping[str, Owner]
) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """An order of whole accounts, or the accounts that wait for each other in a circle."""
    waits: dict[str, set[str]] = {key: set() for key in owners}
    for (account, _phase), others in before.items():
        waits[account] |= {other for other, _ in others if other != account}
    # In the order of the file, so that the same file gives the same plan.
    ordered = {key: [other for other in owners if other in waits[key]] for key in owners}
    try:
        return tuple(TopologicalSorter(ordered).static_order()), ()
    except CycleError as error:
        # graphlib lists each before the one that waits for it.
        return None, tuple(reversed(error.args[1]))
