"""The file of a landing zone: every rule has a case, and limits hold at their edges."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from meshkit.config.role import Statement
from meshkit.errors import ConfigError, UnreadableError
from meshkit.policy import fitting
from meshkit.policy.landing_zone import RULES, check_landing_zone, is_landing_zone
from meshkit.policy.size import INLINE_LIMIT
from meshkit.policy.typed import PolicyDocument
from tools.golden import report, zone_cases

if TYPE_CHECKING:
    from pathlib import Path

    from meshkit.config.finding import Rule

ZONE = {
    "landing_zone": "acme",
    "region": "eu-west-1",
    "organization": {"id": "o-exampleorg1", "management_account": "111111111111"},
    "email_template": "aws+%s@meshcloud.io",
}
GITHUB = {"oidc": {"url": "https://github.example", "audiences": ["sts.amazonaws.com"]}}
READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ROLE = {"provider": "github", "subjects": ["repo:acme/shop"], "managed_policies": [READ]}


def found(**keys: Any) -> list[tuple[str, str]]:
    """Code and message of each finding of a file with these keys."""
    return [(each.code, each.message) for each in check_landing_zone({**ZONE, **keys}).findings]


def codes(**keys: Any) -> list[str]:
    return [code for code, _ in found(**keys)]


@pytest.mark.parametrize("case", zone_cases(), ids=lambda case: case.stem)
def test_report_is_the_golden_one(case: Path) -> None:
    text = case.with_suffix(".txt").read_text("utf-8")

    assert report(case) == text
    code = case.stem.removeprefix("error_")
    for line in text.splitlines():
        assert set(re.findall(r"\bMK\d{3}\b", line.replace(case.name, ""))) == {code}
        assert re.match(rf"{case.name}:\d+:\d+: ", line)


def test_every_rule_has_a_case_and_a_code_of_its_own() -> None:
    listed = [rule.code for rule in RULES]

    assert [case.stem.removeprefix("error_") for case in zone_cases()] == listed
    assert not {*listed} & {rule.code for rule in fitting.RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_says_what_why_and_how_in_sentences(rule: Rule) -> None:
    for text in (rule.title, rule.why, rule.mend):
        assert text.endswith(".")
        assert "\n" not in text


@pytest.mark.parametrize(
    ("customer", "project", "expected"),
    [
        ("c" * 16, "p" * 30, []),
        ("c" * 17, "p", ["MK970"]),
        ("c", "p" * 31, ["MK970"]),
        ("a-b", "0", []),
        ("-a", "b", ["MK970"]),
        ("a", "b-", ["MK970"]),
        ("a.b", "c", ["MK970"]),
        ("", "c", []),
    ],
)
def test_identifiers_at_their_limits(customer: str, project: str, expected: list[str]) -> None:
    accounts = {"a": {"customer": customer or None, "project": project}}
    if not customer:
        del accounts["a"]["customer"]

    assert codes(accounts=accounts) == expected


def test_the_zone_is_the_customer_only_of_accounts_that_name_none() -> None:
    long = "a-landing-zone-17"

    assert codes(landing_zone=long, accounts={"a": {"customer": "c"}}) == []
    assert codes(landing_zone=long, accounts={"a": {}}) == ["MK970"]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("aws+%s@meshcloud.io", []),
        ("12345678+%s@sub.ab.c", []),
        ("12345678+%s@sub.abc.d", ["MK971"]),
        ("aws@meshcloud.io", ["MK971"]),
        ("%s+%s@acme.io", ["MK971"]),
        ("aws@%s.acme.io", ["MK971"]),
        ("aws+%s@acme", ["MK971"]),
        ("a b+%s@acme.io", ["MK971"]),
    ],
)
def test_templates_at_their_limits(template: str, expected: list[str]) -> None:
    assert codes(email_template=template, accounts={"a": {}}) == expected


def test_addresses_at_their_limit() -> None:
    longest = {"a": {"customer": "c" * 16, "project": "p" * 30}}

    # The template of meshStack's documentation has 19 characters, and lands on exactly 64.
    assert codes(accounts=longest) == []
    assert codes(email_template="aws1+%s@meshcloud.io", accounts=longest) == ["MK972"]
    own = {"a": {**longest["a"], "email": "a@b.cd"}}
    assert codes(email_template="aws1+%s@meshcloud.io", accounts=own) == []
    assert codes(accounts={"a": {"email": "a@b.c"}}) == ["MK972"]


def test_an_account_needs_an_address() -> None:
    zone = {key: value for key, value in ZONE.items() if key != "email_template"}

    (finding,) = check_landing_zone({**zone, "accounts": {"a": {}}}).findings
    assert finding.code == "MK972"


def test_units_are_five_deep() -> None:
    tree: dict[str, Any] = {}
    for key in "edcba":
        tree = {key: {"units": tree}}

    assert codes(units=tree) == []
    assert codes(units={"top": {"units": tree}}) == ["MK976"]


def test_names_of_units_differ_below_the_same_one_alone() -> None:
    assert codes(units={"a": {"units": {"x": {}}}, "b": {"units": {"x": {}}}}) == []
    assert codes(units={"a": {"name": "x"}, "X": {}}) == ["MK976"]


@pytest.mark.parametrize("length", [1_000, 999])
def test_metadata_at_its_limit(length: int) -> None:
    providers = {"workforce": {"saml": {"metadata": "x" * length}}}

    assert codes(identity_providers=providers) == ([] if length == 1_000 else ["MK981"])


def test_metadata_may_come_as_the_program_runs() -> None:
    assert codes(identity_providers={"w": {"saml": {"metadata": "${var.METADATA}"}}}) == []


def test_roles_say_who_may_take_them() -> None:
    several = {"oidc": {"url": "https://a.example", "audiences": ["a", "b"]}}
    saml = {"saml": {"metadata": "${var.M}"}}

    def who(provider: Any, **role: Any) -> list[str]:
        return codes(identity_providers={"github": provider}, roles={"r": {**ROLE, **role}})

    assert who(GITHUB) == []
    assert who(GITHUB, subjects=[]) == ["MK978"]
    assert who(GITHUB, audience="other") == ["MK978"]
    assert who(GITHUB, audience="${var.AUDIENCE}") == []
    assert who(several) == ["MK978"]
    assert who(several, audience="b") == []
    assert who(saml) == ["MK978"]
    assert who(saml, subjects=[]) == []


def test_a_subject_is_no_pattern() -> None:
    roles = {"r": {**ROLE, "subjects": ["repo:acme/*"]}}

    ((code, message),) = found(identity_providers={"github": GITHUB}, roles=roles)
    assert code == "MK980"
    assert '"*"' in message


@pytest.mark.parametrize(("more", "expected"), [(0, []), (1, ["MK980"])])
def test_policies_at_their_limit(more: int, expected: list[str]) -> None:
    def statement(length: int) -> dict[str, Any]:
        return {"actions": "s3:GetObject", "resources": "arn:aws:s3:::" + "x" * length}

    whole = PolicyDocument((Statement.model_validate(statement(0)),))
    filled = INLINE_LIMIT - len(whole.to_json())
    roles = {"r": {**ROLE, "statements": [statement(filled + more)]}}

    assert codes(identity_providers={"github": GITHUB}, roles=roles) == expected


@pytest.mark.parametrize(("attached", "expected"), [(10, []), (11, ["MK980"])])
def test_attached_policies_at_their_limit(attached: int, expected: list[str]) -> None:
    roles = {"r": {**ROLE, "managed_policies": [READ] * attached}}

    assert codes(identity_providers={"github": GITHUB}, roles=roles) == expected


def test_statements_with_the_account_in_them_are_judged() -> None:
    statement = {"actions": "ram:DeleteResourceShare", "resources": "arn:aws:s3:::${account}"}
    roles = {"r": {**ROLE, "statements": [statement]}}

    assert codes(identity_providers={"github": GITHUB}, roles=roles) == ["MK979"]


def test_an_id_is_taken_over_once() -> None:
    taken = {"import": "222222222222"}

    assert codes(accounts={"a": taken, "b": taken}) == ["MK982"]
    assert codes(accounts={"a": taken, "b": {"import": "333333333333"}}) == []


def test_two_stack_sets_do_not_make_one_role() -> None:
    keys = {"identity_providers": {"github": GITHUB}, "roles": {"r": ROLE}}
    both = {key: {"units": ["w"], "roles": ["r"]} for key in ("one", "two")}

    found_codes = codes(**keys, units={"w": {}}, accounts={"a": {"unit": "w"}}, project_roles=both)
    assert found_codes == ["MK984", "MK984"]  # the role and its provider
    assert codes(**keys, units={"w": {}}, accounts={"a": {}}, project_roles=both) == []


@pytest.mark.parametrize(
    ("roles", "given"),
    [
        ({"a": ROLE}, ["a", "a"]),
        ({"a": {**ROLE, "name": "same"}, "b": {**ROLE, "name": "Same"}}, ["a", "b"]),
        ({"OrganizationAccountAccessRole": ROLE}, ["OrganizationAccountAccessRole"]),
        ({"a": ROLE, "b": {**ROLE, "provider": "again"}}, ["a", "b"]),
    ],
    ids=["a role twice", "one name", "the role of AWS", "one issuer"],
)
def test_nothing_of_one_name_is_made_twice(roles: dict[str, Any], given: list[str]) -> None:
    again = {"oidc": {**GITHUB["oidc"], "url": "https://GITHUB.example/"}}
    keys = {"identity_providers": {"github": GITHUB, "again": again}, "roles": roles}

    assert codes(**keys, accounts={"x": {"roles": given}}) == ["MK984"]
    project = {"team": {"units": ["w"], "roles": given}}
    assert codes(**keys, units={"w": {}}, project_roles=project) == ["MK984"]


def test_a_boundary_is_made_once_in_an_account() -> None:
    boundaries: dict[str, Any] = {"mesh": {}, "Mesh": {}}

    assert codes(boundaries=boundaries, accounts={"x": {"boundaries": ["mesh", "Mesh"]}}) == [
        "MK984"
    ]
    assert codes(boundaries=boundaries, accounts={"x": {"boundaries": ["mesh"]}}) == []


def test_what_has_a_fault_of_its_own_is_not_reported_again() -> None:
    roles = {"r": {**ROLE, "path": "no-slash"}}

    assert codes(
        identity_providers={"github": GITHUB}, roles=roles, accounts={"a": {"roles": ["r"]}}
    ) == ["MK106"]


def test_all_faults_come_in_one_report() -> None:
    assert codes(
        organization={"id": "o-1"}, units={"w": {"unit": {}}}, accounts={"a": {"unit": "x"}}
    ) == ["MK106", "MK102", "MK101", "MK975"]


def test_values_are_filled_and_one_that_nothing_uses_is_named() -> None:
    file = {**ZONE, "accounts": {"${var.ENV}": {}}}
    checked = check_landing_zone(file, values={"ENV": "prod", "OTHER": 1})

    assert list(checked.require().accounts) == ["prod"]
    assert [each.code for each in checked.findings] == ["MK017"]
    with pytest.raises(ConfigError, match="MK014"):
        check_landing_zone(file, values={}).require()


def test_a_file_says_that_it_is_one(tmp_path: Path) -> None:
    file = tmp_path / "any.yaml"

    file.write_text("landing_zone: acme\n")
    assert is_landing_zone(file)
    file.write_text("name: landing_zone\n")
    assert not is_landing_zone(file)
    assert not is_landing_zone(tmp_path / "none.yaml")


def test_a_template_is_read_from_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "zone.yaml").write_text(
        "landing_zone: acme\nregion: eu-west-1\n"
        'organization: {id: o-exampleorg1, management_account: "111111111111"}\n'
        "units: {w: {}}\n"
        "project_roles: {team: {units: [w], template: roles.yaml}}\n"
    )
    checked = check_landing_zone(tmp_path / "zone.yaml")
    assert ["can't be read" in each.message for each in checked.findings] == [True]

    (tmp_path / "roles.yaml").write_text("Resources: {Topic: {Type: AWS::SNS::Topic}}\n")
    assert check_landing_zone(tmp_path / "zone.yaml").findings == ()


def test_an_unreadable_file_is_an_error_of_one_line(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="MK001"):
        check_landing_zone(tmp_path / "none.yaml")
