"""The role of EKS worker nodes, which every pod on them can take."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from meshkit.inspect.confirm.instances import instances
from meshkit.inspect.confirm.remark import unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshkit.inspect.confirm.kube import Pod
    from meshkit.inspect.confirm.place import Place
    from meshkit.inspect.confirm.remark import Remark

_INSTANCE = re.compile(r"/(i-[0-9a-f]+)$")
"""The end of what Kubernetes calls a node that is an EC2 instance; one of Fargate has another."""


def roles(place: Place, pods: Iterable[Pod]) -> tuple[str, ...]:
    """The roles of the nodes on which pods run; without pods, of the cluster's node groups.

    Raises ``CantTellError``.
    """
    nodes = sorted({pod.node for pod in pods if pod.node})
    if not nodes:
        return _of_groups(place)
    kubernetes = place.open(place.kubectl("get", "nodes"))
    found = (_INSTANCE.search(each) for each in kubernetes.provider_ids(nodes))
    ids = [match[1] for match in found if match]
    living = instances(place.account, [("instance-id", ids)]) if ids else []
    return tuple(dict.fromkeys(each.role for each in living if each.role))


def wrong(place: Place, found: Iterable[str]) -> list[Remark]:
    """What is wrong with the roles of worker nodes where they are the proxy's own."""
    cluster = place.cluster.name
    remarks = [
        remark
        for role in found
        for remark in place.proxy.carried(f"worker nodes of cluster {cluster}", "role", role)
    ]
    if remarks or found:
        return remarks
    command = place.account.command("eks", "list_nodegroups", clusterName=cluster)
    return [unknown(f"cluster {cluster} shows no worker node with a role", command)]


def _of_groups(place: Place) -> tuple[str, ...]:
    cluster = place.cluster.name
    names = place.account.ask_all("eks", "list_nodegroups", "nodegroups", clusterName=cluster)
    described = (
        place.account.ask("eks", "describe_nodegroup", clusterName=cluster, nodegroupName=name)
        for name in names
    )
    return tuple(dict.fromkeys(each["nodegroup"]["nodeRole"] for each in described))
