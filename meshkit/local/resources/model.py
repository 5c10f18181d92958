"""How a Pulumi resource type becomes AWS API calls."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore import xform_name

from meshkit.local.resources.shapes import to_api

if TYPE_CHECKING:
    from meshkit.local.resources.life import Life

Inputs = Mapping[str, Any]
SUFFIX = 7
"""How many characters the official provider puts behind a name."""


class RefusedError(Exception):
    """AWS, or the official provider, would refuse this; `code` is the error code."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class Created(NamedTuple):
    """What a create gives: the physical id, and the properties that AWS adds to the inputs."""

    id: str
    outputs: dict[str, Any]


@dataclass(frozen=True)
class Aws:
    """One account and region of the local cloud, as the calls of a resource see it."""

    client: Callable[[str], Any]
    account: str
    region: str
    partition: str = "aws"
    default_tags: Mapping[str, str] = field(default_factory=dict)

    def call(self, service: str, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Call an API operation by its API name, such as `CreateMesh`."""
        method = getattr(self.client(service), xform_name(operation))
        response: dict[str, Any] = method(**request)
        return response

    def send(
        self,
        service: str,
        operation: str,
        inputs: Inputs,
        renames: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Call an API operation with Pulumi inputs, translated by the shape of its request."""
        shape = self.client(service).meta.service_model.operation_model(operation).input_shape
        return self.call(service, operation, to_api(shape, inputs, renames))

    def arn(self, service: str, resource: str) -> str:
        """Return an ARN of this account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


Create = Callable[[Aws, Inputs], Created]
Read = Callable[[Aws, str], dict[str, Any]]
Invoke = Callable[[Aws, Inputs], dict[str, Any]]


@dataclass(frozen=True)
class ResourceType:
    """One Pulumi resource type.

    `autoname` is the input that gets a generated name when the program gives none, `defaults` are
    the values that the official provider fills in, `tagged` says that the type takes tags, and
    `regional` that it lives in a region. `read` is None where a program can't look the type up.
    `life` is what happens after the creation, under the engine.
    """

    token: str
    create: Create
    life: Life
    read: Read | None = None
    autoname: str | None = "name"
    defaults: Mapping[str, Any] = field(default_factory=dict)
    tagged: bool = True
    regional: bool = True

    def checked(self, urn: str, inputs: Inputs, seed: bytes = b"") -> dict[str, Any]:
        """Return the inputs with the provider's defaults, and with a name where none is given.

        The name is the logical name and a hash of URN and seed: with the same seed, or none, a
        second run gives the same.
        """
        checked = {**self.defaults, **inputs}
        if self.autoname and checked.get(self.autoname) is None:
            unique = hashlib.sha256(urn.encode() + seed).hexdigest()
            checked[self.autoname] = self._prefix(urn, checked) + unique[:SUFFIX]
        return checked

    def autonamed(self, urn: str, inputs: Inputs) -> bool:
        """Tell whether the name in these inputs is a generated one."""
        name = inputs.get(self.autoname) if self.autoname else None
        pattern = rf"{re.escape(self._prefix(urn, inputs))}[0-9a-f]{{{SUFFIX}}}"
        return isinstance(name, str) and bool(re.fullmatch(pattern, name))

    def _prefix(self, urn: str, inputs: Inputs) -> str:
        return str(inputs.get(f"{self.autoname}Prefix") or urn.rpartition("::")[2] + "-")

    def properties(self, aws: Aws, inputs: Inputs) -> Created:
        """Create the resource and return its id with all its properties."""
        wanted = {key: value for key, value in inputs.items() if value is not None}
        if self.tagged:
            wanted["tags"] = {**aws.default_tags, **wanted.get("tags", {})}
        unsent = ("region", f"{self.autoname}Prefix")
        created = self.create(aws, {key: wanted[key] for key in wanted if key not in unsent})
        added: dict[str, Any] = {"region": aws.region} if self.regional else {}
        if self.tagged:
            added["tagsAll"] = wanted["tags"]
        return Created(created.id, {**inputs, **added, **created.outputs, "id": created.id})


@dataclass(frozen=True)
class Call:
    """A create that is one API call, told by names alone.

    `result` is where the created thing is in the response, `outputs` maps Pulumi outputs to paths
    in that thing, and `id` is such a path or, with braces, a template over the inputs and outputs.
    `renames` maps input names to API names where they differ, `ignored` are inputs that only steer
    the official provider.
    """

    service: str
    operation: str
    result: str = ""
    id: str = "{arn}"
    renames: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    outputs: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, aws: Aws, inputs: Inputs) -> Created:
        """Make the call."""
        sent = {key: value for key, value in inputs.items() if key not in self.ignored}
        if not sent.get("tags", True):  # some APIs refuse an empty list of tags
            del sent["tags"]
        thing = at(aws.send(self.service, self.operation, sent, self.renames), self.result)
        found = {name: plain(at(thing, path)) for name, path in self.outputs.items()}
        outputs = {name: value for name, value in found.items() if value is not None}
        id_ = self.id.format_map({**inputs, **outputs}) if "{" in self.id else at(thing, self.id)
        return Created(id_, outputs)


def at(value: Any, path: str) -> Any:
    """Return what is at a dotted path (`a.b.0.c`), or None."""
    for part in path.split(".") if path else ():
        if isinstance(value, list):
            value = value[int(part)] if int(part) < len(value) else None
        else:
            value = (value or {}).get(part)
    return value


def plain(value: Any) -> Any:
    """Return a value of an AWS response as the engine takes it: times as RFC 3339 text."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def by_token(*types: ResourceType) -> dict[str, ResourceType]:
    """Return types keyed by their tokens."""
    return {type_.token: type_ for type_ in types}
