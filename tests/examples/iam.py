"""What the roles of an account are allowed, read back from IAM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meshkit.local.cloud import Cloud
    from tests.examples.derived import Grant

STREAM = "appmesh:StreamAggregatedResources"


def granted(cloud: Cloud, account: str) -> dict[str, set[Grant]]:
    """Every role of an account that reads a configuration, with what its policies allow."""
    return {
        role: {grant for document in documents for grant in document_grants(document)}
        for role, documents in documented(cloud, account).items()
        if STREAM in str(documents)
    }


def documented(cloud: Cloud, account: str) -> dict[str, list[dict[str, Any]]]:
    """Every role of an account that carries a policy, with its policies."""
    iam: Any = cloud.client("iam", account)
    names = [role["RoleName"] for role in iam.list_roles()["Roles"]]
    found = {name: role_documents(iam, name) for name in names}
    return {name: documents for name, documents in found.items() if documents}


def role_documents(iam: Any, role: str) -> list[dict[str, Any]]:
    """The inline and attached policies of a role."""
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    found = [
        iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names
    ]
    for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        arn = attached["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        document = iam.get_policy_version(PolicyArn=arn, VersionId=version)
        found.append(document["PolicyVersion"]["Document"])
    return found


def document_grants(document: dict[str, Any]) -> set[Grant]:
    """Actions and resources; only plain Allow statements are expected here."""
    found = set()
    for statement in document["Statement"]:
        assert set(statement) <= {"Sid", "Effect", "Action", "Resource"}
        assert statement["Effect"] == "Allow"
        actions, resources = _listed(statement["Action"]), _listed(statement["Resource"])
        found |= {(action, resource) for action in actions for resource in resources}
    return found


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
