"""The account and the region of each resource, told from its provider and from its ARN."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from meshkit.graph import Graph, reveal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from meshkit.graph import Resource

AWS_PROVIDER = "pulumi:providers:aws"
GLOBAL = ("aws:iam/", "aws:organizations/")
"""Types that have no region."""
_ACCOUNT = re.compile(r"arn:[a-z-]+:[a-z0-9-]*:[a-z0-9-]*:([0-9]{12}):.+")


@dataclass(frozen=True)
class Place:
    """Where a provider works; ``None`` where that is not known."""

    account: str | None
    region: str | None


def placed(resources: Iterable[Resource], default: Place) -> Graph:
    """The graph of resources, each of AWS with its account and region.

    ``default`` is that of the default provider, as far as the stack's configuration tells it. What
    neither a provider nor an ARN tells stays ``None``.
    """
    found = tuple(resources)
    providers = {each.urn: _configured(each, default) for each in found if _is_provider(each)}
    for each in found:
        known = providers.setdefault(each.provider or "", default)
        account = _own_account(each)
        if account is not None and known.account is None and each.custom:
            providers[each.provider or ""] = replace(known, account=account)
    return Graph(tuple(_placed(each, providers) for each in found))


def _is_provider(resource: Resource) -> bool:
    return resource.type == AWS_PROVIDER


def _placed(resource: Resource, providers: Mapping[str, Place]) -> Resource:
    if _is_provider(resource):
        place = providers[resource.urn]
        return replace(resource, account=place.account, region=place.region)
    if not resource.custom or not resource.type.startswith("aws:"):
        return resource
    place = providers[resource.provider or ""]
    return replace(
        resource,
        account=_own_account(resource) or place.account,
        region=None if resource.type.startswith(GLOBAL) else _own_region(resource) or place.region,
    )


def _own_account(resource: Resource) -> str | None:
    """The account in a resource's own ARN."""
    if not resource.type.startswith("aws:"):
        return None
    arn = reveal(resource.outputs.get("arn"))
    match = _ACCOUNT.fullmatch(arn) if isinstance(arn, str) else None
    return match[1] if match else None


def _own_region(resource: Resource) -> str | None:
    for values in (resource.inputs, resource.outputs):
        region = reveal(values.get("region"))
        if isinstance(region, str) and region:
            return region
    return None


def _configured(provider: Resource, default: Place) -> Place:
    found = described({key: reveal(value) for key, value in provider.inputs.items()})
    return replace(found, account=found.account or default.account)


def described(settings: Mapping[str, Any]) -> Place:
    """Where a provider with these settings works; nested ones may be JSON text."""
    region = settings.get("region")
    return Place(
        account=_assumed(settings) or _only_allowed(settings),
        region=region if isinstance(region, str) and region else None,
    )


def _assumed(inputs: Mapping[str, Any]) -> str | None:
    """The account of the last role that the provider assumes."""
    roles = _nested(inputs.get("assumeRoles"))
    single = _nested(inputs.get("assumeRole"))
    last = roles[-1] if isinstance(roles, list) and roles else single
    # The SDK leaves the keys of a plain mapping as Python writes them.
    arn = (last.get("roleArn") or last.get("role_arn")) if isinstance(last, dict) else None
    match = _ACCOUNT.fullmatch(arn) if isinstance(arn, str) else None
    return match[1] if match else None


def _only_allowed(inputs: Mapping[str, Any]) -> str | None:
    allowed = _nested(inputs.get("allowedAccountIds"))
    if isinstance(allowed, list) and len(allowed) == 1 and isinstance(allowed[0], str):
        return allowed[0]
    return None


def _nested(value: Any) -> Any:
    """A nested input, which the SDK sends as JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None
