"""Service networks. Source: VPC Lattice API, CreateServiceNetwork and its associations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from meshkit.errors import MeshkitError
from meshkit.inputs import require_args
from meshkit.lattice.registration import register_auth_policy, register_network
from meshkit.policy.lattice import members_policy
from meshkit.topology.lattice.names import name_fault


@dataclass(frozen=True, kw_only=True)
class VpcArgs:
    """A VPC whose workloads call the services of a network."""

    vpc_id: pulumi.Input[str]
    """Only the account that owns it can associate it."""
    security_group_ids: Sequence[pulumi.Input[str]] = ()
    """At most 5; they say who in the VPC may call. Taking all of them away makes it anew."""


@dataclass(frozen=True, kw_only=True)
class ServiceNetworkArgs:
    """Arguments of ``ServiceNetwork``. Who is of none of the accounts is refused."""

    organization_id: str | None = None
    """Whose accounts may call."""
    accounts: Sequence[str] = ()
    """Ids of more accounts that may call."""
    vpcs: Mapping[str, VpcArgs] = field(default_factory=dict)
    """VPCs of this account to associate, by keys that stay. A VPC is of one network alone."""
    access_logs: Sequence[pulumi.Input[str]] = ()
    """ARNs of log groups, buckets or Firehose streams for the access logs of all its services."""
    name: str | None = None
    """Physical name: 3 to 63 small letters, digits and single hyphens. Default: the component's."""
    region: pulumi.Input[str] | None = None
    """Default: that of the provider."""
    tags: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


class ServiceNetwork(pulumi.ComponentResource):
    """A service network that only known accounts can call through, and nobody without an identity.

    A role needs the right to call besides, and the service must admit it.
    """

    arn: pulumi.Output[str]
    """ARN of the network: what services, rights to call and a RAM share take."""

    def __init__(
        self, name: str, args: ServiceNetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, ServiceNetworkArgs)
        fault = name_fault("service network", args.name or name)
        if fault:
            raise MeshkitError(f"{name}: {fault}")
        document = members_policy(args.organization_id, args.accounts)
        super().__init__("meshkit:index:ServiceNetwork", name, None, opts)
        own = pulumi.ResourceOptions(parent=self)
        tags = dict(args.tags) or None
        made = register_network(name, args.name or name, args.region, tags, own)
        if document is not None:
            register_auth_policy(f"{name}-auth", made.arn, document, args.region, own)
        for key, vpc in args.vpcs.items():
            register_vpc(f"{name}-vpc-{key}", made.arn, vpc, args.region, tags, own)
        register_access_logs(name, made.arn, args.access_logs, args.region, tags, own)
        self.arn = made.arn
        self.register_outputs({"arn": self.arn})


def register_vpc(
    name: str,
    network_arn: pulumi.Input[str],
    vpc: VpcArgs,
    region: pulumi.Input[str] | None,
    tags: Mapping[str, pulumi.Input[str]] | None,
    opts: pulumi.ResourceOptions,
) -> aws.vpclattice.ServiceNetworkVpcAssociation:
    """Registers the association of a VPC."""
    return aws.vpclattice.ServiceNetworkVpcAssociation(
        name,
        service_network_identifier=network_arn,
        vpc_identifier=vpc.vpc_id,
        security_group_ids=list(vpc.security_group_ids) or None,
        region=region,
        tags=tags,
        # A VPC has one network, so that the old association must go first.
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(delete_before_replace=True)),
    )


def register_access_logs(
    prefix: str,
    resource_arn: pulumi.Input[str],
    destinations: Sequence[pulumi.Input[str]],
    region: pulumi.Input[str] | None,
    tags: Mapping[str, pulumi.Input[str]] | None,
    opts: pulumi.ResourceOptions,
) -> None:
    """Registers a subscription for each destination.

    Raises ``MeshkitError`` for two of one kind, of which VPC Lattice takes one.
    """
    kinds: dict[str, pulumi.Input[str]] = {}
    for number, destination in enumerate(destinations, start=1):
        plain = isinstance(destination, str) and destination.count(":") >= 5
        key = str(destination).split(":")[2] if plain else str(number)
        if key in kinds:
            raise MeshkitError(f"{prefix}: two access logs go to {key}; VPC Lattice takes one")
        kinds[key] = destination
    for key, destination in kinds.items():
        aws.vpclattice.AccessLogSubscription(
            f"{prefix}-log-{key}",
            resource_identifier=resource_arn,
            destination_arn=destination,
            region=region,
            tags=tags,
            opts=opts,
        )
