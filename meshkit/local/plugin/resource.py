"""One resource on the local cloud: read, update and delete, by the entry of its type."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from meshkit.local.plugin.difference import difference, same, same_name, without
from meshkit.local.plugin.typed import from_api, input_names, property_type
from meshkit.local.resources.life import Changed, Request
from meshkit.local.resources.model import RefusedError, at, plain
from meshkit.local.resources.shapes import UnknownInputError, to_api

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.local.resources.life import Step
    from meshkit.local.resources.model import Aws, ResourceType

GONE = re.compile(
    r"\S*(NotFound|NoSuch|UnknownResource|DoesNotExist|NotInUse)|ValidationError .*not found"
)
IN_USE = re.compile(r"\S*(InUse|DeleteConflict|DependencyViolation|ClusterContains)")
"""Matched against the code and the message of an error: the services have no common codes."""
PATIENCE = 60.0
"""How long a delete waits for what still uses the resource, in seconds."""


@dataclass(frozen=True)
class Found:
    """A resource as the cloud has it: its id, the inputs that would make it, its properties."""

    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]


def read(
    type_: ResourceType, aws: Aws, id_: str, inputs: Mapping[str, Any], state: Mapping[str, Any]
) -> Found | None:
    """Look a resource up, None when it is gone. With no `state` this is an import.

    Inputs stay as the program wrote them unless the cloud has something else.
    """
    known = {**state, "id": id_} if state else type_.life.parts(id_)
    resource = _described(type_, aws, known)
    if not resource:
        return None
    found = _properties(type_, aws, resource, {**state, **inputs})
    if type_.regional:
        found["region"] = aws.region
    if type_.tagged and type_.life.tagging:
        tags = type_.life.tagging.read(aws, {**known, **found}, resource)
        found.update(_tags(aws, tags, inputs.get("tags")))
    path = type_.life.read.id
    physical = str(at(resource, path)) if path else id_
    outputs = {**known, **found, "id": physical}
    if not state:
        return Found(physical, _imported_inputs(type_, {**known, **found}), outputs)
    return Found(physical, _drifted(type_, inputs, state, found), outputs)


def adopt(type_: ResourceType, aws: Aws, id_: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Take an existing resource over, and bring it to its inputs; return the outputs."""
    found = read(type_, aws, id_, inputs, {})
    if found is None:
        msg = f"{id_} is not there to be imported"
        raise RefusedError("NotFound", msg)
    fixed = difference(type_, found.inputs, inputs).replacing
    if fixed:
        msg = f"{id_} can't be imported: its {', '.join(fixed)} can't be changed to the program's"
        raise RefusedError("ImportMismatch", msg)
    return update(type_, aws, id_, inputs, (found.inputs, found.outputs))


def update(
    type_: ResourceType,
    aws: Aws,
    id_: str,
    inputs: Mapping[str, Any],
    old: tuple[Mapping[str, Any], Mapping[str, Any]],
) -> dict[str, Any]:
    """Make the calls that lead from `old`, inputs and state, to new inputs; return the outputs."""
    old_inputs, state = old
    life = type_.life
    changed = set(difference(type_, old_inputs, inputs).changed)
    fixed = {
        key: value
        for key, value in state.items()
        if key not in old_inputs and not life.updatable(key)
    }
    before, after = {**state, **old_inputs, "id": id_}, {**fixed, **inputs, "id": id_}
    for step in life.updates:
        if not changed.intersection(step.inputs):
            continue
        if isinstance(step, Changed):
            step.apply(aws, before, after)
        else:
            step(aws, after)
    if type_.tagged and life.tagging:
        tags = {**aws.default_tags, **(inputs.get("tags") or {})}
        life.tagging.change(aws, after, state.get("tagsAll") or {}, tags)
    found = read(type_, aws, id_, inputs, {**fixed, **inputs})
    if found is None:
        msg = f"{id_} is gone from the cloud: run a refresh"
        raise RefusedError("NotFound", msg)
    return found.outputs


