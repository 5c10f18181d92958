from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from meshkit.cli.main import app
from meshkit.inspect.confirm import live
from meshkit.inspect.confirm.simulation import Verdict
from meshkit.local.cloud import Cloud

ACCOUNT = "111111111111"
NODE = f"arn:aws:appmesh:eu-west-1:{ACCOUNT}:mesh/shop/virtualNode/orders"
READ = "appmesh:StreamAggregatedResources"
OWN = {"Sid": "Own", "Effect": "Allow", "Action": READ, "Resource": NODE}
BOUND = {
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": "*",
    "Condition": {"StringEquals": {"aws:SourceVpc": ["vpc-1"]}},
}
DENY = {"Effect": "Deny", "Action": "s3:Put*", "Resource": "*"}
ODD = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*", "Condition": {"Odd": {"k": "v"}}}
TASKS = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "ecs-tasks.amazonaws.com"},
}
runner = CliRunner()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    documents = {"policy": [OWN, BOUND, DENY], "odd": [ODD], "trust": [TASKS]}
    for name, statements in documents.items():
        document = {"Version": "2012-10-17", "Statement": statements}
        (tmp_path / f"{name}.json").write_text(json.dumps(document))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, **options: Any) -> Any:
    return runner.invoke(app, ["check", *arguments], **options)


def found(*arguments: str) -> list[dict[str, Any]]:
    printed = json.loads(run(*arguments, "--format", "json").stdout)
    requests: list[dict[str, Any]] = printed["requests"]
    return requests


def test_it_tells_of_each_request_whether_and_why() -> None:
    result = run("policy.json", "-r", f"{READ}:{NODE}", "-r", "s3:PutObject", "-r", "iam:GetRole")

    of = 'of the identity-based policy "policy.json"'
    assert result.stdout.splitlines() == [
        f'allow          statement "Own" {of} allows {READ} on {NODE}',
        f"explicit-deny  statement 3 {of} explicitly denies s3:PutObject on * (expected: allow)",
        "implicit-deny  no identity-based policy allows iam:GetRole on * (expected: allow)",
        "3 requests: 1 allowed, 2 denied.",
    ]
    assert result.exit_code == 1


def test_a_misspelt_request_is_not_denied_as_expected(folder: Path) -> None:
    asked = {"requests": [{"action": "appmesh:DeletMesh", "expect": "deny"}]}
    (folder / "requests.json").write_text(json.dumps(asked))

    result = run("policy.json", "-r", "requests.json")

    assert result.exit_code == 1
    assert result.stdout.startswith('undecidable    AWS App Mesh has no action "appmesh:DeletMesh"')


def test_it_ends_well_where_all_is_allowed() -> None:
    assert run("policy.json", "-r", f"{READ}:{NODE}").exit_code == 0


@pytest.mark.parametrize(
    ("context", "outcome"),
    [
        (["aws:SourceVpc=vpc-1"], "allow"),
        (["aws:SourceVpc=vpc-2"], "implicit-deny"),
        ([], "implicit-deny"),
        (['aws:SourceVpc=["vpc-1", "vpc-2"]'], "undecidable"),
    ],
)
def test_condition_keys_are_given_by_name(context: list[str], outcome: str) -> None:
    options = [part for pair in context for part in ("--context", pair)]

    (answer,) = found("policy.json", "-r", "s3:GetObject", *options)
    assert answer["outcome"] == outcome
    assert answer["ok"] is (outcome == "allow")


@pytest.mark.parametrize(
    ("caller", "outcome"),
    [("ecs-tasks.amazonaws.com", "allow"), (f"arn:aws:iam::{ACCOUNT}:role/x", "implicit-deny")],
)
def test_a_trust_policy_is_asked_about_its_callers(caller: str, outcome: str) -> None:
    (answer,) = found("trust.json", "-r", "sts:AssumeRole", "--caller", caller)

    assert answer["outcome"] == outcome


def test_a_file_of_requests_says_what_it_expects(folder: Path) -> None:
    (folder / "requests.yaml").write_text(
        f"""
requests:
  - {{action: {READ}, resource: "{NODE}"}}
  - {{action: s3:PutObject, expect: deny}}
  - action: s3:GetObject
    context: {{aws:SourceVpc: vpc-1}}
"""
    )
    answers = found("policy.json", "--request", "requests.yaml")

    assert [each["outcome"] for each in answers] == ["allow", "explicit-deny", "allow"]
    assert all(each["ok"] for each in answers)
    assert answers[1]["statement"] == {"index": 2, "sid": None}
    assert run("policy.json", "--request", "requests.yaml").exit_code == 0


def test_what_can_not_be_told_is_no_success() -> None:
    result = run("odd.json", "-r", "sqs:SendMessage")

    assert 'undecidable    odd.json, statement 1: unknown condition operator "Odd"' in result.stdout
    assert result.exit_code == 1


