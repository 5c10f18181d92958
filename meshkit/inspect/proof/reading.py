"""Which statements let a subject read configurations: by exact ARNs, and by wildcards."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from meshkit.inspect.proof.universe import place_of
from meshkit.policy.evaluation import Policy, matrix
from meshkit.topology.stream import STREAM_ACTION, covers

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from meshkit.inspect.proof.subject import Granted, Subject
    from meshkit.inspect.proof.universe import Place
    from meshkit.policy.evaluation import Statement, Undecidable

PARTITIONS = ("aws", "aws-cn", "aws-us-gov")
MADE_UP = "meshkit-made-up"
"""The name of a mesh, node or gateway that nobody declares."""
_ANY_REGION = "us-east-1"
_OPEN = re.compile(r"\$\{[^}]*\}|[*?]")
"""What stands for other texts in a resource."""


@dataclass(frozen=True)
class Reading:
    """How a subject's own policies let it read configurations."""

    exact: Mapping[str, Granted]
    """By the ARN of an endpoint that a statement names exactly."""
    wide: tuple[Granted, ...]
    """Statements whose wildcard, or whose NotResource, reaches endpoints that nobody declares."""
    doubtful: tuple[Granted, ...] = ()
    """Statements of which that can't be decided."""


def reading_of(
    subject: Subject, meshes: Sequence[Place], declared: Container[str] = frozenset()
) -> Reading:
    """The statements that allow a subject to read configurations.

    ``meshes`` has a place in each mesh and region of the program; ``declared`` are the ARNs of its
    endpoints.
    """
    exact: dict[str, Granted] = {}
    wide: list[Granted] = []
    for granted in subject.statements():
        statement = granted.statement
        if not is_about(statement, STREAM_ACTION):
            continue
        if statement.not_resources or any(map(is_open, texts_of(statement))):
            wide.append(granted)
        if not statement.not_resources:
            for text in texts_of(statement):
                if not _OPEN.search(text) and place_of(text) is not None:
                    exact.setdefault(text, granted)
    reach = {id(each): _is_effective(subject, each, meshes, declared) for each in wide}
    return Reading(
        exact,
        wide=tuple(each for each in wide if reach[id(each)]),
        doubtful=tuple(each for each in wide if reach[id(each)] is None),
    )


def request_context(account: str, region: str) -> dict[str, str]:
    """What is known of a proxy's request for something of its own account."""
    return {
        "aws:RequestedRegion": region,
        "aws:ResourceAccount": account,
        "aws:SecureTransport": "true",
    }


def texts_of(statement: Statement) -> tuple[str, ...]:
    """The resources that a statement names."""
    return tuple(each.text for each in statement.resources or ())


def is_about(statement: Statement, action: str) -> bool:
    """Whether a statement's actions have one among them."""
    return any(_covers(each, action) for each in statement.actions) is not statement.not_actions


_covers = lru_cache(maxsize=4096)(covers)


@lru_cache(maxsize=4096)
def is_open(resource: str) -> bool:
    """Whether a resource has a wildcard or variable, and may be one of App Mesh."""
    found = _OPEN.search(resource)
    if found is None:
        return False
    head = resource[: found.start()]
    heads = (f"arn:{partition}:appmesh:" for partition in PARTITIONS)
    return any(head.startswith(each) or each.startswith(head) for each in heads)


def _is_effective(
    subject: Subject, granted: Granted, around: Iterable[Place], declared: Container[str]
) -> bool | None:
    """Whether a wide statement lets a subject read what nobody has declared.

    It is tried on endpoints that are made up, in the meshes ``around`` and in another, with all
    that limits the subject. ``None`` where that can't be decided.
    """
    denying = (each.statement for each in subject.statements("Deny"))
    alone = Policy((granted.statement, *denying))
    layers = {subject.arn: replace(subject.layers, identity=(alone,))}
    by_region: dict[str, list[str]] = {}
    for arn in _made_up(subject, granted.statement, around, declared):
        by_region.setdefault(arn.split(":")[3], []).append(arn)
    undecided: dict[str, Undecidable] = {}
    for region, tried in by_region.items():
        context = request_context(subject.identity.account or "", region)
        if matrix(STREAM_ACTION, layers, tried, context, complete=False, undecided=undecided)[
            subject.arn
        ]:
            return True
    return None if undecided else False


def _made_up(
    subject: Subject, statement: Statement, around: Iterable[Place], declared: Container[str]
) -> Iterator[str]:
    """Endpoints of the subject's account that nobody declares, and one for each wildcard."""
    account = subject.identity.account
    partition = subject.arn.split(":")[1] if subject.arn.startswith("arn:") else PARTITIONS[0]
    heads = {f"arn:{partition}:appmesh:{_ANY_REGION}:{account}:mesh/{MADE_UP}": None}
    for place in around:
        shared = "" if place.owner == account else f"@{place.owner}"
        head = f"arn:{place.partition}:appmesh:{place.region}:{account}:mesh/"
        heads |= dict.fromkeys((f"{head}{MADE_UP}", f"{head}{place.mesh}{shared}"))
    instances = [instance_of(text) for text in texts_of(statement) if is_open(text)]
    names = dict.fromkeys((MADE_UP, *(each.rpartition("/")[2] for each in instances)))
    for head, kind, name in product(heads, ("virtualNode", "virtualGateway"), names):
        made_up = f"{head}/{kind}/{name}"
        if made_up not in declared:
            yield made_up
    for instance in instances:
        found = place_of(instance)
        if found is not None and found.account == MADE_UP:
            yield instance.replace(f":{MADE_UP}:mesh/", f":{account}:mesh/")
        elif found is not None:
            yield instance


def instance_of(resource: str) -> str:
    """One text that a resource with wildcards or variables stands for."""
    return _OPEN.sub(lambda found: "x" if found[0] == "?" else MADE_UP, resource)
