"""``meshkit check``: which requests a policy document allows, by itself."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from meshkit.cli import output
from meshkit.cli.options import Profile, TextOrJson
from meshkit.cli.output import Format
from meshkit.cli.requests import asked_by, caller_of, parsed_context
from meshkit.errors import MeshkitError, UnreadableError
from meshkit.policy.evaluation import Decision, Policy, Undecidable, alone
from meshkit.policy.typed import PolicyDocument
from meshkit.policy.typed_findings import request_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from meshkit.cli.requests import Asked
    from meshkit.inspect.confirm.simulation import Verdict
    from meshkit.policy.evaluation import Request
    from meshkit.policy.typed_findings import PolicyFinding

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_COLOURS: Final = {"allow": "green", "undecidable": "yellow"}
_WIDEST: Final = len("explicit-deny")


@dataclass(frozen=True)
class Answer:
    """What comes of one request."""

    asked: Asked
    decision: Decision | None
    """``None`` where the evaluator can't tell, or there is no such request."""
    reason: str
    verdict: Verdict | None = None
    """What IAM says, where it was asked."""

    @property
    def outcome(self) -> str:
        """In one word."""
        return self.decision.outcome if self.decision else "undecidable"

    @property
    def differs(self) -> bool:
        """Whether IAM says something else than the evaluator."""
        if self.verdict is None or self.decision is None:
            return False
        return self.verdict.allowed is not self.decision.allowed

    @property
    def good(self) -> bool:
        """Whether it is surely what was expected."""
        if self.decision is None or self.differs:
            return False
        return self.decision.allowed is (self.asked.expect == "allow")


@app.command()
def check(  # noqa: PLR0913, PLR0917 - one parameter for each option
    policy: Annotated[
        str, typer.Argument(metavar="POLICY", help="JSON file of a policy document; - for stdin.")
    ],
    request: Annotated[
        list[str] | None,
        typer.Option(
            "-r",
            "--request",
            metavar="FILE|ACTION:RESOURCE",
            help="A request, or a YAML or JSON file with requests; may be repeated.",
        ),
    ] = None,
    caller: Annotated[
        str | None,
        typer.Option(metavar="ARN", help="Who asks; a service's principal, or anonymous."),
    ] = None,
    context: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="A condition key; may be repeated."),
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Ask IAM as well, by iam:SimulateCustomPolicy.")
    ] = False,
    profile: Profile = None,
    format_: TextOrJson = Format.text,
) -> None:
    """Tell what is wrong with a policy document, and which requests it allows, by itself, and why.

    Wrong is an action or a condition key that does not exist, and a resource that no action of its
    statement takes: IAM takes them without a word, and they mean nothing.

    Exit code: 0 all as expected (allowed, unless a file expects a deny) and nothing wrong, 1
    something is not, can't be told or differs from IAM, 2 something can't be read or IAM can't be
    asked.
    """
    text = _read(policy)
    parsed = Policy.parse(text, name="" if policy == "-" else policy)
    who = None if caller is None else caller_of(caller)
    asked = asked_by(request or [], who, parsed_context(context or []))
    ask = _asker(text, parsed, profile) if live else None
    answers = [_answer(each, parsed, ask) for each in asked]
    findings = _findings(parsed, text)
    if format_ is Format.json:
        output.print_json(
            {
                "policy": policy,
                "findings": [asdict(each) for each in findings],
                "requests": [as_data(each) for each in answers],
            }
        )
    else:
        _print(findings, answers)
    good = not findings and all(each.good for each in answers)
    raise typer.Exit(output.GOOD if good else output.BAD)


def _findings(policy: Policy, text: str) -> tuple[PolicyFinding, ...]:
    """What is wrong with a policy of an identity; policies with principals are not judged."""
    if any(statement.principals is not None for statement in policy.statements):
        return ()
    return PolicyDocument.parse(text).findings


def _read(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise UnreadableError(f"{file}: can't be read: {reason}") from None


def _answer(asked: Asked, policy: Policy, ask: Callable[[Request], Verdict] | None) -> Answer:
    fault = request_fault(asked.request.action, asked.request.resource)
    if fault:
        return Answer(asked, None, fault)
    verdict = ask(asked.request) if ask else None
    try:
        decision = alone(asked.request, policy)
    except Undecidable as error:
        return Answer(asked, None, str(error), verdict)
    return Answer(asked, decision, decision.reason, verdict)


def _asker(document: str, policy: Policy, profile: str | None) -> Callable[[Request], Verdict]:
    """What asks IAM. Raises ``MeshkitError`` where it can't be asked about such a policy."""
    if any(statement.principals is not None for statement in policy.statements):
        raise MeshkitError("--live: IAM simulates policies of identities, not ones with principals")
    try:
        from meshkit.inspect.confirm import live  # noqa: PLC0415 - needs the extra
    except ModuleNotFoundError as error:
        raise MeshkitError("--live needs more: pip install 'meshkit[live]'") from error
    return live.simulator(document, profile)


def as_data(answer: Answer) -> dict[str, Any]:
    """An answer for other programs."""
    asked, decision, verdict = answer.asked, answer.decision, answer.verdict
    statement = decision.statement if decision else None
    return {
        "action": asked.request.action,
        "resource": asked.request.resource,
        "expect": asked.expect,
        "outcome": answer.outcome,
        "reason": answer.reason,
        "statement": statement and {"index": statement.index, "sid": statement.sid},
        "live": verdict
        and {
            "allowed": verdict.allowed,
            "reason": "" if verdict.allowed else verdict.why,
            "missing_context": list(verdict.lacking),
        },
        "differs": answer.differs,
        "ok": answer.good,
    }


def _print(findings: Sequence[PolicyFinding], answers: list[Answer]) -> None:
    for finding in findings:
        word = typer.style("finding".ljust(_WIDEST), fg="red", bold=True)
        output.print_line(f"{word}  {finding}")
    for answer in answers:
        word = typer.style(
            answer.outcome.ljust(_WIDEST), fg=_COLOURS.get(answer.outcome, "red"), bold=True
        )
        unexpected = "" if answer.good or answer.decision is None else _unexpected(answer)
        output.print_line(f"{word}  {answer.reason}{unexpected}")
        if answer.verdict is not None and (answer.differs or answer.decision is None):
            output.print_line(f"{' ' * _WIDEST}  {_said(answer.verdict)}")
    told = [f"{output.counted(len(findings), 'finding')}."] if findings or not answers else []
    output.print_line(" ".join([*told, *([_summary(answers)] if answers else [])]))


def _unexpected(answer: Answer) -> str:
    return " (IAM differs)" if answer.differs else f" (expected: {answer.asked.expect})"


def _said(verdict: Verdict) -> str:
    if verdict.allowed:
        return "IAM allows it"
    lacking = f"; keys not given: {', '.join(verdict.lacking)}" if verdict.lacking else ""
    return f"IAM refuses it: {verdict.why}{lacking}"


def _summary(answers: list[Answer]) -> str:
    counts = Counter(answer.outcome for answer in answers)
    parts = [
        f"{counts['allow']} allowed",
        f"{counts['explicit-deny'] + counts['implicit-deny']} denied",
    ]
    if counts["undecidable"]:
        parts.append(f"{counts['undecidable']} undecidable")
    if differing := sum(answer.differs for answer in answers):
        parts.append(f"{differing} not as IAM says")
    return f"{output.counted(len(answers), 'request')}: {', '.join(parts)}."