def test_a_policy_may_come_by_standard_input() -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": OWN})

    assert run("-", "-r", f"{READ}:{NODE}", input=text).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nowhere.json", "-r", "s3:GetObject"], "nowhere.json: can't be read"),
        (["policy.json", "-r", "GetObject"], "neither a file nor ACTION:RESOURCE"),
        (["policy.json", "-r", "s3:GetObject", "--context", "x"], "must be KEY=VALUE"),
        (["policy.json", "-r", "s3:GetObject", "--context", "x=[1"], "a list must be JSON"),
        (["broken.json", "-r", "s3:GetObject"], "broken.json: not JSON"),
        (["policy.json", "-r", "policy.json"], "give requests"),
        (["policy.json", "-r", "number.yaml"], "put a number in quotes"),
        (["policy.json", "-r", "key.yaml"], 'unknown key "acton"'),
        (["policy.json", "-r", "texts.yaml"], "texts.yaml: requests[0]: give at least an action"),
        (["policy.json", "-r", "expect.yaml"], "must be allow or deny"),
        (["trust.json", "-r", "sts:AssumeRole", "--live"], "not ones with principals"),
    ],
)
def test_bad_input_is_one_line(folder: Path, arguments: list[str], reason: str) -> None:
    (folder / "broken.json").write_text("{")
    (folder / "number.yaml").write_text("requests: [{action: a:B, context: {k: 1}}]")
    (folder / "key.yaml").write_text("requests: [{action: a:B, acton: a:B}]")
    (folder / "expect.yaml").write_text("requests: [{action: a:B, expect: maybe}]")
    (folder / "texts.yaml").write_text("requests: [s3:GetObject]")
    result = run(*arguments)

    assert reason in str(result.exception)
    assert "\n" not in str(result.exception)


def test_iam_is_asked_as_well() -> None:
    requests = ("-r", f"{READ}:{NODE}", "-r", "s3:PutObject", "-r", "s3:GetObject")
    with Cloud(account=ACCOUNT, region="eu-west-1"):
        answers = found("policy.json", *requests, "--live")

    assert [each["live"]["allowed"] for each in answers] == [True, False, False]
    assert answers[2]["live"]["missing_context"] == ["aws:SourceVpc"]
    assert not any(each["differs"] for each in answers)


def test_where_iam_says_otherwise_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = Verdict(allowed=False, why="no policy that allows it", lacking=("aws:SourceVpc",))
    monkeypatch.setattr(live, "simulate_document", lambda *_: refusal)
    result = run("policy.json", "-r", f"{READ}:{NODE}", "--live")

    assert result.exit_code == 1
    assert "IAM differs" in result.stdout
    assert "IAM refuses it: no policy that allows it; keys not given: aws:SourceVpc" in (
        result.stdout
    )
    assert result.stdout.endswith("1 request: 1 allowed, 0 denied, 1 not as IAM says.\n")


def test_where_iam_agrees_nothing_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "simulate_document", lambda *_: Verdict(True, "", ()))
    result = run("policy.json", "-r", f"{READ}:{NODE}", "--live")

    assert len(result.stdout.splitlines()) == 2
    assert result.exit_code == 0


def test_iam_tells_what_the_evaluator_can_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "simulate_document", lambda *_: Verdict(True, "", ()))
    result = run("odd.json", "-r", "sqs:SendMessage", "--live")

    assert "IAM allows it" in result.stdout
    assert result.exit_code == 1


def test_iam_that_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    result = run("policy.json", "-r", "s3:GetObject", "--live", "--profile", "nobody")
    assert str(result.exception).startswith("no way to ask AWS: The config profile (nobody)")


MISSPELT = {"Sid": "Shift", "Effect": "Allow", "Action": "appmesh:UpdateRuote", "Resource": "*"}


def test_what_iam_takes_without_a_word_is_found(folder: Path) -> None:
    document = {"Version": "2012-10-17", "Statement": [MISSPELT, OWN]}
    (folder / "misspelt.json").write_text(json.dumps(document))

    result = run("misspelt.json", "-r", f"{READ}:{NODE}")

    assert result.stdout.splitlines()[0] == (
        'finding        statement "Shift": actions[0]: AWS App Mesh has no action '
        '"appmesh:UpdateRuote" (did you mean "appmesh:UpdateRoute"?)'
    )
    assert result.stdout.splitlines()[-1] == "1 finding. 1 request: 1 allowed, 0 denied."
    assert result.exit_code == 1


def test_a_policy_is_checked_without_requests(folder: Path) -> None:
    sound = {"Version": "2012-10-17", "Statement": [OWN]}
    (folder / "sound.json").write_text(json.dumps(sound))

    result = run("sound.json")

    assert (result.stdout, result.exit_code) == ("0 findings.\n", 0)


def test_findings_are_told_to_other_programs(folder: Path) -> None:
    document = {"Version": "2012-10-17", "Statement": [MISSPELT]}
    (folder / "misspelt.json").write_text(json.dumps(document))

    (finding,) = json.loads(run("misspelt.json", "--format", "json").stdout)["findings"]

    assert (finding["statement"], finding["sid"], finding["element"]) == (0, "Shift", "actions[0]")


def test_a_trust_policy_has_no_findings() -> None:
    assert run("trust.json").stdout == "0 findings.\n"
