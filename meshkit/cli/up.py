"""``meshkit local up``: a program on a local cloud, with no AWS account and no Pulumi engine."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.tree import Tree

from meshkit.cli import output
from meshkit.cli.options import Config, Stack, TextOrJson, parsed_config
from meshkit.cli.output import Format
from meshkit.errors import UnreadableError
from meshkit.graph import Secret, redact
from meshkit.local.program import STACK, TIMEOUT, Deployer, run_in_turn
from meshkit.local.project import read_project, require_stack
from meshkit.policy.evaluation import Policy, PolicyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from meshkit.graph import Graph, Resource
    from meshkit.local.outcome import Failure, Run, Skipped

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def up(  # noqa: PLR0913, PLR0917 - one parameter for each option
    programs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DIR[@STACK]]...",
            help="Folders of Pulumi projects; several run in turn, in one cloud.",
        ),
    ] = None,
    stack: Stack = None,
    config: Config = None,
    account: Annotated[
        str | None,
        typer.Option(help="Account of callers that assume no role; else the mesh owner's."),
    ] = None,
    enforce_iam: Annotated[
        bool,
        typer.Option("--enforce-iam", help="Refuse calls that the deployer's role does not allow."),
    ] = False,
    policy: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="With --enforce-iam: the IAM policy of the deployer; else an administrator.",
        ),
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds the program may take.")] = TIMEOUT,
    format_: TextOrJson = Format.text,
) -> None:
    """Run a Pulumi program in this process and create all its resources on a local cloud.

    Exit code: 0 all created, 1 something failed, 2 DIR is no readable Pulumi project.
    """
    deployer = _deployer(policy) if enforce_iam else None
    if policy is not None and deployer is None:
        raise typer.BadParameter("needs --enforce-iam", param_hint="--policy")
    chosen = [_program(each, stack) for each in programs or ["."]]
    with (
        _progress() as on_progress,
        contextlib.redirect_stdout(sys.stderr),  # what the program prints is not the result
    ):
        results = run_in_turn(
            chosen,
            config=parsed_config(config or []),
            account=account,
            deployer=deployer,
            timeout=timeout,
            on_progress=on_progress,
        )
    messages = [(each.severity, each.text) for result in results for each in result.messages]
    for severity, text in dict.fromkeys(messages):
        if severity != "error":
            typer.echo(f"{severity}: {text}", err=True)
    if format_ is Format.json:
        data = [as_data(result) for result in results]
        output.print_json({"programs": data} if len(chosen) > 1 else data[0])
    else:
        _print_all(chosen, results)
    raise typer.Exit(output.GOOD if all(result.ok for result in results) else output.BAD)


def _deployer(policy: Path | None) -> Deployer:
    """Who deploys; the policy of a file must be one that IAM takes."""
    if policy is None:
        return Deployer()
    try:
        text = policy.read_text(encoding="utf-8")
        statements = Policy.parse(text, name=str(policy)).statements
    except OSError as error:
        raise UnreadableError(f"{policy}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UnreadableError(f"{policy}: not UTF-8 text") from None
    except PolicyError as error:
        raise UnreadableError(str(error)) from None
    if any(statement.principals is not None for statement in statements):
        raise UnreadableError(f"{policy}: the policy of a role names no Principal")
    return Deployer(text)


def _program(text: str, stack: str | None) -> tuple[Path, str]:
    """The folder and stack of ``DIR`` or ``DIR@STACK``; a stack that is asked for must be there."""
    folder, at, named = text.rpartition("@")
    if not at or Path(text).is_dir():
        folder, named = text, ""
    asked = named or stack
    if asked is not None:
        require_stack(read_project(Path(folder)), asked)
    return Path(folder), asked or STACK


def _print_all(chosen: Sequence[tuple[Path, str]], results: Sequence[Run]) -> None:
    for (folder, stack), result in zip(chosen, results, strict=False):
        if len(chosen) > 1:
            output.print_line(typer.style(f"{folder}@{stack}", bold=True))
        _print_text(result)
    for folder, stack in chosen[len(results) :]:
        output.print_line(f"{folder}@{stack}: not run")


@contextlib.contextmanager
def _progress() -> Iterator[Any]:
    """Count resources on a terminal's error stream, from the second second on."""
    started = time.monotonic()
    shown = 0.0

    def tell(count: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if sys.stderr.isatty() and now - started > 1 and now - shown > 0.1:
            shown = now
            typer.echo(f"\r{output.counted(count, 'resource')} so far", nl=False, err=True)

    try:
        yield tell
    finally:
        if shown:
            typer.echo("\r" + " " * 40 + "\r", nl=False, err=True)


def as_data(result: Run) -> dict[str, Any]:
    """Return a run for other programs, with no secret in clear."""
    return {
        "project": result.project,
        "stack": result.stack,
        "ok": result.ok,
        "seconds": round(result.seconds, 3),
        "resources": [
            {
                "urn": made.urn,
                "type": made.type,
                "name": made.name,
                "parent": made.parent,
                "account": made.account,
                "region": made.region,
                "custom": made.custom,
                "outputs": redact(dict(made.outputs)),
            }
            for made in result.graph
        ],
        "outputs": redact(dict(result.outputs)),
        "failures": [asdict(failure) for failure in result.failures],
        "skipped": [asdict(skipped) for skipped in result.skipped],
        "messages": [asdict(message) for message in result.messages],
    }


def _print_text(result: Run) -> None:
    trees = by_account(result.graph)
    for account, entries in trees.items():
        _print_tree(f"account {account}", entries)
    _print_section("Outputs", _output_lines(result.outputs))
    _print_section("Failed", [_failure_line(failure) for failure in result.failures])
    _print_section("Skipped", [_skipped_line(skipped) for skipped in result.skipped])
    output.print_line(_summary(result, len(trees)))


def by_account(graph: Graph) -> dict[str, list[tuple[int, Resource]]]:
    """Return for each account its resources as (depth, resource), below their components."""
    trees: dict[str, list[tuple[int, Resource]]] = {}
    shown: dict[str, set[str]] = {}
    for _, made in graph.tree():
        if made.account is None or not _counts(made):
            continue
        entries = trees.setdefault(made.account, [])
        for depth, entry in enumerate(_path(graph, made)):
            seen = shown.setdefault(made.account, set())
            if entry.urn not in seen:
                seen.add(entry.urn)
                entries.append((depth, entry))
    return trees


def _path(graph: Graph, made: Resource) -> list[Resource]:
    """Return a resource below its parents, without the stack itself."""
    path = [made]
    while (parent := graph.get(path[0].parent)) is not None and parent.parent is not None:
        path.insert(0, parent)
    return path


def _counts(made: Resource) -> bool:
    return made.custom and not made.type.startswith("pulumi:")


def _print_tree(title: str, entries: list[tuple[int, Resource]]) -> None:
    if not sys.stdout.isatty():
        output.print_line(title)
        for depth, made in entries:
            output.print_line(f"{'  ' * (depth + 1)}{_label(made)}")
        return
    branches = [Tree(f"[bold]{title}[/]")]
    for depth, made in entries:
        del branches[depth + 1 :]
        branches.append(branches[-1].add(escape(_label(made)), highlight=False))
    Console().print(branches[0])


def _label(made: Resource) -> str:
    return f"{made.type} {made.name}" + (f" ({made.region})" if made.region else "")


def _print_section(title: str, lines: list[str]) -> None:
    if lines:
        output.print_line(typer.style(title, bold=True))
    for line in lines:
        output.print_line(line)


def _output_lines(outputs: Mapping[str, Any]) -> list[str]:
    return [f"  {name}: {_shown(value)}" for name, value in outputs.items()]


def _shown(value: Any) -> str:
    if isinstance(value, Secret) or (isinstance(value, str) and "\n" not in value):
        return str(value)
    return json.dumps(redact(value), ensure_ascii=False)


def _failure_line(failure: Failure) -> str:
    if not failure.urn:
        return indent(failure.message, "  ")
    place = f" ({failure.place})" if failure.place else ""
    return f"  {failure.type} {failure.name}{place}: {failure.code}: {failure.message}"


def _skipped_line(skipped: Skipped) -> str:
    return f"  {skipped.type} {skipped.name}: {skipped.reason}"


def _summary(result: Run, accounts: int) -> str:
    created = sum(_counts(made) for made in result.graph)
    parts = [
        f"{output.counted(created, 'resource')} in {output.counted(accounts, 'account')} created"
    ]
    if result.failures:
        parts.append(f"{len(result.failures)} failed")
    if result.skipped:
        parts.append(f"{len(result.skipped)} skipped")
    if warnings := sum(message.severity == "warning" for message in result.messages):
        parts.append(output.counted(warnings, "warning"))
    return f"{', '.join(parts)}, in {result.seconds:.1f} s."
