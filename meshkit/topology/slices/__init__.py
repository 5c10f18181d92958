"""A mesh in slices: what each account deploys in each phase, and in which order."""

from __future__ import annotations

from meshkit.topology.slices.part import PHASES, Kind, Part, Phase
from meshkit.topology.slices.parts import parts
from meshkit.topology.slices.plan import Plan, PlannedSlice, plan
from meshkit.topology.slices.selection import MeshSlice, slice_of

__all__ = [
    "PHASES",
    "Kind",
    "MeshSlice",
    "Part",
    "Phase",
    "Plan",
    "PlannedSlice",
    "parts",
    "plan",
    "slice_of",
]
