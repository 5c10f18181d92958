"""What goes over the wire, for every operation that the services offer: strict SDKs read it.

Each operation of HANDLERS must have a good call and a bad one below. A good answer has the shape of
botocore's model (conftest.assert_conforms: types, required members, timestamps as numbers). A bad
one has a code and a status that the model gives this operation, in the headers and the body.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest
from botocore.exceptions import ClientError
from botocore.model import OperationModel
from botocore.session import Session
from moto import mock_aws

from meshkit.local.services.appmesh.service import AppMeshResponse
from meshkit.local.services.authorization import encoded
from meshkit.local.services.dispatch import ModelResponse
from meshkit.local.services.iam import IamResponse
from meshkit.local.services.organization import found_organization
from meshkit.local.services.pod_identity import PodIdentityResponse
from meshkit.local.services.query import QueryOperations
from meshkit.local.services.ram.service import RamResponse
from meshkit.local.services.service_quotas import ServiceQuotasResponse
from meshkit.local.services.sts import StsResponse
from meshkit.local.services.vpclattice.service import VpcLatticeResponse
from meshkit.policy.evaluation import Caller, Layers, Request, evaluate
from tests.local.services import lattice_calls
from tests.local.services.conftest import (
    CONSUMER,
    MANAGEMENT,
    ORGANIZATION,
    OWNER,
    REGION,
    STRANGER,
    Cloud,
    assert_conforms,
    body_and_shape,
)
from tests.local.services.test_appmesh_kinds import HTTP_LISTENER, gateway_route, http_route

TYPES = {
    "rest-json": ("application/json",),
    "json": ("application/json", "application/x-amz-json-1.1"),
    "query": ("text/xml",),
}
"""What an answer may say that it is, by the service's protocol."""
HANDLERS: dict[str, type[ModelResponse | QueryOperations]] = {
    "appmesh": AppMeshResponse,
    "ram": RamResponse,
    "eks": PodIdentityResponse,
    "service-quotas": ServiceQuotasResponse,
    "iam": IamResponse,
    "sts": StsResponse,
    "vpc-lattice": VpcLatticeResponse,
}
MESH_ARN = f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/m"
ROLE = f"arn:aws:iam::{OWNER}:role/r"
PERMISSION = {"permissionArn": "arn:aws:ram::aws:permission/AWSRAMDefaultPermissionAppMesh"}
TAGS = [{"key": "k", "value": "v"}]
LISTENERS = {"listeners": [HTTP_LISTENER]}
Params = dict[str, Any]


class Sent(NamedTuple):
    """One call. Text like {share} is replaced by what an earlier answer held."""

    service: str
    operation: str
    params: Params
    account: str = OWNER


NAMES: dict[str, Params] = {
    "Mesh": {"meshName": "m"},
    "VirtualNode": {"meshName": "m", "virtualNodeName": "n"},
    "VirtualRouter": {"meshName": "m", "virtualRouterName": "r"},
    "Route": {"meshName": "m", "virtualRouterName": "r", "routeName": "x"},
    "VirtualService": {"meshName": "m", "virtualServiceName": "s.local"},
    "VirtualGateway": {"meshName": "m", "virtualGatewayName": "g"},
    "GatewayRoute": {"meshName": "m", "virtualGatewayName": "g", "gatewayRouteName": "x"},
}
SPECS: dict[str, Params] = {
    "Mesh": {"egressFilter": {"type": "ALLOW_ALL"}},
    "VirtualNode": {**LISTENERS, "serviceDiscovery": {"dns": {"hostname": "n.local"}}},
    "VirtualRouter": LISTENERS,
    "Route": http_route("n"),
    "VirtualService": {"provider": {"virtualRouter": {"virtualRouterName": "r"}}},
    "VirtualGateway": LISTENERS,
    "GatewayRoute": gateway_route("s.local"),
}


def list_of(kind: str) -> tuple[str, Params]:
    """Return the list operation of a kind and the names of the parent."""
    plural = "ListMeshes" if kind == "Mesh" else f"List{kind}s"
    return plural, dict(list(NAMES[kind].items())[:-1])


