"""Documents with values that come with the deployment."""

from __future__ import annotations

import pulumi
import pytest

from meshkit.config.deferred import Deferred
from meshkit.errors import MeshkitError
from meshkit.graph import STACK_TYPE
from meshkit.inputs import document_input
from meshkit.policy.document import Document, Statement
from tests.programs import run_program


def test_a_value_that_makes_the_policy_too_long_stops_the_program() -> None:
    def program() -> None:
        arn = Deferred.of(pulumi.Output.from_input("x" * 500))
        document = Document((Statement(actions=("a:One",), resources=(arn,)),))
        pulumi.export("policy", document_input(document, {}, limit=500))

    with pytest.raises(MeshkitError, match="IAM takes 500"):
        run_program(program)


def test_values_are_sorted_and_merged_once_they_are_known() -> None:
    def program() -> None:
        arns = [Deferred.of(pulumi.Output.from_input(text)) for text in ("b", "a", "b")]
        document = Document((Statement(actions=("a:One",), resources=tuple(arns)),))
        pulumi.export("policy", document_input(document, {}, limit=500))

    (stack,) = run_program(program).of_type(STACK_TYPE)

    assert '"Resource":["a","b"]' in stack.outputs["policy"]


def test_a_document_that_is_known_is_plain_text() -> None:
    document = Document((Statement(actions=("a:One",), resources=("*",)),))

    assert document_input(document, {}, limit=500) == document.to_json()
