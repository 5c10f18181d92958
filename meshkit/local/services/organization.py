"""Who belongs to which organization, read from moto's Organizations."""

from __future__ import annotations

from collections.abc import Iterable

from moto.organizations.models import FakeAccount, OrganizationsBackend, organizations_backends


def forget_members() -> None:
    """Empty moto's map of member accounts, which outlives a reset of everything else."""
    organizations_backends.master_accounts.clear()


def organization_of(account: str, partition: str) -> OrganizationsBackend | None:
    """Return the organization that an account is in, None for an account in none."""
    # moto's map of member accounts outlives a reset, so membership is looked up, not believed.
    master, _ = organizations_backends.master_accounts.get(account, (account, partition))
    organization = organizations_backends[master][partition]
    if organization.org and _member(organization, account):
        return organization
    return None


def same_organization(one: str, other: str, partition: str) -> bool:
    """Return whether two accounts are in one organization."""
    organization = organization_of(one, partition)
    return organization is not None and _member(organization, other) is not None


def ancestors(account: str, organization: OrganizationsBackend) -> set[str]:
    """Return the ids of the units above an account, up to and with the root."""
    return set(units_above(account, organization))


def units_above(account: str, organization: OrganizationsBackend) -> list[str]:
    """Return the ids of the units above an account, the root first."""
    parents = {unit.id: unit.parent_id for unit in organization.ou}
    member = _member(organization, account)
    found: list[str] = []
    current = member.parent_id if member else None
    while current and current not in found:
        found.insert(0, current)
        current = parents.get(current)
    return found


def found_organization(
    management_account: str, members: Iterable[str], organization_id: str, partition: str = "aws"
) -> OrganizationsBackend:
    """Make an organization with account ids and an id of one's choice; moto draws random ones.

    The members are directly under the root. RAM sharing is still off: the management account
    turns it on with `ram:EnableSharingWithAwsOrganization`.
    """
    organization = organizations_backends[management_account][partition]
    organization.create_organization(region=partition, FeatureSet="ALL")
    _rename(organization, organization_id)
    for account in members:
        found_account(organization, account, f"account-{account}", f"{account}@example.com")
    return organization


def found_account(
    organization: OrganizationsBackend,
    id_: str,
    name: str,
    email: str,
    unit: str | None = None,
) -> None:
    """Make an account with an id of one's choice, in a unit or under the root."""
    organization.create_account(AccountName=name, Email=email)
    made = organization.accounts[-1]
    masters = organizations_backends.master_accounts
    masters[id_] = masters.pop(made.id)
    made.id, made.parent_id = id_, unit or made.parent_id


def found_unit(
    organization: OrganizationsBackend, id_: str, name: str, parent: str | None = None
) -> None:
    """Make a unit with an id of one's choice, below another or the root."""
    root = organization.list_roots()["Roots"][0]["Id"]
    organization.create_organizational_unit(Name=name, ParentId=parent or root)
    organization.ou[-1].id = id_


def _rename(organization: OrganizationsBackend, organization_id: str) -> None:
    if organization.org:
        organization.org.id = organization_id
    for unit in organization.ou:
        unit.organization_id = organization_id
    for account in organization.accounts:
        account.organization_id = organization_id


def _member(organization: OrganizationsBackend, account: str) -> FakeAccount | None:
    return next((each for each in organization.accounts if each.id == account), None)
