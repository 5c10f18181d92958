"""What a listener does with a request: the rule that matches it first, and where that leads.

Source: VPC Lattice user guide, "Listener rules for your VPC Lattice service".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from meshkit.local.services.vpclattice.actions import group_ids
from meshkit.local.services.vpclattice.backend import VpcLatticeBackend
from meshkit.local.services.vpclattice.kinds import RULE, TARGET_GROUP
from meshkit.local.services.vpclattice.resource import Resource, identified
from meshkit.local.services.vpclattice.single_targets import uninvoked
from meshkit.topology.lattice.model import SINGLE

DEFAULT_WEIGHT = 100
"""The weight of a target group that has none. Inferred from the Terraform provider's default."""


@dataclass(frozen=True)
class Target:
    """A target group that a request may go to."""

    name: str
    weight: int
    targets: int
    """How many targets it has; with none of them a request fails."""
    single: str | None = None
    """ARN of the load balancer or function that is its one target."""
    fault: str | None = None
    """Why the target can't be reached, where that can be told."""


@dataclass(frozen=True)
class Route:
    """Where a request ends: at target groups by weight, or with a fixed status code."""

    listener: str
    rule: str
    targets: tuple[Target, ...] = ()
    status_code: int | None = None


def route(
    here: VpcLatticeBackend,
    listener: Resource,
    method: str,
    path: str,
    headers: Mapping[str, str],
) -> Route:
    """Return where a listener of an account leads a request."""
    rules = sorted(here.of(RULE, listener.id), key=_order)
    rule = next(each for each in rules if _matches(each.values.get("match"), method, path, headers))
    names = listener.values["name"], rule.values["name"]
    action = rule.values["action"]
    if fixed := action.get("fixedResponse"):
        return Route(*names, status_code=fixed["statusCode"])
    weights = {
        identified(each["targetGroupIdentifier"]).id: each.get("weight", DEFAULT_WEIGHT)
        for each in action["forward"]["targetGroups"]
    }
    targets = tuple(
        _target(here, id_, weights[id_])
        for id_ in sorted(group_ids(action), key=list(weights).index)
    )
    return Route(*names, targets)


def _target(here: VpcLatticeBackend, id_: str, weight: int) -> Target:
    group, targets = here.resources[TARGET_GROUP][id_], here.targets[id_]
    type_ = group.values["type"]
    single = next((target for target, _port in targets), None) if type_ in SINGLE else None
    fault = uninvoked(group, single) if single and type_ == "LAMBDA" else None
    return Target(group.values["name"], weight, len(targets), single, fault)


def _order(rule: Resource) -> tuple[bool, int]:
    return bool(rule.values["isDefault"]), rule.values.get("priority", 0)


def _matches(match: Any, method: str, path: str, headers: Mapping[str, str]) -> bool:
    if match is None:  # of the default rule
        return True
    http = match["httpMatch"]
    return (
        http.get("method") in (None, method)
        and ("pathMatch" not in http or _says(http["pathMatch"], path, cased=True))
        and all(
            each["name"].lower() in headers
            and _says(each, headers[each["name"].lower()], cased=False)
            for each in http.get("headerMatches", ())
        )
    )


def _says(match: Mapping[str, Any], text: str, *, cased: bool) -> bool:
    """Tell whether a text is what a match of a path or a header asks for.

    A path's case counts unless it is said not to. That a header's does not is inferred.
    """
    ((how, wanted),) = match["match"].items()
    if not match.get("caseSensitive", cased):
        wanted, text = wanted.lower(), text.lower()
    return _HOW[how](text, wanted)


_HOW: dict[str, Callable[[str, str], bool]] = {
    "exact": str.__eq__,
    "prefix": str.startswith,
    "contains": str.__contains__,
}
