"""A service network and its services, as Pulumi resources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from meshkit.inputs import tags_input, to_input
from meshkit.lattice.documents import auth_policy_input
from meshkit.lattice.targets import known_target, register_target
from meshkit.lattice.translation import default_action, group_config, rule_action, rule_match
from meshkit.policy.gateway_controller import OWNER_TAGS

if TYPE_CHECKING:
    from meshkit.policy.document import Document
    from meshkit.topology.lattice.model import LatticeListener, LatticeRule, ServiceSpec

AUTH_TYPE = "AWS_IAM"
"""Without a policy this lets nobody in, so that a network or service is never open by omission."""


@dataclass(frozen=True)
class RegisteredService:
    """A service, as others use it."""

    service: aws.vpclattice.Service
    groups: Mapping[str, aws.vpclattice.TargetGroup] = field(default_factory=dict)
    """By the key of the group."""
    resources: tuple[pulumi.Resource, ...] = ()
    """Its listeners and rules."""


def register_network(
    name: str,
    physical: str,
    region: pulumi.Input[str] | None,
    tags: Mapping[str, pulumi.Input[str]] | None,
    opts: pulumi.ResourceOptions,
) -> aws.vpclattice.ServiceNetwork:
    """Registers a service network as ``name``. What its policy does not admit is refused.

    Only another name replaces it, so the new one is there before the old one goes, as with what
    hangs on it.
    """
    return aws.vpclattice.ServiceNetwork(
        name, name=physical, auth_type=AUTH_TYPE, region=region, tags=tags, opts=beside(opts)
    )


def register_auth_policy(
    name: str,
    resource: pulumi.Input[str],
    document: Document,
    region: pulumi.Input[str] | None,
    opts: pulumi.ResourceOptions,
) -> aws.vpclattice.AuthPolicy:
    """Registers the auth policy of a network or service, given by its ARN."""
    return register_auth_policy_text(name, resource, auth_policy_input(document), region, opts)


def register_auth_policy_text(
    name: str,
    resource: pulumi.Input[str],
    policy: pulumi.Input[str],
    region: pulumi.Input[str] | None,
    opts: pulumi.ResourceOptions,
) -> aws.vpclattice.AuthPolicy:
    """As ``register_auth_policy``, with the text of the policy."""
    # pulumi_aws would leave the policy of the old resource behind.
    pinned = pulumi.ResourceOptions(
        replace_on_changes=["resource_identifier"], delete_before_replace=False
    )
    return aws.vpclattice.AuthPolicy(
        name,
        resource_identifier=resource,
        policy=policy,
        region=region,
        opts=pulumi.ResourceOptions.merge(opts, pinned),
    )


def register_service(
    prefix: str,
    service: ServiceSpec,
    context: Mapping[str, str],
    region: pulumi.Input[str] | None,
    opts: pulumi.ResourceOptions,
    *,
    fixed_name: bool = False,
) -> RegisteredService:
    """Registers a service with its target groups, listeners and rules, named below ``prefix``.

    ``fixed_name`` says that another domain does not change its name, so that the old one must go
    first.
    """
    return _Service(prefix, service, context, region, opts).register(fixed_name=fixed_name)


def register_frame(
    prefix: str,
    service: ServiceSpec,
    context: Mapping[str, str],
    region: pulumi.Input[str] | None,
    opts: pulumi.ResourceOptions,
) -> RegisteredService:
    """Registers a service alone, which a Gateway API controller takes over and leads to pods.

    What the controller writes on it, so that others know whose it is, is no change.
    """
    written = [f'tags["{tag}"]' for tag in OWNER_TAGS]
    left = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(ignore_changes=written))
    return RegisteredService(_Service(prefix, service, context, region, left).alone())


class _Service:
    """One service in the making."""

    def __init__(
        self,
        prefix: str,
        service: ServiceSpec,
        context: Mapping[str, str],
        region: pulumi.Input[str] | None,
        opts: pulumi.ResourceOptions,
    ) -> None:
        self._prefix = prefix
        self._service = service
        self._region = region
        self._own = opts
        self._opts = replacing(opts)
        self._beside = beside(opts)
        self._context = context

    def register(self, *, fixed_name: bool) -> RegisteredService:
        """Registers everything."""
        made = self.alone(fixed_name=fixed_name)
        groups = self._groups()
        self._targets(groups)
        ids = {key: group.id for key, group in groups.items()}
        resources: list[pulumi.Resource] = []
        for listener in self._service.listeners:
            resources += self._listener(made, listener, ids)
        return RegisteredService(made, groups, tuple(resources))

    def alone(self, *, fixed_name: bool = False) -> aws.vpclattice.Service:
        """Registers the service without what is in it."""
        service, context = self._service, self._context
        return aws.vpclattice.Service(
            f"{self._prefix}-service-{service.key}",
            name=service.name,
            auth_type=AUTH_TYPE,
            custom_domain_name=service.domain,
            certificate_arn=to_input(service.certificate, context),
            idle_timeout_seconds=service.idle_timeout,
            region=self._region,
            tags=tags_input(service.tags, context),
            opts=self._opts if fixed_name else self._beside,
        )

    def _groups(self) -> dict[str, aws.vpclattice.TargetGroup]:
        return {
            key: aws.vpclattice.TargetGroup(
                f"{self._prefix}-targets-{key}.{self._service.key}",
                name=group.name,
                type=group.type,
                config=group_config(group, to_input(group.vpc_id, self._context)),
                region=self._region,
                tags=tags_input(group.tags, self._context),
                opts=self._beside,
            )
            for key, group in self._service.groups.items()
        }

    def _targets(self, groups: Mapping[str, aws.vpclattice.TargetGroup]) -> None:
        """Registers what the file names as a target."""
        for key, group in self._service.groups.items():
            target = known_target(group, self._context)
            if target is not None:
                name = f"{self._prefix}-target-{key}.{self._service.key}"
                register_target(name, group, groups[key], target, self._region, self._own)

    def _listener(
        self,
        service: aws.vpclattice.Service,
        listener: LatticeListener,
        groups: Mapping[str, pulumi.Output[str]],
    ) -> list[pulumi.Resource]:
        made = aws.vpclattice.Listener(
            f"{self._prefix}-listener-{listener.port}.{self._service.key}",
            name=listener.name,
            service_identifier=service.id,
            port=listener.port,
            protocol=listener.protocol,
            default_action=default_action(listener.default, groups),
            region=self._region,
            tags=tags_input(self._service.tags, self._context),
            opts=self._opts,
        )
        rules = [self._rule(service, made, listener, rule, groups) for rule in listener.rules]
        return [made, *rules]

    def _rule(
        self,
        service: aws.vpclattice.Service,
        made: aws.vpclattice.Listener,
        listener: LatticeListener,
        rule: LatticeRule,
        groups: Mapping[str, pulumi.Output[str]],
    ) -> aws.vpclattice.ListenerRule:
        return aws.vpclattice.ListenerRule(
            f"{self._prefix}-rule-{listener.port}.{rule.priority}.{self._service.key}",
            name=rule.name,
            service_identifier=service.id,
            listener_identifier=made.listener_id,
            priority=rule.priority,
            match=rule_match(rule.match),
            action=rule_action(rule.targets, groups),
            region=self._region,
            tags=tags_input(rule.tags, self._context),
            opts=self._opts,
        )


def replacing(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """``opts`` for what has a fixed name or port, so that the old one must go first."""
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(delete_before_replace=True))


def beside(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """``opts`` for what never meets what it replaces, which goes last.

    Of two that depend on each other only one may go first: the engine deletes both at once.
    """
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(delete_before_replace=False))
