from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshkit.config.deferred import Deferred, Hole
from meshkit.config.interpolate import OpenValues, interpolate
from meshkit.config.positions import Map
from meshkit.config.reader import read_text


class Output:
    """What tells an Output of a program."""

    def apply(self) -> None: ...

    def is_secret(self) -> None: ...


ACCOUNT = Hole("context", "account")


def filled(data: Any, values: dict[str, Any] | None = None) -> Any:
    made, findings = interpolate(data, values)
    assert findings == []
    return made


def faults(text: str, values: dict[str, Any] | None = None) -> list[str]:
    return [str(finding) for finding in interpolate(read_text(text, "m").data, values)[1]]


@pytest.mark.parametrize("value", [5, 1.5, True, None, "text", ["a", "b"], {"a": 1}])
def test_a_text_that_is_wholly_a_variable_takes_the_value_with_its_type(value: Any) -> None:
    assert filled(["${var.X}"], {"X": value}) == [value]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("no hole", "no hole"),
        ("$", "$"),
        ("a${var.N}b", "a5b"),
        ("${var.N}${var.S}", "5s"),
        ("on-${var.B}", "on-true"),
        ("$${var.N}", "${var.N}"),
        ("$$${var.N}", "$${var.N}"),
        ("$${", "${"),
        ("${var.HOLES}", "${account}"),
        ("${account}", Deferred((ACCOUNT,))),
        ("arn:${partition}:$${x}", Deferred(("arn:", Hole("context", "partition"), ":${x}"))),
        (
            "a${var.N}${env.E}c${region}",
            Deferred(("a5", Hole("env", "E"), "c", Hole("context", "region"))),
        ),
        ("x${var.D}y", Deferred(("xa", ACCOUNT, "y"))),
    ],
)
def test_a_text_becomes_its_value_or_a_text_with_holes(text: str, result: Any) -> None:
    values = {
        "N": 5,
        "S": "s",
        "B": True,
        "HOLES": "${account}",
        "D": Deferred(("a", ACCOUNT)),
    }

    assert filled([text], values) == [result]


def test_an_output_stays_a_hole_with_the_program_s_own_value() -> None:
    output = Output()

    assert filled({"a": "${var.O}", "b": "x${var.O}"}, {"O": output}) == {
        "a": Deferred((Hole("value", "O", output),)),
        "b": Deferred(("x", Hole("value", "O", output))),
    }


def test_the_environment_is_never_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "hunter2")

    made = filled(["${env.TOKEN}"])[0]

    assert made.secret
    assert "hunter2" not in repr(made)


@pytest.mark.parametrize("values", [None, OpenValues(A=1)])
def test_without_all_values_an_unset_variable_waits_for_the_program(values: Any) -> None:
    assert filled(["${var.LATER}"], values) == [Deferred((Hole("value", "LATER"),))]


def test_a_variable_fills_keys_and_the_places_stay() -> None:
    made = filled(read_text('x: 1\n"${var.ENV}-db": {y: "${var.ENV}"}', "m").data, {"ENV": "dev"})

    assert made == {"x": 1, "dev-db": {"y": "dev"}}
    assert isinstance(made, Map)
    assert str(made.key_at("dev-db")) == "m:2:1"
    assert str(made["dev-db"].value_at("y")) == "m:2:22"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "a: [0, '${foo}']",
            (
                'm:1:8: a[1]: MK013 no form "${foo}"; there are ${var.NAME}, ${env.NAME}, '
                "${account}, ${partition} and ${region}, and $${ is a literal ${"
            ),
        ),
        ("a: ${var.N", "m:1:4: a: MK013 ${ is not closed; write $${ for a literal ${"),
        ("a: '${'", "m:1:4: a: MK013 ${ is not closed; write $${ for a literal ${"),
        (
            "a: ${var.STAGE}",
            (
                'm:1:4: a: MK014 no value for "${var.STAGE}" (did you mean "STAGES"?); give '
                "one, by --var STAGE=… or values"
            ),
        ),
        ("a: x${var.LIST}", "m:1:4: a: MK016 a value of type list can't stand within a text"),
        (
            "x-${account}: 1",
            (
                'm:1:1: ["x-${account}"]: MK015 ${account} must be known before the program runs; '
                "use ${var.NAME} with a plain value"
            ),
        ),
        (
            "x-${var.OUT}: 1",
            (
                'm:1:1: ["x-${var.OUT}"]: MK015 ${var.OUT} must be known before the program runs; '
                "give it a plain value, by --var OUT=… or values"
            ),
        ),
        (
            "{a-x: 1, 'a-${var.X}': 2}",
            'm:1:10: ["a-${var.X}"]: MK006 the key "a-x" is given twice once its values are put in',
        ),
    ],
)
def test_a_hole_with_a_fault_is_told_with_its_place(text: str, message: str) -> None:
    values = {"STAGES": 1, "LIST": [1], "OUT": Output(), "X": "x"}

    assert faults(text, values) == [message]


def test_an_entry_whose_key_has_a_fault_is_left_out() -> None:
    made, findings = interpolate(read_text("'${var.X}': 1\nb: '${var.N}'", "m").data, {"N": 2})

    assert [finding.code for finding in findings] == ["MK014"]
    assert made == {"b": 2}
    assert str(made.value_at("b")) == "m:2:4"


def test_what_an_alias_shares_is_filled_and_told_once() -> None:
    text = "a: &x ['${bad}', '${var.N}']\nb: *x"
    made, findings = interpolate(read_text(text, "m").data, {"N": 1})

    assert len(findings) == 1
    assert made["a"] is made["b"]


def test_the_given_data_stay_as_they_are() -> None:
    data = {"a": ["${var.N}"], "b": {"c": 1}}

    made = filled(data, {"N": 1})

    assert data == {"a": ["${var.N}"], "b": {"c": 1}}
    assert made["b"] is data["b"]


@given(st.lists(st.text("${}var.NX $", max_size=12)))
def test_any_text_is_filled_or_told(texts: list[str]) -> None:
    made, findings = interpolate(texts, {"N": "n"})

    assert len(made) == len(texts)
    assert len(findings) <= len(texts)


@given(st.text())
def test_a_text_escaped_by_doubling_is_itself_again(text: str) -> None:
    escaped = text.replace("${", "$${")

    if "$$${" not in escaped:
        assert filled([escaped]) == [text]