def app_mesh_calls() -> Iterator[Sent]:
    for kind, names in NAMES.items():
        yield Sent("appmesh", f"Create{kind}", names | {"spec": SPECS[kind], "tags": TAGS})
        yield Sent("appmesh", f"Describe{kind}", names)
        yield Sent("appmesh", f"Update{kind}", names | {"spec": SPECS[kind]})
        yield Sent("appmesh", *list_of(kind))
    arn = {"resourceArn": f"{MESH_ARN}/virtualNode/n"}
    yield Sent("appmesh", "TagResource", arn | {"tags": TAGS})
    yield Sent("appmesh", "ListTagsForResource", arn)
    yield Sent("appmesh", "UntagResource", arn | {"tagKeys": ["k"]})


def app_mesh_deletes() -> Iterator[Sent]:
    for kind in ("GatewayRoute", "VirtualGateway", "VirtualService", "Route"):
        yield Sent("appmesh", f"Delete{kind}", NAMES[kind])
    for kind in ("VirtualRouter", "VirtualNode", "Mesh"):
        yield Sent("appmesh", f"Delete{kind}", NAMES[kind])


SHARE = {"resourceShareArn": "{share}"}
RAM_CALLS = [
    Sent("ram", "EnableSharingWithAwsOrganization", {}, MANAGEMENT),
    Sent("ram", "CreateResourceShare", {"name": "s", "resourceArns": [MESH_ARN], "tags": TAGS}),
    Sent("ram", "AssociateResourceShare", SHARE | {"principals": [CONSUMER, STRANGER]}),
    Sent("ram", "UpdateResourceShare", SHARE | {"name": "t", "allowExternalPrincipals": True}),
    Sent("ram", "TagResource", SHARE | {"tags": TAGS}),
    Sent("ram", "UntagResource", SHARE | {"tagKeys": ["k"]}),
    Sent("ram", "GetResourceShares", {"resourceOwner": "SELF"}),
    Sent("ram", "GetResourceShareAssociations", {"associationType": "PRINCIPAL"}),
    Sent("ram", "ListPrincipals", {"resourceOwner": "SELF"}),
    Sent("ram", "ListResources", {"resourceOwner": "OTHER-ACCOUNTS"}, CONSUMER),
    Sent("ram", "ListPermissions", {}),
    Sent("ram", "GetPermission", PERMISSION),
    Sent("ram", "ListPermissionVersions", PERMISSION),
    Sent("ram", "ListResourceTypes", {}),
    Sent("ram", "ListResourceSharePermissions", SHARE),
    Sent("ram", "GetResourceShareInvitations", {}, STRANGER),
    Sent(
        "ram",
        "ListPendingInvitationResources",
        {"resourceShareInvitationArn": "{invitation}"},
        STRANGER,
    ),
    Sent(
        "ram",
        "AcceptResourceShareInvitation",
        {"resourceShareInvitationArn": "{invitation}"},
        STRANGER,
    ),
    Sent("ram", "DisassociateResourceShare", SHARE | {"principals": [STRANGER]}),
    Sent("ram", "AssociateResourceShare", SHARE | {"principals": [STRANGER]}),
    Sent("ram", "GetResourceShareInvitations", {}, STRANGER),
    Sent(
        "ram",
        "RejectResourceShareInvitation",
        {"resourceShareInvitationArn": "{invitation}"},
        STRANGER,
    ),
    Sent("ram", "DisassociateResourceShare", SHARE | {"resourceArns": [MESH_ARN]}),
    Sent("ram", "DisassociateResourceSharePermission", SHARE | PERMISSION),
    Sent("ram", "AssociateResourceSharePermission", SHARE | PERMISSION),
    Sent("ram", "DeleteResourceShare", SHARE),
]
CLUSTER = {"clusterName": "c"}
BOUND = CLUSTER | {"associationId": "{association}"}
SUBJECT = CLUSTER | {"namespace": "n", "serviceAccount": "s", "roleArn": ROLE}
EKS_CALLS = [
    Sent("eks", "CreatePodIdentityAssociation", SUBJECT | {"tags": {"k": "v"}}),
    Sent("eks", "DescribePodIdentityAssociation", BOUND),
    Sent("eks", "UpdatePodIdentityAssociation", BOUND | {"roleArn": ROLE}),
    Sent("eks", "ListPodIdentityAssociations", CLUSTER),
    Sent("eks", "TagResource", {"resourceArn": "{association_arn}", "tags": {"a": "b"}}),
    Sent("eks", "ListTagsForResource", {"resourceArn": "{association_arn}"}),
    Sent("eks", "UntagResource", {"resourceArn": "{association_arn}", "tagKeys": ["a"]}),
    Sent("eks", "DeletePodIdentityAssociation", BOUND),
]
OF_MESH = {"ServiceCode": "appmesh"}
QUOTA = OF_MESH | {"QuotaCode": "L-E043DFB4"}
QUOTA_CALLS = [
    Sent("service-quotas", "ListServices", {}),
    Sent("service-quotas", "ListServiceQuotas", OF_MESH),
    Sent("service-quotas", "ListAWSDefaultServiceQuotas", OF_MESH),
    Sent("service-quotas", "GetServiceQuota", QUOTA),
    Sent("service-quotas", "GetAWSDefaultServiceQuota", QUOTA),
    Sent("service-quotas", "RequestServiceQuotaIncrease", QUOTA | {"DesiredValue": 201.0}),
    Sent("service-quotas", "GetRequestedServiceQuotaChange", {"RequestId": "{increase}"}),
    Sent("service-quotas", "ListRequestedServiceQuotaChangeHistory", OF_MESH),
]
ALLOWING = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
    }
)
SIMULATION = {"ActionNames": ["s3:GetObject"], "ResourceArns": ["arn:aws:s3:::bucket/key"]}
CUSTOM = SIMULATION | {
    "PolicyInputList": [ALLOWING],
    "PermissionsBoundaryPolicyInputList": [ALLOWING],
    "OrderedOrganizationPolicyInputList": [{"ServiceControlPolicyInputList": [ALLOWING]}],
}
REFUSED = evaluate(Request("s3:GetObject", "arn:aws:s3:::bucket/key", Caller(ROLE)), Layers())
MESSAGE = encoded(Request("s3:GetObject", "arn:aws:s3:::bucket/key", Caller(ROLE)), REFUSED)
IDP = {"SAMLProviderArn": f"arn:aws:iam::{OWNER}:saml-provider/workforce"}
NO_IDP = {"SAMLProviderArn": f"arn:aws:iam::{OWNER}:saml-provider/none"}
METADATA = "<md/>" * 200
QUERY_CALLS = [
    Sent("iam", "CreateSAMLProvider", {"Name": "workforce", "SAMLMetadataDocument": METADATA}),
    Sent("iam", "TagSAMLProvider", IDP | {"Tags": [{"Key": "a", "Value": "b"}]}),
    Sent("iam", "ListSAMLProviderTags", IDP),
    Sent("iam", "GetSAMLProvider", IDP),
    Sent("iam", "UntagSAMLProvider", IDP | {"TagKeys": ["a"]}),
    Sent("iam", "SimulatePrincipalPolicy", SIMULATION | {"PolicySourceArn": ROLE}),
    Sent("iam", "SimulateCustomPolicy", CUSTOM),
    Sent("sts", "DecodeAuthorizationMessage", {"EncodedMessage": MESSAGE}),
]
GOOD = [
    *(*app_mesh_calls(), *RAM_CALLS, *app_mesh_deletes()),
    *(*EKS_CALLS, *QUOTA_CALLS, *QUERY_CALLS),
    *(Sent("vpc-lattice", *each) for each in lattice_calls.GOOD),
]

