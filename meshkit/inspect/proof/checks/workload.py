"""Whether the workloads of a mesh file get their roles, and no others do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.proof.codes import MISBOUND, SHUT_OUT, UNBOUND
from meshkit.inspect.proof.conditions import bound_values, values_of
from meshkit.inspect.proof.showing import subject_text
from meshkit.inspect.proof.workloads import EC2, workloads_of
from meshkit.inspect.violation import Unknown
from meshkit.policy.evaluation import Caller, Undecidable, trust
from meshkit.policy.trust import ECS_TASKS, EKS_PODS, FUNCTIONS, TOKEN_AUDIENCE
from meshkit.topology.functions import function_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.access import Association
    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.proof.subject import Declared, Subject
    from meshkit.inspect.proof.workloads import Pods, Workloads
    from meshkit.inspect.violation import Violation
    from meshkit.policy.evaluation import Policy

Context = dict[str, str]


def admitted(case: Case) -> Iterator[Violation | Unknown]:
    """Each workload must be able to take its role."""
    for subject in case.subjects.values():
        if not subject.declared or subject.trust is None:
            continue
        workloads = workloads_of(subject, case.clusters)
        for who, caller, context in _callers(subject, subject.trust, workloads):
            try:
                complete = caller.kind == "Federated" and not _asks_of_request(subject.trust)
                decision = trust(subject.trust, caller, context, complete=complete)
            except Undecidable as error:
                message = f"whether {who} may take it: {error}"
                yield Unknown(subject.arn, message, place=case.where.of_role(subject))
                continue
            if not decision.allowed:
                source = subject.identity.trust
                told = "" if source and source.secret else f": {decision.reason}"
                yield SHUT_OUT.found(
                    f"{subject_text(subject)}: {who} may not take it{told}",
                    role=subject.arn,
                    resource=subject.identity.resource.urn if subject.identity.resource else None,
                    place=case.where.of_role(subject),
                )


def _asks_of_request(policy: Policy) -> bool:
    """Whether a trust policy asks for more than what a token tells, all of which is known."""
    return any(
        condition.key.lower().startswith(("aws:", "sts:"))
        for statement in policy.statements
        for condition in statement.conditions
    )


def _callers(
    subject: Subject, policy: Policy, workloads: Workloads
) -> Iterator[tuple[str, Caller, Context]]:
    """Each workload as it comes to IAM, with what it tells."""
    computes = {each.role.compute for each in subject.declared}
    if "ecs" in computes:
        yield "an ECS task", Caller(ECS_TASKS, "Service"), _source(policy, workloads, "ecs")
    for name in _functions(subject):
        asked = _source(policy, workloads, "lambda")
        told = {**asked, "aws:SourceArn": f"{_head(workloads, 'lambda')}function:{name}"}
        yield "its function", Caller(FUNCTIONS, "Service"), told if name else asked
    if computes & {"ec2", "node-role"}:
        principal = next((each for each in EC2 if _names(policy, "Service", each)), EC2[0])
        yield "an EC2 instance", Caller(principal, "Service"), {}
    for pods in workloads.pods or ():
        who = f"service account {pods.namespace}/{pods.service_account}"
        if "irsa" in computes:
            yield who, *_token(policy, pods)
        if "pod-identity" in computes:
            yield who, Caller(EKS_PODS, "Service"), _pod(policy, pods, workloads)


def _names(policy: Policy, kind: str, text: str) -> bool:
    return any(
        text in each.principals.by_kind.get(kind, ())
        for each in policy.statements
        if each.principals is not None
    )


def _functions(subject: Subject) -> Iterator[str | None]:
    """The names of the functions that take a role; ``None`` for one that the file leaves open."""
    for declared in subject.declared:
        if declared.role.compute == "lambda":
            yield from map(function_of, declared.role.endpoints)


def _head(workloads: Workloads, service: str) -> str:
    return f"arn:{workloads.partition}:{service}:{workloads.region}:{workloads.account}:"


def _source(policy: Policy, workloads: Workloads, service: str) -> Context:
    """A task or function of the account, of those that the trust policy asks for."""
    head = _head(workloads, service)
    asked = (
        value
        for statement in policy.statements
        for values in values_of(statement, "aws:SourceArn")
        for value in values
    )
    arn = next((each for each in asked if each.startswith(head)), f"{head}*")
    return {
        "aws:SourceAccount": workloads.account,
        "aws:SourceArn": arn.replace("*", "task").replace("?", "x"),
    }


def _token(policy: Policy, pods: Pods) -> tuple[Caller, Context]:
    """A token of the cluster, whose provider the trust policy may know better than the file."""
    provider = next(
        (
            text
            for statement in policy.statements
            if statement.principals is not None
            for text in statement.principals.by_kind.get("Federated", ())
            if pods.provider is not None and pods.provider.fullmatch(text)
        ),
        "the provider of the cluster",
    )
    issuer = provider.partition(":oidc-provider/")[2]
    return Caller(provider, "Federated"), {
        f"{issuer}:sub": pods.subject,
        f"{issuer}:aud": TOKEN_AUDIENCE,
    }


def _pod(policy: Policy, pods: Pods, workloads: Workloads) -> Context:
    """A pod that EKS vouches for, of the cluster that the trust policy asks for."""
    head = f"arn:{workloads.partition}:eks:{workloads.region}:{workloads.account}:cluster/"
    asked = (
        arn.removeprefix(head)
        for statement in policy.statements
        for arn in bound_values(statement, "aws:SourceArn")
        if arn.startswith(head)
    )
    cluster = next((each for each in asked if pods.cluster.fullmatch(each)), "cluster")
    return {
        "aws:SourceAccount": workloads.account,
        "aws:SourceArn": f"{head}{cluster}",
        "aws:RequestTag/eks-cluster-arn": f"{head}{cluster}",
        "aws:RequestTag/eks-cluster-name": cluster,
        "aws:RequestTag/kubernetes-namespace": pods.namespace,
        "aws:RequestTag/kubernetes-service-account": pods.service_account,
    }


def bound(case: Case) -> Iterator[Violation | Unknown]:
    """EC2 instances need a profile and pods with Pod Identity an association; others get none."""
    profiles = {
        (each.account, each.role.lower()) for each in case.access.profiles if each.role is not None
    }
    by_role: dict[str, list[Association]] = {}
    for association in case.access.associations:
        if association.role is None:
            yield _open(case, association, "which role it gives to pods")
        else:
            by_role.setdefault(association.role, []).append(association)
    for subject in case.subjects.values():
        if not subject.declared:
            continue
        key = (subject.identity.account, subject.identity.name.lower())
        first = subject.declared[0]
        if first.role.compute == "ec2" and not first.role.adopted and key not in profiles:
            yield UNBOUND.found(
                f"{subject_text(subject)} has no instance profile",
                role=subject.arn,
                resource=subject.identity.resource.urn if subject.identity.resource else None,
                place=case.where.of_role(subject),
            )
        given = by_role.get(_declared_arn(first) or subject.arn, by_role.get(subject.arn, []))
        yield from _associations(case, subject, given)


def _declared_arn(declared: Declared) -> str | None:
    """ARN of an adopted role, whose path the program does not tell."""
    return declared.role.arn if isinstance(declared.role.arn, str) else None


def _open(case: Case, association: Association, message: str) -> Unknown:
    resource = association.resource
    return Unknown(resource.name, message, resource.urn, case.where.of_resource(resource))


def _associations(
    case: Case, subject: Subject, given: list[Association]
) -> Iterator[Violation | Unknown]:
    pods = workloads_of(subject, case.clusters).pods or ()
    wanted = pods if any(each.role.compute == "pod-identity" for each in subject.declared) else ()
    for association in given:
        if None in (association.namespace, association.service_account):
            yield _open(case, association, f"to which service account it gives {subject.arn}")
        elif not any(_is(each, association) for each in wanted):
            yield MISBOUND.found(
                f"{subject_text(subject)} is given to service account {association.namespace}/"
                f"{association.service_account} of cluster {association.cluster}",
                role=subject.arn,
                resource=association.resource.urn,
                place=case.where.of_resource(association.resource),
            )
    if not all(each.role.attach for each in subject.declared):
        return
    for each in wanted:
        if not any(_is(each, association) for association in given):
            yield UNBOUND.found(
                f"{subject_text(subject)} has no association with service account "
                f"{each.namespace}/{each.service_account}",
                role=subject.arn,
                place=case.where.of_role(subject),
            )


def _is(pods: Pods, association: Association) -> bool:
    named = (pods.namespace, pods.service_account) == (
        association.namespace,
        association.service_account,
    )
    cluster = association.cluster
    return named and (cluster is None or pods.cluster.fullmatch(cluster) is not None)
