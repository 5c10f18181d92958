"""A CloudFormation template of federated roles, for accounts that are not known yet.

Source: CloudFormation template reference: AWS::IAM::Role, SAMLProvider, OIDCProvider, Fn::Sub.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from meshkit.config.deferred import Deferred, bind
from meshkit.errors import MeshkitError
from meshkit.policy.document import Document
from meshkit.policy.federation import federated_documents, provider_arn

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.config.landing_zone import FederatedRole, IdentityProvider
    from meshkit.policy.document import Text

TEMPLATE_LIMIT: Final = 51_200
"""Bytes of a template that a request carries. Source: CloudFormation quotas."""
_ACCOUNT: Final = "\ue000"
"""Stands for the account until the template is written: a character that no name has."""


class RoleTemplate:
    """The template of some roles and of the identity providers they trust.

    ``deferred`` are the texts that only the program knows; `text` takes them.
    """

    def __init__(
        self,
        roles: Mapping[str, FederatedRole],
        providers: Mapping[str, IdentityProvider],
        *,
        partition: str,
        region: str,
        tags: Mapping[str, Text] | None = None,
    ) -> None:
        """``providers`` has each provider of the roles.

        Raises ``MeshkitError`` where a subject or an audience is a pattern.
        """
        context = {"account": _ACCOUNT, "partition": partition, "region": region}
        used = {role.provider: providers[role.provider] for role in roles.values()}
        made = {
            **{_id("Provider", key): _provider(key, each, tags) for key, each in used.items()},
            **{
                _id("Role", key): _role(key, role, used[role.provider], partition, tags)
                for key, role in roles.items()
            },
        }
        self._resources = _changed(made, lambda text: bind(text, context))
        self.deferred: tuple[Deferred, ...] = tuple(dict.fromkeys(_deferred(self._resources)))

    def text_of_samples(self) -> str:
        """The template with its texts as the file writes them, to look at its size."""
        return self.text({each: str(each).replace("$", "") for each in self.deferred})

    def text(self, known: Mapping[Deferred, str] | None = None) -> str:
        """The template as JSON, once each of ``deferred`` is known.

        Raises ``MeshkitError`` where one of them makes it too long, or is a pattern.
        """
        values = known or {}
        filled = _changed(
            self._resources,
            lambda text: values[text] if isinstance(text, Deferred) else text,
        )
        document = {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": "Roles of people, made by meshkit",
            "Resources": _written(filled),
        }
        text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return require_size(text)


def require_size(text: str) -> str:
    """The text of a template. Raises ``MeshkitError`` where CloudFormation does not take it."""
    size = len(text.encode())
    if size > TEMPLATE_LIMIT:
        raise MeshkitError(
            f"the template has {size} bytes and CloudFormation takes {TEMPLATE_LIMIT}: "
            "split the roles over several"
        )
    return text


def _id(kind: str, key: str) -> str:
    """A logical id, of letters and digits alone, that differs where keys do."""
    readable = "".join(part.capitalize() for part in key.replace("_", "-").split("-"))
    plain = "".join(each for each in readable if each.isascii() and each.isalnum())
    return f"{kind}{plain}{sha256(key.encode()).hexdigest()[:4]}"


def _provider(
    key: str, provider: IdentityProvider, tags: Mapping[str, Text] | None
) -> dict[str, Any]:
    if provider.saml is not None:
        kind = "AWS::IAM::SAMLProvider"
        properties: dict[str, Any] = {"Name": key, "SamlMetadataDocument": provider.saml.metadata}
    elif provider.oidc is not None:
        kind = "AWS::IAM::OIDCProvider"
        properties = {
            "Url": provider.oidc.url,
            "ClientIdList": list(provider.oidc.audiences),
            "ThumbprintList": list(provider.oidc.thumbprints) or None,
        }
    return _resource(kind, {**properties, "Tags": _tags(tags or {})})


def _role(
    key: str,
    role: FederatedRole,
    provider: IdentityProvider,
    partition: str,
    tags: Mapping[str, Text] | None,
) -> dict[str, Any]:
    arn = provider_arn(partition, role.provider, provider)
    documents = federated_documents(role, provider, arn, partition)
    name = role.name or key
    policies = [{"PolicyName": name, "PolicyDocument": documents.policy}]
    properties = {
        "RoleName": name,
        "Path": role.path,
        "Description": role.description,
        "MaxSessionDuration": role.max_session_duration,
        "PermissionsBoundary": role.permissions_boundary,
        "AssumeRolePolicyDocument": documents.trust,
        "Policies": policies if documents.policy else None,
        "ManagedPolicyArns": list(role.managed_policies) or None,
        "Tags": _tags({**(tags or {}), **role.tags}),
    }
    made = _resource("AWS::IAM::Role", properties)
    return {**made, "DependsOn": _id("Provider", role.provider)}


def _resource(type_: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in properties.items() if value is not None}
    return {"Type": type_, "Properties": given}


def _tags(tags: Mapping[str, Text]) -> list[dict[str, Text]] | None:
    return [{"Key": key, "Value": value} for key, value in tags.items()] or None


def _changed(value: Any, change: Callable[[Text], Text]) -> Any:
    """The same data with every text in it changed, those of documents too."""
    if isinstance(value, str | Deferred):
        return change(value)
    if isinstance(value, Document):
        return value.map(change)
    if isinstance(value, Mapping):
        return {key: _changed(each, change) for key, each in value.items()}
    if isinstance(value, list):
        return [_changed(each, change) for each in value]
    return value


def _deferred(value: Any) -> Iterator[Deferred]:
    if isinstance(value, Deferred):
        yield value
    elif isinstance(value, Document):
        yield from value.deferred()
    elif isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _deferred(each)


def _written(value: Any) -> Any:
    """Plain data; a text with the account in it is one that CloudFormation fills."""
    if isinstance(value, Document):
        value = value.to_dict()
    if isinstance(value, Mapping):
        return {key: _written(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_written(each) for each in value]
    if isinstance(value, str) and _ACCOUNT in value:
        literal = value.replace("${", "${!")
        return {"Fn::Sub": literal.replace(_ACCOUNT, "${AWS::AccountId}")}
    return value
