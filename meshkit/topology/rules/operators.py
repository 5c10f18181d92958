"""Operators: what their tiers may be given, who takes their roles, and what these are called."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.config.suggest import did_you_mean
from meshkit.topology import leaves
from meshkit.topology.operators import operator_role_name
from meshkit.topology.roles import made_name
from meshkit.topology.rules.ownership import consumers, lets_in
from meshkit.topology.rules.roles import POLICY_ARN
from meshkit.topology.rules.wording import unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meshkit.config.deferred import Deferred
    from meshkit.config.finding import Finding, Path
    from meshkit.config.operator import Operator
    from meshkit.topology.rules.view import View

    Texts = Iterator[tuple[Path, str | Deferred]]
    _Arn = tuple[Path, Rule, str | Deferred | None, Callable[[str, str | None], str | None]]

ROUTERS = Rule(
    "MK740",
    "An operator of the tier router names routers, one of another tier does not.",
    "viewer changes no route, and deployer and those above it those of every router of their "
    "account, so that the list would mean nothing.",
    "Name the routers whose routes it may change, or remove the list.",
    "docs/guide: people and pipelines",
)
ROUTER = Rule(
    "MK741",
    "The routers of an operator are in the file.",
    "A misspelt name would leave the operator without the right it is there for.",
    "Correct the name, or add the router under routers.",
    "docs/guide: people and pipelines",
)
ROUTER_ACCOUNT = Rule(
    "MK742",
    "The routers of an operator are of its account.",
    "App Mesh lets nobody change what another account has made in a shared mesh.",
    "Name routers of the operator's account, or correct its account.",
    "App Mesh user guide: working with shared meshes",
)
UPPER_TIER = Rule(
    "MK743",
    "Operators of the tiers owner and sharer are of the mesh owner's account.",
    "The mesh, its gateways, its policy and its share are the owner's alone.",
    "Leave account out, or take the tier deployer.",
    "App Mesh user guide: working with shared meshes",
)
SHUT_OUT = Rule(
    "MK744",
    "The mesh is shared with the account of an operator.",
    "Without the share, the account neither sees the mesh nor makes anything in it.",
    "Add the account, its organizational unit or the organization to share.principals.",
    "App Mesh user guide: working with shared meshes",
)
PROVIDER = Rule(
    "MK745",
    "The identity provider of an operator is of its account, and of the kind that the trust names.",
    "IAM takes tokens and assertions of providers of the role's own account alone.",
    "Give the ARN of a provider that exists in that account.",
    "IAM user guide: creating a role for federation",
)
EXACT = Rule(
    "MK746",
    "Subjects, audiences, external ids and tags of an operator are exact.",
    "IAM reads * and ? as any text, and ${…} as a variable, or takes a text with them for another.",
    "Write each text out; several subjects are a list.",
    "IAM user guide: condition operators; policy variables",
)
PRINCIPAL = Rule(
    "MK747",
    "A principal of trust.accounts is an account, or a role or user.",
    "IAM refuses anything else, and takes * for everybody.",
    "Write a key of accounts, 12 digits, or arn:PARTITION:iam::ACCOUNT:role/NAME.",
    "IAM user guide: principal",
)
NAME = Rule(
    "MK748",
    "The role of an operator has a name that no other role of its account has.",
    "IAM, which is blind to case, refuses the second; and a proxy's role is not for people.",
    "Choose another name.",
    "IAM API: CreateRole",
)

RULES = (
    ROUTERS, ROUTER, ROUTER_ACCOUNT, UPPER_TIER, SHUT_OUT, PROVIDER, EXACT, PRINCIPAL, NAME,
)  # fmt: skip

UPPER = ("owner", "sharer")


def check_tiers(view: View) -> Iterator[Finding]:
    """What a tier needs and what it takes."""
    for name, operator in view.config.operators.items():
        path = ("operators", name)
        if operator.tier == "router" and not operator.routers and view.whole(*path, "routers"):
            yield ROUTERS.at(path, "the tier router needs routers; name those it may change")
        elif operator.tier != "router" and operator.routers:
            message = f"the tier {operator.tier} takes no routers; remove them"
            yield ROUTERS.at((*path, "routers"), message)
        account = view.account_id("operators", name, operator.account)
        if operator.tier in UPPER and account and account != view.index.owner_id:
            message = (
                f"{operator.tier} is for the mesh owner's account, not {operator.account}; leave "
                "account out, or take deployer"
            )
            yield UPPER_TIER.at((*path, "tier"), message)


def check_shared(view: View) -> Iterator[Finding]:
    """Accounts that are in the mesh by their operators alone."""
    building = consumers(view)
    for name, operator in view.config.operators.items():
        account = view.account_id("operators", name, operator.account)
        if account and account not in building and not lets_in(view, account):
            message = (
                f"the mesh is not shared with account {operator.account}; add it to "
                "share.principals"
            )
            yield SHUT_OUT.at(("operators", name), message)


def check_routers(view: View) -> Iterator[Finding]:
    """The routers that operators name."""
    for name, operator in view.config.operators.items():
        account = view.account_id("operators", name, operator.account)
        for place, router in enumerate(operator.routers):
            path = ("operators", name, "routers", place)
            if view.missing("routers", router):
                yield ROUTER.at(path, unknown(view, "router", router, "routers"))
                continue
            found = view.config.routers.get(router)
            theirs = found and view.account_id("routers", router, found.account)
            if found and account and theirs and account != theirs:
                message = (
                    f'router "{router}" is of account {view.index.account_key(found.account)}, the '
                    f"operator of {view.index.account_key(operator.account)}; correct one of the "
                    "two"
                )
                yield ROUTER_ACCOUNT.at(path, message)


def check_arns(view: View) -> Iterator[Finding]:
    """Identity providers and boundaries."""
    for name, operator in view.config.operators.items():
        account = view.account_id("operators", name, operator.account)
        if account is None:
            continue
        for path, rule, arn, faulty in _arns(view, name, operator):
            text = view.text(arn, operator.account)
            fault = text and faulty(text, account)
            if fault:
                yield rule.at(path, fault)


def _arns(view: View, name: str, operator: Operator) -> Iterator[_Arn]:
    path, trust = ("operators", name), operator.trust
    if trust.oidc:
        place = (*path, "trust", "oidc", "provider")
        yield place, PROVIDER, trust.oidc.provider, partial(leaves.oidc_provider, issuer=None)
    if trust.saml:
        place = (*path, "trust", "saml", "provider")
        yield place, PROVIDER, trust.saml.provider, leaves.saml_provider
    block = path if operator.role.permissions_boundary else ("defaults",)
    boundary = view.index.operator_role(operator).permissions_boundary
    yield (*block, "role", "permissions_boundary"), POLICY_ARN, boundary, leaves.policy


def check_exact(view: View) -> Iterator[Finding]:
    """Texts in which IAM would read more than they say."""
    for name, operator in view.config.operators.items():
        for path, text in _exact_texts(("operators", name, "trust"), operator):
            known = view.text(text, operator.account) or ""
            mark = next((each for each in ("*", "?", "${") if each in known), None)
            if mark:
                # An external id is a secret, so that only the sign is shown.
                yield EXACT.at(path, f'contains "{mark}"; write the text out')
        for key, value in operator.resource_tags.items():
            if "${" in value:
                message = 'contains "${", which IAM reads as a variable; write the text out'
                yield EXACT.at(("operators", name, "resource_tags", key), message)


def _exact_texts(path: Path, operator: Operator) -> Texts:
    oidc, accounts = operator.trust.oidc, operator.trust.accounts
    if oidc:
        yield (*path, "oidc", "audience"), oidc.audience
        for place, text in enumerate(oidc.subjects):
            yield (*path, "oidc", "subjects", place), text
    for place, text in enumerate(accounts.external_ids if accounts else ()):
        yield (*path, "accounts", "external_ids", place), text


def check_principals(view: View) -> Iterator[Finding]:
    """Accounts, roles and users that are let in."""
    accounts = view.config.accounts
    for name, operator in view.config.operators.items():
        principals = operator.trust.accounts.principals if operator.trust.accounts else ()
        for place, text in enumerate(principals):
            known = view.text(text, operator.account)
            if known is None or not view.missing("accounts", known):
                continue
            fault = leaves.caller(known)
            if fault:
                path = ("operators", name, "trust", "accounts", "principals", place)
                yield PRINCIPAL.at(path, f"{fault}{did_you_mean(known, accounts)}")


def check_names(view: View) -> Iterator[Finding]:
    """Names that two roles of an account would have."""
    taken = dict(names_of_proxies(view)) if view.config.operators else {}
    for name, operator in view.config.operators.items():
        account = view.account_id("operators", name, operator.account)
        if account is None or not view.whole("operators", name, "role"):
            continue
        role = operator_role_name(view.index, name, operator)
        other = taken.setdefault((account, role.lower()), f'operator "{name}"')
        if other != f'operator "{name}"':
            message = f'"{role}" is the role of {other} already; choose another name'
            yield NAME.at(("operators", name, "role", "name"), message)


def names_of_proxies(view: View) -> Iterator[tuple[tuple[str, str], str]]:
    """The names of the roles of proxies by account, each with whose it is."""
    for proxied in view.proxied:
        if proxied.account_id is None or not proxied.role_known:
            continue
        arn = view.text(proxied.role.arn, proxied.account)
        kind = "virtualNode" if proxied.path[0] == "nodes" else "virtualGateway"
        own = proxied.role.name or made_name(view.index, kind, proxied.name)
        name = own if proxied.role.arn is None else (arn or "").rpartition("/")[2]
        if name:
            yield (proxied.account_id, name.lower()), f'"{proxied.name}"'


CHECKS = (
    check_tiers, check_shared, check_routers, check_arns, check_exact, check_principals,
    check_names,
)  # fmt: skip
