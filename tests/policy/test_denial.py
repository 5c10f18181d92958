"""Refusals of AWS, in every phrasing that its documents show, and what would allow them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from meshkit.errors import MeshkitError
from meshkit.policy.denial import Denial, denial_of, encoded_in
from meshkit.policy.evaluation import Caller, Layers, Policy, Request, evaluate, trust
from meshkit.policy.remedy import remedy_of

USER = "arn:aws:iam::111111111111:user/ana"
SESSION = "arn:aws:sts::111111111111:assumed-role/orders/task-1"
ROLE = "arn:aws:iam::111111111111:role/orders"
NODE = "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/orders"
READ = "appmesh:StreamAggregatedResources"
SCP = "arn:aws:organizations::999999999999:policy/o-exampleorg/service_control_policy/p-keep1234"
QUOTED = (
    f"An error occurred (AccessDenied) when calling the GetObject operation: User: {USER} is not "
    'authorized to perform: "s3:GetObject" on resource: "arn:aws:s3:::b/k" because no '
    'resource-based policy allows the "s3:GetObject" action'
)
ECS = (
    f"ECS was unable to assume the role '{ROLE}' that was provided for this task. "
    "Please verify that the role being passed has the proper trust relationship"
)
THROUGH = "an explicit deny in a VPC endpoint policy transitively through a service control policy"
REFUSED = f"User: {SESSION} is not authorized to perform: {READ} on resource: {NODE}"


@pytest.mark.parametrize(
    ("why", "refuser", "explicit"),
    [
        ("because no identity-based policy allows the X action", "identity", False),
        ("because no resource-based policy allows the X action", "resource", False),
        ("because no permissions boundary allows the X action", "boundary", False),
        ("because no session policy allows the X action", "session", False),
        ("because no VPC endpoint policy allows the X action", "endpoint", False),
        ("because no service control policy allows the X action", "scp", False),
        ("because no role trust policy allows the X action", "trust", False),
        ("because the role trust policy allows the X action", "trust", False),
        ("because no service-based policy allows the X action", "service", False),
        ("because no network-based policy allows the X action", "network", False),
        ("with an explicit deny in a service-based policy", "service", True),
        ("with an explicit deny in an identity-based policy", "identity", True),
        ("with an explicit deny in a resource-based policy", "resource", True),
        ("with an explicit deny in a permissions boundary", "boundary", True),
        ("with an explicit deny in a session policy", "session", True),
        ("with an explicit deny in a sessions policy", "session", True),
        ("with an explicit deny in a service control policy", "scp", True),
        ("with an explicit deny in a resource control policy", "rcp", True),
        ("with an explicit deny in a VPC endpoint policy", "endpoint", True),
        ("with an explicit deny in the role trust policy", "trust", True),
        (
            f"with {THROUGH}",
            "scp",
            True,
        ),
    ],
)
def test_the_kind_of_policy_that_refused(why: str, refuser: str, explicit: bool) -> None:
    for text in (f"{REFUSED} {why}", f"{REFUSED}\n  {why}."):
        found = denial_of(text)
        assert (found.refuser, found.explicit) == (refuser, explicit)
        assert (found.caller, found.action, found.resource) == (SESSION, READ, NODE)


def test_the_policy_that_refused_may_be_named() -> None:
    found = denial_of(f"{REFUSED} with an explicit deny in a service control policy: {SCP}")

    assert found.policy == SCP


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"User: {USER} is not authorized to perform: sqs:ListQueues", (USER, None, None)),
        (f"{REFUSED} (Service: AppMesh, Status Code: 403)", (SESSION, NODE, None)),
        (
            QUOTED,
            (USER, "arn:aws:s3:::b/k", "resource"),
        ),
        (
            (
                "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity "
                "operation: Not authorized to perform sts:AssumeRoleWithWebIdentity"
            ),
            (None, None, "trust"),
        ),
        (
            ECS,
            ("ecs-tasks.amazonaws.com", ROLE, "trust"),
        ),
    ],
)
def test_other_refusals(text: str, expected: tuple[str | None, ...]) -> None:
    found = denial_of(text)

    assert (found.caller, found.resource, found.refuser) == expected


def decoded(**changes: Any) -> dict[str, Any]:
    return {
        "allowed": False,
        "explicitDeny": False,
        "matchedStatements": {"items": []},
        "failures": {"items": []},
        "context": {
            "principal": {"id": "AIDAEXAMPLE", "name": "ana", "arn": USER},
            "action": "ec2:RunInstances",
            "resource": "arn:aws:ec2:eu-west-1:111111111111:instance/*",
            "conditions": {"items": []},
        },
        **changes,
    }


def test_a_decoded_message() -> None:
    found = denial_of(json.dumps(decoded(), indent=2))
    wrapped = denial_of(json.dumps({"DecodedMessage": json.dumps(decoded())}))

    assert found == wrapped
    assert (found.caller, found.action, found.explicit) == (USER, "ec2:RunInstances", False)


def test_a_decoded_message_names_the_statement_that_denied() -> None:
    matched = {"items": [{"statementId": "NoInstances", "effect": "DENY"}]}
    found = denial_of(json.dumps(decoded(explicitDeny=True, matchedStatements=matched)))

    assert remedy_of(found).advice[1] == "It is statement NoInstances."
    assert remedy_of(found).statement is None


@pytest.mark.parametrize(
    "text", ["", "no such bucket", "{", '{"a": 1}', '{"DecodedMessage": "[]"}', "{" * 9999]
)
def test_what_is_no_refusal(text: str) -> None:
    with pytest.raises(MeshkitError, match="this is no"):
        denial_of(text)


CODE = "ZVSmbPL-dPMxyp9t" * 8


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (CODE, CODE),
        (f"  {CODE}==\n", f"{CODE}=="),
        (
            (
                "An error occurred (UnauthorizedOperation): You are not authorized to perform this "
                f"operation. Encoded authorization failure message: {CODE}"
            ),
            CODE,
        ),
        (REFUSED, None),
        (json.dumps(decoded()), None),
    ],
)
def test_encoded_messages_are_told_from_others(text: str, code: str | None) -> None:
    assert encoded_in(text) == code


def given(refuser: Any, **more: Any) -> Denial:
    return Denial(READ, NODE, SESSION, refuser, explicit=False, **more)


@pytest.mark.parametrize("refuser", ["identity", "boundary", "session", "scp", None])
def test_the_statement_of_the_remedy_allows_the_request(refuser: Any) -> None:
    remedy = remedy_of(given(refuser))
    policy = Policy.parse({"Version": "2012-10-17", "Statement": remedy.statement})
    request = Request(READ, NODE, Caller(SESSION))

    layers = Layers((policy,), boundary=policy, scps=((policy,),), session=(policy,))
    assert evaluate(request, layers).allowed


def test_the_statement_for_a_resource_names_the_caller_s_role() -> None:
    remedy = remedy_of(given("resource"))
    policy = Policy.parse({"Version": "2012-10-17", "Statement": remedy.statement})

    assert remedy.advice == (f"Add this statement to the policy of {NODE}:",)
    assert evaluate(Request(READ, NODE, Caller(SESSION)), Layers(resource=policy)).allowed


@pytest.mark.parametrize(
    ("caller", "kind"), [(SESSION, "AWS"), (USER, "AWS"), ("ecs-tasks.amazonaws.com", "Service")]
)
def test_the_statement_for_a_trust_policy_admits_the_caller(caller: str, kind: Any) -> None:
    denial = Denial("sts:AssumeRole", ROLE, caller, "trust", explicit=False)
    statement = remedy_of(denial).statement

    policy = {"Version": "2012-10-17", "Statement": statement}
    assert trust(policy, Caller(caller, kind)).allowed


def test_a_refused_token_shows_what_a_closed_trust_needs() -> None:
    remedy = remedy_of(denial_of("Not authorized to perform sts:AssumeRoleWithWebIdentity"))

    assert remedy.statement
    assert remedy.statement["Condition"]["StringEquals"] == {
        "ISSUER:aud": "sts.amazonaws.com",
        "ISSUER:sub": "system:serviceaccount:NAMESPACE:NAME",
    }


def test_a_refusal_that_names_nobody_is_mended_for_the_caller() -> None:
    remedy = remedy_of(Denial(READ, None, None, "identity", explicit=False))

    assert remedy.advice == ("Attach a policy with this statement to the caller:",)
    assert remedy.statement == {"Effect": "Allow", "Action": READ, "Resource": "*"}


def test_no_allow_mends_a_deny() -> None:
    denial = Denial(READ, NODE, SESSION, "scp", explicit=True, policy=SCP)
    remedy = remedy_of(denial)

    assert remedy.statement is None
    assert SCP in remedy.advice[0]
    assert "words a missing Allow" in remedy.advice[1]


@pytest.mark.parametrize(
    ("kind", "place"), [("service", "service"), ("network", "service network")]
)
def test_a_layer_of_lattice_is_mended_by_its_auth_policy(kind: str, place: str) -> None:
    service = "arn:aws:vpc-lattice:eu-west-1:111111111111:service/svc-0123456789abcdef0"
    action = "vpc-lattice-svcs:Invoke"
    text = (
        f"User: {SESSION} is not authorized to perform: {action} on resource: {service}/items "
        f"because no {kind}-based policy allows the {action} action"
    )

    remedy = remedy_of(denial_of(text))

    assert f"the auth policy of the {place}, " in remedy.advice[0]
    assert "backends" in remedy.advice[0]
    assert remedy.statement == {
        "Effect": "Allow",
        "Action": action,
        "Resource": f"{service}/items",
        "Principal": {"AWS": ROLE},
    }
