"""The provider that the Pulumi engine talks to, in the engine's own protocol."""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, TypeVar

import grpc
from botocore.exceptions import BotoCoreError, ClientError
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from meshkit.graph import Secret, Unknown, has_secret, reveal
from meshkit.local.plugin import resource
from meshkit.local.plugin.difference import difference, same
from meshkit.local.plugin.endpoint import NotLocalError, local_endpoint
from meshkit.local.plugin.remote import Remote
from meshkit.local.resources import INVOKES, TYPES
from meshkit.local.resources.model import Aws, RefusedError, ResourceType
from meshkit.local.resources.shapes import UnknownInputError
from meshkit.local.secrecy import hide
from meshkit.local.values import decode, encode

MARK = "__meshkitLocal"
"""The output by which the provider knows its own state from that of the real one."""

Handler = TypeVar("Handler", bound=Callable[..., Any])
Diff = provider_pb2.DiffResponse
PLAIN = (BotoCoreError, NotLocalError, UnknownInputError)
"""Errors whose text says all; others are told with their code or name."""
KINDS = provider_pb2.PropertyDiff.Kind


def told(handler: Handler) -> Handler:
    """Answer what a handler raises as one line, with the error code of AWS."""

    @functools.wraps(handler)
    def answer(self: Any, request: Any, context: Any) -> Any:
        try:
            return handler(self, request, context)
        except Exception as error:  # noqa: BLE001 - the engine shows a traceback of anything else
            context.abort(grpc.StatusCode.UNKNOWN, _line(error))

    return answer  # type: ignore[return-value]  # wraps keeps the signature


