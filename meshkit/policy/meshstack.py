"""What meshStack's AWS connector may do. Source: meshStack documentation, AWS integration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from meshkit.errors import MeshkitError
from meshkit.policy.document import Condition, Document, Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshkit.policy.document import Text

USER: Final = "meshfed-service"
"""Name of the connector's user."""
ACCESS_ROLE: Final = "OrganizationAccountAccessRole"
"""The role that AWS Organizations makes in the accounts it creates."""
EXTERNAL_ID: Final = "sts:ExternalId"
_ENTER: Final = "StsAccessMemberAccount"
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_ROLE: Final = re.compile(r"[A-Za-z0-9_+=,.@-]{1,64}")
_UNIT: Final = re.compile(
    r"(?P<organization>o-[a-z0-9]{10,32})/(?P<root>r-[a-z0-9]{4,32})/"
    r"(?:ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}/)*(?P<unit>ou-[a-z0-9]{4,32}-[a-z0-9]{8,32})"
)
_UNITS: Final = (
    "organizations:DescribeOrganizationalUnit",
    "organizations:DescribeAccount",
    "organizations:ListParents",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:CreateOrganizationalUnit",
    "organizations:MoveAccount",
)
_ACCOUNTS: Final = (
    "organizations:ListRoots",
    "organizations:ListAccounts",
    "organizations:CreateAccount",
    "organizations:DescribeCreateAccountStatus",
)


@dataclass(frozen=True, kw_only=True)
class ConnectorScope:
    """What the connector works on. Raises ``MeshkitError`` for what names none of it."""

    management_account: str
    """Id of the organization's management account."""
    access_role: str = ACCESS_ROLE
    """Name of the role that it takes in member accounts."""
    organizational_units: tuple[str, ...] = ()
    """Paths of the OUs that it is kept to, ``o-…/r-…/ou-…``. Default: the whole organization.

    It then takes the role in accounts of these OUs and of those below them, and makes OUs and
    moves accounts in the named ones alone.
    """
    partition: str = "aws"

    def __post_init__(self) -> None:
        object.__setattr__(self, "organizational_units", tuple(self.organizational_units))
        if not _ACCOUNT.fullmatch(self.management_account):
            raise MeshkitError(
                f'management_account: "{self.management_account}" is no account: give the 12 digits'
            )
        if not _ROLE.fullmatch(self.access_role):
            raise MeshkitError(
                f'access_role: "{self.access_role}" is no name of a role: 1 to 64 letters, digits '
                "and +=,.@_-"
            )
        for path in self.organizational_units:
            if not _UNIT.fullmatch(path):
                raise MeshkitError(
                    f'organizational_units: "{path}" is no path of an OU: o-ID/r-ID/ou-ID, with '
                    "every OU above it, and no slash at the end"
                )


def connector_document(scope: ConnectorScope, external_ids: Sequence[Text]) -> Document:
    """The connector's policy: the three statements of the documentation.

    ``external_ids`` is one, or two while it is rotated.
    """
    condition = Condition("StringEquals", EXTERNAL_ID, tuple(external_ids))
    within = tuple(f"{path}/*" for path in scope.organizational_units)
    inside = (Condition("ForAnyValue:StringLike", "aws:ResourceOrgPaths", within),)
    return Document(
        (
            Statement(
                sid=_ENTER,
                actions=("sts:AssumeRole",),
                resources=(f"arn:{scope.partition}:iam::*:role/{scope.access_role}",),
                conditions=(condition, *(inside if within else ())),
            ),
            Statement(
                sid="OrgManagementAccess1",
                actions=_UNITS,
                resources=_named(scope) if within else _any(scope),
            ),
            Statement(sid="OrgManagementAccess2", actions=_ACCOUNTS, resources=("*",)),
        )
    )


def is_connector_document(document: Any, account: str) -> bool:
    """Whether a policy is the connector's in a management account, statement for statement."""
    try:
        (entering,) = [each for each in document["Statement"] if each["Sid"] == _ENTER]
        _, partition, _, _, _, role = entering["Resource"].split(":")
        conditions = entering["Condition"]
        paths = conditions.get("ForAnyValue:StringLike", {}).get("aws:ResourceOrgPaths", ())
        scope = ConnectorScope(
            management_account=account,
            access_role=role.removeprefix("role/"),
            organizational_units=tuple(each.removesuffix("/*") for each in _listed(paths)),
            partition=partition,
        )
        ids = _listed(conditions["StringEquals"][EXTERNAL_ID])
    except (AttributeError, KeyError, TypeError, ValueError, MeshkitError):
        return False
    found: bool = connector_document(scope, ids).to_dict() == document
    return found


def _listed(texts: Any) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts)


def _any(scope: ConnectorScope) -> tuple[str, ...]:
    return (
        f"arn:{scope.partition}:organizations::*:account/o-*/*",
        f"arn:{scope.partition}:organizations::{scope.management_account}:root/o-*/r-*",
        f"arn:{scope.partition}:organizations::*:ou/o-*/ou-*",
    )


def _named(scope: ConnectorScope) -> tuple[str, ...]:
    """No ARN of an account tells its OU, so accounts can only be kept to the organization."""
    found: dict[str, None] = {}
    head = f"arn:{scope.partition}:organizations::{scope.management_account}"
    for path in scope.organizational_units:
        if unit := _UNIT.fullmatch(path):
            found[f"{head}:account/{unit['organization']}/*"] = None
            found[f"{head}:root/{unit['organization']}/{unit['root']}"] = None
            found[f"{head}:ou/{unit['organization']}/{unit['unit']}"] = None
    return tuple(found)
