"""The cluster in which the pods of a proxy run, as AWS and as Kubernetes know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from meshkit.inspect.confirm.aws import RefusedError
from meshkit.inspect.confirm.commands import kubectl
from meshkit.inspect.confirm.kube import ClusterName
from meshkit.inspect.confirm.remark import CantTellError, Remark, unknown
from meshkit.topology.clusters import SCHEME

if TYPE_CHECKING:
    from meshkit.config.workload import EksWorkload
    from meshkit.inspect.confirm.aws import Account
    from meshkit.inspect.confirm.kube import Kubernetes
    from meshkit.inspect.confirm.workload import Proxy


@dataclass(frozen=True, slots=True)
class Place:
    """The pods of a proxy: a namespace of a cluster, and a deployment where the file names one."""

    proxy: Proxy
    account: Account
    """That of the cluster."""
    cluster: ClusterName
    namespace: str
    deployment: str | None
    kubernetes: Kubernetes | Remark
    """Or why it can't be asked."""

    def open(self, command: str) -> Kubernetes:
        """The cluster's Kubernetes.

        Raises ``CantTellError`` where it can't be asked; ``command`` is how others can.
        """
        if isinstance(self.kubernetes, Remark):
            look = (*self.kubernetes.look, command)
            raise CantTellError(unknown(self.kubernetes.text, *look))
        return self.kubernetes

    def kubectl(self, *words: str) -> str:
        """A command for people to run in the namespace."""
        known = self.kubernetes
        context = self.cluster.arn if isinstance(known, Remark) else known.context
        return kubectl(context, self.namespace, *words)


def place_of(proxy: Proxy, workload: EksWorkload) -> Place | None:
    """The place of a proxy's pods; ``None`` where AWS has no such cluster.

    The workload must name cluster and namespace.
    Raises ``CantTellError`` where AWS can't be asked in the cluster's account.
    """
    site, key = proxy.site, str(workload.cluster)
    resolved = site.mesh.clusters[key]
    owner = resolved.owner
    account = site.accounts.of(owner)
    name = site.texts.known(resolved.name, owner.context, f"clusters.{key}.name")
    described: dict[str, Any] = {}
    try:
        described = account.ask("eks", "describe_cluster", name=name)["cluster"]
    except RefusedError as error:
        if error.code == "ResourceNotFoundException":
            return None
        # A context of the cluster's own name still leads to it.
    arn = f"arn:{site.mesh.partition.name}:eks:{account.region}:{owner.id}:cluster/{name}"
    issuer = described.get("identity", {}).get("oidc", {}).get("issuer", "")
    cluster = ClusterName(
        key=key,
        name=name,
        arn=arn,
        region=account.region,
        endpoint=described.get("endpoint", "").rstrip("/") or None,
        issuer=issuer.removeprefix(SCHEME) or None,
    )
    kubernetes: Kubernetes | Remark
    try:
        kubernetes = site.clusters.of(cluster)
    except CantTellError as error:
        kubernetes = error.remark
    namespace, deployment = str(workload.namespace), workload.deployment
    return Place(proxy, account, cluster, namespace, deployment, kubernetes)
