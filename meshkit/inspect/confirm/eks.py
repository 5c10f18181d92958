"""EKS: from the deployment to its service account, to its pods, and to their role."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from meshkit.inspect.confirm import pods, service_account, worker_nodes
from meshkit.inspect.confirm.place import place_of
from meshkit.inspect.confirm.remark import CantTellError, absent, missing, note, unseen
from meshkit.inspect.confirm.workload import Seen

if TYPE_CHECKING:
    from meshkit.config.workload import EksWorkload
    from meshkit.inspect.confirm.kube import Deployment, Pod
    from meshkit.inspect.confirm.place import Place
    from meshkit.inspect.confirm.remark import Remark
    from meshkit.inspect.confirm.workload import Proxy

_UNNAMED = unseen(
    "which role its pods carry: the file names no cluster and namespace of them (workload: "
    "cluster, namespace, service_account, deployment)"
)
_NO_DEPLOYMENT = unseen(
    "whether its pods have the service account: the file names no deployment (workload: deployment)"
)


def look(proxy: Proxy) -> Seen:
    """Look at the pods of a proxy. Raises ``CantTellError``."""
    workload = cast("EksWorkload", proxy.endpoint.workload)
    if workload.cluster is None or workload.namespace is None:
        return Seen("pods", remarks=(_UNNAMED,))
    place = place_of(proxy, workload)
    if place is None:
        owner = proxy.site.mesh.clusters[workload.cluster].owner
        text = f"there is no EKS cluster {workload.cluster} in {owner.key}"
        command = proxy.site.accounts.of(owner).command("eks", "list_clusters")
        return Seen(f"cluster {workload.cluster}", remarks=(absent(text, command),))
    return _in_place(place, workload)


def _in_place(place: Place, workload: EksWorkload) -> Seen:
    named = _Named(place, workload.service_account)
    workers, remarks = _workers(place, workload, named.pods or [])
    if workload.identity == "node-role":
        where = f"{named.where}, worker nodes"
        return Seen(where, workers, (*named.remarks, *remarks), cluster=place.cluster)
    if named.account is None:
        return Seen(named.where, (), tuple(named.remarks), workers, place.cluster)
    roles, wrong = service_account.look(place, named.account, workload.identity)
    if named.pods is not None and not named.other_account:
        wrong += pods.wrong(place, workload.identity, named.pods)
    where = f"{named.where}, service account {named.account}"
    found = (*named.remarks, *wrong, *remarks)
    return Seen(where, roles, found, workers, place.cluster)


class _Named:
    """What the file names in a place: the deployment, its pods and their service account."""

    def __init__(self, place: Place, account: str | None) -> None:
        self.where = f"{place.cluster.name}/{place.namespace}"
        self.account = account
        self.other_account = False
        self.pods: list[Pod] | None = None
        self.remarks: list[Remark] = []
        if place.deployment is None:
            self.remarks.append(_NO_DEPLOYMENT)
            return
        self.where = f"deployment {self.where}/{place.deployment}"
        try:
            self._look(place, _deployment(place))
        except CantTellError as error:
            self.remarks.append(error.remark)

    def _look(self, place: Place, deployment: Deployment) -> None:
        wrong = _other_account(place, self.account, deployment)
        self.remarks += wrong
        self.other_account = bool(wrong)
        self.account = self.account or deployment.service_account
        self.pods = pods.running(place, deployment)


def _workers(
    place: Place, workload: EksWorkload, running: list[Pod]
) -> tuple[tuple[str, ...], list[Remark]]:
    """The roles of the worker nodes, and what there is to say of them."""
    own = workload.identity == "node-role"
    try:
        found = worker_nodes.roles(place, running)
    except CantTellError as error:
        remark = error.remark
        return (), [remark if own else note(remark.text, *remark.look)]
    return found, worker_nodes.wrong(place, found) if own else []


def _deployment(place: Place) -> Deployment:
    """The deployment that the file names. Raises ``CantTellError``, also where there is none."""
    name = str(place.deployment)
    describe = place.kubectl("describe", "deployment", name)
    found = place.open(describe).deployment(place.namespace, name)
    if found is None:
        text = f"there is no deployment {place.namespace}/{place.deployment}"
        raise CantTellError(absent(text, place.kubectl("get", "deployments")))
    return found


def _other_account(place: Place, wanted: str | None, deployment: Deployment) -> list[Remark]:
    found = deployment.service_account
    if wanted in (None, found):
        return []
    text = (
        f"deployment {place.namespace}/{place.deployment} has service account {found}; the file "
        f"says {wanted}"
    )
    words = ("set", "serviceaccount", "deployment", str(place.deployment), str(wanted))
    return [missing(text, place.kubectl(*words))]
