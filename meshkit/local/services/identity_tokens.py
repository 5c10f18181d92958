"""What the tokens of identity providers say.

They are read, not verified: the local cloud reaches no provider. Source: STS API Reference,
AssumeRoleWithWebIdentity and AssumeRoleWithSAML.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree as ET

_SAML: Final = "{urn:oasis:names:tc:SAML:2.0:assertion}"


@dataclass(frozen=True)
class Assertion:
    """What a SAML assertion says of who has it; a text that it lacks is empty."""

    issuer: str
    subject: str
    subject_type: str
    audience: str


def claims_of(token: str) -> Mapping[str, Any]:
    """Return the claims of a JSON web token. Raises `ValueError` for anything else."""
    parts = token.split(".")
    if len(parts) != 3:
        raise ValueError("a JSON web token has three parts")
    claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    if not isinstance(claims, Mapping):
        raise ValueError("the claims of a JSON web token are an object")  # noqa: TRY004 - one kind
    return claims


def issuer_of(claims: Mapping[str, Any]) -> str:
    """Return the issuer as IAM names it: without its scheme."""
    return str(claims.get("iss", "")).partition("://")[2].rstrip("/")


def assertion_of(text: str) -> Assertion:
    """Return what an encoded assertion says. Raises `ValueError` for anything else."""
    try:
        root = ET.fromstring(base64.b64decode(text))  # noqa: S314 - of who runs the local cloud
    except ET.ParseError as error:
        raise ValueError(str(error)) from None
    return Assertion(
        issuer=_text(root, "Issuer"),
        subject=_text(root, "NameID"),
        subject_type=_attribute(root, "NameID", "Format").rpartition(":")[2],
        audience=_attribute(root, "SubjectConfirmationData", "Recipient"),
    )


def name_qualifier(issuer: str, provider_arn: str) -> str:
    """Return the hash by which AWS tells apart subjects of the same name of several providers."""
    account, name = provider_arn.split(":")[4], provider_arn.rpartition("/")[2]
    hashed = hashlib.sha1(f"{issuer}{account}/{name}".encode(), usedforsecurity=False)
    return base64.b64encode(hashed.digest()).decode()


def _text(assertion: ET.Element, name: str) -> str:
    return (assertion.findtext(f".//{_SAML}{name}") or "").strip()


def _attribute(assertion: ET.Element, name: str, attribute: str) -> str:
    element = assertion.find(f".//{_SAML}{name}")
    return "" if element is None else element.get(attribute, "")
