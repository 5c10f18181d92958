"""How the services sit in moto: a canary over the internals they use, and the ways in."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from importlib.metadata import version

import boto3
import moto.appmesh
import moto.backends
import moto.eks
import moto.eks.urls
import moto.iam.urls
import moto.ram
import moto.sts.urls
import pytest
from botocore.config import Config
from moto import mock_aws
from moto.core.base_backend import AccountSpecificBackend, BackendDict, BaseBackend
from moto.core.errors import get_error_model
from moto.core.responses import ActionResult, BaseResponse
from moto.core.routing import get_service_router
from moto.core.serialize import DefaultAttributePicker, get_serializer_class
from moto.core.utils import get_service_model
from moto.ec2.models import EC2Backend
from moto.iam.models import SERVICE_NAME_CONVERSION, AccessKey, IAMBackend
from moto.iam.responses import IamResponse
from moto.moto_api._internal import mock_random
from moto.organizations.models import (
    FakePolicy,
    FakeRoot,
    OrganizationsBackend,
    organizations_backends,
)
from moto.ram.utils import AWS_MANAGED_PERMISSIONS, RAM_RESOURCE_TYPES
from moto.server import ThreadedMotoServer
from moto.sts.responses import TokenResponse
from moto.vpclattice.models import vpclattice_backends

from meshkit.local.services import install
from meshkit.local.services.appmesh.service import AppMesh
from meshkit.local.services.pod_identity import PodIdentityBackend
from meshkit.local.services.ram.service import Ram
from tests.local.services.conftest import OWNER, REGION, Cloud


def parameters(function: object) -> list[str]:
    assert callable(function)
    return list(inspect.signature(function).parameters)


def test_moto_is_the_version_that_the_services_were_built_on() -> None:
    assert version("moto") == "5.2.5"


def test_the_internals_of_moto_are_as_they_were() -> None:
    assert parameters(BaseBackend.__init__) == ["self", "region_name", "account_id"]
    assert isinstance(inspect.getattr_static(BaseBackend, "_url_module"), property)
    assert "self.backend" in inspect.getsource(BackendDict._create_account_specific_backend)
    assert "self.backend(" in inspect.getsource(AccountSpecificBackend.__getitem__)

    assert "self.call_action()" in inspect.getsource(BaseResponse._dispatch)
    response = BaseResponse(service_name="appmesh")
    for name in ("_get_action", "serialized", "_authenticate_and_authorize_normal_action"):
        assert callable(getattr(response, name))
    setup = inspect.getsource(BaseResponse.setup_class)
    for attribute in (
        "normalized_request",
        "response_headers",
        "access_key",
        "current_account",
        "region",
        "partition",
        "uri_match",
        "body",
    ):
        assert f"self.{attribute}" in setup
    assert parameters(ActionResult.execute_result) == ["self", "context"]
    assert parameters(DefaultAttributePicker.__call__) == ["self", "context"]
    serializer = get_serializer_class("appmesh", "rest-json")
    assert {"operation_model", "value_picker"} <= set(parameters(serializer.__init__))
    assert parameters(get_service_router("appmesh").match) == ["request"]

    assert {"access_keys", "users"} <= set(vars(IAMBackend("aws", OWNER)))
    access_key = inspect.getsource(AccessKey.__init__)
    assert "self.role_arn" in access_key
    assert "self.user_name" in access_key
    assert isinstance(SERVICE_NAME_CONVERSION, dict)
    assert isinstance(organizations_backends.master_accounts, dict)
    assert {"org", "accounts", "ou"} <= set(vars(OrganizationsBackend("aws", OWNER)))
    assert set(RAM_RESOURCE_TYPES[0]) == {"resourceType", "serviceName", "resourceRegionScope"}
    assert {"name", "version", "resourceType", "creationTime", "isResourceTypeDefault"} <= set(
        AWS_MANAGED_PERMISSIONS[0]
    )
    assert any(path.startswith("{0}/tags/") for path in moto.eks.urls.url_paths)


def test_the_internals_behind_simulation_are_as_they_were() -> None:
    for urls in (moto.iam.urls, moto.sts.urls):
        assert list(urls.url_paths) == ["{0}/$"]
    for response in (IamResponse(), TokenResponse()):
        assert response.automated_parameter_parsing is True
        assert callable(response._enrich_response)
    assert "self.params = " in inspect.getsource(BaseResponse.parse_parameters)
    assert 'getattr(exception, "code"' in inspect.getsource(get_error_model)
    iam = IAMBackend("aws", OWNER)
    for name in ("get_user", "get_group", "get_role", "get_groups_for_user"):
        assert callable(getattr(iam, name))
    document = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'
    policy = iam.create_policy("", "/", document, "p", [])
    assert [each.document for each in policy.versions] == [document]
    assert policy.default_version_id == policy.versions[0].version_id
    assert {"attached_policies", "policy_types"} <= set(
        re.findall(r"self\.(\w+)", inspect.getsource(FakeRoot.__init__))
    )
    assert {"content", "type"} <= set(
        re.findall(r"self\.(\w+)", inspect.getsource(FakePolicy.__init__))
    )


def test_the_internals_behind_vpc_lattice_are_as_they_were() -> None:
    assert vpclattice_backends.service_name == "vpc-lattice"
    assert re.fullmatch("[0-9a-f]{16}", mock_random.get_random_hex(16))
    assert isinstance(EC2Backend(REGION, OWNER).vpcs, dict)
    iam = IAMBackend("aws", OWNER)
    assert iam.create_role("r", "{}", "/", None, "", [], None).tags == []
    assert iam.tagger.list_tags_for_resource("none")["Tags"] == []


@pytest.mark.parametrize("service", ["appmesh", "ram", "eks", "vpc-lattice"])
def test_no_body_member_is_renamed_on_the_wire(service: str) -> None:
    # The checks of shapes.py read bodies by member name.
    model = get_service_model(service)
    inputs = [model.operation_model(name).input_shape for name in model.operation_names]
    renamed = [
        name
        for shape in inputs
        if shape is not None
        for name, member in shape.members.items()
        if "location" not in member.serialization and member.serialization.get("name", name) != name
    ]
    assert renamed == []


def test_installing_twice_keeps_the_state(cloud: Cloud) -> None:
    cloud("appmesh").create_mesh(meshName="m")
    install()
    assert len(cloud("appmesh").list_meshes()["meshes"]) == 1
    for module, backends, service in (
        (moto.appmesh, "appmesh_backends", AppMesh),
        (moto.ram, "ram_backends", Ram),
        (moto.eks, "eks_backends", PodIdentityBackend),
    ):
        found = getattr(module, backends)
        assert found[OWNER][REGION].__class__ is service
        assert found is moto.backends.get_backend(module.__name__.split(".")[1])  # type: ignore[call-overload]


def test_installing_after_moto_was_used_takes_over() -> None:
    script = """
