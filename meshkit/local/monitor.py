"""A Pulumi resource monitor whose resources are really created, on the local cloud."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from botocore.exceptions import BotoCoreError, ClientError
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, provider_pb2, resource_pb2
from pulumi.runtime.stack import ResourceRegistrationFailed

from meshkit.graph import STACK_TYPE, Resource, has_secret, reveal
from meshkit.local.outcome import Message
from meshkit.local.plugin.resource import adopt
from meshkit.local.providers import Provider, configured
from meshkit.local.resources import INVOKES, TYPES
from meshkit.local.resources.model import RefusedError
from meshkit.local.resources.shapes import UnknownInputError
from meshkit.local.secrecy import hide, secret_pieces
from meshkit.local.values import decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from meshkit.local.cloud import Cloud

AWS_PROVIDER = "pulumi:providers:aws"
STACK_REFERENCE = "pulumi:pulumi:StackReference"
FEATURES = (
    resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
    resource_pb2.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
)


@dataclass(frozen=True)
class Refusal:
    """Why a resource was not created: an AWS error code and one line; where it was asked for.

    `asked` are files and lines, the innermost first; `resource` is what was asked for, as far as it
    could be read.
    """

    type: str
    name: str
    code: str
    message: str
    asked: tuple[tuple[str, int], ...]
    resource: Resource | None = None


class Monitor:
    """Answers what the Pulumi SDK asks of an engine, by creating resources one after the other.

    It keeps what was registered and what was refused, each by URN. A refused resource is answered
    with a failure, which makes the SDK skip what depends on it and go on with the rest.
    """

    def __init__(
        self,
        cloud: Cloud,
        project: str,
        stack: str,
        config: Mapping[str, str],
        on_progress: Callable[[int], None],
    ) -> None:
        self.resources: dict[str, Resource] = {}
        self.refused: dict[str, Refusal] = {}
        self.secrets: set[str] = set()
        self.frames: dict[str, Any] = {}
        """Where each resource was asked for: frames of the program, the innermost first."""
        self._cloud = cloud
        self._prefix = f"urn:pulumi:{stack}::{project}::"
        self._project = project
        self._config = config
        self._on_progress = on_progress
        self._providers: dict[str, Provider] = {}

    # What the SDK calls, with the names of the wire protocol.

    def GetDeploymentInfo(self, _request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Say which parts of the protocol are spoken."""
        return resource_pb2.DeploymentInfo(supportedFeatures=FEATURES)

    def SupportsFeature(self, _request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Answer an older SDK, which asks for features one by one."""
        return resource_pb2.SupportsFeatureResponse(hasSupport=False)

    def RegisterPackage(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Accept a parameterized package; its resources are refused one by one."""
        return resource_pb2.RegisterPackageResponse(ref=request.name)

    def SignalAndWaitForShutdown(self, _request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Let the program end: nothing of ours outlives it."""
        return empty_pb2.Empty()

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Create a resource, or refuse it."""
        urn = self.urn(request.parent, request.type, request.name)
        try:
            resource = self._register(urn, request)
        except Exception as error:  # noqa: BLE001 - any fault of one resource is that resource's
            self._refuse(urn, request, error)
            return resource_pb2.RegisterResourceResponse(urn=urn, result=resource_pb2.Result.FAIL)
        self.resources[urn] = resource
        self.frames[urn] = request.stackTrace.frames
        self._on_progress(len(self.resources))
        id_ = str(reveal(resource.outputs.get("id", "")))
        return resource_pb2.RegisterResourceResponse(
            urn=urn, id=id_, object=encode(resource.outputs)
        )

    def ReadResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Look up a resource that exists, or refuse it."""
        urn = self.urn(request.parent, request.type, request.name)
        try:
            outputs = self._read(request)
        except Exception as error:  # noqa: BLE001 - any fault of one resource is that resource's
            self._refuse(urn, request, error)
            msg = f"resource {request.name} [{request.type}] failed to register"
            raise ResourceRegistrationFailed(msg) from None
        resource = replace(self._resource(urn, request), outputs=outputs, custom=True)
        if resource.type in TYPES:
            resource = replace(resource, account=self._provider(resource.provider).account)
        self.resources[urn] = resource
        self.frames[urn] = request.stackTrace.frames
        return resource_pb2.ReadResourceResponse(urn=urn, properties=encode(outputs))

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Keep the outputs of a component or of the stack."""
        resource = self.resources[request.urn]
        outputs = {**resource.outputs, **decode(request.outputs)}
        self.resources[request.urn] = replace(resource, outputs=outputs)
        return empty_pb2.Empty()

    def Invoke(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Answer a look-up."""
        try:
            found = self._invoke(request)
        except Exception as error:  # noqa: BLE001 - told to the program, as the engine does
            code, message = explain(error)
            failure = provider_pb2.CheckFailure(property=code, reason=message)
            return resource_pb2.ResourceInvokeResponse(failures=[failure])
        return resource_pb2.ResourceInvokeResponse(**{"return": encode(found)})

    def Call(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Refuse to call a method of a remote component."""
        msg = f"the local cloud cannot call {request.tok}: methods need the Pulumi engine"
        raise NotImplementedError(msg)

    # What they do.

    def urn(self, parent: str, type_: str, name: str) -> str:
        """Return the URN of a resource, made the way the engine makes it."""
        parents = parent.split("::")[2] if parent else STACK_TYPE
        qualified = type_ if parents == STACK_TYPE else f"{parents}${type_}"
        return f"{self._prefix}{qualified}::{name}"

    def _register(self, urn: str, request: Any) -> Resource:
        if urn in self.resources or urn in self.refused:
            msg = "a resource of this type and name is registered already: give it another name"
            raise RefusedError("DuplicateUrn", msg)
        if request.remote:
            msg = "remote components need the Pulumi engine"
            raise RefusedError("NeedsEngine", msg)
        resource = self._resource(urn, request)
        self.secrets.update(secret_pieces(resource.inputs))
        if request.type.startswith("pulumi:providers:"):
            return self._configure(resource)
        return self._create(resource, request) if request.custom else resource

    def _resource(self, urn: str, request: Any) -> Resource:
        inputs = decode(request.object) if hasattr(request, "object") else {}
        return Resource(
            urn=urn,
            type=request.type,
            name=request.name,
            inputs=inputs,
            parent=request.parent or None,
            provider=request.provider.rpartition("::")[0] or None,
            custom=getattr(request, "custom", True),
            dependencies=tuple(sorted(request.dependencies)),
            protect=getattr(request, "protect", False),
        )

    def _configure(self, resource: Resource) -> Resource:
        outputs = {**resource.inputs, "id": resource.name}
        if resource.type != AWS_PROVIDER:
            return replace(resource, outputs=outputs)
        provider = configured(self._cloud, reveal(resource.inputs))
        self._providers[resource.urn] = provider
        return replace(resource, outputs=outputs, account=provider.account, region=provider.region)

    def _create(self, resource: Resource, request: Any) -> Resource:
        type_ = TYPES.get(resource.type)
        if type_ is None:
            msg = f"the local cloud cannot make a {resource.type}"
            raise RefusedError("UnknownType", msg)
        inputs = type_.checked(resource.urn, resource.inputs)
        clear = reveal(inputs)
        aws = self._provider(resource.provider).aws(self._cloud, clear.get("region"))
        if request.importId:
            made = adopt(type_, aws, request.importId, clear)
        else:
            made = type_.properties(aws, clear).outputs
        return replace(
            resource,
            inputs=inputs,
            outputs=hide(made, inputs, request.additionalSecretOutputs),
            account=aws.account,
            region=aws.region if type_.regional else None,
        )

    def _read(self, request: Any) -> dict[str, Any]:
        if request.type == STACK_REFERENCE:
            return self._stack_reference(request.id)
        type_ = TYPES.get(request.type)
        if type_ is None or type_.read is None:
            msg = f"the local cloud cannot look up a {request.type}"
            raise RefusedError("UnknownType", msg)
        aws = self._provider(request.provider.rpartition("::")[0]).aws(self._cloud)
        return {**type_.read(aws, request.id), "id": request.id}

    def _stack_reference(self, name: str) -> dict[str, Any]:
        _, _, project_and_stack = name.rpartition("organization/")
        *rest, stack = project_and_stack.split("/")
        outputs = self._cloud.stack_outputs.get((rest[-1] if rest else self._project, stack))
        if outputs is None:
            msg = f"no stack {name!r} ran in this local cloud: run it first"
            raise RefusedError("UnknownStack", msg)
        secret_names = [key for key, value in outputs.items() if has_secret(value)]
        return {"name": name, "outputs": dict(outputs), "secretOutputNames": secret_names}

    def _invoke(self, request: Any) -> dict[str, Any]:
        invoke = INVOKES.get(request.tok)
        if invoke is None:
            msg = f"the local cloud has no {request.tok}"
            raise RefusedError("UnknownFunction", msg)
        arguments = reveal(decode(request.args))
        provider = self._provider(request.provider.rpartition("::")[0])
        return invoke(provider.aws(self._cloud, arguments.get("region")), arguments)

    def _provider(self, urn: str | None) -> Provider:
        urn = urn or ""
        if urn not in self._providers:
            settings = {
                key.removeprefix("aws:"): value
                for key, value in self._config.items()
                if key.startswith("aws:")
            }
            self._providers[urn] = configured(self._cloud, settings)
        return self._providers[urn]

    def _refuse(self, urn: str, request: Any, error: Exception) -> None:
        code, message = explain(error)
        places = [frame.pc for frame in request.stackTrace.frames]
        asked = tuple((url2pathname(urlsplit(pc.uri).path), pc.line) for pc in places if pc.uri)
        resource = self._attempted(urn, request)
        self.refused[urn] = Refusal(request.type, request.name, code, message, asked, resource)
        self.frames[urn] = request.stackTrace.frames

    def _attempted(self, urn: str, request: Any) -> Resource | None:
        """Return what was refused with its account and region, None where its provider is bad."""
        with contextlib.suppress(RefusedError, UnknownInputError):
            resource = self._resource(urn, request)
            if resource.type.startswith("aws:"):
                aws = self._provider(resource.provider).aws(self._cloud, _region(resource))
                known = TYPES.get(resource.type)
                region = aws.region if known is None or known.regional else None
                return replace(resource, account=aws.account, region=region)
        return None


class Engine:
    """Collects what a program logs."""

    SEVERITIES: Mapping[int, str] = {
        engine_pb2.INFO: "info",
        engine_pb2.WARNING: "warning",
        engine_pb2.ERROR: "error",
    }

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def Log(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Keep what the program logged."""
        severity = self.SEVERITIES.get(request.severity)
        if severity:
            self.messages.append(Message(severity, request.message))
        return empty_pb2.Empty()

    def RequirePulumiVersion(self, _request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Accept any required version: there is no engine to be too old."""
        return empty_pb2.Empty()


def _region(resource: Resource) -> str | None:
    region = reveal(resource.inputs.get("region"))
    return region if isinstance(region, str) else None


def explain(error: Exception) -> tuple[str, str]:
    """Return the code and the message, on one line, of what went wrong with a resource."""
    if isinstance(error, ClientError):
        told = error.response["Error"]
        return told["Code"], one_line(told["Message"])
    if isinstance(error, RefusedError):
        return error.code, one_line(str(error))
    if isinstance(error, UnknownInputError):
        return "UnknownInput", one_line(str(error))
    if isinstance(error, NotImplementedError):
        return "NotImplemented", one_line(f"the local cloud lacks this: {error}")
    if isinstance(error, BotoCoreError):
        return type(error).__name__, one_line(str(error))
    return "LocalCloudFault", one_line(f"{type(error).__name__}: {error}")


def one_line(text: str) -> str:
    """Return text with every run of white space as one blank."""
    return " ".join(text.split())
