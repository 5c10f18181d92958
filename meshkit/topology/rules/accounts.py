"""Accounts, the roles that lead into them, and things that exist already."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.topology import leaves
from meshkit.topology.rules.ownership import consumers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding
    from meshkit.topology.rules.view import View

DUPLICATE_ID = Rule(
    "MK808",
    "Each account is listed once.",
    "Two keys for one account make two owners of what is one.",
    "Correct the id, or use one key.",
    "docs/guide: the mesh file",
)
ASSUME_ROLE = Rule(
    "MK809",
    "The role that leads into an account is of that account.",
    "A role of another account makes everything in that other account.",
    "Correct the ARN or the account's id.",
    "STS API: AssumeRole",
)
DURATION = Rule(
    "MK810",
    "A session lasts from 15 minutes to 12 hours.",
    "STS refuses other durations.",
    "Write a duration from 15m to 12h.",
    "STS API: AssumeRole, DurationSeconds",
)
MANAGEMENT = Rule(
    "MK811",
    "The organization's management account has no part in the mesh but its audit trail.",
    "Service control policies don't hold there, and AWS advises against workloads in it.",
    "Use a member account.",
    "Organizations user guide: best practices for the management account",
    "warning",
)
SHARE_ARN = Rule(
    "MK812",
    "An adopted share and its permission are of RAM, and the share of the mesh owner.",
    "Only its owner can add a mesh to a share, in the mesh's region.",
    "Correct the ARN.",
    "RAM API: AssociateResourceShare",
)
MESH_ARN = Rule(
    "MK813",
    "An adopted mesh has the name, owner and region of the file.",
    "All ARNs of the mesh are made from these three.",
    "Correct the ARN, or name, owner and region.",
    "App Mesh API: MeshData",
)
ADOPTED_OPTIONS = Rule(
    "MK814",
    "An adopted mesh or share has no options that would change it.",
    "meshkit does not change what it did not make, so that the options would do nothing.",
    "Remove the options, or leave arn out so that meshkit makes it.",
    "docs/guide: the mesh file",
)

KEY = Rule(
    "MK819",
    "A key of accounts that is 12 digits is the account's own id.",
    "Where an account is named, 12 digits are an id: with two meanings, a principal or a slice "
    "would be of the wrong account.",
    "Write a name as key, or the account's own id.",
    "docs/guide: the mesh file",
)

RULES = (
    DUPLICATE_ID, ASSUME_ROLE, DURATION, MANAGEMENT, SHARE_ARN, MESH_ARN, ADOPTED_OPTIONS, KEY,
)  # fmt: skip

MESH_OPTIONS = ("egress_filter", "ip_preference", "tags")
SHARE_OPTIONS = ("allow_external_principals", "name", "permissions", "tags")
_ID = re.compile(r"[0-9]{12}")
_UNITS = {"h": 3600, "m": 60, "s": 1}


def check_accounts(view: View) -> Iterator[Finding]:
    """Ids given twice, keys that are ids of others, and the management account."""
    first: dict[str, str] = {}
    organization = view.config.organization
    for key, account in view.config.accounts.items():
        if _ID.fullmatch(key) and key != account.id:
            message = f'"{key}" is the key of {account.id}; give it a name, or its own id'
            yield KEY.at(("accounts", key), message)
        other = first.setdefault(account.id, key)
        if other != key:
            message = f'{account.id} is account "{other}" already; correct the id, or use one key'
            yield DUPLICATE_ID.at(("accounts", key, "id"), message)
        managing = organization is not None and account.id == organization.management_account
        if managing and not _only_audits(view, account.id):
            message = (
                f"{account.id} is the organization's management account, where service control "
                "policies don't hold; use a member account"
            )
            yield MANAGEMENT.at(("accounts", key, "id"), message)


def _only_audits(view: View, account_id: str) -> bool:
    """Whether an account has the trail of the organization, and nothing of the mesh."""
    audit = view.config.audit
    has_trail = audit is not None and audit.organization
    return has_trail and account_id not in {view.index.owner_id, *consumers(view)}


def check_assumed_roles(view: View) -> Iterator[Finding]:
    """Roles that lead into accounts."""
    for key, account in view.config.accounts.items():
        if account.assume_role is None:
            continue
        path = ("accounts", key, "assume_role")
        text = view.text(account.assume_role.arn, key)
        fault = text and leaves.role(text, account.id)
        if fault:
            yield ASSUME_ROLE.at((*path, "arn"), fault)
        duration = account.assume_role.duration
        if duration is not None and not 900 <= _seconds(duration) <= 43200:
            message = f'"{duration}" is not from 15 minutes to 12 hours; write for example 1h'
            yield DURATION.at((*path, "duration"), message)


def _seconds(duration: str) -> int:
    return sum(int(count) * _UNITS[unit] for count, unit in re.findall(r"(\d+)([hms])", duration))


def check_adopted(view: View) -> Iterator[Finding]:
    """An existing mesh or share."""
    config, owner = view.config, view.index.owner_id
    mesh = view.text(config.mesh.arn) if view.whole("name") else None
    fault = mesh and owner and leaves.mesh(mesh, config.name, owner, config.region)
    if fault:
        yield MESH_ARN.at(("mesh", "arn"), fault)
    if config.share is None:
        return
    share = view.text(config.share.arn)
    fault = share and owner and leaves.share(share, owner, config.region)
    if fault:
        yield SHARE_ARN.at(("share", "arn"), fault)
    for place, arn in enumerate(config.share.permissions):
        text = view.text(arn)
        fault = text and leaves.permission(text)
        if fault:
            yield SHARE_ARN.at(("share", "permissions", place), fault)


def check_adopted_options(view: View) -> Iterator[Finding]:
    """Options beside the ARN of what exists."""
    for section, keys in (("mesh", MESH_OPTIONS), ("share", SHARE_OPTIONS)):
        thing = getattr(view.config, section)
        if thing is None or thing.arn is None:
            continue
        for key in keys:
            if key in thing.model_fields_set:
                message = f"{key} does nothing on a {section} that exists; remove it, or arn"
                yield ADOPTED_OPTIONS.at((section, key), message)


CHECKS = (check_accounts, check_assumed_roles, check_adopted, check_adopted_options)
