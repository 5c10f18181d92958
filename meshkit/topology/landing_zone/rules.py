"""The rules between the parts of a landing zone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from meshkit.config.finding import Rule
from meshkit.config.suggest import did_you_mean
from meshkit.topology.landing_zone.accounts import (
    CUSTOMER_LIMIT,
    EMAIL_LIMIT,
    PLACEHOLDER,
    PROJECT_LIMIT,
    TEMPLATE_LIMIT,
)
from meshkit.topology.landing_zone.clashes import TWICE, brought_twice, same_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from meshkit.config.finding import Finding, Path
    from meshkit.topology.landing_zone.accounts import NamedAccount
    from meshkit.topology.landing_zone.view import ZoneView

MESHSTACK: Final = "meshStack documentation, AWS integration"
ORGANIZATIONS: Final = "AWS Organizations API Reference"
DEPTH_LIMIT: Final = 5

IDENTIFIER = Rule(
    "MK970",
    "A customer has at most 16 characters and a project 30: letters, digits and dashes, the first "
    "and last of them no dash.",
    "The name of an account is CUSTOMER.PROJECT, of which AWS takes 50 characters, and it is put "
    "into an e-mail address.",
    "Give the account a shorter customer or project.",
    f"{MESHSTACK}: identifier configuration",
)
EMAIL_TEMPLATE = Rule(
    "MK971",
    "email_template is an e-mail address of at most 20 characters with one %s before the @.",
    "The name of the account takes the place of %s, so that every account has its own address.",
    "Write it like aws+%s@acme.io.",
    f"{MESHSTACK}: project-account email addresses",
)
EMAIL = Rule(
    "MK972",
    "Each account has an e-mail address of 6 to 64 characters.",
    "AWS makes no account without one. Names of 16 and 30 characters in a template of 20 make an "
    "address of 65.",
    "Shorten the template, the customer or the project, or give the account an email.",
    f"{ORGANIZATIONS}: CreateAccount, Email",
)
EMAIL_UNIQUE = Rule(
    "MK973",
    "No two accounts have the same e-mail address, whatever the case of its letters.",
    "AWS takes an address for one account only, also when that account is closed.",
    "Give one of them another project or another email.",
    f"{ORGANIZATIONS}: CreateAccount, EMAIL_ALREADY_EXISTS",
)
NAME_UNIQUE = Rule(
    "MK974",
    "No two accounts have the same name.",
    "People and bills could not tell them apart.",
    "Give one of them another project.",
    MESHSTACK,
)
UNIT = Rule(
    "MK975",
    "A unit that is named is one of units, by its whole path.",
    "An account can only be in a unit that is there.",
    "Correct the path, or add the unit.",
    f"{ORGANIZATIONS}: MoveAccount",
)
TREE = Rule(
    "MK976",
    "Units are at most five deep, and have different names below the same one.",
    "AWS refuses a sixth level, and a second unit of a name.",
    "Move or rename the unit.",
    f"{ORGANIZATIONS}: CreateOrganizationalUnit; quotas of AWS Organizations",
)
REFERENCE = Rule(
    "MK977",
    "Roles, identity providers and boundaries that are named are those of the file.",
    "Each is made of what the file says about it.",
    "Correct the name, or add what it names.",
    "docs/guide: the landing zone",
)
WHO = Rule(
    "MK978",
    "A role of an OIDC provider names its subjects, and one of the provider's audiences where "
    "there are several; a role of a SAML provider names neither.",
    "Without a subject everybody with a token of the provider would have the role. With SAML the "
    "provider itself says who has it.",
    "Add subjects and audience, or remove them.",
    "IAM User Guide: creating roles for OIDC and SAML federation",
)
PROVIDER = Rule(
    "MK981",
    "A SAML provider's metadata has 1,000 to 10,000,000 characters.",
    "IAM takes no other.",
    "Give the metadata document that the identity provider offers to download.",
    "IAM API Reference: CreateSAMLProvider",
)
IMPORT = Rule(
    "MK982",
    "An id is taken over once, and is not that of the management account.",
    "Two resources of a stack must not be one thing, and the management account is in no unit.",
    "Remove one import.",
    f"{ORGANIZATIONS}: MoveAccount",
)
RULES = (
    IDENTIFIER, EMAIL_TEMPLATE, EMAIL, EMAIL_UNIQUE, NAME_UNIQUE, UNIT, TREE, REFERENCE, WHO,
    PROVIDER, IMPORT, TWICE,
)  # fmt: skip

_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?")
_EMAIL: Final = re.compile(r"[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+")
_SHORTEST_EMAIL: Final = 6
_METADATA: Final = range(1_000, 10_000_000 + 1)


def run(view: ZoneView) -> Iterator[Finding]:
    """Every finding of every rule, in a fixed order."""
    for check in CHECKS:
        yield from check(view)


def _identifiers(view: ZoneView) -> Iterator[Finding]:
    if view.is_whole("landing_zone"):
        own = {each.account.customer is None for each in view.accounts}
        if True in own:
            name = view.zone.landing_zone
            yield from _identifier(("landing_zone",), "customer", name, CUSTOMER_LIMIT)
    for each in view.accounts:
        path: Path = ("accounts", each.key)
        account = each.account
        if account.customer is not None:
            place = (*path, "customer")
            yield from _identifier(place, "customer", each.customer, CUSTOMER_LIMIT)
        place = path if account.project is None else (*path, "project")
        yield from _identifier(place, "project", each.project, PROJECT_LIMIT)


def _identifier(path: Path, what: str, text: str, limit: int) -> Iterator[Finding]:
    if len(text) > limit:
        message = f'the {what} "{text}" has {len(text)} characters, at most {limit} are taken'
        yield IDENTIFIER.at(path, message)
    elif not _IDENTIFIER.fullmatch(text):
        yield IDENTIFIER.at(path, f'"{text}" is no {what}: letters, digits and dashes')


def _template(view: ZoneView) -> Iterator[Finding]:
    text = view.zone.email_template
    if text is None:
        return
    name, _, _ = text.partition("@")
    if len(text) > TEMPLATE_LIMIT:
        told = f"has {len(text)} characters, at most {TEMPLATE_LIMIT} are taken"
    elif text.count(PLACEHOLDER) != 1 or PLACEHOLDER not in name:
        told = "needs %s once, before the @"
    elif not _EMAIL.fullmatch(text):
        told = "is no e-mail address, such as aws+%s@acme.io"
    else:
        return
    yield EMAIL_TEMPLATE.at(("email_template",), f'"{text}" {told}')


def _emails(view: ZoneView) -> Iterator[Finding]:
    if any(True for _ in _template(view)) or not view.is_whole("email_template"):
        return
    for each in view.accounts:
        path = _email_path(each)
        if each.email is None:
            yield EMAIL.at(path, "no e-mail address: give email, or an email_template for all")
        elif len(each.email) > EMAIL_LIMIT:
            message = (
                f'"{each.email}" has {len(each.email)} characters, AWS takes {EMAIL_LIMIT}: '
                "shorten the template or the name, or give email"
            )
            yield EMAIL.at(path, message)
        elif len(each.email) < _SHORTEST_EMAIL or not _EMAIL.fullmatch(each.email):
            yield EMAIL.at(path, f'"{each.email}" is no e-mail address')


def _unique(view: ZoneView) -> Iterator[Finding]:
    emails = ((each.email.casefold() if each.email else None, each) for each in view.accounts)
    for each, first in _repeated(emails):
        message = f'"{each.email}" is the address of {first.key} as well'
        yield EMAIL_UNIQUE.at(_email_path(each), message)
    names = ((each.name.casefold(), each) for each in view.accounts)
    for each, first in _repeated(names):
        message = f'"{each.name}" is the name of {first.key} as well'
        yield NAME_UNIQUE.at(("accounts", each.key), message)


def _repeated(
    keyed: Iterable[tuple[str | None, NamedAccount]],
) -> Iterator[tuple[NamedAccount, NamedAccount]]:
    """Each account whose key another one had before, and that one."""
    first: dict[str, NamedAccount] = {}
    for key, account in keyed:
        if key is not None and first.setdefault(key, account) is not account:
            yield account, first[key]


def _email_path(each: NamedAccount) -> Path:
    path = ("accounts", each.key)
    return path if each.account.email is None else (*path, "email")


def _units_named(view: ZoneView) -> Iterator[Finding]:
    named: list[tuple[Path, str | None]] = [
        (("accounts", each.key, "unit"), each.account.unit) for each in view.accounts
    ]
    for key, roles in view.zone.project_roles.items():
        at: Path = ("project_roles", key, "units")
        named += [((*at, number), unit) for number, unit in enumerate(roles.units)]
    for path, unit in named:
        if unit is not None and unit not in view.units and view.has_all_units:
            yield UNIT.at(path, f'no unit "{unit}"{did_you_mean(unit, view.units)}')


def _tree(view: ZoneView) -> Iterator[Finding]:
    siblings: dict[tuple[str | None, str], str] = {}
    for each in view.units.values():
        first = siblings.setdefault((each.parent, each.name.casefold()), each.path)
        if first != each.path:
            where = each.parent or "the root"
            message = f'"{each.name}" is the name of {first} as well, both below {where}'
            yield TREE.at(each.place, message)
        if each.depth == DEPTH_LIMIT + 1:
            yield TREE.at(each.place, f"AWS takes units {DEPTH_LIMIT} deep, this is one more")


def _references(view: ZoneView) -> Iterator[Finding]:
    zone = view.zone
    for each in view.accounts:
        path = ("accounts", each.key)
        yield from _known(view, (*path, "roles"), "roles", each.account.roles)
        yield from _known(view, (*path, "boundaries"), "boundaries", each.account.boundaries)
    for key, project in zone.project_roles.items():
        yield from _known(view, ("project_roles", key, "roles"), "roles", project.roles or ())
    for key, role in zone.roles.items():
        lost = view.is_lost("identity_providers", role.provider)
        if role.provider not in zone.identity_providers and not lost:
            near = did_you_mean(role.provider, zone.identity_providers)
            message = f'no identity provider "{role.provider}"{near}'
            yield REFERENCE.at(("roles", key, "provider"), message)


def _known(view: ZoneView, path: Path, section: str, names: Iterable[str]) -> Iterator[Finding]:
    known = getattr(view.zone, section)
    for number, name in enumerate(names):
        if name not in known and not view.is_lost(section, name):
            message = f'no {_WHAT[section]} "{name}"{did_you_mean(name, known)}'
            yield REFERENCE.at((*path, number), message)


_WHAT: Final = {"roles": "role", "boundaries": "boundary"}
"""What an entry of a section is called."""


def who(view: ZoneView) -> Iterator[Finding]:
    """Roles that do not say who may take them."""
    for key, role in view.zone.roles.items():
        provider = view.zone.identity_providers.get(role.provider)
        if provider is None or not view.is_whole("roles", key):
            continue
        path: Path = ("roles", key)
        if provider.oidc is None:
            given = next((each for each in ("subjects", "audience") if getattr(role, each)), None)
            if given:
                yield WHO.at((*path, given), f"{given} is for OIDC; {role.provider} is SAML")
            continue
        audiences = provider.oidc.audiences
        if not role.subjects:
            yield WHO.at(path, "no subjects: everybody with a token would have the role")
        if role.audience is None and len(audiences) > 1:
            yield WHO.at(path, f"{role.provider} has {len(audiences)} audiences: choose one")
        known = all(isinstance(each, str) for each in (role.audience, *audiences))
        if role.audience is not None and known and role.audience not in audiences:
            message = f'"{role.audience}" is no audience of {role.provider}'
            yield WHO.at((*path, "audience"), message)


def _metadata(view: ZoneView) -> Iterator[Finding]:
    for key, provider in view.zone.identity_providers.items():
        text = provider.saml.metadata if provider.saml else None
        if isinstance(text, str) and len(text) not in _METADATA:
            path = ("identity_providers", key, "saml", "metadata")
            yield PROVIDER.at(path, f"{len(text)} characters are no metadata document")


def _imports(view: ZoneView) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    management = view.zone.organization.management_account
    taken: list[tuple[Path, str | None, str]] = [
        (each.place, each.unit.import_, each.path) for each in view.units.values()
    ]
    taken += [(("accounts", each.key), each.account.import_, each.key) for each in view.accounts]
    for path, id_, name in taken:
        if id_ is None:
            continue
        if id_ == management:
            yield IMPORT.at((*path, "import"), f'"{id_}" is the management account')
        elif seen.setdefault(id_, name) != name:
            yield IMPORT.at((*path, "import"), f'"{id_}" is taken over by {seen[id_]} as well')


CHECKS: tuple[Callable[[ZoneView], Iterator[Finding]], ...] = (
    _identifiers, _template, _emails, _unique, _units_named, _tree, _references, who, _metadata,
    _imports, brought_twice, same_names,
)  # fmt: skip
