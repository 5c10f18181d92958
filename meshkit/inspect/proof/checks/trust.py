"""Whether the roles of proxies trust their workloads and nobody else."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from meshkit.inspect.proof.codes import (
    ANYONE,
    LOOSE_POD,
    NO_AUDIENCE,
    NO_SOURCE,
    NO_SUBJECT,
    OTHER_ACCOUNT,
    OTHER_CLUSTER,
    OTHER_PRINCIPAL,
    WIDE_SUBJECT,
)
from meshkit.inspect.proof.conditions import binding, bound_values, values_of
from meshkit.inspect.proof.reading import is_about
from meshkit.inspect.proof.showing import statement_text, subject_text
from meshkit.inspect.proof.subject import Granted
from meshkit.inspect.proof.workloads import workloads_of
from meshkit.policy.evaluation import Caller
from meshkit.policy.trust import ECS_TASKS, EKS_PODS, FUNCTIONS, TOKEN_AUDIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.proof.workloads import Pods, Workloads
    from meshkit.inspect.violation import Code, Violation
    from meshkit.policy.evaluation import Statement

ASSUMING = ("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML")
OIDC = ":oidc-provider/"
EVERYONE = "*"
SOURCES = {ECS_TASKS: "ECS tasks", FUNCTIONS: "functions"}


class Fault(NamedTuple):
    """What is wrong with a trust statement."""

    code: Code
    message: str


def closed_trust(case: Case) -> Iterator[Violation]:
    """Every statement of a trust policy that lets somebody else take the role of a proxy.

    Deny statements are not counted on: each Allow must be closed by itself.
    """
    for arn, subject in case.subjects.items():
        source = subject.identity.trust
        if subject.trust is None or source is None or not is_of_proxy(case, arn):
            continue
        if case.meshstack.trusts(subject):
            continue  # closed by the external id
        calls = bool(case.calls.allowed[arn])
        workloads = workloads_of(subject, case.clusters, calls=calls)
        for statement in subject.trust.statements:
            if statement.effect == "Deny" or not any(is_about(statement, a) for a in ASSUMING):
                continue
            granted = Granted(source, statement)
            for fault in dict.fromkeys(_faults(statement, workloads)):
                told = "" if source.secret else f": {fault.message}"
                yield fault.code.found(
                    f"{subject_text(subject)}{told}",
                    role=arn,
                    statement=statement_text(granted),
                    resource=source.resource.urn if source.resource else None,
                    place=case.where.of_role(subject),
                )


def is_of_proxy(case: Case, arn: str) -> bool:
    """Whether a role is that of a proxy: declared for one, or able to do what a proxy does."""
    may = (case.allowed[arn], case.calls.allowed[arn], case.readings[arn].wide)
    return bool(case.subjects[arn].declared or any(may))


def _faults(statement: Statement, workloads: Workloads) -> Iterator[Fault]:
    principals = statement.principals
    if principals is None or principals.negated:
        yield Fault(ANYONE, "its trust policy names who may not take it, and so lets all others")
        return
    for kind, texts in principals.by_kind.items():
        for text in texts:
            if kind == "Service":
                yield from _service(text, statement, workloads)
            elif kind == "Federated":
                yield from _federated(text, statement, workloads)
            else:
                yield from _somebody(text, workloads)


def _somebody(text: str, workloads: Workloads) -> Iterator[Fault]:
    """A principal of kind AWS, which no workload is."""
    if text == EVERYONE:
        yield Fault(ANYONE, "anyone may take it")
        return
    account = Caller(text).account
    if account in (None, workloads.account):
        yield Fault(OTHER_PRINCIPAL, f"{text} may take it")
    else:
        yield Fault(OTHER_ACCOUNT, f"{text} of account {account} may take it")


def _service(text: str, statement: Statement, workloads: Workloads) -> Iterator[Fault]:
    if text == EVERYONE:
        yield Fault(ANYONE, "every service of AWS may take it")
    elif text not in workloads.services:
        yield Fault(OTHER_PRINCIPAL, f"{text} may take it, which does not run its workload")
    elif text in SOURCES:
        yield from _sources(statement, workloads, SOURCES[text])
    elif text == EKS_PODS:
        yield from _associated_pods(statement, workloads)


def _sources(statement: Statement, workloads: Workloads, what: str) -> Iterator[Fault]:
    """A service that says on behalf of what it asks."""
    account = workloads.account
    by_account = binding(statement, "aws:SourceAccount", lambda value: value == account)
    arns = values_of(statement, "aws:SourceArn")
    by_arn = any(all(_is_of_account(each, account) for each in values) for values in arns)
    if by_account == "bound" or by_arn:
        return
    if by_account == "wrong" or arns:
        yield Fault(NO_SOURCE, f"it trusts {what} of another account than {account}")
    else:
        yield Fault(NO_SOURCE, f"it trusts {what} of every account")


def _is_of_account(arn: str, account: str) -> bool:
    parts = arn.split(":", 5)
    return len(parts) == 6 and parts[4] == account


def _associated_pods(statement: Statement, workloads: Workloads) -> Iterator[Fault]:
    tag = "aws:RequestTag/"
    namespaces = bound_values(statement, f"{tag}kubernetes-namespace")
    accounts = bound_values(statement, f"{tag}kubernetes-service-account")
    arns = bound_values(statement, "aws:SourceArn") or bound_values(
        statement, f"{tag}eks-cluster-arn"
    )
    clusters = (
        *(each.rpartition(":cluster/")[2] for each in arns),
        *bound_values(statement, f"{tag}eks-cluster-name"),
    )
    bound = {"cluster": clusters, "namespace": namespaces, "service account": accounts}
    missing = next((what for what, values in bound.items() if not values), None)
    if missing is not None:
        yield Fault(LOOSE_POD, f"its trust in EKS Pod Identity does not bind the {missing}")
        return
    for arn in arns:
        if not _is_cluster_here(arn, workloads):
            yield Fault(LOOSE_POD, f"pods of the cluster {arn} may take it")
    for cluster, namespace, name in product(clusters, namespaces, accounts):
        pods = workloads.pods
        if pods is not None and not any(_is(each, cluster, namespace, name) for each in pods):
            who = f"service account {namespace}/{name} of cluster {cluster}"
            yield Fault(LOOSE_POD, f"pods of {who} may take it")


def _is_cluster_here(arn: str, workloads: Workloads) -> bool:
    """Whether an ARN is of a cluster in the account, and in the region where that is known."""
    region = arn.split(":")[3] if _is_of_account(arn, workloads.account) else ""
    return bool(region) and ":cluster/" in arn and workloads.region in ("", region)


def _is(pods: Pods, cluster: str, namespace: str, name: str) -> bool:
    named = (pods.namespace, pods.service_account) == (namespace, name)
    return named and pods.cluster.fullmatch(cluster) is not None


def _federated(text: str, statement: Statement, workloads: Workloads) -> Iterator[Fault]:
    issuer = text.partition(OIDC)[2]
    if text == EVERYONE:
        yield Fault(ANYONE, "whoever any identity provider vouches for may take it")
        return
    if not issuer or not workloads.by_token:
        yield Fault(OTHER_PRINCIPAL, f"{text} may take it, which does not vouch for its workload")
        return
    if asks_of_another(statement, issuer):
        return  # no token has the keys of another issuer, so nobody passes
    pods = _of_provider(text, workloads)
    if pods == ():
        yield Fault(OTHER_CLUSTER, f"tokens of {issuer} open it, which is not the cluster's issuer")
        return
    if binding(statement, f"{issuer}:aud", lambda value: value == TOKEN_AUDIENCE) != "bound":
        yield Fault(NO_AUDIENCE, f"tokens of {issuer} for any audience open it")
    subjects = None if pods is None else {each.subject for each in pods}
    by_subject = binding(
        statement, f"{issuer}:sub", lambda value: subjects is None or value in subjects
    )
    if by_subject == "unbound":
        yield Fault(NO_SUBJECT, f"every service account of {issuer} may take it")
    elif by_subject == "wrong":
        asked = values_of(statement, f"{issuer}:sub")[0]
        shown = ", ".join(each for each in asked if subjects is None or each not in subjects)
        yield Fault(WIDE_SUBJECT, f"{shown} may take it")


def asks_of_another(statement: Statement, issuer: str) -> bool:
    """Whether a condition asks for the subject or the audience of another issuer's token.

    A tag may end in the same words, and whoever brings the token chooses it.
    """
    return any(
        values_of(statement, condition.key)
        for condition in statement.conditions
        for suffix in (":sub", ":aud")
        if condition.key.endswith(suffix)
        and not condition.key.lower().startswith("aws:")
        and condition.key.removesuffix(suffix).lower() != issuer.lower()
    )


def _of_provider(arn: str, workloads: Workloads) -> tuple[Pods, ...] | None:
    """The pods whose cluster has a provider; ``None`` where nothing names the pods."""
    if workloads.pods is None:
        return None if _is_of_account(arn, workloads.account) else ()
    return tuple(
        each
        for each in workloads.pods
        if each.provider is not None and each.provider.fullmatch(arn)
    )
