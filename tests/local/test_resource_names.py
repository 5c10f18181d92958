from __future__ import annotations

import importlib
import typing
from typing import TYPE_CHECKING, Any

import boto3
import pulumi
import pytest
from pulumi import _types

from meshkit.local.resources import TYPES
from meshkit.local.resources.appmesh import TYPES as APP_MESH
from meshkit.local.resources.model import Aws, Call
from meshkit.local.resources.shapes import UnknownInputError, member_name, to_api
from tests.local.making import REGION, input_names, make, output_names, sdk_class

if TYPE_CHECKING:
    from collections.abc import Iterator

# The API has no such member, and AWS has no such match.
NO_PLACE = {"aws:appmesh/route:Route": [".spec.grpcRoute.match.prefix"]}


@pytest.mark.parametrize("token", sorted(TYPES))
def test_every_name_an_entry_mentions_is_one_of_the_sdk_class(token: str) -> None:
    type_ = TYPES[token]
    inputs = input_names(token)

    assert type_.token == token
    assert type_.defaults.keys() <= inputs
    assert type_.autoname is None or type_.autoname in inputs
    assert type_.tagged == ("tagsAll" in output_names(token))
    assert type_.regional == ("region" in inputs)
    if isinstance(type_.create, Call):
        assert type_.create.renames.keys() <= inputs
        assert type_.create.ignored <= inputs
        assert type_.create.outputs.keys() <= output_names(token)


@pytest.mark.parametrize("token", sorted(APP_MESH))
def test_the_whole_spec_of_app_mesh_has_a_place_in_the_api(token: str) -> None:
    create = APP_MESH[token].create
    assert isinstance(create, Call)
    client = boto3.client("appmesh", region_name=REGION)
    shape = client.meta.service_model.operation_model(create.operation).input_shape

    missing = list(without_place(sdk_class(token, "Args"), shape, "", create.renames))

    assert missing == NO_PLACE.get(token, [])


def without_place(args: Any, shape: Any, path: str, renames: Any) -> Iterator[str]:
    for python_name, name in _types.input_type_py_to_pulumi_names(args).items():
        if not path and name == "region":
            continue
        member = member_name(shape, renames.get(name, name))
        if member is None:
            yield f"{path}.{name}"
            continue
        inner = shape.members[member]
        while inner.type_name == "list":
            inner = inner.member
        names = {
            **vars(importlib.import_module(args.__module__)),
            "Output": pulumi.Output,
            "T": Any,
        }
        hint = typing.get_type_hints(getattr(args, python_name).fget, names)["return"]
        for nested in nested_types(hint):
            yield from without_place(nested, inner, f"{path}.{name}", {})


def nested_types(hint: Any) -> list[Any]:
    if isinstance(hint, type) and _types.is_input_type(hint):
        return [hint]
    return [found for part in typing.get_args(hint) for found in nested_types(part)][:1]


def test_generated_names_are_the_same_for_the_same_urn_and_keep_a_prefix() -> None:
    type_ = TYPES["aws:iam/role:Role"]

    first = type_.checked("urn:pulumi:s::p::aws:iam/role:Role::web", {})["name"]
    again = type_.checked("urn:pulumi:s::p::aws:iam/role:Role::web", {})["name"]
    other = type_.checked("urn:pulumi:t::p::aws:iam/role:Role::web", {})["name"]
    prefixed = type_.checked("urn:pulumi:s::p::aws:iam/role:Role::web", {"namePrefix": "x-"})

    assert first == again != other
    assert first.startswith("web-")
    assert prefixed["name"].startswith("x-")


def test_an_input_without_a_place_in_the_api_is_named(aws: Aws) -> None:
    with pytest.raises(UnknownInputError, match="'pgpKey'"):
        make(aws, "aws:iam/accessKey:AccessKey", user="u", pgpKey="k")


def test_numbers_of_the_engine_become_what_the_api_takes() -> None:
    shape = boto3.client("appmesh", region_name=REGION).meta.service_model.shape_for("PortMapping")

    assert to_api(shape, {"port": 80.0, "protocol": "http"}) == {"port": 80, "protocol": "http"}
