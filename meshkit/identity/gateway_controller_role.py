"""The role of the AWS Gateway API Controller in an EKS cluster."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

from meshkit.envoy.eks import service_account_annotations
from meshkit.errors import MeshkitError
from meshkit.identity.registration import (
    IAM_POLICY_LIMIT,
    RoleSpec,
    make_policies,
    make_role,
    replacing,
    waiting,
)
from meshkit.inputs import after, applied, as_text, as_texts, require_args, with_values
from meshkit.policy.document import Document
from meshkit.policy.gateway_controller import ControllerScope, controller_statements
from meshkit.policy.size import fit
from meshkit.policy.trust import Place, ServiceAccounts, irsa_statement, pod_identity_statement
from meshkit.topology.gateway_api import NAMESPACE, SERVICE_ACCOUNT
from meshkit.topology.names import hashed_name

if TYPE_CHECKING:
    from meshkit.policy.document import Statement

_SERVICE: Final = re.compile(r"arn:([a-z-]+):vpc-lattice:([a-z0-9-]+):([0-9]{12}):service/[^/*?]+")


@dataclass(frozen=True, kw_only=True)
class GatewayControllerRoleArgs:
    """Arguments of ``GatewayControllerRole``."""

    cluster_name: pulumi.Input[str]
    """Name of the EKS cluster, of the account and region of the services."""
    vpc_id: pulumi.Input[str]
    """VPC of the cluster."""
    network_arn: pulumi.Input[str]
    """ARN of the service network, of any account."""
    service_arns: Sequence[pulumi.Input[str]]
    """ARNs of the services that it leads to pods; at least one, all of one account and region."""
    provider_arn: pulumi.Input[str] | None = None
    """ARN of the cluster's IAM OIDC provider. Default: the role is taken by EKS Pod Identity."""
    role_name: str | None = None
    """Physical name. Default: the component's name, and a hash."""
    path: str | None = None
    """IAM path. Default ``/``."""
    permissions_boundary: pulumi.Input[str] | None = None
    """ARN of the policy that bounds the role."""
    tags: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


class GatewayControllerRole(pulumi.ComponentResource):
    """A role that only the Gateway API controller of one cluster can take.

    It leads services that are there to pods. It makes and deletes none, and changes neither who
    may call them nor the network.
    """

    role_arn: pulumi.Output[str]
    """ARN of the role; who takes it waits until its policy is attached."""
    role_name: pulumi.Output[str]
    """Physical name of the role; waits likewise."""
    annotations: pulumi.Output[dict[str, str]]
    """Annotations of the controller's service account; none for Pod Identity."""

    def __init__(
        self,
        name: str,
        args: GatewayControllerRoleArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        require_args(name, args, GatewayControllerRoleArgs)
        if isinstance(args.service_arns, str) or not args.service_arns:
            raise MeshkitError(f"{name}: service_arns takes a list of at least one ARN")
        place = _place(args.service_arns)
        super().__init__("meshkit:index:GatewayControllerRole", name, None, opts)
        child = replacing(pulumi.ResourceOptions(parent=self))
        spec = _spec(name, args, place)
        role = make_role(name, spec, child)
        policies = make_policies(name, spec, role.name, child)
        if args.provider_arn is None:
            aws.eks.PodIdentityAssociation(
                name,
                cluster_name=args.cluster_name,
                namespace=NAMESPACE,
                service_account=SERVICE_ACCOUNT,
                role_arn=role.arn,
                tags=dict(args.tags) or None,
                opts=waiting(child, policies),
            )
        self.role_arn = after(role.arn, policies)
        self.role_name = after(role.name, policies)
        by_token = args.provider_arn is not None
        self.annotations = self.role_arn.apply(
            lambda arn: service_account_annotations(arn) if by_token else {}
        )
        self.register_outputs(
            {
                "roleArn": self.role_arn,
                "roleName": self.role_name,
                "annotations": self.annotations,
            }
        )


def _spec(name: str, args: GatewayControllerRoleArgs, place: Place) -> RoleSpec:
    physical = args.role_name or hashed_name(
        name, pulumi.get_project(), pulumi.get_stack(), "GatewayControllerRole", name
    )
    scope = ControllerScope(
        place=place,
        cluster=as_text(args.cluster_name),
        vpc=as_text(args.vpc_id),
        network=as_text(args.network_arn),
        services=as_texts(args.service_arns),
    )
    boundary = args.permissions_boundary
    return RoleSpec(
        name=physical,
        policy_name=hashed_name(name, physical, name, limit=IAM_POLICY_LIMIT - 3),
        trust=Document((_trust(args, scope),)),
        policies=fit(tuple(controller_statements(scope))),
        path=args.path,
        permissions_boundary=None if boundary is None else as_text(boundary),
        description="Leads services of VPC Lattice to pods",
        tags={key: as_text(value) for key, value in args.tags.items()},
    )


def _trust(args: GatewayControllerRoleArgs, scope: ControllerScope) -> Statement:
    controller = ServiceAccounts(NAMESPACE, (SERVICE_ACCOUNT,))
    if args.provider_arn is not None:
        return irsa_statement(as_text(args.provider_arn), (controller,))
    return pod_identity_statement(scope.place, scope.cluster, controller)


def _place(service_arns: Sequence[pulumi.Input[str]]) -> Place:
    """Where services are, each part a text. Raises ``MeshkitError`` for what is no service."""
    plain = [arn for arn in service_arns if isinstance(arn, str)]
    known = len(plain) == len(service_arns)
    found = _of_services(plain) if known else with_values(as_texts(service_arns), _of_services)
    return Place(
        partition=as_text(applied(found, lambda place: str(place.partition))),
        region=as_text(applied(found, lambda place: str(place.region))),
        account=as_text(applied(found, lambda place: str(place.account))),
    )


def _of_services(arns: Sequence[str]) -> Place:
    places = set()
    for arn in arns:
        match = _SERVICE.fullmatch(arn)
        if match is None:
            raise MeshkitError(f'"{arn}" is not the ARN of a service of VPC Lattice')
        places.add(Place(*match.groups()))
    if len(places) != 1:
        raise MeshkitError("the services of a controller are of one account and region")
    return places.pop()
