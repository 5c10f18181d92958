"""Who may take a role."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.policy.evaluation import Caller, PolicyError, Undecidable, trust
from meshkit.policy.trust import trust_of
from tests.policy.evaluation.questions import ACCOUNT, OTHER, ROLE, SESSION, USER
from tests.policy.samples import ISSUER, mesh, pods

PROVIDER = f"arn:aws:iam::{OTHER}:oidc-provider/{ISSUER}"
POD = {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": "system:serviceaccount:shop:orders"}
TASK = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": f"arn:aws:ecs:eu-west-1:{ACCOUNT}:task/a/1"}


def document(**elements: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", **elements}
    return {"Version": "2012-10-17", "Statement": [statement]}


ECS = document(
    Principal={"Service": "ecs-tasks.amazonaws.com"},
    Condition={
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:eu-west-1:{ACCOUNT}:*"},
    },
)
IRSA = document(
    Principal={"Federated": PROVIDER},
    Action="sts:AssumeRoleWithWebIdentity",
    Condition={"StringEquals": POD},
)
TASKS = Caller("ecs-tasks.amazonaws.com", "Service")


@pytest.mark.parametrize(
    ("caller", "context", "allowed"),
    [
        (TASKS, TASK, True),
        (TASKS, {**TASK, "aws:SourceAccount": OTHER}, False),
        (TASKS, {}, False),
        (Caller("ec2.amazonaws.com", "Service"), TASK, False),
        (Caller(ROLE), TASK, False),
        (Caller(None, "Anonymous"), TASK, False),
    ],
)
def test_ecs_tasks(caller: Caller, context: dict[str, str], allowed: bool) -> None:
    decision = trust(ECS, caller, context)

    assert decision.allowed is allowed
    assert decision.layer == "trust"


@pytest.mark.parametrize(
    ("context", "allowed"),
    [
        (POD, True),
        ({**POD, f"{ISSUER}:sub": "system:serviceaccount:shop:other"}, False),
        ({**POD, f"{ISSUER}:aud": "other"}, False),
        ({}, False),
    ],
)
def test_service_accounts_by_web_identity(context: dict[str, str], allowed: bool) -> None:
    assert trust(IRSA, Caller(PROVIDER, "Federated"), context).allowed is allowed
    assert not trust(IRSA, Caller(f"{PROVIDER}2", "Federated"), context).allowed
    assert not trust(IRSA, Caller(USER), context).allowed


def test_session_tags_need_a_right_of_their_own() -> None:
    service = {"Service": "pods.eks.amazonaws.com"}
    pod = Caller("pods.eks.amazonaws.com", "Service")
    tags = {"aws:RequestTag/kubernetes-namespace": "shop"}
    both = ["sts:AssumeRole", "sts:TagSession"]

    assert trust(document(Principal=service, Action=both), pod, tags).allowed
    refused = trust(document(Principal=service), pod, tags)
    assert refused.reason.startswith("no role trust policy allows sts:TagSession")
    assert trust(document(Principal=service), pod).allowed


@pytest.mark.parametrize(
    ("principal", "caller", "allowed"),
    [
        ("*", Caller(None, "Anonymous"), True),
        ("*", TASKS, True),
        ({"AWS": ACCOUNT}, Caller(ROLE), True),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Caller(SESSION), True),
        ({"AWS": OTHER}, Caller(ROLE), False),
        ({"AWS": ROLE}, Caller(SESSION), True),
        ({"AWS": ROLE}, Caller(USER), False),
        ({"Service": "*"}, TASKS, True),
        ({"AWS": ACCOUNT, "Service": "ecs-tasks.amazonaws.com"}, TASKS, True),
        ({"AWS": "AROAEXAMPLEEXAMPLE12"}, Caller(ROLE), False),
    ],
)
def test_principals(principal: Any, caller: Caller, allowed: bool) -> None:
    assert trust(document(Principal=principal), caller).allowed is allowed


def test_a_deny_is_explicit() -> None:
    policy = document(Principal="*")
    policy["Statement"].append({**policy["Statement"][0], "Effect": "Deny"})

    decision = trust(policy, Caller(ROLE))
    assert (decision.outcome, decision.statement and decision.statement.index) == (
        "explicit-deny",
        1,
    )


def test_saml_providers_have_an_action_of_their_own() -> None:
    provider = f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"
    policy = document(Principal={"Federated": provider}, Action="sts:AssumeRoleWithSAML")

    assert trust(policy, Caller(provider, "Federated")).allowed


def test_a_canonical_user_tells_no_account() -> None:
    with pytest.raises(Undecidable, match="canonical user"):
        trust(document(Principal={"CanonicalUser": "79a5"}), Caller(USER))


@pytest.mark.parametrize("elements", [{}, {"Principal": "*", "Resource": "*"}])
def test_what_is_no_trust_policy_is_refused(elements: dict[str, Any]) -> None:
    with pytest.raises(PolicyError):
        trust(document(**{"Resource": "*", **elements}), Caller(USER))


def test_the_trust_of_a_mesh_admits_its_own_pods_alone() -> None:
    workload = pods(account="orders", identity="irsa")
    resolved = mesh(nodes={"orders": {"account": "orders", "workload": workload}})
    (role,) = resolved.roles.values()
    made = trust_of(role, resolved).to_dict()

    assert trust(made, Caller(PROVIDER, "Federated"), POD).allowed
    other = {**POD, f"{ISSUER}:sub": "system:serviceaccount:default:orders"}
    assert not trust(made, Caller(PROVIDER, "Federated"), other).allowed
