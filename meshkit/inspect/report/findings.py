"""What was found: violations, what can't be told, and what the rules say of the mesh file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from meshkit.config.finding import dotted
from meshkit.inspect.report.html import Html, join, tag
from meshkit.inspect.report.names import account_of, short
from meshkit.policy.fitting import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from meshkit.config.finding import Finding
    from meshkit.inspect.report.model import Report
    from meshkit.inspect.violation import Unknown, Violation

_RULES: Final = {rule.code: rule for rule in RULES}


def findings_section(report: Report) -> Html:
    """Every finding with its mend, the worst first."""
    errors = [each for each in report.findings if each.severity == "error"]
    warnings = [each for each in report.findings if each.severity != "error"]
    proof = report.proof
    entries = [
        *(_violation(report, each) for each in proof.violations),
        *(_finding(each, "bad") for each in errors),
        *(_unknown(each) for each in proof.unknowns),
        *(_absent(each) for each in proof.absent),
        *(_finding(each, "warning") for each in warnings),
    ]
    return join(entries) if entries else tag("p", "Nothing was found.")


def _violation(report: Report, violation: Violation) -> Html:
    facts = [
        ("Role", _arn(report, violation.role)),
        ("Endpoint", _arn(report, violation.endpoint)),
        ("Where", str(violation.place) if violation.place else violation.resource),
        ("Why", violation.why),
        ("Mend", violation.mend),
    ]
    statement = [tag("pre", violation.statement, tabindex="0")] if violation.statement else []
    head = (violation.code, "violation", violation.title)
    return _entry("bad", head, [tag("p", violation.message), *statement, _facts(facts)])


def _unknown(unknown: Unknown) -> Html:
    facts = [("Where", str(unknown.place) if unknown.place else unknown.resource)]
    body = [tag("p", f"{unknown.subject}: {unknown.message}"), _facts(facts)]
    return _entry("warning", ("", "open", "This can't be told, so it is not proven."), body)


def _absent(arn: str) -> Html:
    head = ("", "open", "The mesh file has an endpoint that the program does not make.")
    return _entry("warning", head, [tag("p", arn)])


def _finding(finding: Finding, severity: str) -> Html:
    rule = _RULES.get(finding.code)
    facts = [
        ("Where", str(finding.location or "")),
        ("Path", dotted(finding.path)),
        ("Why", rule.why if rule else None),
        ("Mend", rule.mend if rule else None),
    ]
    head = (finding.code, finding.severity, finding.message)
    return _entry(severity, head, [_facts(facts)])


def _entry(severity: str, head: tuple[str, str, str], body: list[Html]) -> Html:
    code, kind, title = head
    badge = tag("span", f"{code} {kind}".strip(), class_=f"badge {severity}")
    return tag("article", tag("h3", badge, f" {title}"), *body, class_=f"finding {severity}")


def _facts(facts: Sequence[tuple[str, str | None]]) -> Html:
    return tag("dl", *_terms(facts))


def _terms(facts: Sequence[tuple[str, str | None]]) -> Iterator[Html]:
    for term, text in facts:
        if text:
            yield tag("dt", term)
            yield tag("dd", text)


def _arn(report: Report, arn: str | None) -> Html | None:
    if arn is None:
        return None
    account = report.account(account_of(arn))
    return join([tag("b", short(arn)), f", {account}" if account else "", " ", tag("small", arn)])
