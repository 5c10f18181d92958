"""A refusal is AWS's: its code, its status and its words, in the protocol of each service."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from meshkit.local.cloud import Cloud
from meshkit.policy.denial import denial_of, encoded_in
from tests.local.enforcement.people import OWNER, REGION, make_role, said, session

WHO = f"User: arn:aws:sts::{OWNER}:assumed-role/nobody/me is not authorized to perform"
FORMS = [
    # service, operation, parameters; status and code, action, resource
    ("appmesh", "list_meshes", {}, "403 AccessDeniedException", "appmesh:ListMeshes", "*"),
    ("ecs", "list_clusters", {}, "400 AccessDeniedException", "ecs:ListClusters", "*"),
    ("iam", "list_roles", {}, "403 AccessDenied", "iam:ListRoles", "*"),
    ("organizations", "list_roots", {}, "400 AccessDeniedException", "organizations:ListRoots",
     "*"),
    ("ram", "get_permission", {"permissionArn": "arn:aws:ram::aws:permission/x"},
     "403 AccessDeniedException", "ram:GetPermission", "arn:aws:ram::aws:permission/x"),
    ("s3", "list_buckets", {}, "403 AccessDenied", "s3:ListAllMyBuckets", '"*"'),
    ("sns", "create_topic", {"Name": "t"}, "403 AuthorizationError", "sns:CreateTopic",
     f"arn:aws:sns:{REGION}:{OWNER}:t"),
    ("sts", "decode_authorization_message", {"EncodedMessage": "x"}, "403 AccessDenied",
     "sts:DecodeAuthorizationMessage", "*"),
    ("vpc-lattice", "list_services", {}, "403 AccessDeniedException", "vpc-lattice:ListServices",
     "*"),
]  # fmt: skip


@pytest.fixture
def nobody(cloud: Cloud) -> boto3.session.Session:
    return session(cloud, make_role(cloud, "nobody"))


@pytest.mark.parametrize(
    ("service", "operation", "params", "code", "action", "resource"),
    FORMS,
    ids=[form[0] for form in FORMS],
)
def test_a_refusal_has_the_form_of_its_service(  # noqa: PLR0917 - a row of the table
    nobody: boto3.session.Session,
    service: str,
    operation: str,
    params: dict[str, Any],
    code: str,
    action: str,
    resource: str,
) -> None:
    because = f"because no identity-based policy allows the {action} action"
    expected = f"{code}: {WHO}: {action} on resource: {resource} {because}"
    assert said(nobody, service, operation, **params) == expected


def test_meshkit_understands_what_it_says(nobody: boto3.session.Session) -> None:
    told = denial_of(said(nobody, "iam", "list_roles"))
    assert (told.action, told.refuser, told.explicit) == ("iam:ListRoles", "identity", False)


def test_ec2_adds_a_message_that_sts_decodes(nobody: boto3.session.Session, cloud: Cloud) -> None:
    answer = said(nobody, "ec2", "create_vpc", CidrBlock="10.0.0.0/16")
    assert answer.startswith(
        f"403 UnauthorizedOperation: You are not authorized to perform this operation. {WHO}: "
        f"ec2:CreateVpc on resource: arn:aws:ec2:{REGION}:{OWNER}:vpc/* because"
    )
    message = encoded_in(answer)
    assert message
    decoded = cloud.client("sts").decode_authorization_message(EncodedMessage=message)
    assert '"allowed":false' in decoded["DecodedMessage"]
