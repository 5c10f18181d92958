"""The guardrails of a landing zone's file: from the file to what is protected, and their rules."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from meshkit.config.deferred import bind
from meshkit.config.finding import Rule
from meshkit.config.suggest import did_you_mean
from meshkit.errors import MeshkitError
from meshkit.policy.guardrails import (
    ATTACHED_LIMIT,
    AuditScope,
    GuardrailScope,
    guardrail_documents,
)
from meshkit.policy.roles import rewritten
from meshkit.topology.landing_zone.units import is_within
from meshkit.topology.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding, Path
    from meshkit.config.guardrails import ZoneGuardrails
    from meshkit.config.landing_zone import LandingZoneFile
    from meshkit.topology.landing_zone.view import ZoneView

_GUIDE: Final = "docs/guide: guardrails"
STACK_SETS_ROLE: Final = "stacksets-exec-*"
"""The roles through which StackSets work in the accounts of an organization.

Source: Control Tower User Guide, policies of preventive controls.
"""

TARGET = Rule(
    "MK985",
    "The units and accounts of guardrails are in the file, and each has one entry at most.",
    "A misspelt unit would stay unprotected; of two entries nobody could tell how many policies "
    "they attach together.",
    "Correct the name, or put both into one entry.",
    _GUIDE,
)
FITS = Rule(
    "MK986",
    "Guardrails name what there is, only deny, and fit into service control policies.",
    "Organizations takes 10,240 characters of a policy and attaches 10 to one target; an Allow "
    "beside FullAWSAccess does nothing.",
    "Correct the entry as the finding says.",
    "Organizations User Guide: quotas; SCP evaluation",
)
OWN_ROLE = Rule(
    "MK987",
    "The pipeline of guardrails has the access_role, and stacksets-exec-* where project_roles are.",
    "The landing zone makes roles and providers in accounts through the one, StackSets through the "
    "other, and they would be shut out.",
    "Add the role to the pipeline.",
    _GUIDE,
)
OWN_REGION = Rule(
    "MK988",
    "A limit of regions leaves the region of the landing zone.",
    "What the landing zone makes in accounts is made there.",
    "Add the region, or leave regions out.",
    _GUIDE,
)
RULES: Final = (TARGET, FITS, OWN_ROLE, OWN_REGION)


def guardrail_scope(entry: ZoneGuardrails, zone: LandingZoneFile) -> GuardrailScope:
    """What an entry protects. Raises ``MeshkitError`` for what names nothing."""
    partition = partition_of(zone.region).name
    context = {"partition": partition, "region": zone.region}
    return GuardrailScope(
        pipeline=entry.pipeline,
        protected=entry.protected,
        share_names=entry.share_names,
        organization_only=entry.organization_only,
        audit=AuditScope(**entry.audit.model_dump()) if entry.audit else None,
        regions=entry.regions,
        boundary=entry.boundary,
        statements=tuple(
            rewritten(each, lambda text: bind(text, context)) for each in entry.statements
        ),
        partition=partition,
    )


def guardrail_findings(view: ZoneView) -> Iterator[Finding]:
    """Every finding about guardrails."""
    seen: dict[str, str] = {}
    for key, entry in view.zone.guardrails.items():
        if not view.is_whole("guardrails", key):
            continue
        path: Path = ("guardrails", key)
        yield from _targets(view, path, entry, seen)
        fault = _fault(entry, view.zone)
        if fault:
            yield FITS.at(path, fault)
        role, region = view.zone.access_role, view.zone.region
        if not _has(entry, role):
            yield OWN_ROLE.at((*path, "pipeline"), f'the access_role "{role}" is not among them')
        if _meets_project_roles(view, entry) and not _has(entry, STACK_SETS_ROLE):
            message = f'"{STACK_SETS_ROLE}", which makes project_roles, is not among them'
            yield OWN_ROLE.at((*path, "pipeline"), message)
        if entry.regions and region not in entry.regions:
            message = f"{region}, the region of the landing zone, is not among them"
            yield OWN_REGION.at((*path, "regions"), message)


def _has(entry: ZoneGuardrails, role: str) -> bool:
    return any(fnmatchcase(role, name) for name in entry.pipeline)


def _meets_project_roles(view: ZoneView, entry: ZoneGuardrails) -> bool:
    """Whether StackSets make roles where these guardrails hold."""
    known = (view.zone.accounts.get(key) for key in entry.accounts)
    places = [each.unit for each in known if each is not None and each.unit is not None]
    covered = [unit for each in view.zone.project_roles.values() for unit in each.units]
    if not entry.units and not entry.accounts:
        return bool(covered)
    return any(
        any(is_within(unit, own) or is_within(own, unit) for own in entry.units)
        or any(is_within(place, unit) for place in places)
        for unit in covered
    )


def _targets(
    view: ZoneView, path: Path, entry: ZoneGuardrails, seen: dict[str, str]
) -> Iterator[Finding]:
    accounts = view.zone.accounts
    for number, unit in enumerate(entry.units):
        if unit not in view.units and view.has_all_units:
            message = f'no unit "{unit}"{did_you_mean(unit, view.units)}'
            yield TARGET.at((*path, "units", number), message)
    for number, account in enumerate(entry.accounts):
        if account not in accounts and not view.is_lost("accounts", account):
            message = f'no account "{account}"{did_you_mean(account, accounts)}'
            yield TARGET.at((*path, "accounts", number), message)
    named = [f"unit {each}" for each in entry.units] + [f"account {a}" for a in entry.accounts]
    for target in dict.fromkeys(named or ["the root"]):
        first = seen.setdefault(target, str(path[1]))
        if first != path[1] or named.count(target) > 1:
            yield TARGET.at(path, f"{target} is under guardrails.{first} already")


def _fault(entry: ZoneGuardrails, zone: LandingZoneFile) -> str | None:
    try:
        documents = guardrail_documents(guardrail_scope(entry, zone))
    except MeshkitError as error:
        return str(error)
    late = (text for document in documents for text in document.deferred())
    own = next((text for text in late if any(hole.kind == "context" for hole in text.holes)), None)
    if own is not None:
        return f"{own} differs from account to account, and guardrails are the same in all"
    found = len(documents) + entry.others_attached
    if found > ATTACHED_LIMIT:
        return f"{found} service control policies, and Organizations attaches {ATTACHED_LIMIT}"
    return None
