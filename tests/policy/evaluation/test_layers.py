"""How the layers of policies decide together."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.policy.evaluation import Caller, Layers, Policy, Request, Undecidable, evaluate
from tests.policy.evaluation.questions import (
    ACCOUNT,
    ALLOW_ALL,
    DENY_ALL,
    OTHER,
    READ,
    ROLE,
    SESSION,
    SILENT,
    USER,
    node,
    policy,
    statement,
)

ROOT = f"arn:aws:iam::{ACCOUNT}:root"
FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/ana"


def ask(layers: Layers, caller: str = ROLE) -> tuple[str, str]:
    decision = evaluate(Request(READ, node("orders"), Caller(caller)), layers)
    return decision.outcome, decision.layer


def for_principal(principal: Any, effect: str = "Allow", **elements: Any) -> Policy:
    return policy(statement(effect, Principal=principal, **elements), name="of-resource")


@pytest.mark.parametrize(
    ("layers", "answer"),
    [
        (Layers(), ("implicit-deny", "identity")),
        (Layers((ALLOW_ALL,)), ("allow", "identity")),
        (Layers((SILENT,)), ("implicit-deny", "identity")),
        (Layers((SILENT, ALLOW_ALL)), ("allow", "identity")),
        (Layers((ALLOW_ALL, DENY_ALL)), ("explicit-deny", "identity")),
        (Layers((ALLOW_ALL,), boundary=ALLOW_ALL), ("allow", "identity")),
        (Layers((ALLOW_ALL,), boundary=SILENT), ("implicit-deny", "boundary")),
        (Layers((ALLOW_ALL,), boundary=DENY_ALL), ("explicit-deny", "boundary")),
        (Layers((), boundary=ALLOW_ALL), ("implicit-deny", "identity")),
        (Layers((ALLOW_ALL,), session=(ALLOW_ALL,)), ("allow", "identity")),
        (Layers((ALLOW_ALL,), session=(SILENT, ALLOW_ALL)), ("allow", "identity")),
        (Layers((ALLOW_ALL,), session=(SILENT,)), ("implicit-deny", "session")),
        (Layers((ALLOW_ALL,), session=()), ("implicit-deny", "session")),
        (Layers((ALLOW_ALL,), session=(ALLOW_ALL, DENY_ALL)), ("explicit-deny", "session")),
        (Layers((ALLOW_ALL,), scps=((ALLOW_ALL,), (ALLOW_ALL,))), ("allow", "identity")),
        (Layers((ALLOW_ALL,), scps=((ALLOW_ALL,), (SILENT,))), ("implicit-deny", "scp")),
        (Layers((ALLOW_ALL,), scps=((SILENT, ALLOW_ALL),)), ("allow", "identity")),
        (Layers((ALLOW_ALL,), scps=((ALLOW_ALL,), ())), ("implicit-deny", "scp")),
        (Layers((ALLOW_ALL,), scps=((ALLOW_ALL, DENY_ALL),)), ("explicit-deny", "scp")),
        (Layers((), scps=((ALLOW_ALL,),)), ("implicit-deny", "identity")),
    ],
)
def test_identity_policies_and_what_limits_them(layers: Layers, answer: tuple[str, str]) -> None:
    assert ask(layers) == answer


ALLOWED = ("allow", "resource")
NO_IDENTITY = ("implicit-deny", "identity")
NO_BOUNDARY = ("implicit-deny", "boundary")


@pytest.mark.parametrize(
    ("principal", "caller", "unlimited", "limited"),
    [
        pytest.param({"AWS": SESSION}, SESSION, ALLOWED, ALLOWED, id="the session itself"),
        pytest.param({"AWS": ROLE}, SESSION, ALLOWED, NO_BOUNDARY, id="the session's role"),
        pytest.param({"AWS": ROLE}, ROLE, ALLOWED, NO_BOUNDARY, id="the role"),
        pytest.param({"AWS": USER}, USER, ALLOWED, ALLOWED, id="the user"),
        pytest.param({"AWS": FEDERATED}, FEDERATED, ALLOWED, ALLOWED, id="federated user"),
        pytest.param({"AWS": USER}, FEDERATED, ALLOWED, NO_BOUNDARY, id="user who federated"),
        pytest.param("*", ROLE, ALLOWED, ALLOWED, id="everyone"),
        pytest.param({"AWS": "*"}, ROLE, ALLOWED, ALLOWED, id="every principal"),
        pytest.param({"AWS": ACCOUNT}, ROLE, NO_IDENTITY, NO_IDENTITY, id="its account"),
        pytest.param({"AWS": ROOT}, USER, NO_IDENTITY, NO_IDENTITY, id="its account's root"),
        pytest.param({"AWS": OTHER}, ROLE, NO_IDENTITY, NO_IDENTITY, id="another account"),
        pytest.param({"AWS": ROLE}, f"{ROLE}s", NO_IDENTITY, NO_IDENTITY, id="another role"),
    ],
)
def test_what_a_resource_policy_grants_in_its_own_account(
    principal: Any, caller: str, unlimited: tuple[str, str], limited: tuple[str, str]
) -> None:
    """AWS documents the table: resource-based policies and implicit denies in other policies."""
    resource = for_principal(principal)

    assert ask(Layers(resource=resource), caller) == unlimited
    assert ask(Layers(resource=resource, boundary=SILENT), caller) == limited


def test_a_session_policy_limits_what_is_granted_to_the_role_but_not_to_the_session() -> None:
    to_role = Layers(resource=for_principal({"AWS": ROLE}), session=(SILENT,))
    to_session = Layers(resource=for_principal({"AWS": SESSION}), session=(SILENT,))

    assert ask(to_role, SESSION) == ("implicit-deny", "session")
    assert ask(to_session, SESSION) == ALLOWED


def test_an_explicit_deny_limits_every_grant() -> None:
    layers = Layers((DENY_ALL,), resource=for_principal({"AWS": SESSION}))

    assert ask(layers, SESSION) == ("explicit-deny", "identity")


def test_service_control_policies_limit_what_a_resource_policy_grants() -> None:
    layers = Layers(scps=((SILENT,),), resource=for_principal("*"))

    assert ask(layers) == ("implicit-deny", "scp")


@pytest.mark.parametrize("principal", [{"AWS": ROLE}, {"AWS": ACCOUNT}, "*"])
def test_across_accounts_both_sides_must_allow(principal: Any) -> None:
    resource = for_principal(principal)

    both = Layers((ALLOW_ALL,), resource=resource, same_account=False)
    assert ask(both) == ("allow", "identity")
    assert ask(Layers((), resource=resource, same_account=False)) == NO_IDENTITY
    assert ask(Layers((ALLOW_ALL,), same_account=False)) == ("implicit-deny", "resource")
    bounded = Layers((ALLOW_ALL,), SILENT, resource=resource, same_account=False)
    assert ask(bounded) == NO_BOUNDARY


def test_a_resource_policy_can_deny_what_the_identity_allows() -> None:
    resource = for_principal({"AWS": ROLE}, "Deny")

    assert ask(Layers((ALLOW_ALL,), resource=resource)) == ("explicit-deny", "resource")
    assert ask(Layers((ALLOW_ALL,), resource=resource), USER) == ("allow", "identity")


def test_a_service_needs_the_resource_policy_alone() -> None:
    service = Caller("ecs-tasks.amazonaws.com", "Service")
    resource = for_principal({"Service": "ecs-tasks.amazonaws.com"})
    request = Request(READ, node("orders"), service)

    assert evaluate(request, Layers(resource=resource)).allowed
    assert not evaluate(
        request, Layers((ALLOW_ALL,), resource=for_principal({"AWS": ACCOUNT}))
    ).allowed


def test_a_stranger_passes_where_everyone_may() -> None:
    request = Request(READ, node("orders"), Caller(None, "Anonymous"))

    assert evaluate(request, Layers(resource=for_principal("*"))).allowed
    assert not evaluate(request, Layers(resource=for_principal({"AWS": ACCOUNT}))).allowed


def test_the_root_of_an_account_needs_no_policy_but_obeys_service_control_policies() -> None:
    assert ask(Layers(), ROOT) == ("allow", "identity")
    assert ask(Layers(scps=((SILENT,),)), ROOT) == ("implicit-deny", "scp")
    assert ask(Layers(scps=((ALLOW_ALL, DENY_ALL),)), ROOT) == ("explicit-deny", "scp")


def test_a_policy_of_the_wrong_kind_is_undecidable() -> None:
    with pytest.raises(Undecidable, match="has no Principal"):
        ask(Layers((for_principal("*"),)))
    with pytest.raises(Undecidable, match="needs a Principal"):
        ask(Layers(resource=ALLOW_ALL))


def test_a_session_named_in_a_policy_may_or_may_not_be_the_role_s() -> None:
    with pytest.raises(Undecidable, match="one session of the role"):
        ask(Layers(resource=for_principal({"AWS": SESSION})), ROLE)


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_not_principal_is_clear_only_where_every_level_of_the_caller_is_named(effect: str) -> None:
    def asked(*named: str) -> str:
        unless = statement(effect, NotPrincipal={"AWS": list(named)})
        return ask(Layers((ALLOW_ALL,), resource=policy(unless)), SESSION)[0]

    assert asked(OTHER) == ("allow" if effect == "Allow" else "explicit-deny")
    assert asked(ROOT, ROLE, SESSION) == "allow"
    if effect == "Deny":
        with pytest.raises(Undecidable, match="NotPrincipal names some"):
            asked(ROLE)


def test_how_far_an_allow_with_not_principal_reaches_is_not_documented() -> None:
    unless = policy(statement(NotPrincipal={"AWS": OTHER}))

    with pytest.raises(Undecidable, match="Allow with NotPrincipal"):
        ask(Layers(resource=unless))


def test_the_decision_names_policy_statement_and_reason() -> None:
    named = policy(
        statement(Action="s3:*"),
        statement(Sid="ReadOwn", Resource=node("orders")),
        name="mesh",
    )
    decision = evaluate(Request(READ, node("orders"), Caller(ROLE)), Layers((SILENT, named)))

    assert (decision.policy, decision.statement) == ("mesh", named.statements[1])
    assert decision.reason == (
        f'statement "ReadOwn" of the identity-based policy "mesh" allows {READ} on {node("orders")}'
    )


def test_a_refusal_tells_the_condition_that_did_not_hold() -> None:
    bound = statement(Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})
    layers = Layers((policy(bound, name="mesh"),))
    decision = evaluate(Request(READ, node("orders"), context={"aws:SourceVpc": "vpc-2"}), layers)

    assert decision.reason.endswith(
        'statement 1 of the identity-based policy "mesh" would, '
        "if its condition StringEquals on aws:SourceVpc held"
    )
    assert (decision.policy, decision.statement) == ("mesh", None)
