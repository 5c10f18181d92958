"""Auth policies and resource policies of services and service networks.

Sources: API reference, PutAuthPolicy, DeleteAuthPolicy and PutResourcePolicy; VPC Lattice user
guide, "Control access to VPC Lattice services using auth policies".
"""

from __future__ import annotations

from typing import Any

from meshkit.local.services.clock import now
from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.vpclattice.access import own_named
from meshkit.local.services.vpclattice.kinds import SERVICE, SERVICE_NETWORK
from meshkit.local.services.vpclattice.quotas import AUTH_POLICY_BYTES
from meshkit.local.services.vpclattice.refusals import invalid, not_found
from meshkit.local.services.vpclattice.resource import Document, Resource, identified
from meshkit.policy.evaluation import Policy, PolicyError


def put_auth_policy(call: Call) -> dict[str, Any]:
    """Attach an auth policy, or replace it."""
    resource = with_policies(call, call.params["resourceIdentifier"])
    text = call.params["policy"]
    if "\n" in text:
        raise invalid("The policy string must not contain newlines or blank lines")
    if len(text.encode()) > AUTH_POLICY_BYTES:
        raise invalid(f"An auth policy has at most {AUTH_POLICY_BYTES} bytes")
    _check(text)
    resource.auth_policy = _replaced(resource.auth_policy, text)
    return _auth_policy(resource, resource.auth_policy)


def get_auth_policy(call: Call) -> dict[str, Any]:
    """Return an auth policy. Inferred: there is no answer about one that does not exist."""
    text = call.params["resourceIdentifier"]
    resource = with_policies(call, text)
    if resource.auth_policy is None:
        raise not_found(resource.kind, f"{text}: auth policy")
    return _auth_policy(resource, resource.auth_policy)


def delete_auth_policy(call: Call) -> dict[str, Any]:
    """Remove an auth policy. With auth type AWS_IAM every request is denied from now on.

    The API reference has it so; the user guide wants the auth type to be NONE before.
    """
    text = call.params["resourceIdentifier"]
    resource = with_policies(call, text)
    if resource.auth_policy is None:
        raise not_found(resource.kind, f"{text}: auth policy")
    resource.auth_policy = None
    return {}


def put_resource_policy(call: Call) -> dict[str, Any]:
    """Attach a resource policy, or replace it."""
    resource = with_policies(call, call.params["resourceArn"])
    text = call.params["policy"]
    _check(text)
    resource.resource_policy = _replaced(resource.resource_policy, text)
    return {}


def get_resource_policy(call: Call) -> dict[str, Any]:
    """Return the resource policy that was put; those of RAM's shares are not shown here."""
    arn = call.params["resourceArn"]
    resource = with_policies(call, arn)
    if resource.resource_policy is None:
        raise not_found(resource.kind, f"{arn}: resource policy")
    return {"policy": resource.resource_policy.text}


def delete_resource_policy(call: Call) -> dict[str, Any]:
    """Remove the resource policy that was put."""
    arn = call.params["resourceArn"]
    resource = with_policies(call, arn)
    if resource.resource_policy is None:
        raise not_found(resource.kind, f"{arn}: resource policy")
    resource.resource_policy = None
    return {}


OPERATIONS: dict[str, Handler] = {
    "PutAuthPolicy": put_auth_policy,
    "GetAuthPolicy": get_auth_policy,
    "DeleteAuthPolicy": delete_auth_policy,
    "PutResourcePolicy": put_resource_policy,
    "GetResourcePolicy": get_resource_policy,
    "DeleteResourcePolicy": delete_resource_policy,
}


def with_policies(call: Call, text: str) -> Resource:
    """Return the caller's service or service network with this id or ARN."""
    is_service = identified(text).id.startswith(f"{SERVICE.prefix}-")
    return own_named(call, SERVICE if is_service else SERVICE_NETWORK, text)


def _auth_policy(resource: Resource, document: Document) -> dict[str, Any]:
    active = resource.values["authType"] == "AWS_IAM"
    return {
        "policy": document.text,
        "state": "Active" if active else "Inactive",
        "createdAt": document.created_at,
        "lastUpdatedAt": document.updated_at,
    }


def _replaced(old: Document | None, text: str) -> Document:
    return Document(text, old.created_at if old else now())


def _check(text: str) -> None:
    try:
        policy = Policy.parse(text)
    except PolicyError as error:
        raise invalid(f"The policy is not valid: {error}") from None
    if any(each.principals is None or each.resources is None for each in policy.statements):
        raise invalid("The policy is not valid: each statement needs a Principal and a Resource")