import boto3
from moto import mock_aws
from meshkit.local import services
with mock_aws():
    client = boto3.client("appmesh", "eu-west-1")
    client.create_mesh(meshName="old")
    services.install()
    assert client.list_meshes()["meshes"] == []
    print(client.create_mesh(meshName="m")["mesh"]["metadata"]["arn"])
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "arn:aws:appmesh:eu-west-1:123456789012:mesh/m"


def test_a_reset_empties_the_services() -> None:
    with mock_aws():
        boto3.client("appmesh", REGION).create_mesh(meshName="m")
        boto3.client("ram", REGION).create_resource_share(name="s")
    with mock_aws():
        assert boto3.client("appmesh", REGION).list_meshes()["meshes"] == []
        shares = boto3.client("ram", REGION).get_resource_shares(resourceOwner="SELF")
        assert shares["resourceShares"] == []


@pytest.mark.usefixtures("cloud")
def test_a_server_serves_them_over_http() -> None:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        client, ram, eks = (
            boto3.client(
                service,
                REGION,
                endpoint_url=f"http://{host}:{port}",
                aws_access_key_id="x",
                aws_secret_access_key="x",
                config=Config(retries={"total_max_attempts": 1}),
            )
            for service in ("appmesh", "ram", "eks")
        )
        client.create_mesh(meshName="m", tags=[{"key": "k", "value": "v"}])
        service = {"meshName": "m", "virtualServiceName": "web local"}
        arn = client.create_virtual_service(**service, spec={})["virtualService"]["metadata"]["arn"]
        assert client.describe_virtual_service(**service)["virtualService"]["spec"] == {}
        assert client.list_tags_for_resource(resourceArn=arn)["tags"] == []
        with pytest.raises(client.exceptions.ResourceInUseException) as raised:
            client.delete_mesh(meshName="m")
        metadata = raised.value.response["ResponseMetadata"]
        assert metadata["HTTPStatusCode"] == 409
        assert metadata["RequestId"]
        mesh = client.describe_mesh(meshName="m")["mesh"]["metadata"]["arn"]
        share = ram.create_resource_share(name="s", resourceArns=[mesh])["resourceShare"]
        assert ram.delete_resource_share(resourceShareArn=share["resourceShareArn"])["returnValue"]
        with pytest.raises(eks.exceptions.ResourceNotFoundException):
            eks.describe_pod_identity_association(clusterName="c", associationId="a")
    finally:
        server.stop()
