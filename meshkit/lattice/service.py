"""Services of VPC Lattice. Source: VPC Lattice API, CreateService, CreateListener, CreateRule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws

from meshkit.config.route import GrpcMatch, HttpMatch
from meshkit.errors import MeshkitError
from meshkit.inputs import as_text, require_args, with_values
from meshkit.lattice.documents import fitting
from meshkit.lattice.records import dns_name, register_records
from meshkit.lattice.registration import (
    beside,
    register_auth_policy_text,
    register_service,
)
from meshkit.lattice.target_groups import TargetGroupArgs, model_of, target_group_of
from meshkit.policy.lattice import callers_policy
from meshkit.topology.lattice.matches import rule_match
from meshkit.topology.lattice.model import (
    LatticeListener,
    LatticeRule,
    ServiceSpec,
    Weighted,
)
from meshkit.topology.lattice.names import lattice_name, listener_name, name_fault

if TYPE_CHECKING:
    from meshkit.topology.lattice.model import ListenerProtocol


@dataclass(frozen=True, kw_only=True)
class RuleArgs:
    """What a listener leads where; rules are tried in their order."""

    match: HttpMatch | GrpcMatch | Mapping[str, Any]
    """As in the mesh file: of prefix, path.exact, method and headers by exact or prefix."""
    targets: Mapping[str, int]
    """Weights of target groups, by their keys."""


@dataclass(frozen=True, kw_only=True)
class ListenerArgs:
    """A listener of a service."""

    port: int
    protocol: ListenerProtocol = "HTTP"
    rules: Sequence[RuleArgs] = ()
    default: Mapping[str, int] = field(default_factory=dict)
    """Weights of target groups for what no rule takes. Default: 404."""


@dataclass(frozen=True, kw_only=True)
class LatticeServiceArgs:
    """Arguments of ``LatticeService``."""

    network_arn: pulumi.Input[str]
    """The service network through which it is called, of this account or shared with it."""
    target_groups: Mapping[str, TargetGroupArgs]
    """By keys without a dot."""
    listeners: Sequence[ListenerArgs]
    caller_arns: Sequence[pulumi.Input[str]] = ()
    """ARNs of the roles that may call it, of any account. Nobody else may."""
    name: str | None = None
    """Physical name. Default: the component's, and a hash."""
    domain: str | None = None
    """Custom domain name; needed where TLS is handed on."""
    certificate_arn: pulumi.Input[str] | None = None
    """ACM certificate of the domain."""
    hosted_zone_id: pulumi.Input[str] | None = None
    """Route 53 zone, of this account, in which the domain gets its records. Default: none."""
    idle_timeout: int | None = None
    """Seconds, 60 to 600. Default: 60."""
    region: pulumi.Input[str] | None = None
    """Default: that of the provider."""
    tags: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


class LatticeService(pulumi.ComponentResource):
    """A service in a service network, which the roles that are named may call, and nobody else.

    Their own policies must let them as well: ``CallerPolicy``.
    """

    arn: pulumi.Output[str]
    """ARN of the service: what the right to call it takes."""
    dns_name: pulumi.Output[str]
    """The name that VPC Lattice gives it."""
    target_group_arns: Mapping[str, pulumi.Output[str]]
    """By key: where targets are registered."""

    def __init__(
        self, name: str, args: LatticeServiceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, LatticeServiceArgs)
        if isinstance(args.caller_arns, str):
            raise MeshkitError(f"{name}: caller_arns takes a list of ARNs")
        if args.hosted_zone_id is not None and args.domain is None:
            raise MeshkitError(f"{name}: hosted_zone_id needs domain, the name of its records")
        spec = _spec(name, args)
        super().__init__("meshkit:index:LatticeService", name, None, opts)
        own = pulumi.ResourceOptions(parent=self)
        made = register_service(name, spec, {}, args.region, own, fixed_name=bool(args.name))
        self.arn = made.service.arn
        self.dns_name = dns_name(made.service)
        self.target_group_arns = {key: group.arn for key, group in made.groups.items()}
        aws.vpclattice.ServiceNetworkServiceAssociation(
            name,
            service_identifier=made.service.id,
            service_network_identifier=args.network_arn,
            region=args.region,
            tags=dict(args.tags) or None,
            opts=beside(own),
        )
        if args.hosted_zone_id is not None and args.domain is not None:
            register_records(name, args.domain, args.hosted_zone_id, made.service, own)
        if args.caller_arns:
            texts = tuple(map(as_text, (self.arn, *args.caller_arns)))
            policy = with_values(texts, lambda found: fitting(callers_policy(found[0], found[1:])))
            register_auth_policy_text(f"{name}-auth", self.arn, policy, args.region, own)
        self.register_outputs(
            {
                "arn": self.arn,
                "dnsName": self.dns_name,
                "targetGroupArns": self.target_group_arns,
            }
        )


def _spec(name: str, args: LatticeServiceArgs) -> ServiceSpec:
    fault = name_fault("service", args.name) if args.name else None
    if fault:
        raise MeshkitError(f"{name}: {fault}")
    identity = (pulumi.get_project(), pulumi.get_stack(), name)
    return ServiceSpec(
        key=name,
        name=args.name or lattice_name("service", name, *identity, *filter(None, (args.domain,))),
        listeners=tuple(_listener(name, args, each) for each in args.listeners),
        groups={
            key: target_group_of(name, key, group, identity)
            for key, group in args.target_groups.items()
        },
        idle_timeout=args.idle_timeout,
        domain=args.domain,
        certificate=None if args.certificate_arn is None else as_text(args.certificate_arn),
        tags={key: as_text(value) for key, value in args.tags.items()},
    )


def _listener(name: str, args: LatticeServiceArgs, listener: ListenerArgs) -> LatticeListener:
    return LatticeListener(
        name=listener_name(listener.protocol, listener.port),
        port=listener.port,
        protocol=listener.protocol,
        rules=tuple(
            _rule(name, args, rule, priority)
            for priority, rule in enumerate(listener.rules, start=1)
        ),
        default=_targets(name, args, listener.default),
    )


def _rule(name: str, args: LatticeServiceArgs, rule: RuleArgs, priority: int) -> LatticeRule:
    match = rule.match
    if isinstance(match, Mapping):
        grpc = "service_name" in match or "metadata" in match
        match = model_of(name, GrpcMatch if grpc else HttpMatch, match)
    found = rule_match(match)
    if found is None:
        raise MeshkitError(f"{name}: VPC Lattice can't say the match of rule {priority}")
    targets = _targets(name, args, rule.targets)
    return LatticeRule("", f"priority-{priority}", priority, found, targets, {}, ())


def _targets(
    name: str, args: LatticeServiceArgs, weights: Mapping[str, int]
) -> tuple[Weighted, ...]:
    for key in weights:
        if key not in args.target_groups:
            raise MeshkitError(f'{name}: no target group "{key}"')
    return tuple(Weighted(key, weight) for key, weight in weights.items())
