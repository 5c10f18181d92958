"""Known ways to more rights: each is stopped, by a named statement, and its honest twin passes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from meshkit.policy.evaluation import Layers, evaluate
from tools.escalation_table import ATTEMPTS
from tools.guarded_account import EVERYTHING, LOCAL_ADMIN, PEOPLE, asked, bounded, guarded

if TYPE_CHECKING:
    from meshkit.policy.evaluation import Request

every_attempt = pytest.mark.parametrize("name", ATTEMPTS)


def stopped_by(request: Request, layers: Layers) -> tuple[str, str | None]:
    decision = evaluate(request, layers)
    assert not decision.allowed, decision.reason
    return decision.layer, decision.statement.sid if decision.statement else None


def test_there_are_a_dozen_ways_and_more() -> None:
    assert len({attempt.action for attempt in ATTEMPTS.values()}) >= 12


@every_attempt
def test_without_guardrails_and_boundary_every_attempt_succeeds(name: str) -> None:
    assert evaluate(ATTEMPTS[name].by(PEOPLE), Layers((EVERYTHING,))).allowed


@every_attempt
def test_the_boundary_stops_a_team_that_has_all_rights(name: str) -> None:
    attempt = ATTEMPTS[name]

    assert stopped_by(attempt.by(PEOPLE), bounded()) == ("boundary", attempt.boundary)


@pytest.mark.parametrize("name", [name for name, each in ATTEMPTS.items() if each.scp])
def test_the_guardrails_stop_an_administrator_of_the_account_too(name: str) -> None:
    attempt = ATTEMPTS[name]

    assert stopped_by(attempt.by(LOCAL_ADMIN), guarded()) == ("scp", attempt.scp)


@every_attempt
def test_both_together_stop_it(name: str) -> None:
    both = replace(guarded(), boundary=bounded().boundary)

    assert not evaluate(ATTEMPTS[name].by(PEOPLE), both).allowed


HONEST = {name: each.honest for name, each in ATTEMPTS.items() if each.honest is not None}


@pytest.mark.parametrize("name", HONEST)
def test_what_the_team_does_instead_passes_both(name: str) -> None:
    action, resource, context = HONEST[name]
    both = replace(guarded(), boundary=bounded().boundary)

    decision = evaluate(asked(action, resource, context), both)

    assert decision.allowed, decision.reason
