"""AWS Organizations with the refusals that moto leaves out; the rest is moto's.

Source: AWS Organizations API Reference, errors of the operations.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from moto.moto_api._internal import mock_random
from moto.organizations import urls
from moto.organizations.exceptions import (
    ConstraintViolationException,
    DuplicateOrganizationalUnitException,
)
from moto.organizations.exceptions import OrganizationsClientError as Refused
from moto.organizations.models import FakeOrganizationalUnit, OrganizationsBackend

from meshkit.local.services.deployers import make_administrator
from meshkit.local.services.stack_sets import settle_all
from meshkit.policy.guardrails import ATTACHED_LIMIT, SIZE_LIMIT

ACCESS_ROLE = "OrganizationAccountAccessRole"
"""The role that Organizations makes in an account, unless it is asked for another name."""
CONTROL_POLICY = "SERVICE_CONTROL_POLICY"


class Organizations(OrganizationsBackend):
    """moto's Organizations, with what AWS asks of units and accounts.

    A unit has a name of its own and is empty when it goes, an e-mail address is that of one
    account, StackSets follow accounts that move, and service control policies have limits.
    """

    def _reset(self) -> None:
        super()._reset()
        self.failures: dict[str, dict[str, Any]] = {}

    @property
    def _url_module(self) -> Any:
        return SimpleNamespace(url_bases=urls.url_bases, url_paths=urls.url_paths)

    def create_organizational_unit(self, **kwargs: Any) -> dict[str, Any]:
        """Make a unit."""
        self._require_name(kwargs["Name"], kwargs["ParentId"])
        return super().create_organizational_unit(**kwargs)

    def update_organizational_unit(self, **kwargs: Any) -> dict[str, Any]:
        """Rename a unit."""
        unit = self.get_organizational_unit_by_id(kwargs["OrganizationalUnitId"])
        self._require_name(kwargs["Name"], str(unit.parent_id), unit)
        unit.name = kwargs["Name"]
        return unit.describe()

    def delete_organizational_unit(self, **kwargs: Any) -> None:
        """Delete a unit that is empty."""
        id_ = kwargs["OrganizationalUnitId"]
        below: list[Any] = [*self.ou, *self.accounts]
        if any(each.parent_id == id_ for each in below):
            code = "OrganizationalUnitNotEmptyException"
            raise Refused(code, "The specified OU is not empty.")
        super().delete_organizational_unit(**kwargs)

    def create_account(self, **kwargs: Any) -> dict[str, Any]:
        """Make an account; one whose address is taken fails, which its status tells."""
        address = kwargs["Email"].casefold()
        if self.org and any(each.email.casefold() == address for each in self.accounts):
            id_ = f"car-{mock_random.get_random_hex(32)}"
            status = {
                "Id": id_,
                "AccountName": kwargs["AccountName"],
                "State": "FAILED",
                "FailureReason": "EMAIL_ALREADY_EXISTS",
            }
            self.failures[id_] = {"CreateAccountStatus": status}
            return self.failures[id_]
        answer = super().create_account(**kwargs)
        make_administrator(
            self.accounts[-1].id, self.partition, kwargs.get("RoleName", ACCESS_ROLE)
        )
        return answer

    def describe_create_account_status(self, **kwargs: Any) -> dict[str, Any]:
        """Tell how the making of an account went."""
        failure = self.failures.get(kwargs["CreateAccountRequestId"])
        return failure or super().describe_create_account_status(**kwargs)

    def move_account(self, **kwargs: Any) -> None:
        """Move an account, and with it what StackSets bring to its unit."""
        super().move_account(**kwargs)
        settle_all(self.account_id)

    def create_policy(self, **kwargs: Any) -> dict[str, Any]:
        """Make a policy."""
        _require_size(kwargs["Type"], kwargs["Content"])
        return super().create_policy(**kwargs)

    def update_policy(self, **kwargs: Any) -> dict[str, Any]:
        """Change a policy."""
        type_ = self.get_policy_by_id(kwargs["PolicyId"]).type
        _require_size(type_, kwargs.get("Content") or "")
        return super().update_policy(**kwargs)

    def attach_policy(self, **kwargs: Any) -> None:
        """Attach a policy to a root, a unit or an account; once, and no more than a few."""
        policy = self.get_policy_by_id(kwargs["PolicyId"])
        targets: list[Any] = [*self.ou, *self.accounts]
        target = next((each for each in targets if each.id == kwargs["TargetId"]), None)
        attached = target.attached_policies if target else []
        if policy in attached:
            code = "DuplicatePolicyAttachmentException"
            raise Refused(code, "A policy with the specified name and type already exists.")
        alike = [each for each in attached if each.type == policy.type]
        if policy.type == CONTROL_POLICY and len(alike) >= ATTACHED_LIMIT:
            raise ConstraintViolationException(
                "You have attached the maximum number of policies to the specified target."
            )
        super().attach_policy(**kwargs)

    def _require_name(
        self, name: str, parent: str, renamed: FakeOrganizationalUnit | None = None
    ) -> None:
        siblings = (each for each in self.ou if each.parent_id == parent and each is not renamed)
        if any(each.name == name for each in siblings):
            raise DuplicateOrganizationalUnitException


def _require_size(type_: str, content: str) -> None:
    if type_ == CONTROL_POLICY and len(content) > SIZE_LIMIT:
        raise ConstraintViolationException(
            "You have exceeded the allowed maximum policy content size limit."
        )
