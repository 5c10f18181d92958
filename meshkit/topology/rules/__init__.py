"""The rules that need more than one value of the file, or know what a value means."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from meshkit.config.rules import READING_RULES
from meshkit.config.shape_rules import SHAPE_RULES
from meshkit.topology.rules import (
    accounts,
    audit,
    data_plane,
    discovery,
    egress,
    gateway_api,
    gateways,
    identity,
    lattice,
    lattice_services,
    lattice_sharing,
    lattice_targets,
    listeners,
    operators,
    ownership,
    ports,
    provider,
    proxies,
    quotas,
    references,
    roles,
    routes,
    sharing,
    statements,
    tls,
)
from meshkit.topology.rules.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshkit.config.finding import Finding, Path, Rule
    from meshkit.topology.index import Index

SUBJECTS = (
    references, ownership, accounts, sharing, quotas, listeners, discovery, routes, ports, gateways,
    egress, tls, roles, statements, identity, operators, audit, proxies, data_plane, provider,
    lattice,
    lattice_services,
    lattice_sharing,
    lattice_targets,
    gateway_api,
)  # fmt: skip

CHECKS = tuple(chain.from_iterable(subject.CHECKS for subject in SUBJECTS))

CROSS_RULES: tuple[Rule, ...] = tuple(
    sorted(chain.from_iterable(subject.RULES for subject in SUBJECTS), key=lambda rule: rule.code)
)
"""The rules of this package, by code."""

RULES: tuple[Rule, ...] = (*READING_RULES, *SHAPE_RULES, *CROSS_RULES)
"""Every rule: of reading the file, of its shape, and of this package."""


def run(index: Index, pruned: Iterable[Path] = ()) -> list[Finding]:
    """Every finding of every rule, in a fixed order.

    ``pruned`` are the paths that were left out because their shape is wrong: nothing is said about
    them, what is above them, or what refers to them.
    """
    view = View(index, pruned)
    found = dict.fromkeys(finding for check in CHECKS for finding in check(view))
    return [finding for finding in found if finding.path not in view.touched]
