"""The local cloud's services, in process, with a client for each account."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from botocore.utils import parse_timestamp
from moto import mock_aws

from meshkit.local.services import install
from meshkit.local.services.appmesh.service import AppMeshResponse
from meshkit.local.services.dispatch import ModelResponse
from meshkit.local.services.iam import IamResponse
from meshkit.local.services.organization import found_organization
from meshkit.local.services.pod_identity import PodIdentityResponse
from meshkit.local.services.query import QueryOperations
from meshkit.local.services.ram.service import RamResponse
from meshkit.local.services.sts import StsResponse
from meshkit.local.services.vpclattice.service import VpcLatticeResponse

REGION = "eu-west-1"
OWNER = "111111111111"
CONSUMER = "222222222222"
STRANGER = "333333333333"
MANAGEMENT = "999999999999"
ORGANIZATION = "o-exampleorg"

Client = Any
Clients = Callable[..., Client]

install()
# One session: it keeps the service models that every client would load again.
_SESSION = boto3.Session()


class Cloud:
    """Clients of any account, and the operations that answered so far.

    Every good answer is compared with the operation's output shape, strictly.
    """

    def __init__(self) -> None:
        self._clients: dict[tuple[Any, ...], Client] = {}
        self.answered: set[str] = set()

    def __call__(
        self,
        service: str,
        account: str = OWNER,
        *,
        role: str = "test",
        region: str = REGION,
        validate: bool = True,
    ) -> Client:
        key = (service, account, role, region, validate)
        if key not in self._clients:
            self._clients[key] = self._client(*key)
        return self._clients[key]

    def _client(self, service: str, account: str, role: str, region: str, validate: bool) -> Client:
        config = Config(parameter_validation=validate, retries={"total_max_attempts": 1})
        sts = _SESSION.client(
            "sts", region_name=region, aws_access_key_id="x", aws_secret_access_key="x"
        )
        arn = f"arn:aws:iam::{account}:role/{role}"
        given = sts.assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        client = _SESSION.client(
            service,
            region_name=region,
            config=config,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )
        client.meta.events.register("after-call", self._check)
        return client

    def _check(self, http_response: Any, model: Any, **_: Any) -> None:
        if http_response.status_code >= 300 or not is_ours(model):
            return
        if http_response.status_code != 204:  # which has no body
            assert_conforms(*body_and_shape(http_response.content, model), model.name)
        self.answered.add(model.name)


def body_and_shape(content: bytes, model: OperationModel) -> tuple[object, Shape]:
    """Return what an answer says as plain data, and the shape that it must have."""
    shape = model.output_shape
    if model.service_model.protocol == "query":
        *results, metadata = ET.fromstring(content.decode())
        assert [each.tag.partition("}")[2] for each in metadata] == ["RequestId"]
        if shape is None:
            assert results == []
            return {}, StructureShape("Nothing", {"type": "structure", "members": {}})
        (result,) = results
        return from_xml(result, shape), shape
    assert shape is not None
    payload = shape.serialization.get("payload")
    return json.loads(content), shape.members[payload] if payload else shape


def from_xml(element: ET.Element, shape: Shape) -> object:
    """Return what an element says, read by nothing but its shape."""
    if isinstance(shape, StructureShape):
        tags = [each.tag.partition("}")[2] for each in element]
        assert len(set(tags)) == len(tags)
        return {
            tag: from_xml(each, shape.members[tag]) for tag, each in zip(tags, element, strict=True)
        }
    if isinstance(shape, ListShape):
        assert all(each.tag.endswith("}member") for each in element)
        return [from_xml(each, shape.member) for each in element]
    if isinstance(shape, MapShape):
        pairs = [(each[0].text, from_xml(each[1], shape.value)) for each in element]
        return dict(pairs)
    text = element.text or ""
    return _FROM_XML.get(shape.type_name, str)(text)


_FROM_XML: dict[str, Callable[[str], object]] = {
    "boolean": lambda text: {"true": True, "false": False}[text],
    "integer": int,
    "timestamp": lambda text: parse_timestamp(text).timestamp(),
}

_OURS: dict[str, type[ModelResponse | QueryOperations]] = {
    "appmesh": AppMeshResponse,
    "ram": RamResponse,
    "eks": PodIdentityResponse,
    "iam": IamResponse,
    "sts": StsResponse,
    "vpc-lattice": VpcLatticeResponse,
}


def is_ours(operation: OperationModel) -> bool:
    """Tell the operations of the local cloud's services from those of moto."""
    service = operation.service_model.service_name
    return service in _OURS and operation.name in _OURS[service].handlers


def assert_conforms(value: object, shape: Shape, path: str) -> None:
    """Assert that a JSON value is what a strict SDK expects for a shape."""
    if isinstance(shape, StructureShape):
        assert isinstance(value, dict), path
        assert set(value) <= set(shape.members), path
        assert set(shape.required_members) <= set(value), path
        for name, member in value.items():
            assert_conforms(member, shape.members[name], f"{path}.{name}")
    elif isinstance(shape, ListShape):
        assert isinstance(value, list), path
        for entry in value:
            assert_conforms(entry, shape.member, f"{path}[]")
    elif isinstance(shape, MapShape):
        assert isinstance(value, dict), path
        for entry in value.values():
            assert_conforms(entry, shape.value, f"{path}{{}}")
    else:
        text = shape.serialization.get("timestampFormat") == "iso8601"
        types = (str,) if text else _JSON_TYPES[shape.type_name]
        assert type(value) in types, f"{path}: {value!r}"
        options = () if shape.name in _OTHER_WORDS else getattr(shape, "enum", ())
        assert not options or value in options, f"{path}: {value!r}"


_OTHER_WORDS = {"PolicySourceType"}
"""Shapes for which AWS's own samples have other words than its model."""


_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "boolean": (bool,),
    "double": (float,),
    "timestamp": (int, float),
}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """The local cloud, empty."""
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield Cloud()


@pytest.fixture
def organization(cloud: Cloud) -> Any:
    """An organization of owner and consumer, with sharing turned on; the stranger is outside."""
    made = found_organization(MANAGEMENT, [OWNER, CONSUMER], ORGANIZATION)
    cloud("ram", MANAGEMENT).enable_sharing_with_aws_organization()
    return made


@pytest.fixture
def ram_mesh(cloud: Cloud) -> Any:
    """The mesh `shop` of the owner, and in return the owner's RAM."""
    cloud("appmesh").create_mesh(meshName="shop")
    return cloud("ram")


@pytest.fixture
def error_of() -> Callable[..., tuple[str, str]]:
    """Call something that must fail, and get the error's code and message."""

    def call(run: Callable[..., Any], **params: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as raised:
            run(**params)
        error = raised.value.response["Error"]
        return error["Code"], error["Message"]

    return call


@pytest.fixture
def share(cloud: Cloud) -> Callable[..., str]:
    """Share meshes of the owner with principals; returns the share's ARN."""

    def create(*principals: str, meshes: tuple[str, ...] = ("shop",), **params: Any) -> str:
        arns = [f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/{name}" for name in meshes]
        made = cloud("ram").create_resource_share(
            name="mesh", resourceArns=arns, principals=list(principals), **params
        )
        return str(made["resourceShare"]["resourceShareArn"])

    return create
