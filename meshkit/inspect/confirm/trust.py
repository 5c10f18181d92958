"""Whether the workload of a proxy may take its role: what STS is asked when it starts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from meshkit.errors import MeshkitError
from meshkit.inspect.confirm.aws import RefusedError
from meshkit.inspect.confirm.commands import document
from meshkit.inspect.confirm.remark import CantTellError, missing, unknown, unseen
from meshkit.inspect.confirm.role import NOT_THERE
from meshkit.policy.evaluation import Caller, PolicyError, Undecidable, trust
from meshkit.policy.trust import ECS_TASKS, EKS_PODS, FUNCTIONS, TOKEN_AUDIENCE, trust_of
from meshkit.topology.functions import function_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.config.workload import EcsWorkload, EksWorkload
    from meshkit.inspect.confirm.kube import ClusterName
    from meshkit.inspect.confirm.remark import Remark
    from meshkit.inspect.confirm.role import IamRole
    from meshkit.inspect.confirm.workload import Proxy, Seen

ANY_TASK = "0123456789abcdef0123456789abcdef"
"""Stands for the id of a task: a trust policy can't know it."""
ANY_FUNCTION = "any"
"""Stands for the name of a function that the file does not name."""


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes the role, and what AWS tells IAM of it."""

    who: str
    caller: Caller
    context: Mapping[str, str] = field(default_factory=dict)


def look(proxy: Proxy, role: IamRole, seen: Seen) -> list[Remark]:
    """Say what is wrong with the trust policy of a proxy's role."""
    try:
        taker = _taker(proxy, seen)
        if taker is None:
            text = f"whether the trust policy of {role.name} admits its pods: the file names no "
            return [unseen(f"{text}cluster, namespace and service account of them")]
        decision = trust(role.trust, taker.caller, taker.context)
    except CantTellError as error:
        return [error.remark]
    except (PolicyError, Undecidable) as error:
        command = proxy.account.command("iam", "get_role", RoleName=role.name)
        return [unknown(f"the trust policy of {role.name} can't be judged: {error}", command)]
    if decision.allowed:
        return []
    text = f"the trust policy of {role.name} does not admit {taker.who}: {decision.reason}"
    return [missing(text, *_mend(proxy, role, seen.cluster), settling=True)]


def look_at_provider(proxy: Proxy, seen: Seen) -> list[Remark]:
    """Say what is wrong with the IAM OIDC provider of the cluster, for IRSA."""
    if proxy.role.compute != "irsa" or seen.cluster is None:
        return []
    try:
        arn = _provider_arn(proxy, seen.cluster)
        params = {"OpenIDConnectProviderArn": arn}
        found = proxy.account.ask("iam", "get_open_id_connect_provider", **params)
    except CantTellError as error:
        if not isinstance(error, RefusedError) or error.code != NOT_THERE:
            return [error.remark]
        issuer = arn.partition(":oidc-provider/")[2]
        create = proxy.account.command(
            "iam",
            "create_open_id_connect_provider",
            Url=f"https://{issuer}",
            ClientIDList=[TOKEN_AUDIENCE],
        )
        text = f"IAM of {proxy.owner.key} has no OIDC provider for issuer {issuer} of the cluster"
        return [missing(text, create, settling=True)]
    if TOKEN_AUDIENCE in found.get("ClientIDList", ()):
        return []
    add = "add_client_id_to_open_id_connect_provider"
    command = proxy.account.command("iam", add, **params, ClientID=TOKEN_AUDIENCE)
    text = f"OIDC provider {arn} does not have the audience {TOKEN_AUDIENCE}"
    return [missing(text, command, settling=True)]


