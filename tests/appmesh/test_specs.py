"""Every field of every kind, from the file's words through pulumi_aws back to the API's."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pulumi_aws.appmesh._inputs as shapes
import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from meshkit.appmesh.translation import duration
from meshkit.errors import MeshkitError

if TYPE_CHECKING:
    from collections.abc import Iterator


from tests.appmesh.spec_cases import CASES, HEADERS, gateway_route, node, seconds

RENAMES = {"https": "http", "http2s": "http2", "tcps": "tcp", "exacts": "exact", "jsons": "json",
           "metadatas": "metadata"}  # fmt: skip
"""What pulumi_aws calls otherwise than the API."""
SINGLE = {"https", "http2s", "tcps"}
"""What it takes a list of and the API takes one of."""


@cache
def service_model() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("appmesh", "service-2"))


def api(value: Any) -> Any:
    """What pulumi_aws's provider sends for a spec: its renames undone."""
    if isinstance(value, dict):
        made = {}
        for key, item in value.items():
            if key == "attributes":
                made[key] = [{"key": k, "value": v} for k, v in item.items()]
                continue
            single = item[0] if key in SINGLE else item
            made[camel(RENAMES.get(str(key), str(key)))] = api(single)
        return made
    return [api(item) for item in value] if isinstance(value, list | tuple) else value


def camel(key: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), key)


def check_api(value: Any, shape: Any, path: str) -> None:
    """The value has the members that the API's model has, and all it requires."""
    if shape.type_name == "structure":
        assert set(value) <= set(shape.members), path
        assert set(shape.required_members) <= set(value), path
        for key, item in value.items():
            check_api(item, shape.members[key], f"{path}.{key}")
    elif shape.type_name == "list":
        for item in value:
            check_api(item, shape.member, f"{path}[]")
    elif getattr(shape, "enum", None):
        assert value in shape.enum, path


def check_pulumi(value: Any, hint: Any, path: str) -> None:
    """Every key of the value is one of the TypedDict that pulumi_aws has at its place."""
    name = re.search(r"\w+ArgsDict", str(hint))
    if isinstance(value, list | tuple):
        for item in value:
            check_pulumi(item, hint, f"{path}[]")
    elif isinstance(value, dict) and name:
        known = getattr(shapes, name[0]).__annotations__
        assert set(value) <= set(known), path
        for key, item in value.items():
            check_pulumi(item, known[key], f"{path}.{key}")


@pytest.mark.parametrize("case", CASES)
def test_a_spec_says_to_the_api_what_the_file_says(case: str) -> None:
    _, sent, expected = CASES[case]

    assert (None if sent is None else api(sent)) == expected


@pytest.mark.parametrize("case", CASES)
def test_the_expected_specs_are_valid_for_the_api(case: str) -> None:
    kind, _, expected = CASES[case]

    if expected is not None:
        check_api(expected, service_model().shape_for(kind), kind)


def members(value: Any, shape: Any) -> Iterator[tuple[str, str]]:
    """Each member of a structure that the value has, with the name of the structure."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield shape.name, key
            yield from members(item, shape.members[key])
    elif isinstance(value, list):
        for item in value:
            yield from members(item, shape.member)


def all_members(shape: Any, seen: set[str]) -> Iterator[tuple[str, str]]:
    if shape.type_name == "list":
        yield from all_members(shape.member, seen)
    elif shape.type_name == "structure" and shape.name not in seen:
        seen.add(shape.name)
        for key, member in shape.members.items():
            yield shape.name, key
            yield from all_members(member, seen)


LACKING = {
    ("AwsCloudMapServiceDiscovery", "ipPreference"),
    ("HttpGatewayRouteMatch", "method"),
    ("GrpcGatewayRouteMatch", "hostname"),
    ("GrpcGatewayRouteMatch", "metadata"),
    ("GrpcGatewayRouteAction", "rewrite"),
}
"""What the API has and pulumi_aws can't say."""


def test_the_cases_cover_every_member_of_every_spec() -> None:
    said = {
        member
        for kind, _, expected in CASES.values()
        for member in members(expected, service_model().shape_for(kind))
    }
    seen: set[str] = set()
    wanted = {
        member
        for kind in {kind for kind, _, _ in CASES.values()}
        for member in all_members(service_model().shape_for(kind), seen)
    }

    missing = {f"{shape}.{member}" for shape, member in wanted - said - LACKING}
    assert {each for each in missing if not each.startswith(BELOW_LACKING)} == set()


BELOW_LACKING = ("GrpcGatewayRouteMetadata", "GrpcMetadataMatchMethod", "GrpcGatewayRouteRewrite")


@pytest.mark.parametrize("case", CASES)
def test_a_spec_has_only_keys_that_pulumi_aws_knows(case: str) -> None:
    kind, sent, _ = CASES[case]

    if sent is not None:
        check_pulumi(sent, f"{kind}ArgsDict", kind)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2s", seconds(2)), ("1500ms", {"unit": "ms", "value": 1500}), ("0s", seconds(0)),
     (None, None)],
)  # fmt: skip
def test_a_duration_keeps_the_unit_that_was_written(text: str | None, expected: Any) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize(
    "make",
    [
        lambda: node(
            service_discovery={
                "cloud_map": {"namespace": "n", "service": "s", "ip_preference": "IPv4_ONLY"}
            }
        ),
        lambda: gateway_route(http={"match": {"prefix": "/", "method": "GET"}, "service": "s"}),
        lambda: gateway_route(grpc={"match": {"hostname": {"exact": "h"}}, "service": "s"}),
        lambda: gateway_route(
            grpc={"match": {"service_name": "s", "metadata": HEADERS}, "service": "s"}
        ),
        lambda: gateway_route(
            grpc={
                "match": {"service_name": "s"},
                "service": "s",
                "rewrite": {"default_target_hostname": "ENABLED"},
            }
        ),
    ],
)
def test_what_the_provider_lacks_is_refused_not_dropped(make: Any) -> None:
    with pytest.raises(MeshkitError, match="pulumi_aws 7 lacks it"):
        make()
