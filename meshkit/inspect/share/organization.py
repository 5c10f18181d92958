"""Whether accounts are in the organization, and whether it shares, as the file says.

Both decide who is invited: an invitation that never comes can't be accepted.
Source: RAM User Guide, sharing with AWS Organizations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from meshkit.inspect.confirm.aws import RefusedError
from meshkit.inspect.confirm.remark import CantTellError
from meshkit.inspect.share.principals import owner_of
from meshkit.inspect.share.row import failed, passed, untold
from meshkit.topology.invitations import accounts_named
from meshkit.topology.lattice.sharing import services_shared
from meshkit.topology.slices import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.accounts import Organization
    from meshkit.inspect.confirm.aws import Accounts
    from meshkit.inspect.share.row import Row
    from meshkit.topology.model import Owner, ResolvedMesh

SUBJECT = "organization"
RAM: Final = "ram.amazonaws.com"
RAM_ROLE: Final = "AWSServiceRoleForResourceAccessManager"
NONE: Final = "AWSOrganizationsNotInUseException"
ENABLE: Final = (
    "run aws ram enable-sharing-with-aws-organization in the management account, or use "
    "OrganizationSharing"
)


def check_organization(mesh: ResolvedMesh, accounts: Accounts) -> Iterator[Row]:
    """Sharing is as the file states it, and so is the organization of each account."""
    organization = mesh.config.organization
    if mesh.share is None and not services_shared(mesh.config):
        return
    if organization is None:
        yield from _unstated(mesh, accounts)
        return
    yield _sharing(mesh, organization, accounts)
    for owner in _taking_part(mesh):
        yield _membership(owner, organization, accounts)


def _taking_part(mesh: ResolvedMesh) -> list[Owner]:
    """The accounts that build, and the other principals that the file lists."""
    named = accounts_named(mesh.share.principals) if mesh.share else set()
    listed = [key for key, each in mesh.config.accounts.items() if {key, each.id} & named]
    return [owner_of(mesh, key) for key in dict.fromkeys((*mesh.owners, *listed))]


def _unstated(mesh: ResolvedMesh, accounts: Accounts) -> Iterator[Row]:
    """Without an organization in the file every account is invited; AWS may know better."""
    try:
        ours = _organization_of(mesh.owner, accounts)
    except CantTellError as error:
        yield untold(SUBJECT, str(error))
        return
    if ours is None:
        yield passed(SUBJECT, f"{mesh.owner.key} is in none, as the file says")
        return
    for owner in _taking_part(mesh):
        if owner.id == mesh.owner.id:
            continue
        try:
            theirs = _organization_of(owner, accounts)
        except CantTellError as error:
            yield untold(SUBJECT, str(error))
            continue
        if theirs == ours:
            text = f"{owner.key} is in {ours} like {mesh.owner.key}, which the file does not state"
            reason = "no invitation comes if its sharing is enabled"
            yield untold(SUBJECT, f"{text}: {reason}", "state organization")
        else:
            yield passed(SUBJECT, f"{owner.key} is outside {ours}")


def _sharing(mesh: ResolvedMesh, organization: Organization, accounts: Accounts) -> Row:
    wanted, id_ = organization.sharing_enabled, organization.id
    management = next(
        (k for k, a in mesh.config.accounts.items() if a.id == organization.management_account),
        None,
    )
    if management is None:
        text = (
            f"whether sharing is {'enabled' if wanted else 'disabled'} in {id_}, only its "
            f"management account {organization.management_account} can see"
        )
        or_enable = f", or {ENABLE}" if wanted else ""
        return untold(SUBJECT, text, f"list that account in accounts with a way in{or_enable}")
    try:
        enabled = _is_enabled(owner_of(mesh, management), accounts)
    except CantTellError as error:
        return untold(SUBJECT, str(error))
    if enabled and not wanted and _somebody_accepts(mesh):
        text = f"sharing is enabled in {id_}, and the file says it is not: no invitation comes"
        return failed(SUBJECT, text, "set organization.sharing_enabled: true")
    if enabled:
        return passed(SUBJECT, f"sharing is enabled in {id_}")
    if not wanted:
        return passed(SUBJECT, f"sharing is not enabled in {id_}, as the file says")
    return failed(SUBJECT, f"sharing is not enabled in {id_}", ENABLE)


def _somebody_accepts(mesh: ResolvedMesh) -> bool:
    """Whether meshkit is to accept an invitation."""
    return any(part.kind in ("acceptance", "service acceptance") for part in parts(mesh))


def _is_enabled(management: Owner, accounts: Accounts) -> bool:
    """RAM is trusted and has its role: trust that Organizations gives alone does not share."""
    account = accounts.of(management)
    trusted = account.ask_all(
        "organizations", "list_aws_service_access_for_organization", "EnabledServicePrincipals"
    )
    if all(each["ServicePrincipal"] != RAM for each in trusted):
        return False
    try:
        account.ask("iam", "get_role", RoleName=RAM_ROLE)
    except RefusedError as error:
        if error.code == "NoSuchEntity":
            return False
        raise
    return True


def _membership(owner: Owner, organization: Organization, accounts: Accounts) -> Row:
    key = owner.key
    try:
        found = _organization_of(owner, accounts)
    except CantTellError as error:
        return untold(SUBJECT, str(error))
    inside = found == organization.id
    if inside and owner.account.external and organization.sharing_enabled:
        text = f"{key} is in {found}, and the file says it is external: no invitation comes"
        return failed(SUBJECT, text, f"remove accounts.{key}.external")
    if inside:
        return passed(SUBJECT, f"{key} is in {found}")
    if owner.account.external:
        return passed(SUBJECT, f"{key} is outside {organization.id}")
    mend = f"set accounts.{key}.external: true, or correct organization"
    text = f"{key} is in organization {found or 'none'}, not in {organization.id}"
    return failed(SUBJECT, text, mend)


def _organization_of(owner: Owner, accounts: Accounts) -> str | None:
    """The id of an account's organization. Raises ``CantTellError``."""
    try:
        answer = accounts.of(owner).ask("organizations", "describe_organization")
    except RefusedError as error:
        if error.code == NONE:
            return None
        raise
    return str(answer["Organization"]["Id"])
