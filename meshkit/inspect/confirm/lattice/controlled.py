"""Whether the controller of a cluster leads a service of VPC Lattice to healthy pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshkit.inspect.confirm.lattice.live import LATTICE
from meshkit.inspect.confirm.lattice.routing import health
from meshkit.inspect.confirm.remark import missing
from meshkit.topology.lattice.manifests import namespace_of, route_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from meshkit.inspect.confirm.aws import Account
    from meshkit.inspect.confirm.remark import Remark
    from meshkit.topology.lattice.model import LatticeListener, LatticeMesh, LatticeService


def controlled(
    account: Account, arn: str, lattice: LatticeMesh, service: LatticeService
) -> Iterator[Remark]:
    """Compare what the controller made with what its route says, as far as AWS shows it."""
    kind, namespace = route_kind(service).lower(), namespace_of(lattice, service)
    look = f"kubectl describe {kind} {service.name} --namespace {namespace}"
    listed = account.ask_all(LATTICE, "list_listeners", "items", serviceIdentifier=arn)
    found = {(each["port"], each["protocol"]): each for each in listed}
    for wanted in service.listeners:
        made = found.get((wanted.port, wanted.protocol))
        if made is None:
            text = (
                f"it does not listen on port {wanted.port} for {wanted.protocol}: the controller "
                f'of cluster "{service.controller}" has not made its route'
            )
            yield missing(text, look)
        else:
            yield from _listener(account, arn, made, wanted, look)


def _listener(
    account: Account, arn: str, made: Mapping[str, Any], wanted: LatticeListener, look: str
) -> Iterator[Remark]:
    ids = {"serviceIdentifier": arn, "listenerIdentifier": made["arn"]}
    rules = [
        account.ask(LATTICE, "get_rule", **ids, ruleIdentifier=each["arn"])
        for each in account.ask_all(LATTICE, "list_rules", "items", **ids)
        if not each.get("isDefault")
    ]
    said = len(wanted.rules) + bool(wanted.default)
    if len(rules) != said:
        text = f"port {wanted.port} has {len(rules)} rules; the route of the file has {said}"
        yield missing(text, look)
    groups = dict.fromkeys(
        each["targetGroupIdentifier"]
        for rule in rules
        for each in rule["action"].get("forward", {}).get("targetGroups", ())
    )
    for group in groups:
        what = f"target group {group}"
        yield from health(account, group, what, missing(f"{what} has no pods", look))
