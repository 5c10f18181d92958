"""The JSON Schemas of a mesh file and of a landing zone, by which editors complete and check.

Made from the models: their shapes from pydantic, the descriptions from the docstrings below their
attributes, which are read from the source here, since reading them at import costs too much.
"""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from meshkit.config.file import MeshFile
from meshkit.config.landing_zone import LandingZoneFile
from meshkit.config.types import Model, OneOf
from meshkit.garbage import paused_gc

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema = dict[str, Any]

_SHORT_FORMS: Final = {
    "AccessLog": "path",
    "Backend": "service",
    "Dns": "hostname",
    "GatewayTarget": "name",
}
"""Models that may be written as the value of one key alone."""
_HOLE: Final = {"$ref": "#/$defs/Hole"}
_HOLE_SCHEMA: Final = {
    "description": "A value known later: ${var.NAME}, ${env.NAME}, ${account}, ${partition}, "
    "${region}. A number, a choice or a name needs a plain value by then.",
    "type": "string",
    "pattern": r"\$\{",
}
_INCLUDE: Final = {
    "description": "Files, and the top-level keys to take from each.",
    "type": "object",
    "additionalProperties": {"type": "array", "items": {"type": "string"}},
}
_ABOUT: Final = ("description", "default")
"""What is said of a value, whatever its alternatives."""


def json_schema() -> Schema:
    """The schema (draft 2020-12). It takes short forms and ``${…}`` wherever the loader does.

    Some things it can't say: names that must lead somewhere, and all that the rules check.
    """
    made = _definitions(MeshFile)
    _add_short_forms(made)
    for workload in ("EcsWorkload", "EksWorkload", "Ec2Workload", "LambdaWorkload"):
        del made[workload]["required"]  # its type may come from the defaults
    return _whole(made, "MeshFile", "meshkit mesh file")


def zone_schema() -> Schema:
    """The schema of a landing zone, likewise."""
    made = _definitions(LandingZoneFile)
    _take_single_texts(made["Statement"])
    return _whole(made, "LandingZoneFile", "meshkit landing zone")


def _definitions(root: type[Model]) -> dict[str, Schema]:
    """The schemas of a file and of its parts, by the names of their models."""
    schema = root.model_json_schema()
    definitions: dict[str, Schema] = schema.pop("$defs")
    definitions[root.__name__] = schema
    for model in _models(Model):
        if model.__name__ in definitions:
            _describe(definitions[model.__name__], model)
    return {name: _with_holes(definition) for name, definition in definitions.items()}


def _whole(made: dict[str, Schema], name: str, title: str) -> Schema:
    root = made.pop(name)
    root["properties"]["include"] = _INCLUDE
    root["anyOf"] = [{"required": root.pop("required")}, {"required": ["include"]}]
    made["Hole"] = _HOLE_SCHEMA
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return {**head, **root, "$defs": dict(sorted(made.items()))}


def _models(model: type[Model]) -> Iterator[type[Model]]:
    for each in model.__subclasses__():
        yield each
        yield from _models(each)


def _describe(schema: Schema, model: type[Model]) -> None:
    """Adds the docstrings of the attributes, and which keys exclude each other."""
    schema.pop("title", None)
    schema["description"] = inspect.cleandoc(model.__doc__ or "").replace("``", "`")
    for name, field in model.model_fields.items():
        found = schema["properties"][field.alias or name]
        found.pop("title", None)
        if found.get("default", ...) is None:
            del found["default"]
        text = next((docs[name] for docs in map(_attributes, model.__mro__) if name in docs), None)
        if text:
            found["description"] = text
    if issubclass(model, OneOf):
        if model.required:
            schema["oneOf"] = [{"required": [key]} for key in _written_keys(model)]
        else:
            pairs = combinations(_written_keys(model), 2)
            schema["not"] = {"anyOf": [{"required": list(pair)} for pair in pairs]}


def _written_keys(model: type[OneOf]) -> list[str]:
    return [model.model_fields[name].alias or name for name in model.one_of]


@cache
def _attributes(model: type) -> dict[str, str]:
    """The docstrings below the attributes of a class."""
    return _docstrings(model.__module__).get(model.__name__, {})


@cache
def _docstrings(module: str) -> dict[str, dict[str, str]]:
    """For each class of a module, the docstrings of its attributes."""
    if not module.startswith("meshkit."):
        return {}
    with paused_gc():  # Python 3.11 bears no second parse in a collection meanwhile
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    found: dict[str, dict[str, str]] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found[node.name] = dict(_documented(node))
    return found


def _documented(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for statement, following in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and isinstance(following, ast.Expr)
            and isinstance(following.value, ast.Constant)
        ):
            text = inspect.cleandoc(str(following.value.value)).replace("``", "`")
            yield statement.target.id, " ".join(text.split())


def _with_holes(schema: Schema) -> Schema:
    """The schema of a mapping or list, whose values may each be a text with a hole."""
    made = dict(schema)
    for pattern, value in made.pop("patternProperties", {}).items():
        made["propertyNames"] = {"anyOf": [{"pattern": pattern}, {"pattern": r"\$\{var\."}]}
        made["additionalProperties"] = value
    if isinstance(made.get("additionalProperties"), dict):
        made["additionalProperties"] = _or_hole(made["additionalProperties"])
    if "items" in made:
        made["items"] = _or_hole(made["items"])
    if "properties" in made:
        made["properties"] = {key: _or_hole(value) for key, value in made["properties"].items()}
    return made


def _or_hole(schema: Schema) -> Schema:
    about: Schema = {key: schema[key] for key in _ABOUT if key in schema}
    rest = {key: value for key, value in schema.items() if key not in _ABOUT}
    return {**about, "anyOf": [*_alternatives(rest), _HOLE]}


def _alternatives(schema: Schema) -> list[Schema]:
    """The forms of a value, without the one for text with holes."""
    if schema == {"type": "string", "pattern": _HOLE_SCHEMA["pattern"]}:
        return []
    nested = schema.get("anyOf") or schema.get("oneOf")
    if nested and "properties" not in schema:
        return [each for branch in nested for each in _alternatives(branch)]
    return [_with_holes(schema)]


def _add_short_forms(definitions: dict[str, Schema]) -> None:
    for name, key in _SHORT_FORMS.items():
        definition = definitions[name]
        short = definition["properties"][key]
        about = {"description": definition.pop("description")}
        definitions[name] = {**about, "anyOf": [definition, *short["anyOf"]]}
    weight = definitions["Target"]["properties"]["weight"]
    shares = {
        "description": "Nodes and their weights.",
        "type": "object",
        "additionalProperties": weight,
        "minProperties": 1,
        "maxProperties": 10,
    }
    for name in ("HttpRoute", "GrpcRoute", "TcpRoute"):
        definitions[name]["properties"]["targets"]["anyOf"].append(shares)
    _take_single_texts(definitions["Statement"])
    _take_single_texts(definitions["OidcSignIn"])
    _take_single_texts(definitions["AccountSignIn"]["properties"]["principals"])


def _take_single_texts(schema: Schema | list[Any]) -> None:
    """Lets a text stand for a list of one, at every depth."""
    if isinstance(schema, dict):
        for branch in schema.get("anyOf", []):
            if branch.get("type") == "array":
                schema["anyOf"] = [*schema["anyOf"], branch["items"]]
    nested = schema.values() if isinstance(schema, dict) else schema
    for value in nested:
        if isinstance(value, dict | list):
            _take_single_texts(value)
