"""How the requests of each service become actions on resources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from meshkit.local.enforcement import (
    appmesh,
    ec2,
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
from meshkit.local.enforcement.tagging import given_tags
from meshkit.local.services.errors import ApiError
from meshkit.policy.actions import Action, service
from meshkit.policy.evaluation.request import Value

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
    "vpc-lattice": Mapped(lattice.RESOURCES, lattice.keys, lattice.COMPUTED, tags=lattice.tags),
}
"""The services whose actions `meshkit.policy.actions` lists, by their prefix."""


def _by_template(asked: Asked) -> Iterator[Need]:
    action = f"{asked.incoming.prefix}:{asked.name}"
    found = dict.fromkeys(templates.resources(asked)) or (EVERYTHING,)
    yield from (Need(action, arn) for arn in found)


def _by_id(asked: Asked) -> Iterator[Need]:
    yield from (Need(f"ec2:{asked.name}", arn) for arn in ec2.resources(asked))


_OTHERS: Final[Mapping[str, Callable[[Asked], Iterable[Need]]]] = {
    **dict.fromkeys(templates.OPERATIONS, _by_template),
    "ec2": _by_id,
    "kms": kms.needs,
    "s3": s3.needs,
}
"""Services of whose actions not all is known, by their prefix."""

_MAKING: Final = ("Create", "Register", "Run", "Upload")
_TAGGERS: Final[Mapping[str, Callable[[str], str]]] = {
    **dict.fromkeys(
        ("appmesh", "ecs", "eks", "logs", "organizations", "vpc-lattice"), lambda _: "TagResource"
    ),
    "ec2": lambda _: "CreateTags",
    "iam": lambda operation: operation.replace("Create", "Tag").replace("Upload", "Tag"),
}
"""The action by which something of a service gets tags as it is made."""
_TELLING: Final = ("ec2", "ecs", "vpc-lattice")
"""Services that tell tagging which operation made what is tagged."""


def needs_of(asked: Asked) -> list[Need]:
    """Return all that the caller must be allowed for a request.

    Raises an `ApiError` for a request whose resources can't be told.
    """
    prefix = asked.incoming.prefix
    mapped = MAPPED.get(prefix)
    if mapped is not None:
        needs = list(mapped.more(asked, _listed(asked, mapped)))
    elif (finder := _OTHERS.get(prefix)) is not None:
        needs = list(finder(asked))
    else:
        needs = [Need(f"{prefix}:{asked.name}", EVERYTHING)]
    return [*needs, *_tagging(asked, needs), *passed_roles(asked)]


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


def _tagging(asked: Asked, needs: list[Need]) -> Iterator[Need]:
    """Something that is made with tags is tagged too."""
    prefix = asked.incoming.prefix
    tagger = _TAGGERS.get(prefix)
    if tagger and asked.name.startswith(_MAKING) and needs and given_tags(asked.params):
        made = needs[0]
        yield Need(f"{prefix}:{tagger(asked.name)}", made.resource, _created(asked, made))


def _created(asked: Asked, made: Need) -> Mapping[str, Value]:
    """The condition keys of tagging what a request makes."""
    key = f"{asked.incoming.prefix}:CreateAction"
    return {**made.keys, key: asked.name} if asked.incoming.prefix in _TELLING else made.keys
