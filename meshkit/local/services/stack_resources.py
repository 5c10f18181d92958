"""What stacks make and change in IAM that moto's CloudFormation does not.

moto finds the class of a resource type among the direct subclasses of `CloudFormationModel`; of two
for one type, the later one counts.
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.common_models import CloudFormationModel
from moto.iam.models import (
    IAMBackend,
    OpenIDConnectProvider,
    Role,
    SAMLProvider,
    iam_backends,
)
from moto.utilities.utils import get_partition


class StackRole(Role, CloudFormationModel):
    """A role, with the managed policies that moto leaves out."""

    @classmethod
    def create_from_cloudformation_json(  # type: ignore[override]  # moto's has other names too
        cls,
        name: str,
        template: dict[str, Any],
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> Role:
        """Make the role and attach its policies."""
        made = super().create_from_cloudformation_json(
            name, template, account_id, region_name, **kwargs
        )
        _give_policies(made, template["Properties"], _iam(account_id, region_name))
        return made

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> Role:
        """Change the role in place; another name or path is another role."""
        role, given = original_resource, cloudformation_json["Properties"]
        where = (account_id, region_name)
        if (given.get("RoleName", role.name), given.get("Path", "/")) != (role.name, role.path):
            cls.delete_from_cloudformation_json(role.name, cloudformation_json, *where)
            return cls.create_from_cloudformation_json(
                new_resource_name, cloudformation_json, *where
            )
        role.assume_role_policy_document = json.dumps(given["AssumeRolePolicyDocument"])
        role.description = given.get("Description", "")
        role.max_session_duration = given.get("MaxSessionDuration", 3600)
        role.permissions_boundary_arn = given.get("PermissionsBoundary", "")
        role.tags = given.get("Tags", [])
        _give_policies(role, given, _iam(*where))
        made: Role = role
        return made

    @classmethod
    def delete_from_cloudformation_json(
        cls, name: str, template: dict[str, Any], account_id: str, region_name: str
    ) -> None:
        """Detach its policies and delete the role."""
        iam = _iam(account_id, region_name)
        for arn in list(iam.get_role(name).managed_policies):
            iam.detach_role_policy(arn, name)
        super().delete_from_cloudformation_json(name, template, account_id, region_name)


class StackSamlProvider(SAMLProvider, CloudFormationModel):
    """A SAML provider."""

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return the property that names it."""
        return "Name"

    @staticmethod
    def cloudformation_type() -> str:
        """Return its type."""
        return "AWS::IAM::SAMLProvider"

    @classmethod
    def create_from_cloudformation_json(  # type: ignore[override]
        cls,
        name: str,
        template: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> StackSamlProvider:
        """Make the provider."""
        metadata = template["Properties"]["SamlMetadataDocument"]
        made = cls(account_id, region_name, name, metadata)
        _iam(account_id, region_name).saml_providers[name] = made
        return made

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> StackSamlProvider:
        """Change the provider in place; another name is another provider."""
        made: StackSamlProvider = original_resource
        given = cloudformation_json["Properties"]
        if given["Name"] != made.name:
            made.delete(account_id, region_name)
            return cls.create_from_cloudformation_json(
                new_resource_name, cloudformation_json, account_id, region_name
            )
        made.saml_metadata_document = given["SamlMetadataDocument"]
        return made

    @property
    def physical_resource_id(self) -> str:
        """Return what a reference to it gives."""
        return self.arn

    def delete(self, account_id: str, region_name: str) -> None:
        """Delete the provider."""
        _iam(account_id, region_name).delete_saml_provider(self.arn)


class StackOidcProvider(OpenIDConnectProvider, CloudFormationModel):
    """An OIDC provider."""

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return the property that names it, which it has not."""
        return ""

    @staticmethod
    def cloudformation_type() -> str:
        """Return its type."""
        return "AWS::IAM::OIDCProvider"

    @classmethod
    def create_from_cloudformation_json(  # type: ignore[override]
        cls,
        _name: str,
        template: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> StackOidcProvider:
        """Make the provider."""
        given = template["Properties"]
        thumbprints, clients = given.get("ThumbprintList", []), given.get("ClientIdList", [])
        made = cls(account_id, region_name, given["Url"], thumbprints, clients, {})
        _iam(account_id, region_name).open_id_providers[made.arn] = made
        return made

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> StackOidcProvider:
        """Change the provider in place; another URL is another provider."""
        old: StackOidcProvider = original_resource
        made = cls.create_from_cloudformation_json(
            new_resource_name, cloudformation_json, account_id, region_name
        )
        if made.arn != old.arn:
            old.delete(account_id, region_name)
        return made

    @property
    def physical_resource_id(self) -> str:
        """Return what a reference to it gives."""
        return self.arn

    def delete(self, account_id: str, region_name: str) -> None:
        """Delete the provider."""
        _iam(account_id, region_name).delete_open_id_connect_provider(self.arn)


UPDATED = frozenset({"AWS::IAM::Role", "AWS::IAM::SAMLProvider", "AWS::IAM::OIDCProvider"})
"""The types that change in place here; moto changes few others, and tells nothing of the rest."""


def _give_policies(role: Any, given: dict[str, Any], iam: IAMBackend) -> None:
    """Give a role the policies of its template, and take those of the template before."""
    inline = {each["PolicyName"]: each["PolicyDocument"] for each in given.get("Policies", [])}
    managed = tuple(given.get("ManagedPolicyArns", []))
    old_inline, old_managed = getattr(role, "of_stack", ((), ()))
    for name in set(old_inline) - inline.keys():
        role.delete_policy(name)
    for arn in set(old_managed) - set(managed):
        iam.detach_role_policy(arn, role.name)
    for name, document in inline.items():
        role.put_policy(name, document)
    for arn in managed:
        if arn not in role.managed_policies:
            iam.attach_role_policy(arn, role.name)
    role.of_stack = (tuple(inline), managed)


def _iam(account: str, region: str) -> IAMBackend:
    backend: IAMBackend = iam_backends[account][get_partition(region)]
    return backend
