"""Wiring where a part is known only at run time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from meshkit.config.deferred import Deferred, Hole
from meshkit.envoy.ec2 import user_data
from meshkit.envoy.environment import environment
from meshkit.envoy.outputs import wired
from meshkit.graph import STACK_TYPE, Secret
from tests.envoy.samples import NODE, node
from tests.programs import run_program

if TYPE_CHECKING:
    from collections.abc import Callable


def exported(program: Callable[[], Any]) -> Any:
    (stack,) = run_program(lambda: pulumi.export("value", program())).of_type(STACK_TYPE)
    return stack.outputs["value"]


def test_what_is_known_is_plain() -> None:
    assert wired(node(), environment) == {"APPMESH_RESOURCE_ARN": NODE}


def test_an_output_is_filled_in_before_the_wiring_is_made() -> None:
    def program() -> Any:
        arn = Deferred.of(pulumi.Output.from_input(NODE))
        quoted = Deferred.of(pulumi.Output.from_input("it's"), "quoted")
        return wired(replace(node(env={"A": quoted}), resource_arn=arn), user_data)

    found = exported(program)

    assert f"APPMESH_RESOURCE_ARN={NODE}" in found
    assert found == user_data(node(env={"A": "it's"}))


def test_a_value_of_the_environment_stays_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "hidden")
    proxy = node(env={"TOKEN": Deferred((Hole("env", "TOKEN"),))})

    found = exported(lambda: wired(proxy, environment))

    assert found == Secret({"APPMESH_RESOURCE_ARN": NODE, "TOKEN": "hidden"})
    assert "hidden" not in repr(found)
