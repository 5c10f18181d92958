"""Roles in every account of some units, through a StackSet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

from meshkit.errors import MeshkitError
from meshkit.inputs import require_args, with_values
from meshkit.policy.role_template import RoleTemplate
from meshkit.policy.template_findings import template_findings
from meshkit.topology.names import hashed_name
from meshkit.topology.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.config.landing_zone import FederatedRole, IdentityProvider

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")
"""Source: CloudFormation API, CreateStackSet, StackSetName."""
_UNIT: Final = re.compile(r"ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32}")


@dataclass(frozen=True, kw_only=True)
class ProjectRolesArgs:
    """Arguments of ``ProjectRoles``: typed roles, or a template of your own."""

    units: Mapping[str, pulumi.Input[str]]
    """Ids of organizational units, or of the root, by names for the stack."""
    region: str
    """Region of the stacks. What they make in IAM is in no region."""
    roles: Mapping[str, FederatedRole] | None = None
    """The roles by their names."""
    identity_providers: Mapping[str, IdentityProvider] = field(default_factory=dict)
    """What the roles trust, by name; it is made in each account too."""
    template: str | None = None
    """Text of a CloudFormation template, in YAML or JSON."""
    parameters: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Parameters of that template."""
    stack_set_name: str | None = None
    """Physical name. Default: the component's name, and a hash of project, stack and name."""
    tags: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


class ProjectRoles(pulumi.ComponentResource):
    """A StackSet that follows accounts into units and out of them.

    An account that comes into a unit gets the roles, one that goes loses them. Its provider must be
    of the management account, and the organization must let StackSets in.
    Another template changes the roles in place.
    """

    stack_set_name: pulumi.Output[str]
    """Physical name of the StackSet."""
    template: pulumi.Output[str]
    """The template that is rolled out."""

    def __init__(
        self, name: str, args: ProjectRolesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, ProjectRolesArgs)
        template = _template(name, args)
        super().__init__("meshkit:index:ProjectRoles", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack_set = aws.cloudformation.StackSet(
            name,
            name=args.stack_set_name or _default_name(name),
            description="Roles of people in the accounts of a project",
            permission_model="SERVICE_MANAGED",
            auto_deployment=aws.cloudformation.StackSetAutoDeploymentArgs(
                enabled=True, retain_stacks_on_account_removal=False
            ),
            capabilities=["CAPABILITY_NAMED_IAM"],
            template_body=template,
            parameters=dict(args.parameters) or None,
            tags=dict(args.tags) or None,
            opts=pulumi.ResourceOptions.merge(
                child,
                # AWS tells one that it made up.
                pulumi.ResourceOptions(ignore_changes=["administrationRoleArn"]),
            ),
        )
        before: list[pulumi.Resource] = []
        for key, unit in args.units.items():
            # CloudFormation works on one unit of a StackSet after the other.
            waiting = pulumi.ResourceOptions(depends_on=list(before))
            before = [
                aws.cloudformation.StackSetInstance(
                    f"{name}-{key}",
                    stack_set_name=stack_set.name,
                    deployment_targets=aws.cloudformation.StackSetInstanceDeploymentTargetsArgs(
                        organizational_unit_ids=[unit]
                    ),
                    stack_set_instance_region=args.region,
                    opts=pulumi.ResourceOptions.merge(child, waiting),
                )
            ]
        self.stack_set_name = stack_set.name
        self.template = stack_set.template_body
        self.register_outputs({"stackSetName": self.stack_set_name})


def _default_name(name: str) -> str:
    readable = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")
    head = readable if readable[:1].isalpha() else f"roles-{readable}"
    return hashed_name(head, pulumi.get_project(), pulumi.get_stack(), "ProjectRoles", name)


def _template(name: str, args: ProjectRolesArgs) -> pulumi.Input[str]:
    """The template. Raises ``MeshkitError`` before anything is registered."""
    if not args.units:
        raise MeshkitError(f"{name}: units must name at least one organizational unit")
    for key, unit in args.units.items():
        if isinstance(unit, str) and not _UNIT.fullmatch(unit):
            raise MeshkitError(f'{name}: units: {key}: "{unit}" is no unit (ou-…) or root (r-…)')
    if args.stack_set_name is not None and not _NAME.fullmatch(args.stack_set_name):
        raise MeshkitError(f"{name}: stack_set_name has 1 to 128 letters, digits and dashes")
    if (args.roles is None) == (args.template is None):
        raise MeshkitError(f"{name}: give roles or template, and not both")
    if args.template is not None:
        findings = list(template_findings(args.template))
        if findings:
            raise MeshkitError("\n".join(f"{name}: template: {each}" for each in findings))
        return args.template
    return _typed(name, args)


def _typed(name: str, args: ProjectRolesArgs) -> pulumi.Input[str]:
    roles = args.roles or {}
    missing = {each.provider for each in roles.values()} - set(args.identity_providers)
    if not roles or missing:
        told = f"no identity provider {', '.join(sorted(missing))}" if missing else "roles is empty"
        raise MeshkitError(f"{name}: {told}")
    try:
        template = RoleTemplate(
            roles,
            args.identity_providers,
            partition=partition_of(args.region).name,
            region=args.region,
        )
        if not template.deferred:
            return template.text()
    except MeshkitError as error:
        raise MeshkitError(f"{name}: {error}") from None
    late = template.deferred
    return with_values(late, lambda texts: template.text(dict(zip(late, texts, strict=True))))