def delete(type_: ResourceType, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
    """Delete a resource. One that is gone already is no fault; one still in use is waited for."""
    for step in type_.life.delete:
        _delete(step, aws, {**state, "id": id_})


def _delete(step: Step, aws: Aws, properties: Mapping[str, Any]) -> None:
    end, pause = time.monotonic() + PATIENCE, 0.1
    while True:
        try:
            step(aws, properties)
        except ClientError as error:
            told = _told(error)
            if GONE.match(told):
                return
            if not IN_USE.match(told) or time.monotonic() > end:
                raise
        else:
            return
        time.sleep(pause)
        pause = min(pause * 2, 2.0)


def _told(error: ClientError) -> str:
    answer = error.response["Error"]
    return f"{answer['Code']} {answer['Message']}"


def _described(type_: ResourceType, aws: Aws, known: Mapping[str, Any]) -> Any:
    reading = type_.life.read
    try:
        resource = at(reading.request(aws, known), reading.result)
    except ClientError as error:
        if GONE.match(_told(error)):
            return None
        raise
    deleted = reading.status and resource and at(resource, reading.status) in reading.gone
    return None if deleted else resource


def _properties(
    type_: ResourceType, aws: Aws, resource: Any, known: Mapping[str, Any]
) -> dict[str, Any]:
    reading, found = type_.life.read, {}
    for name, path in type_.life.read.properties.items():
        value = at(resource, path)
        if value is not None:
            shape = _shape(aws, reading.request, f"{reading.result}.{path}".lstrip("."))
            found[name] = _property(type_, name, shape, value, known.get(name))
    return found


def _property(type_: ResourceType, name: str, shape: Any, value: Any, known: Any) -> Any:
    """Return an answer of AWS as the property; what is known is kept where it says the same."""
    if shape is None:
        return known if same(known, value) else plain(value)
    if shape.type_name in ("structure", "list", "map"):
        implied = type_.life.implied
        if (known is not None or implied) and same(
            without(_as_api(shape, known), implied), without(value, implied)
        ):
            return known
        return from_api(shape, value, property_type(type_.token, name))
    if isinstance(value, (dict, list)):  # botocore parses the policies in answers of IAM
        value = json.dumps(value, separators=(",", ":"))
    if name in type_.life.identifiers and same_name(known, value):
        return known
    return known if same(known, plain(value)) else plain(value)


def _as_api(shape: Any, value: Any) -> Any:
    if value is None:
        return None
    try:
        return to_api(shape, value)
    except UnknownInputError:
        return None


def _shape(aws: Aws, request: Step, path: str) -> Any:
    """Return the shape at a path of an operation's answer, None where a function answers."""
    if not isinstance(request, Request):
        return None
    model = aws.client(request.service).meta.service_model
    shape = model.operation_model(request.operation).output_shape
    for part in path.split("."):
        shape = shape.member if shape.type_name == "list" else shape.members[part]
    return shape


def _tags(aws: Aws, tags: Mapping[str, str], own: Mapping[str, str] | None) -> dict[str, Any]:
    if tags == {**aws.default_tags, **(own or {})}:
        return {"tags": own or {}, "tagsAll": tags}
    added = {key: value for key, value in tags.items() if aws.default_tags.get(key) != value}
    return {"tags": added, "tagsAll": tags}


def _imported_inputs(type_: ResourceType, found: Mapping[str, Any]) -> dict[str, Any]:
    names = input_names(type_.token) - {"region"}
    given = {key: found[key] for key in names if found.get(key) not in (None, "", [], {})}
    return {**type_.defaults, **given}


def _drifted(
    type_: ResourceType,
    inputs: Mapping[str, Any],
    state: Mapping[str, Any],
    found: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the inputs with what was changed behind the engine's back."""
    drifted = dict(inputs)
    for name, value in found.items():
        if name == "tagsAll" or not (name in inputs or type_.life.updatable(name)):
            continue
        empty = name not in inputs and not value and not state.get(name)
        if not empty and not same(state.get(name), value):
            drifted[name] = value
    return drifted
