"""Quotas of App Mesh, which hold for all accounts of a mesh together, and limits of tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from meshkit.config.finding import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from meshkit.config.deferred import Deferred
    from meshkit.config.finding import Finding, Path
    from meshkit.topology.rules.view import View

SOURCE = "AWS General Reference: App Mesh service quotas"
WHY = "App Mesh answers LimitExceededException; the quota counts the things of every account."
RAISE = "Remove some, or have the mesh owner's quota raised by AWS and state it under quotas."


def _quota(code: str, title: str) -> Rule:
    return Rule(code, title, WHY, RAISE, SOURCE)


class Quota(NamedTuple):
    """A quota on how many things a part of the file has."""

    rule: Rule
    key: str
    """In ``quotas``; ``virtual_nodes_per_mesh``."""
    section: str
    within: str | None = None
    """Counted in each thing of this section, rather than once in the file."""


QUOTAS = (
    Quota(_quota("MK401", "A mesh has at most 200 nodes."), "virtual_nodes_per_mesh", "nodes"),
    Quota(
        _quota("MK402", "A mesh has at most 200 services."), "virtual_services_per_mesh", "services"
    ),
    Quota(
        _quota("MK403", "A mesh has at most 200 routers."), "virtual_routers_per_mesh", "routers"
    ),
    Quota(
        _quota("MK404", "A router has at most 50 routes."),
        "routes_per_virtual_router",
        "routes",
        "routers",
    ),
    Quota(
        _quota("MK405", "A node has at most 50 backends."),
        "backends_per_virtual_node",
        "backends",
        "nodes",
    ),
    Quota(
        _quota("MK406", "A mesh has at most 3 gateways."), "virtual_gateways_per_mesh", "gateways"
    ),
    Quota(
        _quota("MK407", "A gateway has at most 10 routes."),
        "gateway_routes_per_virtual_gateway",
        "routes",
        "gateways",
    ),
)
MAX_TAGS = 50
TAG_COUNT = Rule(
    "MK408",
    "A thing has at most 50 tags, its own and those of the file together.",
    "AWS refuses the 51st tag with TooManyTagsException.",
    "Remove tags from the file's tags or from the thing's own.",
    "App Mesh API: TagList; IAM API: tagListType",
)
TAG_PREFIX = Rule(
    "MK409",
    "No tag's key begins with aws:.",
    "AWS keeps keys that begin with aws:, in any case, for itself.",
    "Choose another key.",
    "AWS General Reference: tagging AWS resources",
)

RULES = (*(quota.rule for quota in QUOTAS), TAG_COUNT, TAG_PREFIX)


def check_quotas(view: View) -> Iterator[Finding]:
    """Each quota, with the figure the file states."""
    if not view.app_mesh:
        return
    for quota in QUOTAS:
        limit: int = getattr(view.config.quotas, quota.key)
        if not view.whole("quotas", quota.key):
            continue
        for path, things in _counted(view, quota):
            if len(things) > limit:
                message = (
                    f"{len(things)} {quota.section}, the quota is {limit}; "
                    f"remove some, or state the raised figure as quotas.{quota.key}"
                )
                yield quota.rule.at(path, message)


def _counted(view: View, quota: Quota) -> Iterator[tuple[Path, Mapping[str, object]]]:
    if quota.within is None:
        yield (quota.section,), getattr(view.config, quota.section)
        return
    for name, thing in getattr(view.config, quota.within).items():
        yield (quota.within, name, quota.section), getattr(thing, quota.section)


def check_tag_count(view: View) -> Iterator[Finding]:
    """The file's tags with each thing's own, and those of roles."""
    base = view.config.tags
    for path, tags in _own_tags(view):
        if len(base) + len(tags) > MAX_TAGS and len({*base, *tags}) > MAX_TAGS:
            yield _too_many(path, len({*base, *tags}))
    for proxied in view.proxied:
        if not proxied.role.tags:
            continue
        tags = {**base, **proxied.spec.tags}
        count = len({**tags, **proxied.role.tags})
        if len(tags) <= MAX_TAGS < count:
            own = proxied.spec.role is not None and proxied.spec.role.tags
            yield _too_many((*(proxied.path if own else ("defaults",)), "role", "tags"), count)


def _too_many(path: Path, count: int) -> Finding:
    return TAG_COUNT.at(
        path, f"{count} tags with those of the file, the limit is {MAX_TAGS}; remove some"
    )


def check_tag_prefix(view: View) -> Iterator[Finding]:
    """Keys that AWS keeps for itself."""
    for path, tags in _all_tags(view):
        for key in tags:
            if key[:4].lower() == "aws:":
                message = f'the key "{key}" begins with aws:, which AWS keeps; choose another'
                yield TAG_PREFIX.at((*path, key), message)


def _all_tags(view: View) -> Iterator[tuple[Path, Mapping[str, str | Deferred]]]:
    yield ("tags",), view.config.tags
    yield from _own_tags(view)
    if view.config.defaults.role:
        yield ("defaults", "role", "tags"), view.config.defaults.role.tags
    for path, _name, proxy in view.index.proxies():
        if proxy.role is not None:
            yield (*path, "role", "tags"), proxy.role.tags
    for name, operator in view.config.operators.items():
        yield ("operators", name, "role", "tags"), operator.role.tags
        yield ("operators", name, "resource_tags"), operator.resource_tags


def _own_tags(view: View) -> Iterator[tuple[Path, Mapping[str, str | Deferred]]]:
    """The tags of everything but the file itself and the roles."""
    config = view.config
    yield ("mesh", "tags"), config.mesh.tags
    if config.share is not None:
        yield ("share", "tags"), config.share.tags
    for section in ("nodes", "routers", "services", "gateways", "clusters"):
        for name, thing in getattr(config, section).items():
            if thing.tags:
                yield (section, name, "tags"), thing.tags
    for section in ("routers", "gateways"):
        for name, thing in getattr(config, section).items():
            for key, route in thing.routes.items():
                if route.tags:
                    yield (section, name, "routes", key, "tags"), route.tags


CHECKS = (check_quotas, check_tag_count, check_tag_prefix)
