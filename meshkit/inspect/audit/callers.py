"""Who called, as an event of CloudTrail tells it.

Source: CloudTrail User Guide, userIdentity element; IAM User Guide, example STS events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIGNED_IN: Final = ("WebIdentityUser", "SAMLUser")


def caller_of(event: Mapping[str, Any]) -> tuple[str, str]:
    """Who called, and the name of the session; without one for others than roles."""
    identity = event.get("userIdentity") or {}
    kind = str(identity.get("type", "?"))
    if kind == "AssumedRole":
        # arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION
        parts = str(identity.get("arn", "")).split("/")
        return f"role {parts[1] if len(parts) > 1 else '?'}", "/".join(parts[2:])
    if kind in _SIGNED_IN:
        return f"{identity.get('userName', '?')} of {_provider(event)}", ""
    if kind == "Root":
        return "root", ""
    names = {
        "IAMUser": ("user", identity.get("userName")),
        "FederatedUser": ("federated user", str(identity.get("arn", "")).rpartition("/")[2]),
        "AWSAccount": ("account", identity.get("accountId")),
        "IdentityCenterUser": ("Identity Center user", _on_behalf_of(identity)),
    }
    what, name = names.get(kind, ("service", identity.get("invokedBy", kind)))
    return f"{what} {name or '?'}", ""


def _provider(event: Mapping[str, Any]) -> str:
    """The OIDC provider by its issuer; the SAML provider by its name, which the request tells."""
    given = event.get("requestParameters") or {}
    identity = event["userIdentity"]
    arn = str(given.get("principalArn") or identity.get("identityProvider", "?"))
    return arn.partition("-provider/")[2] or arn


def _on_behalf_of(identity: Mapping[str, Any]) -> object:
    return (identity.get("onBehalfOf") or {}).get("userId")
