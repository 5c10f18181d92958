"""SAML providers with their tags, which moto's have not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.iam.models import iam_backends

from meshkit.local.services.errors import ApiError

if TYPE_CHECKING:
    from meshkit.local.services.dispatch import Call, Handler


def create(call: Call) -> dict[str, Any]:
    """Make a provider, whose name is that of no other of the account."""
    iam, name = iam_backends[call.account][call.partition], call.params["Name"]
    if name in iam.saml_providers:
        raise ApiError("EntityAlreadyExists", f"A SAML provider named {name} exists already.")
    made: Any = iam.create_saml_provider(name, call.params["SAMLMetadataDocument"])
    made.tags = _tags(call)
    return {"SAMLProviderArn": made.arn, "Tags": _listed(made)}


def get(call: Call) -> dict[str, Any]:
    """Tell of a provider."""
    found = _provider(call)
    return {
        "SAMLMetadataDocument": found.saml_metadata_document,
        "CreateDate": found.create_date,
        "ValidUntil": found.valid_until,
        "Tags": _listed(found),
    }


def tag(call: Call) -> dict[str, Any]:
    """Add tags."""
    found = _provider(call)
    found.tags = {**_own(found), **_tags(call)}
    return {}


def untag(call: Call) -> dict[str, Any]:
    """Remove tags."""
    found = _provider(call)
    found.tags = {k: v for k, v in _own(found).items() if k not in call.params["TagKeys"]}
    return {}


def list_tags(call: Call) -> dict[str, Any]:
    """List tags."""
    return {"Tags": _listed(_provider(call)), "IsTruncated": False}


OPERATIONS: dict[str, Handler] = {
    "CreateSAMLProvider": create,
    "GetSAMLProvider": get,
    "TagSAMLProvider": tag,
    "UntagSAMLProvider": untag,
    "ListSAMLProviderTags": list_tags,
}


def _provider(call: Call) -> Any:
    arn = call.params["SAMLProviderArn"]
    providers = iam_backends[call.account][call.partition].saml_providers.values()
    found = next((each for each in providers if each.arn == arn), None)
    if found is None:
        raise ApiError("NoSuchEntity", f"Manifest not found for arn {arn}")
    return found


def _own(provider: Any) -> dict[str, str]:
    return getattr(provider, "tags", {})


def _listed(provider: Any) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in _own(provider).items()]


def _tags(call: Call) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in call.params.get("Tags") or ()}