def _taker(proxy: Proxy, seen: Seen) -> Taker | None:
    """The taker of a proxy's role; ``None`` where the file names too little to tell."""
    mesh, account = proxy.site.mesh, proxy.owner.id
    compute = proxy.role.compute
    if compute in ("ec2", "node-role"):
        return Taker("EC2 instances", Caller(mesh.partition.ec2_principal, "Service"))
    source = {"aws:SourceAccount": account}
    if compute == "ecs":
        cluster = cast("EcsWorkload", proxy.endpoint.workload).cluster
        name = proxy.text(cluster, "cluster") if cluster else "default"
        task = f"task/{name}/{ANY_TASK}"
        arn = f"arn:{mesh.partition.name}:ecs:{mesh.region}:{account}:{task}"
        who = f"ECS tasks of {mesh.region} in account {account}"
        return Taker(who, Caller(ECS_TASKS, "Service"), {**source, "aws:SourceArn": arn})
    if compute == "lambda":
        head = f"arn:{mesh.partition.name}:lambda:{mesh.region}:{account}:function:"
        name = function_of(proxy.endpoint) or ANY_FUNCTION
        return Taker(
            f"function {name} of {mesh.region} in account {account}",
            Caller(FUNCTIONS, "Service"),
            {**source, "aws:SourceArn": head + name},
        )
    workload = cast("EksWorkload", proxy.endpoint.workload)
    if seen.cluster is None or workload.namespace is None or workload.service_account is None:
        return None
    return _pods(proxy, seen.cluster, workload.namespace, workload.service_account)


def _pods(proxy: Proxy, cluster: ClusterName, namespace: str, name: str) -> Taker:
    who = f"service account {namespace}/{name} of cluster {cluster.name}"
    if proxy.role.compute == "irsa":
        provider = _provider_arn(proxy, cluster)
        issuer = provider.partition(":oidc-provider/")[2]
        context = {
            f"{issuer}:sub": f"system:serviceaccount:{namespace}:{name}",
            f"{issuer}:aud": TOKEN_AUDIENCE,
        }
        return Taker(who, Caller(provider, "Federated"), context)
    # The tags that EKS passes: EKS User Guide, "Grant Pods access to AWS resources based on tags".
    context = {
        "aws:SourceAccount": proxy.owner.id,
        "aws:SourceArn": cluster.arn,
        "aws:RequestTag/eks-cluster-arn": cluster.arn,
        "aws:RequestTag/eks-cluster-name": cluster.name,
        "aws:RequestTag/kubernetes-namespace": namespace,
        "aws:RequestTag/kubernetes-service-account": name,
    }
    return Taker(who, Caller(EKS_PODS, "Service"), context)


def _provider_arn(proxy: Proxy, cluster: ClusterName) -> str:
    """The provider of the cluster's own issuer, by what AWS says of it before what the file says.

    Raises ``CantTellError``.
    """
    if cluster.issuer is not None:
        head = f"arn:{proxy.site.mesh.partition.name}:iam::{proxy.owner.id}:oidc-provider/"
        return head + cluster.issuer
    resolved = proxy.site.mesh.clusters[cluster.key]
    if resolved.provider_arn is None:
        raise CantTellError(unknown(f"neither AWS nor the file tells the issuer of {cluster.name}"))
    what = f"clusters.{cluster.key}: the OIDC provider"
    return proxy.site.texts.known(resolved.provider_arn, resolved.owner.context, what)


def _mend(proxy: Proxy, role: IamRole, cluster: ClusterName | None) -> tuple[str, ...]:
    """The command that writes the trust policy that the file asks for."""
    mesh = proxy.site.mesh
    if cluster is not None and cluster.issuer is not None:
        found = replace(
            mesh.clusters[cluster.key],
            name=cluster.name,
            provider_arn=_provider_arn(proxy, cluster),
        )
        mesh = replace(mesh, clusters={**mesh.clusters, cluster.key: found})
    try:
        wanted = trust_of(proxy.role, mesh).to_dict()
    except (MeshkitError, TypeError):
        return ()  # a part of it is known only to the program
    command = proxy.account.command(
        "iam", "update_assume_role_policy", RoleName=role.name, PolicyDocument=document(wanted)
    )
    return (command,)
