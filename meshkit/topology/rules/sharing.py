"""With whom a mesh is shared: principals, the organization, accounts outside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.topology import leaves
from meshkit.topology.invitations import is_outside
from meshkit.topology.rules.wording import both, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.accounts import Account
    from meshkit.config.finding import Finding, Path
    from meshkit.topology.leaves import ArnParts
    from meshkit.topology.rules.view import View

RAM = "RAM user guide: sharing; RAM API: AssociateResourceShare"
PRINCIPAL = Rule(
    "MK801",
    "A principal is an account, or the ARN of an organizational unit, an organization or a role.",
    "RAM shares a mesh with nothing else.",
    "Write a key of accounts, a 12-digit id, or the ARN.",
    RAM,
)
IAM_PRINCIPAL = Rule(
    "MK802",
    "Principals are accounts, organizational units or the organization.",
    "RAM takes roles and users too, but App Mesh's own documents name only these three.",
    "Share with the role's account.",
    RAM,
    "warning",
)
OTHER_ORGANIZATION = Rule(
    "MK803",
    "A principal of an organization is of the mesh owner's own.",
    "RAM shares with organizational units and organizations only within one's own.",
    "State organization in the file, and correct the ARN; share with other accounts by id.",
    RAM,
)
SHARING_OFF = Rule(
    "MK804",
    "A share with an organizational unit or organization has sharing_enabled.",
    "RAM refuses such a principal until sharing with the organization is enabled.",
    "Enable it once from the management account (ram:EnableSharingWithAwsOrganization) and set "
    "organization.sharing_enabled: true.",
    RAM,
)
EXTERNAL = Rule(
    "MK805",
    "Accounts outside the organization are shared with only when that is allowed.",
    "RAM refuses them unless allowExternalPrincipals is set. Without an organization, or with its "
    "sharing disabled, every account is outside.",
    "Set share.allow_external_principals: true, or state the organization and enable its sharing.",
    RAM,
)
DUPLICATE = Rule(
    "MK806",
    "Each principal is named once.",
    "RAM refuses the second association.",
    "Remove one of the two.",
    RAM,
)
OWNER = Rule(
    "MK807",
    "The mesh is not shared with its owner.",
    "The owner has all rights already, and RAM refuses it.",
    "Remove it from share.principals.",
    RAM,
)

INVITATION = Rule(
    "MK815",
    "An account that is invited to the share and does not accept it by this file accepts by hand.",
    "RAM invites accounts outside the organization, and App Mesh refuses what they make until they "
    "accept. meshkit accepts for accounts that own something in the file, unless share.accept is "
    "false. Without an organization, or with its sharing disabled, every account is outside.",
    "Accept the invitation in the account (ram:AcceptResourceShareInvitation) before it builds in "
    "the mesh; or state an organization that shares.",
    RAM,
    "warning",
)
SUBNETS_OUTSIDE = Rule(
    "MK816",
    "Subnets are shared within the organization only.",
    "EC2 refuses to share a subnet with an account of another organization.",
    "Remove share.subnets and connect the networks otherwise, or leave the account out.",
    "VPC user guide: share your VPC subnets with other accounts",
)
MANY_INVITATIONS = Rule(
    "MK817",
    "At most 20 invitations of an account are open at once.",
    "RAM refuses the next one until some are accepted or rejected.",
    "Invite in batches, or state the raised figure as quotas.pending_invitations.",
    "RAM user guide: service quotas",
    "warning",
)
MANY_PRINCIPALS = Rule(
    "MK818",
    "A share has at most 5,000 principals.",
    "RAM refuses the next one.",
    "Share with an organizational unit, or state the raised figure as quotas.principals_per_share.",
    "RAM user guide: service quotas",
)

RULES = (
    PRINCIPAL, IAM_PRINCIPAL, OTHER_ORGANIZATION, SHARING_OFF, EXTERNAL, DUPLICATE, OWNER,
    INVITATION, SUBNETS_OUTSIDE, MANY_INVITATIONS, MANY_PRINCIPALS,
)  # fmt: skip

BUILDING = ("nodes", "routers", "services", "clusters")
"""What a consumer can own."""

_OU = re.compile(r"ou/(?P<id>o-[a-z0-9]{10,32})/ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}")
_ORGANIZATION = re.compile(r"organization/(?P<id>o-[a-z0-9]{10,32})")
_IAM = re.compile(r"(role|user)/.+")
_SERVICE_PRINCIPAL = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")


def _principals(view: View) -> Iterator[tuple[Path, str]]:
    """The principals that are known now."""
    share = view.config.share
    for place, principal in enumerate(share.principals if share else ()):
        text = view.text(principal)
        if text is not None:
            yield ("share", "principals", place), text


def check_principals(view: View) -> Iterator[Finding]:
    """The form of each principal, and what its form asks for."""
    for path, text in _principals(view):
        arn = leaves.parse_arn(text)
        if arn is not None:
            yield from _arn(view, path, text, arn)
        elif view.index.account(text) is None and view.missing("accounts", text):
            yield PRINCIPAL.at(path, _no_account(view, text))


def _no_account(view: View, text: str) -> str:
    if _SERVICE_PRINCIPAL.fullmatch(text):
        return f'"{text}" is a service; a mesh is shared with accounts or an organization'
    return unknown(view, "account", text, "accounts")


def _arn(view: View, path: Path, text: str, arn: ArnParts) -> Iterator[Finding]:
    if arn.service == "iam" and _IAM.fullmatch(arn.resource):
        message = f'"{text}": App Mesh names no roles or users here; share with {arn.account}'
        yield IAM_PRINCIPAL.at(path, message)
        return
    found = _OU.fullmatch(arn.resource) or _ORGANIZATION.fullmatch(arn.resource)
    if arn.service != "organizations" or found is None:
        message = (
            f'"{text}" is no principal; write an account, or the ARN of an organizational unit '
            "(…:ou/o-ID/ou-ID) or organization (…:organization/o-ID)"
        )
        yield PRINCIPAL.at(path, message)
        return
    yield from _organization(view, path, found["id"], arn.account)


def _organization(view: View, path: Path, named: str, management: str) -> Iterator[Finding]:
    organization = view.config.organization
    if not view.whole("organization"):
        return
    if organization is None:
        message = f"of organization {named}, which the file does not state; add organization"
        yield OTHER_ORGANIZATION.at(path, message)
    elif named != organization.id:
        message = (
            f"of organization {named}, the mesh owner's is {organization.id}; share with accounts "
            "of other organizations by id"
        )
        yield OTHER_ORGANIZATION.at(path, message)
    elif management != organization.management_account:
        message = (
            f"the ARN has account {management}, the management account is "
            f"{organization.management_account}; correct one of the two"
        )
        yield OTHER_ORGANIZATION.at(path, message)
    elif not organization.sharing_enabled:
        message = (
            f"sharing with {named} is not enabled; enable it in RAM and set "
            "organization.sharing_enabled: true"
        )
        yield SHARING_OFF.at(path, message)


def check_external(view: View) -> Iterator[Finding]:
    """Accounts that count as outside, where those are not allowed."""
    share, organization = view.config.share, view.config.organization
    if share is None or share.allow_external_principals or share.arn is not None:
        return
    ids = [(path, text) for path, text in _principals(view) if leaves.parse_arn(text) is None]
    ids = [(path, text) for path, text in ids if view.id_of(text)]
    known = view.whole("organization") and view.whole("share", "allow_external_principals")
    if not known or not ids:
        return
    if organization is None or not organization.sharing_enabled:
        reason = "no organization is stated" if organization is None else "its sharing is disabled"
        message = (
            f"{both(text for _path, text in ids)} count as outside the organization, as {reason}; "
            "set allow_external_principals: true, or state an organization that shares"
        )
        yield EXTERNAL.at(("share",), message)
        return
    for path, text in ids:
        account = _account(view, text)
        if account and account.external:
            message = f'account "{text}" is external; set share.allow_external_principals: true'
            yield EXTERNAL.at(path, message)


def check_duplicates(view: View) -> Iterator[Finding]:
    """Principals given twice, and the owner."""
    seen: set[str] = set()
    for path, text in _principals(view):
        principal = view.id_of(text) or text
        if principal in seen:
            yield DUPLICATE.at(path, f'"{text}" is a principal already; remove one of the two')
        seen.add(principal)
        if principal == view.index.owner_id:
            message = f'"{text}" is the mesh owner, which needs no share; remove it'
            yield OWNER.at(path, message)


def check_invitations(view: View) -> Iterator[Finding]:
    """Accounts that have to accept an invitation by hand."""
    share = view.config.share
    if not all(view.whole(section) for section in BUILDING):
        return
    accepting = _building(view) if share and share.accept else set()
    for path, text, account in _invited(view):
        if account.id in accepting:
            continue
        message = f'"{text}" gets an invitation; accept it there before it builds in the mesh'
        yield INVITATION.at(path, message)


def check_quotas(view: View) -> Iterator[Finding]:
    """How many principals a share has, and how many of them are invited."""
    share, quotas = view.config.share, view.config.quotas
    if share is None or not view.whole("quotas"):
        return
    path = ("share", "principals")
    invited = len(list(_invited(view)))
    if invited > quotas.pending_invitations:
        message = (
            f"{invited} accounts are invited, the quota of open invitations is "
            f"{quotas.pending_invitations}; let some accept before you add the others"
        )
        yield MANY_INVITATIONS.at(path, message)
    if len(share.principals) > quotas.principals_per_share:
        message = (
            f"{len(share.principals)} principals, the quota is {quotas.principals_per_share}; "
            "share with an organizational unit, or state the raised figure as "
            "quotas.principals_per_share"
        )
        yield MANY_PRINCIPALS.at(path, message)


def check_subnets(view: View) -> Iterator[Finding]:
    """Subnets that would go to accounts outside the organization."""
    share = view.config.share
    if share is None or not share.subnets:
        return
    for path, text, _account in _invited(view):
        message = f'"{text}" is outside the organization, and subnets are not shared with it'
        yield SUBNETS_OUTSIDE.at(path, message)


def _invited(view: View) -> Iterator[tuple[Path, str, Account]]:
    """The principals that RAM invites; without a share that allows them there are none.

    Whether an adopted share allows them is not in the file: it may.
    """
    share = view.config.share
    if share is None or not view.whole("organization"):
        return
    if not share.allow_external_principals and share.arn is None:
        return
    for path, text in _principals(view):
        account = _account(view, text)
        if account and account.id != view.index.owner_id and is_outside(account, view.config):
            yield path, text, account


def _account(view: View, text: str) -> Account | None:
    """An account by its key, or by its id as the file lists it."""
    listed = (each for each in view.config.accounts.values() if each.id == text)
    return next(listed, None) or view.index.account(text)


def _building(view: View) -> set[str | None]:
    """Ids of the accounts that own something in the mesh."""
    config, index = view.config, view.index
    keys = [node.account for node in config.nodes.values()]
    keys += [router.account for router in config.routers.values()]
    keys += [index.service_account_key(name) for name in config.services]
    keys += [cluster.account for cluster in config.clusters.values()]
    return {index.account_id(key) for key in keys}


CHECKS = (
    check_principals, check_external, check_invitations, check_subnets, check_quotas,
    check_duplicates,
)  # fmt: skip
