"""The file of a landing zone as one component."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws

from meshkit.config.suggest import did_you_mean
from meshkit.errors import MeshkitError
from meshkit.inputs import deferred_in, require_holes, tags_input
from meshkit.landing_zone.federation import Federation
from meshkit.landing_zone.guardrails import Guardrails, GuardrailsArgs
from meshkit.landing_zone.organization import OrganizationNeeds, require_organization
from meshkit.landing_zone.project_roles import ProjectRoles, ProjectRolesArgs
from meshkit.policy.zone_guardrails import guardrail_scope
from meshkit.topology.landing_zone.accounts import NamedAccount, named_accounts
from meshkit.topology.landing_zone.units import placed_units
from meshkit.topology.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.config.landing_zone import LandingZoneFile, ZoneAccount
    from meshkit.config.load import AnySource
    from meshkit.policy.landing_zone import CheckedZone
    from meshkit.topology.landing_zone.units import PlacedUnit


class LandingZone(pulumi.ComponentResource):
    """Units and accounts of an organization, and in the accounts the roles of people.

    The program works in the management account. An account is made, renamed and moved; it is
    closed only where the file says ``close_on_deletion`` and ``protect: false``, else it stays in
    the organization when it leaves the stack. So do units when the whole landing zone leaves.
    """

    accounts: pulumi.Output[dict[str, Any]]
    """The ``accounts`` of a mesh file: id and the way into each, by the names of this file."""
    organization: dict[str, Any]
    """The ``organization`` of a mesh file."""
    root_id: pulumi.Output[str]
    """Id of the organization's root."""
    unit_ids: dict[str, pulumi.Output[str]]
    """Ids of the units by their paths, such as ``workloads/production``."""
    account_ids: dict[str, pulumi.Output[str]]
    """Ids of the accounts by their keys."""
    role_arns: dict[str, dict[str, pulumi.Output[str]]]
    """ARNs of the roles of people: by account, then by role."""
    boundary_arns: dict[str, dict[str, pulumi.Output[str]]]
    """ARNs of the permissions boundaries: by account, then by boundary."""

    def __init__(
        self,
        name: str,
        source: AnySource,
        *,
        values: Mapping[str, Any] | None = None,
        root_id: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Checks everything, then registers everything.

        ``source`` is a path, the data of a file, or a ``LandingZoneFile``; ``values`` fill
        ``${var.NAME}``, with plain data or Outputs. ``root_id`` is for a program that makes the
        organization too; without it the organization is looked up and checked.

        Raises, before any resource is registered:
            UnreadableError: the file can't be read.
            ConfigError: it says something wrong; with every finding.
            MeshkitError: a value is missing, or the organization is another, has not all features,
                or does not let StackSets in.
        """
        # Its rules are many, and only who has a landing zone needs them.
        from meshkit.policy.landing_zone import check_landing_zone  # noqa: PLC0415

        checked = check_landing_zone(source, values=values or {})
        zone = checked.require()
        require_holes(deferred_in(zone))
        root = require_organization(name, _needs(zone), opts) if root_id is None else root_id
        super().__init__("meshkit:index:LandingZone", name, None, opts)
        for finding in checked.findings:
            pulumi.log.warn(finding.unlabelled, self)
        self._name, self._zone = name, zone
        self._partition = partition_of(zone.region).name
        self._providers: dict[str, aws.Provider] = {}
        self.root_id = pulumi.Output.from_input(root)
        self.unit_ids = {}
        for unit in placed_units(zone.units).values():
            self.unit_ids[unit.path] = self._unit(unit).id
        made = {each.key: self._account(each) for each in named_accounts(zone)}
        self.account_ids = {key: account.id for key, account in made.items()}
        self.boundary_arns, self.role_arns = {}, {}
        for key, account in zone.accounts.items():
            self._people(key, account)
        self._project_roles(checked, list(made.values()))
        self._guardrails()
        self.organization = zone.organization.model_dump()
        self.accounts = self._accounts()
        self.register_outputs({"accounts": self.accounts, "organization": self.organization})

    def provider(self, account: str) -> aws.Provider:
        """A provider that works in an account, by its key in the file.

        Raises ``MeshkitError`` where there is no such account.
        """
        if account not in self.account_ids:
            near = did_you_mean(account, self.account_ids)
            raise MeshkitError(f'{self._name}: no account "{account}"{near}')
        if account not in self._providers:
            id_ = self.account_ids[account]
            role = f":role/{self._zone.access_role}"
            self._providers[account] = aws.Provider(
                f"{self._name}-{account}",
                region=self._zone.region,
                allowed_account_ids=[id_],
                assume_roles=[
                    aws.ProviderAssumeRoleArgs(
                        role_arn=pulumi.Output.concat(f"arn:{self._partition}:iam::", id_, role)
                    )
                ],
                opts=pulumi.ResourceOptions(parent=self),
            )
        return self._providers[account]

    def _unit(self, unit: PlacedUnit) -> aws.organizations.OrganizationalUnit:
        parent = self.root_id if unit.parent is None else self.unit_ids[unit.parent]
        return aws.organizations.OrganizationalUnit(
            f"{self._name}-{unit.path}",
            name=unit.name,
            parent_id=parent,
            tags=self._tags(unit.unit.tags),
            # AWS deletes none that has accounts, and those stay.
            opts=pulumi.ResourceOptions(parent=self, deleted_with=self, import_=unit.unit.import_),
        )

    def _account(self, named: NamedAccount) -> aws.organizations.Account:
        account = named.account
        parent = self.root_id if account.unit is None else self.unit_ids[account.unit]
        return aws.organizations.Account(
            f"{self._name}-{named.key}",
            name=named.name,
            email=str(named.email),
            parent_id=parent,
            role_name=self._zone.access_role,
            close_on_deletion=account.close_on_deletion,
            tags=self._tags(account.tags),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=account.protect,
                retain_on_delete=not account.close_on_deletion,
                import_=account.import_,
                # Used when an account is made, and never told afterwards.
                ignore_changes=["roleName", "iamUserAccessToBilling"],
            ),
        )

    def _people(self, key: str, account: ZoneAccount) -> None:
        """What people need in an account, and its boundaries."""
        if not account.roles and not account.boundaries:
            return  # no provider of its own
        opts = pulumi.ResourceOptions(parent=self, provider=self.provider(key))
        made = Federation(self._name, self._zone, key, self.account_ids[key], opts)
        self.boundary_arns[key] = made.register_boundaries(account.boundaries)
        self.role_arns[key] = made.register_roles(account.roles)

    def _tags(self, own: Mapping[str, Any]) -> Mapping[str, pulumi.Input[str]] | None:
        context = {"partition": self._partition, "region": self._zone.region}
        return tags_input({**self._zone.tags, **own}, context)

    def _project_roles(
        self, checked: CheckedZone, accounts: list[aws.organizations.Account]
    ) -> None:
        zone = self._zone
        for key, each in zone.project_roles.items():
            roles = {name: zone.roles[name] for name in each.roles or ()}
            template = (
                each.template
                if each.template is None
                else checked.template_text(str(each.template))
            )
            ProjectRoles(
                f"{self._name}-{key}",
                ProjectRolesArgs(
                    units={path: self.unit_ids[path] for path in each.units},
                    region=zone.region,
                    roles=roles or None,
                    identity_providers=zone.identity_providers,
                    template=template,
                    tags=self._tags({}) or {},
                ),
                pulumi.ResourceOptions(parent=self, depends_on=accounts),
            )

    def _guardrails(self) -> None:
        zone = self._zone
        for key, each in zone.guardrails.items():
            units = {path: self.unit_ids[path] for path in each.units}
            accounts = {f"account:{own}": self.account_ids[own] for own in each.accounts}
            args = GuardrailsArgs(
                scope=guardrail_scope(each, zone),
                targets={**units, **accounts} or {"root": self.root_id},
                others_attached=each.others_attached,
                tags=self._tags({}) or {},
            )
            Guardrails(f"{self._name}-{key}", args, pulumi.ResourceOptions(parent=self))

    def _accounts(self) -> pulumi.Output[dict[str, Any]]:
        way = {"name": self._zone.access_role}
        ids = pulumi.Output.from_input(self.account_ids)
        return ids.apply(
            lambda known: {key: {"id": id_, "assume_role": way} for key, id_ in known.items()}
        )


def _needs(zone: LandingZoneFile) -> OrganizationNeeds:
    return OrganizationNeeds(
        who="the file",
        organization=zone.organization.id,
        management_account=zone.organization.management_account,
        control_policies=bool(zone.guardrails),
        stack_sets=bool(zone.project_roles),
    )