NO_MESH = f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/none"
NO_SHARE = {"resourceShareArn": f"arn:aws:ram:{REGION}:{OWNER}:resource-share/none"}
NO_TOKEN = {"nextToken": "%%%"}
NO_PAGE = {"NextToken": "%%%"}
NO_INVITATION = {
    "resourceShareInvitationArn": f"arn:aws:ram:{REGION}:{OWNER}:resource-share-invitation/none"
}
NO_CLUSTER = {"clusterName": "none"}
NO_BINDING = NO_CLUSTER | {"associationId": "a-none"}
NO_ASSOCIATION = {"resourceArn": f"arn:aws:eks:{REGION}:{OWNER}:cluster/none"}


def bad_app_mesh_calls() -> Iterator[Sent]:
    # Nothing of this exists.
    for kind, names in NAMES.items():
        missing, spec = names, {"spec": SPECS[kind]}
        if kind == "Mesh":
            yield Sent("appmesh", "CreateMesh", {"meshName": "a/b"})
            yield Sent("appmesh", "ListMeshes", NO_TOKEN)
        else:
            yield Sent("appmesh", f"Create{kind}", missing | spec)
            yield Sent("appmesh", *list_of(kind))
        yield Sent("appmesh", f"Describe{kind}", missing)
        yield Sent("appmesh", f"Update{kind}", missing | spec)
        yield Sent("appmesh", f"Delete{kind}", missing)
    yield Sent("appmesh", "TagResource", {"resourceArn": NO_MESH, "tags": TAGS})
    yield Sent("appmesh", "UntagResource", {"resourceArn": NO_MESH, "tagKeys": ["k"]})
    yield Sent("appmesh", "ListTagsForResource", {"resourceArn": NO_MESH})


