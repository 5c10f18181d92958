"""What can happen to a resource after its creation, as data: read, update, tag, delete, import.

The in-process runner only creates. The engine plugin does the rest, by these entries.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from meshkit.local.resources.model import Aws, RefusedError, at
from meshkit.local.resources.shapes import member_name, to_api

Properties = Mapping[str, Any]
Step = Callable[[Aws, Properties], Any]


@dataclass(frozen=True)
class Request:
    """An API call on a resource that exists.

    `members` tells where each member of the request comes from: the name of a property (`id` for
    the physical id), a literal (text after `=`), or a list or a mapping of these. A property
    without a value sends nothing.
    """

    service: str
    operation: str
    members: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, aws: Aws, properties: Properties) -> dict[str, Any]:
        """Make the call."""
        return aws.call(self.service, self.operation, self.filled(properties))

    def filled(self, properties: Properties) -> dict[str, Any]:
        """Return the request for a resource with these properties."""
        request = {key: _filled(source, properties) for key, source in self.members.items()}
        return {key: value for key, value in request.items() if value not in (None, "", [], {})}


@dataclass(frozen=True)
class Reading:
    """A call, or a function, that describes the resource.

    `result` is where the resource is in the response and `properties` maps Pulumi properties to
    paths in it, `id` is the path of the physical id where that is not the id of an import. A
    resource whose `status` is among `gone` is answered by AWS, but deleted.
    """

    request: Step
    result: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    id: str = ""
    status: str = "status"
    gone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Update:
    """A call that changes inputs of the resource. It sends all of `inputs`, whichever changed.

    `empty` are the values sent for inputs that the program no longer gives. `cleared` is the call
    made in place of this one when none of the inputs is given any more.
    """

    request: Request
    inputs: tuple[str, ...]
    renames: Mapping[str, str] = field(default_factory=dict)
    empty: Mapping[str, Any] = field(default_factory=dict)
    cleared: Request | None = None

    def __call__(self, aws: Aws, properties: Properties) -> dict[str, Any]:
        """Make the call with the new properties."""
        given = {key: properties[key] for key in self.inputs if properties.get(key) is not None}
        if self.cleared and not given:
            return self.cleared(aws, properties)
        service, operation = self.request.service, self.request.operation
        shape = aws.client(service).meta.service_model.operation_model(operation).input_shape
        changed = to_api(shape, {**self.empty, **given}, self.renames)
        return aws.call(service, operation, {**self.request.filled(properties), **changed})


@dataclass(frozen=True)
class Changed:
    """An update that is more than one call: a function of the old and of the new properties."""

    inputs: tuple[str, ...]
    apply: Callable[[Aws, Properties, Properties], Any]


@dataclass(frozen=True)
class Tagging:
    """How tags are changed and listed. `listed` is empty where reading the resource gives them.

    `path` is where the tags are in the answer of `listed`, or else in the resource; `member` is
    what the calls take them as.
    """

    service: str
    members: Mapping[str, Any]
    add: str = "TagResource"
    remove: str = "UntagResource"
    listed: str = "ListTagsForResource"
    path: str = "tags"
    member: str = "tags"

    def change(self, aws: Aws, properties: Properties, old: Properties, new: Properties) -> None:
        """Make the calls that lead from the old tags to the new."""
        gone = {key: value for key, value in old.items() if key not in new}
        added = {key: value for key, value in new.items() if old.get(key) != value}
        if gone:
            self._send(aws, self.remove, properties, gone)
        if added:
            self._send(aws, self.add, properties, added)

    def _send(self, aws: Aws, operation: str, properties: Properties, tags: Properties) -> None:
        shape = aws.client(self.service).meta.service_model.operation_model(operation).input_shape
        named = member_name(shape, "tagKeys")
        sent = {named: list(tags)} if named else to_api(shape, {self.member: dict(tags)})
        request = Request(self.service, operation, self.members).filled(properties)
        aws.call(self.service, operation, {**request, **sent})

    def read(self, aws: Aws, properties: Properties, resource: Any) -> dict[str, str]:
        """Return all tags of a resource, without those that AWS sets itself."""
        if self.listed:
            resource = Request(self.service, self.listed, self.members)(aws, properties)
        found = at(resource, self.path) or {}
        if isinstance(found, list):
            # KMS writes TagKey and TagValue.
            entries = [
                {key.lower().removeprefix("tag"): value for key, value in tag.items()}
                for tag in found
            ]
            found = {tag["key"]: tag.get("value", "") for tag in entries}
        return {key: value for key, value in found.items() if not key.startswith("aws:")}


@dataclass(frozen=True)
class Life:
    """A resource type after the creation.

    `imported` is the template of the id that an import takes, over the inputs; its parts name the
    resource before anything was read. `steering` are inputs that only steer the provider, so a
    change of one makes no call. `computed` are inputs that AWS fills in where the program gives
    none, so that to give none is no change. `identifiers` are inputs that take an id or an ARN that
    ends with it. `implied` are parts of inputs, by name and value, that say no more than their
    absence. An input that no update takes forces a replacement; so does a part of one, by its path
    in `fixed`.
    """

    read: Reading
    delete: tuple[Step, ...]
    updates: tuple[Update | Changed, ...] = ()
    tagging: Tagging | None = None
    imported: str = "{id}"
    steering: frozenset[str] = frozenset()
    computed: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()
    implied: Mapping[str, Any] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()

    def updatable(self, name: str) -> bool:
        """Tell whether a change of this input leaves the resource in place."""
        if name in self.steering or (name in ("tags", "tagsAll") and self.tagging):
            return True
        return any(name in update.inputs for update in self.updates)

    def parts(self, id_: str) -> dict[str, str]:
        """Return the properties that an id given to an import tells. Raises RefusedError."""
        names = re.findall(r"\{(\w+)\}", self.imported)
        between = [re.escape(text) for text in re.split(r"\{\w+\}", self.imported)]
        groups = [*("(.+?)" for _ in names[:-1]), "(.+)"] if names else []
        pattern = between[0] + "".join(
            group + text for group, text in zip(groups, between[1:], strict=True)
        )
        match = re.fullmatch(pattern, id_)
        if match is None:
            msg = f"{id_!r} is not an id of this type; it is written {self.imported}"
            raise RefusedError("InvalidImportId", msg)
        return {"id": id_, **dict(zip(names, match.groups(), strict=True))}


def _filled(source: Any, properties: Properties) -> Any:
    if isinstance(source, list):
        return [value for value in (_filled(item, properties) for item in source) if value]
    if isinstance(source, Mapping):
        return {key: _filled(item, properties) for key, item in source.items()}
    if not isinstance(source, str):
        return source
    return source[1:] if source.startswith("=") else properties.get(source)
