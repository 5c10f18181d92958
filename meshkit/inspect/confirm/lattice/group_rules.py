"""Whether the security groups of workloads let pass what their file says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.confirm.lattice.routing import PULUMI
from meshkit.inspect.confirm.remark import missing
from meshkit.topology.lattice.group_rules import prefix_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.confirm.remark import Remark
    from meshkit.inspect.confirm.workload import Site
    from meshkit.topology.lattice.model import GroupRule

WAYS = {"ingress": "in on", "egress": "be called on"}


def group_rule(site: Site, wanted: GroupRule) -> Iterator[Remark]:
    """Look for a rule, as the account of its group sees it."""
    account, owner = site.accounts.of(wanted.owner), wanted.owner
    group = site.texts.known(wanted.group, owner.context, f"security groups of {owner.key}")
    name = prefix_list(site.mesh.region, wanted.family)
    lists = account.ask_all(
        "ec2", "describe_managed_prefix_lists", "PrefixLists",
        Filters=[{"Name": "prefix-list-name", "Values": [name]}],
    )  # fmt: skip
    rules = account.ask_all(
        "ec2", "describe_security_group_rules", "SecurityGroupRules",
        Filters=[{"Name": "group-id", "Values": [group]}],
    )  # fmt: skip
    ids = {each["PrefixListId"] for each in lists}
    found = any(
        each.get("PrefixListId") in ids
        and each["IsEgress"] is (wanted.direction == "egress")
        and each["FromPort"] <= wanted.port <= each["ToPort"]
        for each in rules
    )
    if not found:
        way = WAYS[wanted.direction]
        text = f"{group} of {owner.key} does not let VPC Lattice {way} port {wanted.port}: no rule"
        yield missing(f"{text} for {name}", PULUMI)
