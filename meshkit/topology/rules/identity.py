"""How workloads prove who they are: EKS clusters and service accounts, and what is discouraged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.config.workload import EksWorkload
from meshkit.topology import leaves
from meshkit.topology.rules.roles import place_of, role_of
from meshkit.topology.rules.wording import both

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding
    from meshkit.topology.rules.view import Proxied, View

INCOMPLETE = Rule(
    "MK710",
    "A workload on EKS has cluster, namespace and service_account.",
    "The role's trust is bound to exactly these three.",
    "Add the missing keys, or put them under defaults.workload.",
    "EKS user guide: IAM roles for service accounts; Pod Identity",
)
ISSUER = Rule(
    "MK711",
    "The cluster of an irsa workload has an oidc_issuer.",
    "The role trusts the tokens of that issuer.",
    "Add oidc_issuer to the cluster as EKS shows it, or use identity: pod-identity.",
    "EKS user guide: IAM roles for service accounts",
)
CLUSTER_ACCOUNT = Rule(
    "MK712",
    "A workload's cluster is of the workload's account.",
    "The identity provider of the cluster and the pods' role are made in one account.",
    "Correct the account of the node or of the cluster.",
    "EKS user guide: IAM roles for service accounts; Pod Identity",
)
PROVIDER = Rule(
    "MK713",
    "The issuer of a cluster is an https URL, and its provider is of the same issuer and account.",
    "Tokens of any other issuer are refused.",
    "Copy the issuer from the cluster, and the ARN from IAM in the cluster's account.",
    "IAM user guide: OIDC identity providers",
)
ONE_ROLE = Rule(
    "MK714",
    "The workloads of one Kubernetes service account share one role.",
    "A service account carries the ARN of one role, and has one Pod Identity association.",
    "Give each workload a service account, or the same role: {name: …}.",
    "EKS user guide: IAM roles for service accounts; Pod Identity",
)
NODE_ROLE = Rule(
    "MK715",
    "A workload on EKS has an identity of its own.",
    "The role of a worker node is that of every pod on it: each can act as this proxy.",
    "Use identity: irsa or pod-identity.",
    "EKS best practices: identity and access management",
    "warning",
)
MESH_WIDE = Rule(
    "MK716",
    "A proxy reads its own configuration only.",
    "AWSAppMeshEnvoyAccess lets it read that of every node and gateway of its account.",
    "Remove access: mesh-wide.",
    "App Mesh user guide: proxy authorization",
    "warning",
)
OLD_IMAGE = Rule(
    "MK717",
    "A proxy with Pod Identity has Envoy 1.31 or newer.",
    "Older proxies can't read the token of Pod Identity; App Mesh answers them with gRPC 16.",
    "Use a newer proxy.image, or identity: irsa.",
    "App Mesh roadmap, issue 493; Envoy, pull request 32833",
    "warning",
)

RULES = (
    INCOMPLETE, ISSUER, CLUSTER_ACCOUNT, PROVIDER, ONE_ROLE, NODE_ROLE, MESH_WIDE, OLD_IMAGE,
)  # fmt: skip

SUBJECT_KEYS = ("cluster", "namespace", "service_account")
WIDE_POLICIES = ("AWSAppMeshEnvoyAccess", "AdministratorAccess", "PowerUserAccess")
"""Policies of AWS that allow the stream action on everything."""
POD_IDENTITY_SINCE = (1, 31)
_VERSION = re.compile(r":v(\d+)\.(\d+)\.")


def check_workloads(view: View) -> Iterator[Finding]:
    """What the trust of a pod's role needs."""
    for proxied in view.proxied:
        workload = proxied.workload
        if not isinstance(workload, EksWorkload) or workload.identity == "node-role":
            continue
        missing = [key for key in SUBJECT_KEYS if getattr(workload, key) is None]
        if missing:
            message = f"a workload on EKS with {workload.identity} needs {both(missing)}; add it"
            yield INCOMPLETE.at(proxied.path, message)
        yield from _cluster(view, proxied, workload)


def _cluster(view: View, proxied: Proxied, workload: EksWorkload) -> Iterator[Finding]:
    key = workload.cluster or ""
    cluster = view.config.clusters.get(key)
    if cluster is None or not view.whole("clusters", key):
        return
    account = view.id_of(cluster.account)
    if account and proxied.account_id and account != proxied.account_id:
        message = (
            f'cluster "{key}" is of account {view.index.account_key(cluster.account)}, the '
            f"workload of {proxied.account}; correct one of the two"
        )
        yield CLUSTER_ACCOUNT.at(proxied.path, message)


def check_issuers(view: View) -> Iterator[Finding]:
    """Clusters of irsa workloads without an issuer, each once."""
    needing: dict[str, str] = {}
    for proxied in view.proxied:
        workload = proxied.workload
        if isinstance(workload, EksWorkload) and workload.identity == "irsa" and workload.cluster:
            needing.setdefault(workload.cluster, proxied.name)
    for key, name in needing.items():
        cluster = view.config.clusters.get(key)
        if cluster is not None and cluster.oidc_issuer is None:
            message = (
                f'"{name}" has identity irsa, so the cluster needs oidc_issuer; add it as EKS '
                "shows it, or use identity: pod-identity"
            )
            yield ISSUER.at(("clusters", key), message)


