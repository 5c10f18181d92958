"""Run a Pulumi program against a mock engine and look at what it registered.

Assertions inside `apply` pass silently when nobody awaits them, so no test makes any. The program
runs to its end here, every Output is resolved, and the test gets plain values to compare.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from google.protobuf import empty_pb2, json_format
from pulumi.runtime import mocks, rpc, settings
from pulumi.runtime.stack import run_in_stack

from meshkit.graph import UNKNOWN, Graph, Resource, Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e"

INVOKES: dict[str, Mapping[str, Any] | str] = {
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": {"id": "pl-1"},
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": "111111111111"},
    "aws:index/getPartition:getPartition": {"partition": "aws", "dnsSuffix": "amazonaws.com"},
    "aws:index/getRegion:getRegion": {"region": "eu-west-1", "id": "eu-west-1"},
}


def run_program(
    program: Callable[[], object],
    *,
    preview: bool = False,
    invokes: Mapping[str, Mapping[str, Any] | str] = INVOKES,
    made_of: Callable[[mocks.MockResourceArgs], Mapping[str, Any]] | None = None,
) -> Graph:
    """Run a program to its end and return what it registered; what it raises is raised here.

    A custom resource gets an id, an ARN and a name, which a preview does not know yet. What the
    program exports is in `outputs` of the stack resource, what a component registers in its own.
    A lookup that is not in `invokes` fails the test; one that is a text there fails with it.
    `made_of` makes up what AWS adds; without it, ARNs have neither account nor region.
    """
    monitor: Any = _Monitor(_Aws(invokes, made_of or _made, preview=preview))
    settings.reset_options(project="project", stack="stack", preview=preview)
    settings.configure(
        mocks.MockSettings(
            monitor=monitor,
            monitor_features=set(monitor.GetDeploymentInfo(empty_pb2.Empty()).supportedFeatures),
            engine=mocks.MockEngine(None),
            project="project",
            stack="stack",
            dry_run=preview,
        )
    )
    settings.SETTINGS.outputs.clear()

    def to_its_end() -> None:
        program()

    asyncio.run(run_in_stack(to_its_end))
    graph: Graph = monitor.graph()
    return graph


def _made(args: mocks.MockResourceArgs) -> Mapping[str, Any]:
    return {"arn": f"arn:aws:mock:::{args.typ.split(':')[-1]}/{args.name}"}


class _Aws(mocks.Mocks):
    """What AWS adds to a resource's inputs."""

    def __init__(
        self,
        invokes: Mapping[str, Mapping[str, Any] | str],
        made_of: Callable[[mocks.MockResourceArgs], Mapping[str, Any]],
        *,
        preview: bool,
    ) -> None:
        self.invokes = invokes
        self.made_of = made_of
        self.preview = preview

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        if args.token not in self.invokes:
            msg = f"the test has no answer for {args.token}"
            raise LookupError(msg)
        answer = self.invokes[args.token]
        return ({}, [("lookup", answer)]) if isinstance(answer, str) else (dict(answer), [])

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        if self.preview or not args.custom:
            return "", args.inputs
        return f"{args.name}-id", {"name": args.name, **self.made_of(args), **args.inputs}


class _Monitor(mocks.MockMonitor):
    """The SDK's mock monitor, which also keeps what a test wants to see of each request."""

    def __init__(self, aws: _Aws) -> None:
        super().__init__(aws)
        self.seen: dict[str, Resource] = {}
        self.outputs: dict[str, dict[str, Any]] = {}

    def graph(self) -> Graph:
        return Graph(
            tuple(
                _with_outputs(resource, self.outputs.get(urn, {}))
                for urn, resource in self.seen.items()
            )
        )

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802, the SDK's name
        response = mocks.MockMonitor.RegisterResource(self, request)
        outputs = _struct(response.object) | ({"id": response.id} if response.id else {})
        self.seen[response.urn] = Resource(
            urn=response.urn,
            type=request.type,
            name=request.name,
            inputs=_struct(request.object),
            outputs=outputs if request.custom else {},
            parent=request.parent or None,
            # A reference to a provider is its URN, two colons and its id.
            provider=request.provider.rpartition("::")[0] or None,
            custom=request.custom,
            dependencies=tuple(request.dependencies),
            protect=request.protect,
            input_dependencies={
                key: tuple(each.urns) for key, each in request.propertyDependencies.items()
            },
        )
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802, the SDK's name
        self.outputs[request.urn] = _struct(request.outputs)
        return mocks.MockMonitor.RegisterResourceOutputs(self, request)


def _with_outputs(resource: Resource, more: Mapping[str, Any]) -> Resource:
    return Resource(**{**vars(resource), "outputs": {**resource.outputs, **more}})


def _struct(struct: Any) -> dict[str, Any]:
    return {key: _plain(value) for key, value in json_format.MessageToDict(struct).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            return Secret(_plain(value["value"]))
        if value.get(SIGNATURE) == REFERENCE:
            return value["urn"]
        return {key: _plain(item) for key, item in value.items()}
    return UNKNOWN if value == rpc.UNKNOWN else value
