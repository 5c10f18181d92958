"""Every operation of the services around a mesh becomes actions on resources that IAM knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape
from moto.core.model import OperationModel
from moto.core.utils import get_service_model

from meshkit.local.cloud import Cloud
from meshkit.local.enforcement.incoming import Incoming
from meshkit.local.enforcement.need import Asked
from meshkit.local.enforcement.services import MAPPED, action_of, needs_of
from meshkit.local.enforcement.signer import Signer
from meshkit.local.services.organization import found_organization
from meshkit.policy.actions import service
from meshkit.policy.actions.forms import can_be
from meshkit.policy.evaluation import Caller

ACCOUNT = "111111111111"
REGION = "eu-west-1"
MESH = f"arn:aws:appmesh:{REGION}:{ACCOUNT}:mesh/shop"
RAM = f"arn:aws:ram:{REGION}:{ACCOUNT}"
VALUES: Mapping[str, Mapping[str, Any]] = {
    "appmesh": {"resourceArn": MESH, "meshOwner": None, "spec": {}},
    "iam": {
        "PolicySourceArn": f"arn:aws:iam::{ACCOUNT}:role/r",
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/r",
        "EntityArn": f"arn:aws:iam::{ACCOUNT}:delegation-request/d-1",
        "PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/p",
        "OpenIDConnectProviderArn": f"arn:aws:iam::{ACCOUNT}:oidc-provider/id.example.com",
        "SAMLProviderArn": f"arn:aws:iam::{ACCOUNT}:saml-provider/okta",
        "SerialNumber": f"arn:aws:iam::{ACCOUNT}:mfa/alice",
        "DeletionTaskId": "task/aws-service-role/appmesh.amazonaws.com/AWSServiceRoleForAppMesh/1",
        "Path": "/team/",
        "Url": "https://id.example.com",
    },
    "organizations": {
        **dict.fromkeys(("AccountId", "ChildId", "ResourceId", "TargetId"), "222222222222"),
        **dict.fromkeys(("DestinationParentId", "OrganizationalUnitId"), "ou-ab12-11111111"),
        **dict.fromkeys(("ParentId", "RootId", "SourceParentId"), "r-ab12"),
        "HandshakeId": "h-11111111",
        "Id": "rt-11111111",
        "PolicyId": "p-11111111",
        "Target": {"Id": "333333333333", "Type": "ACCOUNT"},
    },
    "ram": {
        "resourceShareArn": f"{RAM}:resource-share/1",
        "resourceShareInvitationArn": f"{RAM}:resource-share-invitation/1",
        "permissionArn": f"{RAM}:permission/mine",
        "fromPermissionArn": f"{RAM}:permission/mine",
        "toPermissionArn": "arn:aws:ram::aws:permission/AWSRAMDefaultPermissionAppMesh",
        "resourceArns": [MESH],
        "resourceArn": f"{RAM}:resource-share/1",
    },
    "sts": {
        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r",
        "PrincipalArn": f"arn:aws:iam::{ACCOUNT}:saml-provider/okta",
        "TargetPrincipal": "222222222222",
    },
    "vpc-lattice": {
        "resourceArn": f"arn:aws:vpc-lattice:{REGION}:{ACCOUNT}:service/svc-1",
        "resourceIdentifier": "svc-1",
    },
}
"""What the parameters of each service are that name resources; others are made up."""
OPERATIONS = [
    pytest.param(prefix, name, id=f"{prefix}:{name}")
    for prefix in MAPPED
    for name in get_service_model(prefix).operation_names
]


@pytest.fixture(scope="module", autouse=True)
def cloud() -> Iterator[Cloud]:
    with Cloud(account=ACCOUNT, region=REGION) as running:
        found_organization(ACCOUNT, ["222222222222"], "o-exampleorg")
        yield running


def made_up(shape: Shape) -> Any:
    if isinstance(shape, StructureShape):
        return {name: made_up(shape.members[name]) for name in shape.required_members}
    if isinstance(shape, ListShape):
        return [made_up(shape.member)]
    if isinstance(shape, MapShape):
        return {"key": "value"}
    return {"boolean": True, "integer": 1, "long": 1}.get(shape.type_name, "name")


def asked(prefix: str, operation: OperationModel) -> Asked:
    """A request with every parameter that a resource may be told by."""
    shape = operation.input_shape
    members: Mapping[str, Shape] = shape.members if isinstance(shape, StructureShape) else {}
    made = {name: VALUES[prefix].get(name, made_up(member)) for name, member in members.items()}
    params = {name: value for name, value in made.items() if value is not None}
    incoming = Incoming(prefix, prefix, str(operation.name), params, "AKIA", REGION)
    return Asked(incoming, Signer(Caller(f"arn:aws:iam::{ACCOUNT}:root"), ACCOUNT, "aws"))


@pytest.mark.parametrize(("prefix", "name"), OPERATIONS)
def test_every_operation_asks_for_its_action_on_resources_of_its_types(
    prefix: str, name: str
) -> None:
    operation = get_service_model(prefix).operation_model(name)
    request = asked(prefix, operation)
    needs = [each for each in needs_of(request) if each.action == f"{prefix}:{name}"]
    assert needs
    known = service(prefix)
    assert known
    action = action_of(request)
    if action is None:
        assert name in known.unverified
        return
    for need in needs:
        types = [type_.arn for type_ in action.resources]
        assert (need.resource == "*" and not action.required) or any(
            can_be(need.resource, arn) for arn in types
        ), f"{need.resource} is none of {types}"
