"""CloudFormation StackSets that go by organizational units; the rest of CloudFormation is moto's.

moto makes stacks for the accounts that a unit has at that time, and neither updates nor removes
them by units. Here a StackSet has a stack in each account below its units at any time, as AWS does
with automatic deployment.
"""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

from moto.cloudformation import urls
from moto.cloudformation.models import (
    CloudFormationBackend,
    StackInstance,
    StackSet,
    cloudformation_backends,
)
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult
from moto.moto_api._internal import mock_random
from moto.organizations.models import organizations_backends

from meshkit.local.services.stack_resources import UPDATED

SERVICE_MANAGED = "SERVICE_MANAGED"


class StackSets(CloudFormationBackend):
    """moto's CloudFormation. `targets` are the units of each StackSet's id, by region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.targets: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    @property
    def _url_module(self) -> Any:
        paths = {**urls.url_paths, "{0}/$": StackSetResponse.dispatch}
        return SimpleNamespace(url_bases=urls.url_bases, url_paths=paths)

    def create_stack_instances(
        self,
        stackset_name: str,
        accounts: list[str],
        regions: list[str],
        parameters: list[dict[str, str]],
        deployment_targets: dict[str, Any] | None,
    ) -> str:
        """Make stacks in accounts, or in all accounts below units, also in later ones."""
        found = self.describe_stack_set(stackset_name)
        if found.permission_model != SERVICE_MANAGED or not deployment_targets:
            return super().create_stack_instances(
                stackset_name, accounts, regions, parameters, deployment_targets
            )
        for region in regions:
            units = deployment_targets.get("OrganizationalUnitIds", [])
            self.targets[found.id][region].update(units)
        self.settle(found)
        return self._operation(found, "CREATE")

    def remove_units(self, stackset_name: str, units: list[str], regions: list[str]) -> str:
        """Remove the stacks of the accounts below units."""
        found = self.describe_stack_set(stackset_name)
        for region in regions:
            self.targets[found.id][region].difference_update(units)
        self.settle(found)
        return self._operation(found, "DELETE")

    def update_stack_set(self, stackset_name: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Change a StackSet and every stack of it."""
        operation = super().update_stack_set(stackset_name, *args, **kwargs)
        found = self.describe_stack_set(stackset_name)
        found.instances.template = found.template
        found.instances.parameters = found.parameters
        for each in list(found.stack_instances):
            if not _updated(each, found):
                found.instances.delete([each.account_id], [each.region_name])
        self.settle(found)
        return operation

    def settle(self, stack_set: StackSet) -> None:
        """Let a StackSet have a stack in each account below its units, and nowhere else."""
        targets = self.targets[stack_set.id]
        told: Any = stack_set
        told.organizational_unit_ids = sorted(set().union(*targets.values()))
        for region, units in targets.items():
            wanted = self._accounts_below(units)
            here = [e.account_id for e in stack_set.stack_instances if e.region_name == region]
            gone = [account for account in here if account not in wanted]
            stack_set.instances.delete(gone, [region])
            parameters: Any = stack_set.parameters
            stack_set.instances.create_instances(wanted, [region], parameters, {}, SERVICE_MANAGED)

    def _accounts_below(self, units: set[str]) -> list[str]:
        organization = organizations_backends[self.account_id][self.partition]
        below = set(units)
        size = 0
        while size < len(below):
            size = len(below)
            below |= {unit.id for unit in organization.ou if unit.parent_id in below}
        return [
            each.id
            for each in organization.accounts
            if each.parent_id in below and each.id != self.account_id and each.status == "ACTIVE"
        ]

    def _operation(self, stack_set: StackSet, action: str) -> str:
        id_ = str(mock_random.uuid4())
        stack_set._create_operation(id_, action, "SUCCEEDED")  # noqa: SLF001 - has no public name
        return id_


def _updated(instance: StackInstance, stack_set: StackSet) -> bool:
    """Change a stack in place, if all that is in it changes so."""
    stack: Any = instance.stack
    types = {each["Type"] for each in stack.resource_map._resource_json_map.values()}  # noqa: SLF001
    if not types <= UPDATED:
        return False
    told: Any = stack_set.parameters or {}
    parameters = (
        {each["ParameterKey"]: each["ParameterValue"] for each in told}
        if isinstance(told, list)
        else told
    )
    stack.update(stack_set.template, parameters=parameters)
    return True


class StackSetResponse(CloudFormationResponse):
    """The requests of CloudFormation, with what moto's leave out of those about StackSets."""

    def create_stack_set(self) -> ActionResult:
        """Make a StackSet."""
        result = super().create_stack_set()
        answer: Any = result.result
        made: Any = self.cloudformation_backend.describe_stack_set(answer["StackSetId"])
        made.auto_deployment = self._get_params().get("AutoDeployment")
        made.capabilities = self._get_param("Capabilities", [])
        return result

    def delete_stack_instances(self) -> ActionResult:
        """Remove stacks, by accounts or by units."""
        targets = self._get_params().get("DeploymentTargets") or {}
        units = targets.get("OrganizationalUnitIds")
        if not units:
            return super().delete_stack_instances()
        backend: Any = self.cloudformation_backend
        name, regions = self._get_param("StackSetName"), self._get_param("Regions", [])
        return ActionResult({"OperationId": backend.remove_units(name, units, regions)})


def settle_all(management_account: str) -> None:
    """Bring the stacks of an organization's StackSets to where its accounts are."""
    for backend in cloudformation_backends[management_account].values():
        for stack_set in list(backend.stacksets.values()):
            if isinstance(backend, StackSets) and stack_set.status != "DELETED":
                backend.settle(stack_set)
