"""Run a Pulumi program in this process, with no engine, on the local cloud."""

from __future__ import annotations

import contextlib
import runpy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meshkit.local.cloud import Cloud
from meshkit.local.execution import Execution
from meshkit.local.landscape import Landscape, landscape_of
from meshkit.local.project import Config, given_config, merged, read_config, read_project
from meshkit.local.sandbox import program_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from meshkit.local.outcome import Run


@dataclass(frozen=True)
class Deployer:
    """Who deploys a program where IAM is enforced.

    The program works as a role of the cloud's own account, and as the roles that its mesh file
    tells it to assume. They have `policy`, the JSON of a policy document, and nothing else; by
    default they are administrators.
    """

    policy: str | None = None


STACK = "local"
TIMEOUT = 600.0


def run(  # noqa: PLR0913 - options, all but the first by keyword
    program: Path | str | Callable[[], Any],
    *,
    stack: str = STACK,
    config: Mapping[str, Any] | None = None,
    cloud: Cloud | None = None,
    account: str | None = None,
    project: str | None = None,
    deployer: Deployer | None = None,
    timeout: float = TIMEOUT,
    on_progress: Callable[[int], None] = lambda _: None,
) -> Run:
    """Run a Pulumi program and return what it made.

    `program` is the folder of a Python project with its `Pulumi.yaml`, or a function. `config`
    goes before the stack's own config file; keys without a namespace are the project's, and a
    `meshkit.graph.Secret` is secret config. `project` renames the project (default: its own name,
    or `project` for a function). `cloud` is a running local cloud, which keeps what the program
    made; without one the program gets a cloud that ends with the run, with the organization of its
    mesh file, and `account` is where callers are who assume no role (default: the mesh owner's).
    With a `deployer` that cloud enforces IAM. `timeout` is in seconds. `on_progress` is told the
    number of resources registered so far.

    Raises UnreadableError when `program` is no readable Pulumi project.
    """
    with contextlib.ExitStack() as block:
        if callable(program):
            name, body = project or "project", program
            settings, root, folder = Config(), Path.cwd(), None
        else:
            found = read_project(Path(program))
            name, settings, root = project or found.name, read_config(found, stack), found.root
            body = partial(runpy.run_path, str(found.program / "__main__.py"), {}, "__main__")
            folder = found.program
            block.enter_context(program_folder(folder))
        settings = merged(settings, given_config(name, config or {}))
        here = cloud or block.enter_context(_new_cloud(folder, settings, account, deployer))
        execution = Execution(here, name, stack, settings, root, on_progress)
        outcome = execution.run(body, timeout)
        here.stack_outputs[name, stack] = outcome.outputs
        return outcome


def run_in_turn(
    programs: Sequence[tuple[Path, str]],
    *,
    config: Mapping[str, Any] | None = None,
    account: str | None = None,
    deployer: Deployer | None = None,
    timeout: float = TIMEOUT,
    on_progress: Callable[[int], None] = lambda _: None,
) -> list[Run]:
    """Run programs, each a folder and a stack, one after the other in one cloud.

    The cloud has the organization of the first program's mesh file. The first program that does not
    end well is the last one that is run. Otherwise as `run`.
    """
    folder, stack = programs[0]
    found = read_project(folder)
    settings = merged(read_config(found, stack), given_config(found.name, config or {}))
    runs: list[Run] = []
    with _new_cloud(found.program, settings, account, deployer) as cloud:
        for folder, stack in programs:
            runs.append(
                run(
                    folder,
                    stack=stack,
                    config=config,
                    cloud=cloud,
                    timeout=timeout,
                    on_progress=on_progress,
                )
            )
            if not runs[-1].ok:
                break
    return runs


@contextlib.contextmanager
def _new_cloud(
    folder: Path | None, config: Config, account: str | None, deployer: Deployer | None
) -> Iterator[Cloud]:
    landscape = landscape_of(folder, config.values) if folder else Landscape()
    with Cloud(account=account or landscape.account, enforce_iam=deployer is not None) as cloud:
        landscape.found()
        if deployer is not None:
            cloud.deploy_as(deployer.policy)
        yield cloud
