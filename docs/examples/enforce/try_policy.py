"""A role of a team, and what becomes of its calls where IAM is enforced."""

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from meshkit.local.cloud import Cloud
from meshkit.local.providers import Role

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole"}
    ],
}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "appmesh:*",
            "Resource": "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop",
        }
    ],
}


def told(call: Callable[..., Any], **params: Any) -> str:
    """What becomes of a call."""
    try:
        call(**params)
    except ClientError as error:
        return str(error.response["Error"]["Message"])
    return "allowed"


with Cloud(account="111111111111", region="eu-west-1", enforce_iam=True) as cloud:
    iam = cloud.client("iam")  # the root user's of the account
    iam.create_role(RoleName="team", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.put_role_policy(RoleName="team", PolicyName="own", PolicyDocument=json.dumps(POLICY))

    role = Role("arn:aws:iam::111111111111:role/team", session_name="alice")
    appmesh = cloud.client("appmesh", roles=(role,))
    for name in ("shop", "billing"):
        print(f"{name}: {told(appmesh.create_mesh, meshName=name)}")

    node = "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/web"
    decision = cloud.decision(role.arn, "appmesh:StreamAggregatedResources", node)
    print(f"web's configuration: {decision.reason}")
