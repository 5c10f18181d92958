"""Whether the load balancer or function of a node is the target of its groups."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from meshkit.inspect.confirm.aws import RefusedError
from meshkit.inspect.confirm.functions import NOT_THERE
from meshkit.inspect.confirm.lattice.live import LATTICE
from meshkit.inspect.confirm.lattice.routing import groups_of
from meshkit.inspect.confirm.remark import missing, unknown
from meshkit.policy.evaluation import (
    Caller,
    Policy,
    PolicyError,
    Request,
    Undecidable,
    alone,
)
from meshkit.topology.functions import INVOKER, function_arn, unqualified
from meshkit.topology.lattice.groups import target_of
from meshkit.topology.lattice.model import SINGLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.confirm.aws import Account
    from meshkit.inspect.confirm.remark import Remark
    from meshkit.inspect.confirm.workload import Site
    from meshkit.topology.lattice.model import LatticeService, TargetGroup


def single_targets(
    site: Site, account: Account, service_arn: str, service: LatticeService
) -> Iterator[Remark]:
    """Compare the one target of each group that has one; of groups that are not there, nothing."""
    wanted = [each for each in service.groups.values() if each.type in SINGLE]
    if not wanted:
        return
    found = {name: id_ for id_, name in groups_of(account, service_arn, service).items()}
    for group in wanted:
        arn = _target(site, group)
        if group.name in found and arn is not None:
            id_ = found[group.name]
            made = account.ask(LATTICE, "get_target_group", targetGroupIdentifier=id_)
            yield from _registered(account, made["arn"], group, arn)
            if group.type == "LAMBDA":
                yield from _invoked(account, made["arn"], group, arn)


def _target(site: Site, group: TargetGroup) -> str | None:
    """The ARN of what is to be registered; ``None`` where the file leaves it to the program."""
    node = site.mesh.nodes[group.node]
    target = target_of(node)
    if target is None:
        return None
    text = site.texts.known(target, node.owner.context, f"nodes.{group.node}: its target")
    return text if group.type == "ALB" else function_arn(text, node.owner.context)


def _registered(account: Account, group_arn: str, group: TargetGroup, arn: str) -> Iterator[Remark]:
    named = {"targetGroupIdentifier": group_arn}
    targets = {each["id"] for each in account.ask_all(LATTICE, "list_targets", "items", **named)}
    others = sorted(targets - {arn})
    register = account.command(LATTICE, "register_targets", **named, targets=[{"id": arn}])
    if others:
        gone = [{"id": each} for each in others]
        deregister = account.command(LATTICE, "deregister_targets", **named, targets=gone)
        text = f"node {group.node} leads to {', '.join(others)}; the file says {arn}"
        yield missing(text, deregister, register)
    elif not targets:
        yield missing(f"{arn} is not registered for node {group.node}", register)


def _invoked(account: Account, group_arn: str, group: TargetGroup, arn: str) -> Iterator[Remark]:
    name, qualifier = unqualified(arn)
    asked = {"FunctionName": name, **({"Qualifier": qualifier} if qualifier else {})}
    grant = account.command(
        "lambda", "add_permission",
        **asked, StatementId=group.name, Action="lambda:InvokeFunction", Principal=INVOKER,
        SourceArn=group_arn,
    )  # fmt: skip
    try:
        policy = Policy.parse(json.loads(account.ask("lambda", "get_policy", **asked)["Policy"]))
        context = {"aws:SourceArn": group_arn, "aws:SourceAccount": arn.split(":")[4]}
        request = Request("lambda:InvokeFunction", arn, Caller(INVOKER, kind="Service"), context)
        allowed = alone(request, policy).allowed
    except RefusedError as error:
        if error.code != NOT_THERE:
            raise
        allowed = False
    except (PolicyError, Undecidable) as error:
        yield unknown(f"whether VPC Lattice may invoke {arn}: {error}")
        return
    if not allowed:
        yield missing(f"VPC Lattice may not invoke {arn} for node {group.node}", grant)
