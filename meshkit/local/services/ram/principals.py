"""Principals of a resource share: their forms, and whom each one covers.

Source of the forms: the RAM API reference, CreateResourceShare `principals`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from meshkit.local.services.dispatch import Call
from meshkit.local.services.errors import ApiError
from meshkit.local.services.organization import ancestors, organization_of

_FORMS = {
    "account": re.compile(r"(?P<account>\d{12})"),
    "organization": re.compile(
        r"arn:[^:]+:organizations::\d{12}:organization/(?P<organization>o-[a-z0-9]+)"
    ),
    "unit": re.compile(
        r"arn:[^:]+:organizations::\d{12}:ou/(?P<organization>o-[a-z0-9]+)/(?P<unit>ou-[a-z0-9-]+)"
    ),
    "identity": re.compile(r"arn:[^:]+:iam::(?P<account>\d{12}):(?:role|user)/.+"),
    "service": re.compile(r"[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?"),
}


@dataclass(frozen=True)
class Principal:
    """One principal, `text` being how it was given.

    `account` is set for accounts and IAM identities, `organization` for the organization and its
    units, `unit` for units.
    """

    form: str
    text: str
    account: str | None = None
    organization: str | None = None
    unit: str | None = None

    def covers(self, call: Call) -> bool:
        """Return whether the caller is this principal or belongs to it."""
        if self.form == "account":
            return self.account == call.account
        if self.form == "identity":
            return self.text == call.caller
        organization = organization_of(call.account, call.partition)
        if organization is None or organization.org is None:
            return False
        if organization.org.id != self.organization:
            return False
        return self.unit is None or self.unit in ancestors(call.account, organization)


@lru_cache(maxsize=4096)
def parse_principal(text: str) -> Principal:
    """Return the principal that a text names, raising `InvalidParameterException`."""
    for form, pattern in _FORMS.items():
        if match := pattern.fullmatch(text):
            return Principal(form, text, **match.groupdict())
    message = f"Principal ID {text} is malformed. Verify the ID and try again."
    raise ApiError("InvalidParameterException", message)
