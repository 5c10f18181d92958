"""The command's entry: its sub-commands, and how it ends.

Exit codes: 0 good, 1 findings or failures, 2 what can't be read or run, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
import traceback
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer

from meshkit.cli.lazy import Lazy, LazyGroup
from meshkit.cli.output import BAD, UNUSABLE
from meshkit.errors import ConfigError, MeshkitError

if TYPE_CHECKING:
    from collections.abc import Callable


class _Commands(LazyGroup):
    late: ClassVar = {
        "validate": Lazy(
            "meshkit.cli.validate", "Check files and print every fault with its place."
        ),
        "schema": Lazy("meshkit.cli.schema", "Print the JSON Schema of mesh files."),
        "init": Lazy("meshkit.cli.init", "Begin with a small mesh and its program."),
        "check": Lazy("meshkit.cli.check", "Tell which requests a policy document allows."),
        "prove": Lazy("meshkit.cli.prove", "Prove what the roles of a program may do."),
        "explain": Lazy("meshkit.cli.explain", "Explain a role, or a refusal of AWS."),
        "who-can": Lazy("meshkit.cli.who_can", "Tell who may do something to a resource."),
        "diagram": Lazy("meshkit.cli.diagram", "Draw a mesh file as Mermaid text or as SVG."),
        "report": Lazy("meshkit.cli.report", "Write a report on a mesh as one HTML page."),
        "losses": Lazy("meshkit.cli.losses", "List what a mesh loses on VPC Lattice."),
        "manifests": Lazy("meshkit.cli.manifests", "Print what Kubernetes needs on VPC Lattice."),
        "share": Lazy("meshkit.cli.share", "Deploy, watch and check a mesh of several accounts."),
        "audit": Lazy("meshkit.cli.audit", "Tell who did what to a mesh.", "live"),
        "confirm": Lazy("meshkit.cli.confirm", "Confirm on AWS what proxies may do.", "live"),
        "local": Lazy("meshkit.cli.local", "Run meshes on a local cloud.", "local"),
    }


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        try:
            version = metadata.version("meshkit")
        except metadata.PackageNotFoundError:
            version = "(not installed)"
        typer.echo(f"meshkit {version}")
        raise typer.Exit


@app.callback()
def _meshkit(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """One typed file to a shared AWS service mesh with least-privilege roles."""


def main() -> None:
    """Runs the command, and ends the process without a traceback whatever was given."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _outcome(lambda: app(prog_name="meshkit"))
        if sys.stdout is not None:  # None where the process was started without one
            sys.stdout.flush()
    except BrokenPipeError:
        # Whoever was reading has enough; Python would complain once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = BAD
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _outcome(command: Callable[[], object]) -> int | str | None:
    """Runs a command to its exit code."""
    try:
        command()
    except SystemExit as done:
        return done.code
    except MeshkitError as error:
        typer.echo(str(error), err=True)
        return BAD if isinstance(error, ConfigError) else UNUSABLE
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the last resort; what comes here is a bug
        if os.environ.get("MESHKIT_DEBUG") == "1":
            traceback.print_exc()
        typer.echo(_bug(error), err=True)
        return UNUSABLE
    return 0


def _bug(error: Exception) -> str:
    """One line about a bug. Not the error's own text, which may hold a secret."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return (
        f"meshkit: {type(error).__name__}{where}: this is a bug of meshkit; "
        "please report it, with what MESHKIT_DEBUG=1 adds"
    )
