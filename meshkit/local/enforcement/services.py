"""How the requests of each service become actions on resources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from meshkit.local.enforcement import (
    account,
    appmesh,
    ec2,
    elb,
    iam,
    kms,
    lattice,
    organizations,
    ram,
    s3,
    sts,
    templates,
)
from meshkit.local.enforcement.need import EVERYTHING, Asked, Finder, Keys, Need, no_keys
from meshkit.local.enforcement.passing import passed_roles
from meshkit.local.enforcement.tagging import tagged
from meshkit.local.services.errors import ApiError
from meshkit.policy.actions import Action, service

More = Callable[[Asked, Iterable[Need]], Iterable[Need]]


def _no_more(_: Asked, needs: Iterable[Need]) -> Iterable[Need]:
    return needs


@dataclass(frozen=True)
class Mapped:
    """What is known of a service's requests.

    `resources` finds the ARNs of each type, `computed` are the condition keys (in lower case) that
    `keys` tells where a request has them, and `more` adds what a request asks for besides.
    """

    resources: Mapping[str, Finder]
    keys: Keys = no_keys
    computed: frozenset[str] = frozenset()
    more: More = _no_more
    tags: Callable[[str], Mapping[str, str] | None] = lambda _: None


MAPPED: Final[Mapping[str, Mapped]] = {
    "appmesh": Mapped(appmesh.RESOURCES, tags=appmesh.tags),
    "iam": Mapped(iam.RESOURCES, iam.keys, iam.COMPUTED, tags=iam.tags),
    "organizations": Mapped(organizations.RESOURCES, organizations.keys, organizations.COMPUTED),
    "ram": Mapped(ram.RESOURCES, ram.keys, ram.COMPUTED, ram.more, tags=ram.tags),
    "sts": Mapped(sts.RESOURCES, sts.keys, sts.COMPUTED, sts.more),
    "vpc-lattice": Mapped(
        lattice.RESOURCES, lattice.keys, lattice.COMPUTED, lattice.more, tags=lattice.tags
    ),
}
"""The services whose actions `meshkit.policy.actions` lists, by their prefix."""


def _needs(finder: Finder, asked: Asked) -> Iterator[Need]:
    found = dict.fromkeys(finder(asked)) or (EVERYTHING,)
    yield from (Need(templates.action(asked), arn) for arn in found)


PARTLY: Final[Mapping[str, Callable[[Asked], Iterator[Need]]]] = {
    **dict.fromkeys(templates.OPERATIONS, partial(_needs, templates.resources)),
    "account": partial(_needs, account.resources),
    "ec2": partial(_needs, ec2.resources),
    "elasticloadbalancing": partial(_needs, elb.resources),
    "kms": kms.needs,
    "s3": s3.needs,
}
"""Services of whose actions not all is known, by their prefix."""

COMPUTED: Final[Mapping[str, frozenset[str]]] = {
    **{prefix: mapped.computed for prefix, mapped in MAPPED.items()},
    "kms": kms.COMPUTED,
    "s3": s3.COMPUTED,
}
"""By prefix, the condition keys that a request lacks where they are not told."""


def needs_of(asked: Asked) -> list[Need]:
    """Return all that the caller must be allowed for a request.

    Raises an `ApiError` for a request whose resources can't be told.
    """
    prefix = asked.incoming.prefix
    mapped = MAPPED.get(prefix)
    if mapped is not None:
        needs = list(mapped.more(asked, _listed(asked, mapped)))
    elif (finder := PARTLY.get(prefix)) is not None:
        needs = list(finder(asked))
    else:
        needs = [Need(f"{prefix}:{asked.name}", EVERYTHING)]
    return [*needs, *tagged(asked, needs), *passed_roles(asked)]


def action_of(asked: Asked) -> Action | None:
    """Return what is known of the action of a request; None for one that is not listed."""
    known = service(asked.incoming.prefix)
    return known.actions.get(asked.name.lower()) if known else None


def _listed(asked: Asked, mapped: Mapped) -> list[Need]:
    name, action = f"{asked.incoming.prefix}:{asked.name}", action_of(asked)
    if action is None:  # no entry in the reference: whatever the request names
        types = tuple(mapped.resources)
    else:
        types = tuple(each.name for each in action.resources)
    found = dict.fromkeys(
        arn
        for type_ in types
        if type_ in mapped.resources
        for arn in mapped.resources[type_](asked)
    )
    if not found and action is not None and action.required:
        message = (
            f"The local cloud can't tell the resource of this {name}, so it can't decide on it."
        )
        raise ApiError("NotImplemented", message)
    return [Need(name, arn, mapped.keys(asked, arn)) for arn in found or (EVERYTHING,)]
