"""Leaves that come late."""

from __future__ import annotations

import traceback

import pulumi
import pytest

from meshkit import MeshkitError
from meshkit.appmesh.translation import Leaves
from meshkit.config.deferred import Deferred, Hole
from meshkit.graph import STACK_TYPE, Secret
from tests.programs import run_program

CONTEXT = {"account": "111111111111", "partition": "aws", "region": "eu-west-1"}
AUTHORITY = "arn:aws:acm-pca:eu-west-1:333333333333:certificate-authority/1"
ENV = Deferred((Hole("env", "ARN"),))


def exported(value: Deferred) -> object:
    def program() -> None:
        pulumi.export("arn", Leaves(CONTEXT).authority(value))

    (stack,) = run_program(program).of_type(STACK_TYPE)
    return stack.outputs["arn"]


def test_context_is_filled_at_once() -> None:
    text = Deferred(("arn:aws:acm:", Hole("context", "region"), ":x"))

    assert Leaves(CONTEXT).text(text) == "arn:aws:acm:eu-west-1:x"


def test_a_value_of_the_environment_stays_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARN", AUTHORITY)

    assert exported(ENV) == Secret(AUTHORITY)


def test_a_secret_that_does_not_fit_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARN", "hunter2")

    with pytest.raises(MeshkitError) as caught:
        exported(ENV)
    assert str(caught.value) == "${env.ARN}: its value does not fit, and is a secret"


def test_a_secret_of_the_program_that_does_not_fit_is_not_shown() -> None:
    def program() -> None:
        late = Deferred((Hole("value", "ca", pulumi.Output.secret("hunter2")),))
        pulumi.export("arn", Leaves(CONTEXT).authority(late))

    with pytest.raises(MeshkitError) as caught:
        run_program(program)
    assert str(caught.value) == "${var.ca}: its value does not fit, and is a secret"
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_a_late_authority_of_another_region_is_refused() -> None:
    late = Deferred((Hole("value", "ca", AUTHORITY.replace("eu-west-1", "us-east-1")),))

    with pytest.raises(MeshkitError, match="is of region us-east-1"):
        exported(late)
