"""The names of services, and the records that lead to them from custom domain names.

Source: Route 53 Developer Guide, Routing traffic to Amazon VPC Lattice service domain endpoint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pulumi_aws as aws

if TYPE_CHECKING:
    from collections.abc import Callable

    import pulumi
    from pulumi_aws.vpclattice.outputs import ServiceDnsEntry

TYPES: Final = ("A", "AAAA")
"""The name of a service leads to addresses of both families."""


def dns_name(service: aws.vpclattice.Service) -> pulumi.Output[str]:
    """The name that VPC Lattice gives a service."""
    return _entry(service, lambda each: each.domain_name)


def register_records(
    name: str,
    domain: str,
    hosted_zone: pulumi.Input[str],
    service: aws.vpclattice.Service,
    opts: pulumi.ResourceOptions,
) -> None:
    """Registers the records of a service's domain as ``name-TYPE``: aliases of its own name."""
    target = aws.route53.RecordAliasArgs(
        name=dns_name(service),
        zone_id=_entry(service, lambda each: each.hosted_zone_id),
        evaluate_target_health=False,
    )
    for kind in TYPES:
        aws.route53.Record(
            f"{name}-{kind}",
            zone_id=hosted_zone,
            name=domain,
            type=kind,
            aliases=[target],
            opts=opts,
        )


def _entry(
    service: aws.vpclattice.Service, read: Callable[[ServiceDnsEntry], str | None]
) -> pulumi.Output[str]:
    return service.dns_entries.apply(
        lambda entries: next((read(each) or "" for each in entries or ()), "")
    )
