"""How the requests of each service become actions on resources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from meshkit.local.enforcement import appmesh, iam, lattice, organizations, ram, sts
from meshkit.local.enforcement.need import EVERYTHING, Asked, Finder, Keys, Need, no_keys
from meshkit.local.enforcement.passing import passed_roles
from meshkit.local.enforcement.tagging import given_tags
from meshkit.local.services.errors import ApiError
from meshkit.policy.actions import Action, service

More = Callable[[Asked, Iterable[Need]], Iterable[Need]]


def _no_more(_: Asked, needs: Iterable[Need]) -> Iterable[Need]:
    return needs


@dataclass(frozen=True)
class Mapped:
    """What is known of a service's requests.

    `resources` finds the ARNs of each type, `computed` are the condition keys (in lower case) that
    `keys` tells where a request has them, `more` adds what a request asks for besides, and `tagger`
    is the action by which something is made with tags.
    """

    resources: Mapping[str, Finder]
    keys: Keys = no_keys
    computed: frozenset[str] = frozenset()
    more: More = _no_more
    tags: Callable[[str], Mapping[str, str] | None] = lambda _: None
    tagger: Callable[[str], str] | None = None


MAPPED: Final[Mapping[str, Mapped]] = {
    "appmesh": Mapped(appmesh.RESOURCES, tags=appmesh.tags, tagger=lambda _: "TagResource"),
    "iam": Mapped(
        iam.RESOURCES,
        iam.keys,
        iam.COMPUTED,
        tags=iam.tags,
        tagger=lambda operation: operation.replace("Create", "Tag").replace("Upload", "Tag"),
    ),
    "organizations": Mapped(
        organizations.RESOURCES,
        organizations.keys,
        organizations.COMPUTED,
        tagger=lambda _: "TagResource",
    ),
    "ram": Mapped(ram.RESOURCES, ram.keys, ram.COMPUTED, ram.more, tags=ram.tags),
    "sts": Mapped(sts.RESOURCES, sts.keys, sts.COMPUTED),
    "vpc-lattice": Mapped(
        lattice.RESOURCES,
        lattice.keys,
        lattice.COMPUTED,
        tags=lattice.tags,
        tagger=lambda _: "TagResource",
    ),
}
"""The services whose actions `meshkit.policy.actions` lists, by their prefix."""


def needs_of(asked: Asked) -> list[Need]:
    """Return all that the caller must be allowed for a request.

    Raises an `ApiError` for a request whose resources can't be told.
    """
    prefix = asked.incoming.prefix
    mapped = MAPPED.get(prefix)
    if mapped is None:
        needs: list[Need] = [Need(f"{prefix}:{asked.name}", EVERYTHING)]
    else:
        needs = list(mapped.more(asked, _listed(asked, mapped)))
    return [*needs, *_tagging(asked, mapped, needs), *passed_roles(asked)]


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


def _tagging(asked: Asked, mapped: Mapped | None, needs: list[Need]) -> Iterator[Need]:
    """Something that is made with tags is tagged too."""
    if mapped is None or mapped.tagger is None or not needs or not given_tags(asked.params):
        return
    if asked.name.startswith(("Create", "Upload")):
        action = f"{asked.incoming.prefix}:{mapped.tagger(asked.name)}"
        yield Need(action, needs[0].resource, needs[0].keys)