BAD = [
    *bad_app_mesh_calls(),
    Sent("ram", "EnableSharingWithAwsOrganization", {}),
    Sent("ram", "CreateResourceShare", {"name": "s", "resourceArns": ["nonsense"]}),
    Sent("ram", "AssociateResourceShare", NO_SHARE | {"principals": [CONSUMER]}),
    Sent("ram", "DisassociateResourceShare", NO_SHARE | {"principals": [CONSUMER]}),
    Sent("ram", "UpdateResourceShare", NO_SHARE | {"name": "n"}),
    Sent("ram", "DeleteResourceShare", NO_SHARE),
    Sent("ram", "TagResource", NO_SHARE | {"tags": TAGS}),
    Sent("ram", "UntagResource", NO_SHARE | {"tagKeys": ["k"]}),
    Sent("ram", "GetResourceShares", {"resourceOwner": "SELF"} | NO_TOKEN),
    Sent("ram", "GetResourceShareAssociations", {"associationType": "PRINCIPAL"} | NO_TOKEN),
    Sent("ram", "ListPrincipals", {"resourceOwner": "SELF"} | NO_TOKEN),
    Sent("ram", "ListResources", {"resourceOwner": "SELF"} | NO_TOKEN),
    Sent("ram", "ListPermissions", {"resourceType": "appmesh:Node"}),
    Sent("ram", "GetPermission", {"permissionArn": "arn:aws:ram::aws:permission/None"}),
    Sent("ram", "ListResourceTypes", NO_TOKEN),
    Sent("ram", "ListResourceSharePermissions", NO_SHARE),
    Sent("ram", "AssociateResourceSharePermission", NO_SHARE | PERMISSION),
    Sent("ram", "DisassociateResourceSharePermission", NO_SHARE | PERMISSION),
    Sent("ram", "GetResourceShareInvitations", NO_TOKEN),
    Sent("ram", "ListPendingInvitationResources", NO_INVITATION),
    Sent("ram", "ListPermissionVersions", {"permissionArn": "arn:aws:ram::aws:permission/None"}),
    Sent("ram", "AcceptResourceShareInvitation", NO_INVITATION),
    Sent("ram", "RejectResourceShareInvitation", NO_INVITATION),
    Sent("service-quotas", "ListServices", NO_PAGE),
    Sent("service-quotas", "ListServiceQuotas", OF_MESH | NO_PAGE),
    Sent("service-quotas", "ListAWSDefaultServiceQuotas", OF_MESH | NO_PAGE),
    Sent("service-quotas", "GetServiceQuota", OF_MESH | {"QuotaCode": "L-0"}),
    Sent("service-quotas", "GetAWSDefaultServiceQuota", QUOTA | {"ServiceCode": "none"}),
    Sent("service-quotas", "RequestServiceQuotaIncrease", QUOTA | {"DesiredValue": 200.0}),
    Sent("service-quotas", "GetRequestedServiceQuotaChange", {"RequestId": "none"}),
    Sent("service-quotas", "ListRequestedServiceQuotaChangeHistory", OF_MESH | NO_PAGE),
    Sent("iam", "SimulatePrincipalPolicy", SIMULATION | {"PolicySourceArn": f"{ROLE}-none"}),
    Sent("iam", "SimulateCustomPolicy", SIMULATION | {"PolicyInputList": ["{}"]}),
    Sent("iam", "CreateSAMLProvider", {"Name": "taken", "SAMLMetadataDocument": METADATA}),
    Sent("iam", "TagSAMLProvider", NO_IDP | {"Tags": [{"Key": "a", "Value": "b"}]}),
    Sent("iam", "ListSAMLProviderTags", NO_IDP),
    Sent("iam", "GetSAMLProvider", NO_IDP),
    Sent("iam", "UntagSAMLProvider", NO_IDP | {"TagKeys": ["a"]}),
    Sent("sts", "DecodeAuthorizationMessage", {"EncodedMessage": "bm9uc2Vuc2U="}),
    Sent("eks", "CreatePodIdentityAssociation", SUBJECT | NO_CLUSTER),
    Sent("eks", "DescribePodIdentityAssociation", NO_BINDING),
    Sent("eks", "UpdatePodIdentityAssociation", NO_BINDING),
    Sent("eks", "DeletePodIdentityAssociation", NO_BINDING),
    Sent("eks", "ListPodIdentityAssociations", NO_CLUSTER),
    Sent("eks", "TagResource", NO_ASSOCIATION | {"tags": {"a": "b"}}),
    Sent("eks", "UntagResource", NO_ASSOCIATION | {"tagKeys": ["a"]}),
    Sent("eks", "ListTagsForResource", NO_ASSOCIATION),
    *(Sent("vpc-lattice", *each) for each in lattice_calls.BAD),
]


