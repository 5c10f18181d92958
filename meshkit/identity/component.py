"""What all workload roles do: make a role, its policies, and hand it out once they are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from meshkit.identity.args import check_args
from meshkit.identity.registration import (
    IAM_POLICY_LIMIT,
    RoleSpec,
    make_policies,
    make_role,
    replacing,
)
from meshkit.inputs import after, applied, as_text, as_texts, with_values
from meshkit.policy.permissions import TRACES, ProxyNeeds, Wanted, statements_for
from meshkit.policy.roles import added_statements, envoy_access_arn
from meshkit.policy.size import fit
from meshkit.policy.trust import Place, place_of
from meshkit.topology.names import hashed_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pulumi_aws as aws

    from meshkit.identity.args import RoleArgs
    from meshkit.policy.document import Document, Statement, Text


class WorkloadRoleComponent(pulumi.ComponentResource):
    """The base of the workload roles."""

    role_arn: pulumi.Output[str]
    """ARN of the role; who takes it waits until the policies are attached."""
    role_name: pulumi.Output[str]
    """Physical name of the role; waits likewise."""

    def __init__(
        self, kind: str, name: str, args: RoleArgs, opts: pulumi.ResourceOptions | None
    ) -> None:
        check_args(name, args)
        super().__init__(f"meshkit:index:{kind}", name, None, opts)
        self._name = name
        self._args = args
        self._child = replacing(pulumi.ResourceOptions(parent=self))
        self._found = _found_place(args)
        self._physical = args.role_name or hashed_name(
            name, pulumi.get_project(), pulumi.get_stack(), kind, name
        )

    def _place(self) -> Place:
        """Where the workload runs, each part a text."""
        return Place(
            partition=as_text(applied(self._found, lambda place: str(place.partition))),
            region=as_text(applied(self._found, lambda place: str(place.region))),
            account=as_text(applied(self._found, lambda place: str(place.account))),
        )

    def _spec(self, trust: Document) -> RoleSpec:
        args = self._args
        managed = self._managed_policies()
        return RoleSpec(
            name=self._physical,
            policy_name=hashed_name(
                self._name, self._physical, self._name, limit=IAM_POLICY_LIMIT - 3
            ),
            trust=trust,
            policies=fit(_statements(args), attached=len(managed)),
            managed_policies=managed,
            path=args.path,
            permissions_boundary=(
                None if args.permissions_boundary is None else as_text(args.permissions_boundary)
            ),
            max_session_duration=args.max_session_duration,
            description=args.description,
            tags={key: as_text(value) for key, value in args.tags.items()},
        )

    def _managed_policies(self) -> tuple[Text, ...]:
        named = as_texts(self._args.managed_policies)
        if self._args.access == "exact":
            return named
        wide = applied(self._found, lambda place: envoy_access_arn(str(place.partition)))
        return (as_text(wide), *named)

    def _make(self, spec: RoleSpec) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
        """The role and its policies; sets the outputs that every workload role has."""
        role = make_role(self._name, spec, self._child)
        policies = make_policies(self._name, spec, role.name, self._child)
        self.role_arn = after(role.arn, policies)
        self.role_name = after(role.name, policies)
        return role, policies


def _found_place(args: RoleArgs) -> Place | pulumi.Output[Place]:
    arns = args.endpoint_arns
    plain = [arn for arn in arns if isinstance(arn, str)]
    if len(plain) == len(arns):
        return place_of(plain)
    return with_values(as_texts(arns), place_of)


def _statements(args: RoleArgs) -> tuple[Statement, ...]:
    needs = ProxyNeeds(
        configuration=_wanted(args.endpoint_arns),
        certificates=_wanted(args.certificate_arns),
        authorities=_wanted(args.authority_arns),
        traces=(Wanted(TRACES),) if args.tracing == "xray" else (),
    )
    derived = statements_for((needs,), own_only=args.access == "exact")
    return (*derived, *added_statements(args.statements))


def _wanted(arns: Iterable[pulumi.Input[str]]) -> tuple[Wanted, ...]:
    return tuple(Wanted(text) for text in as_texts(arns))
