"""SARIF as GitHub's code scanning reads it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from meshkit.inspect.proof import CODES, codes
from meshkit.inspect.proof.lattice import codes as lattice_codes
from meshkit.inspect.proof.sarif import sarif_of
from meshkit.inspect.violation import Code
from tests.inspect.proof.mistakes import MISTAKES, adopting
from tests.inspect.proof.programs import mesh_data, proof_of

LEVELS = ("none", "note", "warning", "error")


def log(name: str) -> dict[str, Any]:
    mistake = MISTAKES[name]
    proof = proof_of(mistake.data, mistake.plant, file=mistake.file)
    found = json.loads(json.dumps(sarif_of(proof, version="0.1.0", source="shop/__main__.py")))
    assert isinstance(found, dict)
    return found


def check_log(sarif: dict[str, Any]) -> list[dict[str, Any]]:
    """What SARIF 2.1.0 requires and GitHub's documentation names as required; the results."""
    assert sarif["$schema"].endswith("sarif-2.1.0.json")
    assert sarif["version"] == "2.1.0"
    (run,) = sarif["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"]
    rules = driver["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in LEVELS
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in LEVELS
        assert result["message"]["text"]
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        uri = physical["artifactLocation"]["uri"]
        assert uri
        assert " " not in uri
        assert not uri.startswith("/")
        assert physical["region"]["startLine"] >= 1
        assert physical["region"]["startColumn"] >= 1
        (fingerprint,) = result["partialFingerprints"].values()
        assert len(fingerprint) == 64
    results: list[dict[str, Any]] = run["results"]
    return results


@pytest.mark.parametrize(
    "name",
    [
        "every resource",
        "a role names the node of another",
        "anyone",
        "a second share",
        "a key of a user",
        "a principal that the program lacks",
    ],
)
def test_a_violation_is_a_result_of_its_rule(name: str) -> None:
    results = check_log(log(name))
    assert sorted({each["ruleId"] for each in results}) == MISTAKES[name].codes
    assert {each["level"] for each in results} == {"error"}


def test_a_proof_is_a_log_without_results() -> None:
    proof = proof_of(mesh_data())
    assert check_log(sarif_of(proof, version="1", source="x")) == []


def test_what_is_open_is_a_warning_at_the_program_itself() -> None:
    proof = proof_of(adopting("ledger"))
    (result,) = check_log(sarif_of(proof, version="1", source="a b/__main__.py"))
    assert (result["ruleId"], result["level"]) == ("MP000", "warning")
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "a%20b/__main__.py"


def test_every_code_is_a_rule_of_its_own() -> None:
    assert len({each.code for each in CODES}) == len(CODES)
    written = {**vars(codes), **vars(lattice_codes)}.values()
    assert set(CODES) == {each for each in written if isinstance(each, Code)}
    for each in CODES:
        assert each.code.startswith("MP")
        assert all((each.title, each.why, each.mend, each.source))


def test_fingerprints_tell_results_apart_and_stay() -> None:
    first = check_log(log("a share for strangers"))
    again = check_log(log("a share for strangers"))
    prints = [each["partialFingerprints"]["meshkit/v1"] for each in first]
    assert len(set(prints)) == len(prints)
    assert prints == [each["partialFingerprints"]["meshkit/v1"] for each in again]