class Wire:
    """Sends calls, and keeps the last raw answer."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._raw: Any = None
        self._model: OperationModel | None = None
        self._known: dict[str, str] = {}
        self._watched: set[int] = set()

    def send(self, sent: Sent) -> tuple[Any, OperationModel]:
        """Return the raw HTTP answer to a call, and its model."""
        client = self._cloud(sent.service, sent.account)
        if id(client) not in self._watched:
            self._watched.add(id(client))
            client.meta.events.register("after-call", self._keep)
        method = {api: name for name, api in client.meta.method_to_api_mapping.items()}
        try:
            answer = getattr(client, method[sent.operation])(**self._filled(sent.params))
            self._learn(answer)
        except ClientError:
            pass
        assert self._model is not None
        return self._raw, self._model

    def _keep(self, http_response: Any, model: OperationModel, **_: Any) -> None:
        self._raw, self._model = http_response, model

    def _filled(self, params: Params) -> Params:
        filled: Params = self._fill(params)
        return filled

    def _fill(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._fill(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._fill(item) for item in value]
        if isinstance(value, str) and re.fullmatch(r"\{\w+\}", value):
            return self._known[value[1:-1]]
        return value

    def _learn(self, answer: Params) -> None:
        if "id" in answer and "arn" in answer:  # of VPC Lattice
            prefix = answer["id"].partition("-")[0]
            self._known |= {prefix: answer["id"], f"{prefix}_arn": answer["arn"]}
        if share := answer.get("resourceShare"):
            self._known["share"] = share["resourceShareArn"]
        for invitation in answer.get("resourceShareInvitations", ()):
            if invitation["status"] == "PENDING":
                self._known["invitation"] = invitation["resourceShareInvitationArn"]
        if increase := answer.get("RequestedQuota"):
            self._known["increase"] = increase["Id"]
        if association := answer.get("association"):
            self._known["association"] = association["associationId"]
            self._known["association_arn"] = association["associationArn"]


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    """The local cloud for the calls of GOOD, in their order."""
    with mock_aws():
        cloud = Cloud()
        found_organization(MANAGEMENT, [OWNER, CONSUMER], ORGANIZATION)
        cloud("eks").create_cluster(name="c", roleArn=ROLE, resourcesVpcConfig={})
        cloud("iam").create_role(RoleName="r", AssumeRolePolicyDocument=ALLOWING)
        yield Wire(cloud)


@pytest.mark.parametrize("calls", [GOOD, BAD], ids=["good", "bad"])
@pytest.mark.parametrize("service", HANDLERS)
def test_every_operation_is_covered(service: str, calls: list[Sent]) -> None:
    covered = {each.operation for each in calls if each.service == service}
    assert covered == set(HANDLERS[service].handlers)


def test_every_operation_of_app_mesh_is_offered() -> None:
    model = Session().get_service_model("appmesh")
    assert set(AppMeshResponse.handlers) == set(model.operation_names)


def test_good_answers_are_in_the_shape_of_the_model(wire: Wire) -> None:
    for sent in GOOD:
        raw, model = wire.send(sent)
        assert raw.status_code == model.http.get("responseCode", 200), (sent, raw.text)
        assert raw.headers["x-amzn-RequestId"], sent
        if raw.status_code == 204:
            assert raw.content == b"", sent
            continue
        assert raw.headers["Content-Type"] in TYPES[model.service_model.protocol], sent
        assert_conforms(*body_and_shape(raw.content, model), sent.operation)


@pytest.mark.parametrize("sent", BAD, ids=lambda sent: f"{sent.service}-{sent.operation}")
def test_errors_are_those_of_the_model(cloud: Cloud, sent: Sent) -> None:
    if sent.operation == "CreateSAMLProvider":  # refused the second time
        cloud("iam").create_saml_provider(**sent.params)
    raw, model = Wire(cloud).send(sent)
    assert raw.headers["x-amzn-RequestId"]
    if model.service_model.protocol == "query":
        assert_query_error(raw, model)
    else:
        assert_json_error(raw, model)


def assert_query_error(raw: Any, model: OperationModel) -> None:
    (error, request) = ET.fromstring(raw.content.decode())
    told = {each.tag.partition("}")[2]: each.text for each in error}
    statuses = {
        each.metadata["error"]["code"]: each.metadata["error"]["httpStatusCode"]
        for each in model.error_shapes
    }
    assert told["Code"] in statuses
    assert raw.status_code == statuses[str(told["Code"])]
    assert told["Type"] == "Sender"
    assert told["Message"]
    assert request.tag.endswith("RequestId")
    assert raw.headers["Content-Type"] in TYPES["query"]


def assert_json_error(raw: Any, model: OperationModel) -> None:
    errors = {error.name: error for error in model.error_shapes}
    code = raw.headers["x-amzn-ErrorType"]
    assert code in errors
    assert raw.status_code == errors[code].metadata.get("error", {}).get("httpStatusCode", 400)
    body = json.loads(raw.content)
    assert body.pop("__type") == code
    assert body["message"]
    if set(body) != {"message"}:
        assert_conforms(body, errors[code], code)
    assert set(errors[code].required_members) <= set(body)
    assert raw.headers["Content-Type"] == "application/json"


def test_a_timestamp_as_text_would_be_found() -> None:
    shape = Session().get_service_model("appmesh").shape_for("Timestamp")
    with pytest.raises(AssertionError, match="createdAt"):
        assert_conforms("2026-01-01", shape, "createdAt")
