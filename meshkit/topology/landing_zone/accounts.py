"""What each account is called, and how it is reached.

Source: meshStack documentation, AWS integration (identifiers, accountEmailTemplate); AWS
Organizations API, CreateAccount.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.landing_zone import LandingZoneFile, ZoneAccount

CUSTOMER_LIMIT: Final = 16
PROJECT_LIMIT: Final = 30
TEMPLATE_LIMIT: Final = 20
"""Characters of an e-mail template, its placeholder among them."""
EMAIL_LIMIT: Final = 64
PLACEHOLDER: Final = "%s"


@dataclass(frozen=True, slots=True)
class NamedAccount:
    """An account and what it is called."""

    key: str
    customer: str
    project: str
    email: str | None
    """``None`` where neither the account nor a template gives one."""
    account: ZoneAccount

    @property
    def name(self) -> str:
        """``CUSTOMER.PROJECT``."""
        return account_name(self.customer, self.project)


def account_name(customer: str, project: str) -> str:
    """The name of a project's account."""
    return f"{customer}.{project}"


def named_accounts(zone: LandingZoneFile) -> Iterator[NamedAccount]:
    """The accounts in the order of the file."""
    for key, account in zone.accounts.items():
        customer, project = account.customer or zone.landing_zone, account.project or key
        email = account.email
        if email is None and zone.email_template is not None:
            name = account_name(customer, project)
            email = zone.email_template.replace(PLACEHOLDER, name)
        yield NamedAccount(key, customer, project, email, account)
