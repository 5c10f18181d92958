"""What stacks make in IAM that moto's CloudFormation does not: providers, and attached policies.

moto finds the class of a resource type among the direct subclasses of `CloudFormationModel`; of two
for one type, the later one counts.
"""

from __future__ import annotations

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
        iam = _iam(account_id, region_name)
        for arn in template["Properties"].get("ManagedPolicyArns", []):
            iam.attach_role_policy(arn, made.name)
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

    @property
    def physical_resource_id(self) -> str:
        """Return what a reference to it gives."""
        return self.arn

    def delete(self, account_id: str, region_name: str) -> None:
        """Delete the provider."""
        _iam(account_id, region_name).delete_open_id_connect_provider(self.arn)


def _iam(account: str, region: str) -> IAMBackend:
    backend: IAMBackend = iam_backends[account][get_partition(region)]
    return backend
