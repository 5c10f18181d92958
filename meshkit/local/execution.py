"""One execution of a program by the Pulumi SDK, with our monitor in the engine's place."""

from __future__ import annotations

import asyncio
import time
import warnings
from dataclasses import replace
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from pulumi.runtime import rpc, settings
from pulumi.runtime.config import set_all_config
from pulumi.runtime.stack import (
    massage,
    register_stack_transformation,
    run_in_stack,
    wait_for_rpcs,
)

from meshkit.graph import STACK_TYPE, Graph
from meshkit.local.faults import (
    config_warnings,
    dependency_fault,
    program_faults,
    refusal_fault,
    scrub,
    source_of,
)
from meshkit.local.monitor import Engine, Monitor
from meshkit.local.outcome import OUTPUT, Failure, Message, Run, Skipped
from meshkit.local.sandbox import Job, TimedOut
from meshkit.local.values import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import TracebackType

    from meshkit.graph import Resource
    from meshkit.local.cloud import Cloud
    from meshkit.local.project import Config


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that calls the monitor where it stands.

    The SDK hands each call of the engine to a thread. Ours answers from this process, and moto is
    not known to be safe between threads; a thread would only cost time.
    """

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override]
        if executor is not None or func.__module__ != MONITOR_CALLS:
            return super().run_in_executor(executor, func, *args)
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - the SDK's to handle, as from a thread
            future.set_exception(error)
        return future


MONITOR_CALLS = "pulumi.runtime._instrumentation"
IDLE_TURNS = 50
APPLIED = "Output.apply.<locals>.run"


class Execution:
    """Runs one program once and collects what comes of it."""

    def __init__(
        self,
        cloud: Cloud,
        project: str,
        stack: str,
        config: Config,
        root: Path,
        on_progress: Callable[[int], None],
    ) -> None:
        self._project = project
        self._stack = stack
        self._config = config
        self._root = root
        self._engine = Engine()
        self._monitor = Monitor(cloud, project, stack, config.values, on_progress)
        self._monitor.secrets.update(config.values[key] for key in config.secret_keys)
        self._made: dict[str, Any] = {}
        self._urns: dict[Any, str] = {}
        self._errors: list[BaseException] = []
        self._outputs: dict[str, Any] = {}
        self._skipped: list[Skipped] = []
        self._tracebacks: dict[BaseException, TracebackType | None] = {}
        self._loop = _Loop()
        self._loop.set_task_factory(self._start)

    def run(self, program: Callable[[], Any], timeout: float) -> Run:
        """Run the program and return what came of it, whatever happens in it."""
        started = time.perf_counter()
        job = Job(lambda: self._execute(program), self._wake)
        try:
            job.run(timeout)
        except TimedOut:
            msg = f"the program did not end within {timeout:g} seconds"
            self._errors.append(TimeoutError(msg))
        return self._outcome(time.perf_counter() - started)

    def _start(self, loop: Any, coroutine: Any, **options: Any) -> Any:
        task = asyncio.Task(coroutine, loop=loop, **options)
        if getattr(coroutine, "__qualname__", "") == APPLIED:
            task.add_done_callback(self._ended_badly)
        return task

    def _ended_badly(self, task: Any) -> None:
        """Keep where an exception comes from: asyncio forgets it once somebody has seen it."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._tracebacks.setdefault(error, error.__traceback__)

    def _wake(self) -> None:
        self._loop.call_soon_threadsafe(lambda: None)

    def _execute(self, program: Callable[[], Any]) -> None:
        asyncio.set_event_loop(self._loop)
        # Faults come back through the SDK; asyncio would print each a second time.
        self._loop.set_exception_handler(lambda _loop, _context: None)
        set_all_config(dict(self._config.values), list(self._config.secret_keys))
        settings.reset_options(
            project=self._project,
            stack=self._stack,
            root_directory=str(self._root),
            engine_address=self._engine,  # type: ignore[arg-type]  # the SDK takes objects too
            monitor_address=self._monitor,  # type: ignore[arg-type]
            preview=False,
            organization="organization",
        )
        with warnings.catch_warnings():
            # The SDK drops some of its own coroutines when what they wait for has failed.
            warnings.filterwarnings("ignore", r"coroutine 'Output\.", RuntimeWarning)
            # pulumi_aws warns of all its deprecated classes when a module is imported. Who makes
            # one of them is told once more, through the log.
            warnings.filterwarnings("ignore", "", DeprecationWarning, r"pulumi_aws\.")
            try:
                self._loop.run_until_complete(self._main(program))
            finally:
                _close(self._loop)

    async def _main(self, program: Callable[[], Any]) -> None:
        async def body() -> None:
            register_stack_transformation(self._note)
            try:
                result = program()
                if isawaitable(result):
                    await result
            except (Exception, SystemExit) as error:  # noqa: BLE001 - the program's own fault
                self._errors.append(error)
            await self._calm()

        await self._settle(run_in_stack(body))
        await self._collect_outputs()
        await self._collect_skipped()

    async def _calm(self) -> None:
        """Let all run that is ready to run, until nothing changes any more.

        The SDK's own wait looks at every pending output anew each time that one is known; with
        hundreds of resources that takes as long as creating them.
        """
        before, idle = (-1, -1), 0
        while idle < IDLE_TURNS:
            await asyncio.sleep(0)
            now = (len(self._monitor.resources), len(settings.SETTINGS.outputs))
            before, idle = now, idle + 1 if now == before else 0

    async def _settle(self, first: Any) -> None:
        """Wait for all that the program started; one fault does not stop the rest."""
        waiting = first
        while not await self._ended(waiting):
            settings.SETTINGS.rpc_manager.unhandled_exception = None
            waiting = wait_for_rpcs()

    async def _ended(self, waiting: Any) -> bool:
        try:
            await waiting
        except Exception as error:  # noqa: BLE001 - kept and reported
            self._errors.append(error)
            return False
        return True

    def _note(self, args: Any) -> None:
        """Remember every resource that the program makes, in its order."""
        parent = self._urns.get(args.opts.parent, "")
        urn = self._monitor.urn(parent, args.type_, args.name)
        self._urns[args.resource] = urn
        self._made[urn] = args.resource

    async def _collect_outputs(self) -> None:
        stack: Any = settings.get_root_resource()
        for name, value in (stack.outputs if stack else {}).items():
            await self._collect_output(name, value)

    async def _collect_output(self, name: str, value: Any) -> None:
        try:
            struct = await rpc.serialize_properties({name: massage(value, [])}, {})
        except Exception as error:  # noqa: BLE001 - one output does not spoil the others
            self._errors.append(error)
            self._skipped.append(Skipped("", OUTPUT, name, dependency_fault(error)))
        else:
            self._outputs[name] = decode(struct).get(name)

    async def _collect_skipped(self) -> None:
        answered = self._monitor.resources.keys() | self._monitor.refused.keys()
        outputs, self._skipped = self._skipped, []
        for urn, resource in self._made.items():
            if urn not in answered:
                reason = await _reason(resource)
                type_, name = resource._type, resource._name  # noqa: SLF001 - has no public name
                self._skipped.append(Skipped(urn, type_, name, reason))
        self._skipped.extend(outputs)

    def _outcome(self, seconds: float) -> Run:
        hidden = self._monitor.secrets
        return Run(
            project=self._project,
            stack=self._stack,
            graph=self._graph(),
            outputs=self._outputs,
            failures=tuple(scrub(failure, hidden) for failure in self._failures()),
            skipped=tuple(scrub(skipped, hidden) for skipped in self._skipped),
            messages=tuple(scrub(message, hidden) for message in self._messages()),
            seconds=seconds,
            refused=self._refused(),
        )

    def _messages(self) -> list[Message]:
        warned = [message for error in self._errors for message in config_warnings(error)]
        return [*self._engine.messages, *dict.fromkeys(warned)]

    def _graph(self) -> Graph:
        created = self._monitor.resources
        order = [urn for urn in created if created[urn].type == STACK_TYPE]
        order += [urn for urn in self._made if urn in created]
        return self._located(created[urn] for urn in order)

    def _refused(self) -> Graph:
        refusals = self._monitor.refused.values()
        return self._located(each.resource for each in refusals if each.resource is not None)

    def _located(self, resources: Iterable[Resource]) -> Graph:
        """Return resources with the places of the program that ask for them."""
        root = f"{self._root.as_uri()}/"
        frames = self._monitor.frames
        return Graph(
            tuple(
                replace(each, source=source_of(frames.get(each.urn, ()), root))
                for each in resources
            )
        )

    def _failures(self) -> list[Failure]:
        refused = self._monitor.refused
        order = {urn: index for index, urn in enumerate(self._made)}
        failures = [
            refusal_fault(urn, refused[urn], self._root)
            for urn in sorted(refused, key=lambda urn: order.get(urn, len(order)))
        ]
        seen: set[str] = set()
        for error in self._errors:
            for fault in program_faults(error, self._root, self._tracebacks):
                if fault.message not in seen:
                    seen.add(fault.message)
                    failures.append(fault)
        logged = [message for message in self._engine.messages if message.severity == "error"]
        return failures + [Failure(message.text) for message in logged]


async def _reason(resource: Any) -> str:
    """Return why a resource never reached the monitor."""
    future = asyncio.ensure_future(resource.urn.future())
    await asyncio.wait([future], timeout=1)
    if not future.done():
        future.cancel()
        return "something it needs never became known"
    return dependency_fault(future.exception())


def _close(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.close()
    asyncio.set_event_loop(None)
