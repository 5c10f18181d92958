"""What would be made twice in an account of a landing zone."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.topology.landing_zone.providers import issuer
from meshkit.topology.landing_zone.units import is_within

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from meshkit.config.finding import Finding, Path
    from meshkit.topology.landing_zone.accounts import NamedAccount
    from meshkit.topology.landing_zone.view import ZoneView

TWICE = Rule(
    "MK984",
    "Nothing is made twice in an account, whatever the case of its letters: no role, provider or "
    "boundary by itself, and none that project_roles make as well.",
    "IAM refuses the second of a name, and a StackSet stops there.",
    "Remove one, or give a role another name.",
    "IAM API Reference: CreateRole, EntityAlreadyExists",
)


def brought_twice(view: ZoneView) -> Iterator[Finding]:
    """Accounts whose own roles, or their providers, a StackSet brings too; and two StackSets."""
    zone = view.zone
    brought: dict[str, list[str]] = defaultdict(list)
    for key, project in zone.project_roles.items():
        for name in _things(view, project.roles or ()):
            brought[name].append(key)
    for each in view.accounts:
        own = _things(view, each.account.roles)
        for name, keys in brought.items():
            here = [key for key in keys if _covers(zone.project_roles[key].units, each)]
            if name in own and here:
                message = f"{name} is made by project_roles.{here[0]} as well"
                yield TWICE.at(("accounts", each.key, "roles"), message)
            elif len(here) > 1:
                message = f"{name} is made by project_roles {' and '.join(here)}"
                yield TWICE.at(("accounts", each.key), message)


def same_names(view: ZoneView) -> Iterator[Finding]:
    """Accounts and StackSets that make two things of one name."""
    zone = view.zone
    lists: list[tuple[Path, Iterable[str]]] = [
        (("accounts", each.key), each.account.roles) for each in view.accounts
    ]
    lists += [
        (("project_roles", key), each.roles or ()) for key, each in zone.project_roles.items()
    ]
    for path, keys in lists:
        roles = [(key, zone.roles[key]) for key in keys if key in zone.roles]
        names = [(zone.access_role, "access_role")]
        names += [(role.name or key, f"roles.{key}") for key, role in roles]
        used = dict.fromkeys(role.provider for _, role in roles)
        issuers = [
            (issuer(key, zone.identity_providers[key]), f"identity_providers.{key}")
            for key in used
            if key in zone.identity_providers
        ]
        for name, second, first in (*_doubled(names), *_doubled(issuers)):
            yield TWICE.at((*path, "roles"), f"{second}: {name} is made by {first} as well")
    for each in view.accounts:
        boundaries = [(key, f"boundaries.{key}") for key in each.account.boundaries]
        for name, second, first in _doubled(boundaries):
            message = f"{second}: {name} is made by {first} as well"
            yield TWICE.at(("accounts", each.key, "boundaries"), message)


def _doubled(named: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Each name that came before, with who has it and who had it."""
    seen: dict[str, str] = {}
    for name, owner in named:
        if name.casefold() in seen:
            yield name, owner, seen[name.casefold()]
        seen.setdefault(name.casefold(), owner)


def _things(view: ZoneView, roles: Iterable[str]) -> dict[str, None]:
    """The roles and providers that roles lead to, as text."""
    known = [(key, view.zone.roles[key]) for key in roles if key in view.zone.roles]
    things = [f"the provider {role.provider}" for _, role in known]
    return dict.fromkeys([*things, *(f"the role {role.name or key}" for key, role in known)])


def _covers(units: Iterable[str], each: NamedAccount) -> bool:
    unit = each.account.unit
    return unit is not None and any(is_within(unit, covered) for covered in units)