class AwsProvider(provider_pb2_grpc.ResourceProviderServicer):
    """Maps resources to calls on a running local cloud."""

    def __init__(self) -> None:
        self._remote: Remote | None = None

    @told
    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Give the version of the SDK whose resources these are."""
        return plugin_pb2.PluginInfo(version=version("pulumi_aws"))

    @told
    def CheckConfig(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Accept the settings of a provider; what is wrong with them `Configure` tells."""
        return provider_pb2.CheckResponse(inputs=request.news)

    @told
    def DiffConfig(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Settings of a provider change in place."""
        old, new = decode(request.old_inputs or request.olds), decode(request.news)
        return Diff(changes=Diff.DIFF_NONE if same(old, new) else Diff.DIFF_SOME)

    @told
    def Configure(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Find the local cloud, and the account and region that the settings lead to."""
        inputs = reveal(decode(request.args))
        endpoint = local_endpoint(inputs)
        if endpoint is None:
            msg = (
                "no endpoint of a local cloud: this provider is meshkit's, not the real AWS one; "
                "start it by `meshkit local env --engine`, or take its folder off PATH"
            )
            raise NotLocalError(msg)
        remote = Remote(endpoint, inputs)
        if not remote.region:
            msg = "no region: set aws:region, AWS_REGION or the provider's region"
            raise RefusedError("MissingRegion", msg)
        remote.provider  # noqa: B018 - asks who the caller is, so that bad settings stop here
        self._remote = remote
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    @told
    def Check(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Fill in defaults and a name; a generated name stays while the resource does."""
        type_ = _type(request.urn)
        old, new = decode(request.olds), decode(request.news)
        name = type_.autoname
        if name and new.get(name) is None and old.get(name) is not None:
            prefix = f"{name}Prefix"
            if same(old.get(prefix), new.get(prefix)):
                new[name] = old[name]
        inputs = type_.checked(request.urn, new, request.randomSeed)
        return provider_pb2.CheckResponse(inputs=encode(inputs))

    @told
    def Diff(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Tell what changed and whether it replaces the resource."""
        type_ = _type(request.urn)
        state = reveal(_own_state(request.olds, request.urn))
        old, new = reveal(decode(request.old_inputs)), reveal(decode(request.news))
        computed = self._computed_changes(type_, state, new)
        if type_.regional and not isinstance(new.get("region"), Unknown):
            # Where a resource is counts, not whether its own input or its provider's says so.
            old, new = ({**each, "region": None} for each in (old, new))
        found = difference(type_, old, new)
        replaces = [*found.replacing, *(name for name in computed if name == "region")]
        kinds = {**found.paths, **dict.fromkeys(computed, "update")}
        return Diff(
            changes=Diff.DIFF_SOME if kinds else Diff.DIFF_NONE,
            diffs=sorted({*found.changed, *computed}),
            replaces=replaces,
            deleteBeforeReplace=found.delete_first and not type_.autonamed(request.urn, new),
            detailedDiff={path: _kind(path, kind, replaces) for path, kind in kinds.items()},
            hasDetailedDiff=True,
        )

    @told
    def Create(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Create a resource; in a preview, tell what is known of it."""
        type_ = _type(request.urn)
        inputs = decode(request.properties)
        clear = reveal(inputs)
        if request.preview:
            properties = encode({**inputs, **self._known(type_, clear)})
            return provider_pb2.CreateResponse(properties=properties)
        created = type_.properties(self._aws(clear), clear)
        outputs = {**hide(created.outputs, inputs), MARK: True}
        return provider_pb2.CreateResponse(id=str(created.id), properties=encode(outputs))

    @told
    def Read(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Look a resource up, for a refresh or an import; no id means that it is gone."""
        type_ = _type(request.urn)
        inputs, state = decode(request.inputs), decode(request.properties)
        if state:
            _own_state(request.properties, request.urn)
        clear = reveal(inputs)
        found = resource.read(type_, self._aws(clear), request.id, clear, reveal(state))
        if found is None:
            return provider_pb2.ReadResponse()
        secret = {key for key, value in state.items() if has_secret(value)}
        return provider_pb2.ReadResponse(
            id=found.id,
            inputs=encode(_with_secrets(found.inputs, inputs)),
            properties=encode({**hide(found.outputs, inputs, secret), MARK: True}),
        )

    @told
    def Update(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Change a resource in place; in a preview, tell what is known of it."""
        type_ = _type(request.urn)
        state = _own_state(request.olds, request.urn)
        inputs = decode(request.news)
        clear, old_inputs = reveal(inputs), decode(request.old_inputs)
        if request.preview:
            fixed = {key: value for key, value in state.items() if key not in old_inputs}
            properties = {**fixed, **inputs, **self._known(type_, clear)}
            return provider_pb2.UpdateResponse(properties=encode(properties))
        old = reveal(old_inputs), reveal(state)
        outputs = resource.update(type_, self._aws(clear), request.id, clear, old)
        properties = {**hide(outputs, inputs), MARK: True}
        return provider_pb2.UpdateResponse(properties=encode(properties))

    @told
    def Delete(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Delete a resource."""
        type_ = _type(request.urn)
        state = reveal(_own_state(request.properties, request.urn))
        resource.delete(type_, self._aws(state), request.id, state)
        return empty_pb2.Empty()

    @told
    def Invoke(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Answer a look-up."""
        invoke = INVOKES.get(request.tok)
        if invoke is None:
            msg = f"the local cloud has no function {request.tok}"
            raise RefusedError("UnknownFunction", msg)
        arguments = reveal(decode(request.args))
        found = invoke(self._aws(arguments), arguments)
        return provider_pb2.InvokeResponse(**{"return": encode(found)})

    def Cancel(self, _request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Let calls that are under way finish."""
        return empty_pb2.Empty()

    def _aws(self, inputs: Any) -> Aws:
        if self._remote is None:
            msg = "the provider's settings are not known yet"
            raise RefusedError("NotConfigured", msg)
        region = inputs.get("region")
        return self._remote.provider.aws(self._remote, region if isinstance(region, str) else None)

    def _known(self, type_: ResourceType, inputs: dict[str, Any]) -> dict[str, Any]:
        """Return the outputs that follow from the inputs alone."""
        tags = inputs.get("tags") or {}
        if not type_.tagged or self._remote is None or isinstance(tags, Unknown):
            return {}
        return {"tagsAll": {**self._aws(inputs).default_tags, **tags}}

    def _computed_changes(
        self, type_: ResourceType, state: dict[str, Any], inputs: dict[str, Any]
    ) -> list[str]:
        """Return outputs that change although no input does, by the provider's settings."""
        if self._remote is None:
            return []
        known = self._known(type_, inputs)
        changed = [name for name in known if not same(state.get(name) or {}, known[name])]
        region = self._aws(inputs).region
        if type_.regional and state.get("region") not in (None, region):
            changed.append("region")
        return changed


def _type(urn: str) -> ResourceType:
    token = urn.split("::")[2].rpartition("$")[2]
    if token not in TYPES:
        msg = f"the local cloud cannot make a {token}"
        raise RefusedError("UnknownType", msg)
    return TYPES[token]


def _own_state(properties: Any, urn: str) -> dict[str, Any]:
    state = decode(properties)
    if not state.get(MARK):
        msg = (
            f"the state of {urn.rpartition('::')[2]} was not written on a local cloud; this is not "
            "the real AWS provider and leaves it alone: take its folder off PATH"
        )
        raise RefusedError("NotOurState", msg)
    return state


def _with_secrets(found: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
    """Return inputs as read, with the secrets of the program where nothing changed."""
    return {
        key: inputs[key]
        if key in inputs and same(inputs[key], value)
        else Secret(value)
        if has_secret(inputs.get(key))
        else value
        for key, value in found.items()
    }


def _kind(path: str, kind: str, replaces: list[str]) -> Any:
    """Return the kind of a change in the engine's words."""
    replaced = path.replace("[", ".").split(".")[0] in replaces
    name = f"{kind}_replace" if replaced else kind
    return provider_pb2.PropertyDiff(kind=KINDS.Value(name.upper()), inputDiff=kind == "update")


def _line(error: Exception) -> str:
    """Return an error as one line that starts with its code."""
    text = " ".join(str(error).split())
    if isinstance(error, ClientError):
        told_ = error.response["Error"]
        return f"{told_['Code']}: {' '.join(told_['Message'].split())} ({error.operation_name})"
    code = error.code if isinstance(error, RefusedError) else type(error).__name__
    return text if isinstance(error, PLAIN) else f"{code}: {text}"