def check_providers(view: View) -> Iterator[Finding]:
    """Forms of issuers, and providers that exist."""
    for key, cluster in view.config.clusters.items():
        issuer = view.text(cluster.oidc_issuer, cluster.account)
        fault = issuer and leaves.oidc_issuer(issuer)
        if fault:
            yield PROVIDER.at(("clusters", key, "oidc_issuer"), fault)
        adopted = cluster.oidc_provider
        arn = view.text(adopted.arn, cluster.account) if adopted else None
        account = view.id_of(cluster.account)
        fault = arn and account and leaves.oidc_provider(arn, account, issuer)
        if fault:
            yield PROVIDER.at(("clusters", key, "oidc_provider", "arn"), fault)


def check_one_provider(view: View) -> Iterator[Finding]:
    """Clusters that would make one provider twice."""
    first: dict[tuple[str | None, object], str] = {}
    for key, cluster in view.config.clusters.items():
        if cluster.oidc_issuer is None or cluster.oidc_provider is not None:
            continue
        account = view.id_of(cluster.account)
        other = first.setdefault((account, cluster.oidc_issuer), key)
        if account and other != key:
            message = (
                f'the issuer is that of cluster "{other}" already, and an account has one provider '
                "for it; correct it, or use one entry for the cluster"
            )
            yield PROVIDER.at(("clusters", key, "oidc_issuer"), message)


def _cluster_name(view: View, key: str | None) -> object:
    """What tells a cluster from others of the account: two entries may name one."""
    cluster = view.config.clusters.get(key or "")
    return (cluster.name if cluster else None) or key


def check_service_accounts(view: View) -> Iterator[Finding]:
    """Service accounts that would carry two roles."""
    first: dict[tuple[object, ...], tuple[object, str]] = {}
    for proxied in view.proxied:
        workload = proxied.workload
        if not isinstance(workload, EksWorkload) or workload.identity == "node-role":
            continue
        cluster = _cluster_name(view, workload.cluster)
        pod = (workload.namespace, workload.service_account)
        subject = (cluster, *pod, proxied.account_id)
        if None in (cluster, *pod) or not proxied.role_known:
            continue
        role = role_of(proxied)
        other, name = first.setdefault(subject, (role, proxied.name))
        if other != role:
            message = (
                f'service account {subject[1]}/{subject[2]} has the role of "{name}" already; '
                "give each a service account, or both the same role: {name: …}"
            )
            yield ONE_ROLE.at(proxied.path, message)


def check_discouraged(view: View) -> Iterator[Finding]:
    """What works but gives away more than it needs to."""
    for proxied in view.proxied:
        workload, own = proxied.workload, proxied.spec.workload
        if isinstance(workload, EksWorkload) and workload.identity == "node-role":
            written = own is not None and "identity" in own.model_fields_set
            path = proxied.path if written else ("defaults",)
            message = (
                "every pod on the worker node gets this role; use identity: irsa or pod-identity"
            )
            yield NODE_ROLE.at((*path, "workload", "identity"), message)
        yield from _wide_policies(view, proxied)
        if view.app_mesh and view.index.access(proxied.spec) == "mesh-wide":
            path = proxied.path if proxied.spec.access else ("defaults",)
            message = (
                "mesh-wide lets a proxy read the configuration of every node in its account; "
                "remove it for its own only"
            )
            yield MESH_WIDE.at((*path, "access"), message)


def _wide_policies(view: View, proxied: Proxied) -> Iterator[Finding]:
    for arn in proxied.role.managed_policies:
        text = view.text(arn, proxied.account) or ""
        name = text.rpartition(":aws:policy/")[2]
        if name in WIDE_POLICIES and proxied.role_known:
            message = (
                f"{name} lets a proxy read the configuration of every node in its account; "
                "remove it, or choose access: mesh-wide openly"
            )
            yield MESH_WIDE.at(place_of(proxied, "managed_policies"), message)


def check_images(view: View) -> Iterator[Finding]:
    """Images too old for Pod Identity."""
    for proxied in view.proxied:
        workload = proxied.workload
        if not isinstance(workload, EksWorkload) or workload.identity != "pod-identity":
            continue
        own = proxied.spec.proxy
        image = view.text((own.image if own else None) or view.config.proxy.image, proxied.account)
        version = _VERSION.search(image or "")
        if version and (int(version[1]), int(version[2])) < POD_IDENTITY_SINCE:
            message = (
                f"Envoy {version[1]}.{version[2]} of {image} can't use pod-identity; use an image "
                "of 1.31 or newer, or identity: irsa"
            )
            yield OLD_IMAGE.at(proxied.path, message)


CHECKS = (
    check_workloads, check_issuers, check_providers, check_one_provider, check_service_accounts,
    check_discouraged, check_images,
)  # fmt: skip
