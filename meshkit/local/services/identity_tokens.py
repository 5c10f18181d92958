"""What the tokens of identity providers say.

They are read, not verified: the local cloud reaches no provider. Source: STS API Reference,
AssumeRoleWithWebIdentity and AssumeRoleWithSAML; IAM User Guide, Configure SAML assertions for the
authentication response, and Passing session tags using AssumeRoleWithWebIdentity.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree import ElementTree as ET

_SAML: Final = "{urn:oasis:names:tc:SAML:2.0:assertion}"
_ATTRIBUTES: Final = "https://aws.amazon.com/SAML/Attributes/"
_TAG: Final = "PrincipalTag:"
_CLAIMS: Final = "https://aws.amazon.com/"


@dataclass(frozen=True)
class Carried:
    """What a session has from the token with which it begins."""

    tags: Mapping[str, str] = field(default_factory=dict)
    transitive: frozenset[str] = frozenset()
    source_identity: str | None = None


@dataclass(frozen=True)
class Assertion:
    """What a SAML assertion says of who has it; a text that it lacks is empty.

    `attributes` are those of AWS, by their names below its URL.
    """

    issuer: str
    subject: str
    subject_type: str
    audience: str
    attributes: Mapping[str, tuple[str, ...]]

    def leads_to(self, role: str, provider: str) -> bool:
        """Whether it gives its bearer a role, by this provider."""
        pairs = (text.split(",") for text in self.attributes.get("Role", ()))
        return any({part.strip() for part in pair} == {role, provider} for pair in pairs)

    def first(self, name: str) -> str | None:
        """Return the first value of an attribute; None for none."""
        return next(iter(self.attributes.get(name, ())), None)

    @property
    def carried(self) -> Carried:
        """What the session has from it."""
        tags = {
            name.removeprefix(_TAG): values[0]
            for name, values in self.attributes.items()
            if name.startswith(_TAG) and values
        }
        transitive = frozenset(self.attributes.get("TransitiveTagKeys", ()))
        return Carried(tags, transitive, self.first("SourceIdentity"))


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


def carried_by(claims: Mapping[str, Any]) -> Carried:
    """Return what a session has from the claims of a JSON web token."""
    told = claims.get(f"{_CLAIMS}tags")
    told = told if isinstance(told, Mapping) else {}
    tags = {
        str(key): str(value[0] if isinstance(value, list) else value)
        for key, value in (told.get("principal_tags") or {}).items()
    }
    source = claims.get(f"{_CLAIMS}source_identity")
    transitive = frozenset(map(str, told.get("transitive_tag_keys") or ()))
    return Carried(tags, transitive, None if source is None else str(source))


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
        attributes=_attributes(root),
    )


def name_qualifier(issuer: str, provider_arn: str) -> str:
    """Return the hash by which AWS tells apart subjects of the same name of several providers."""
    account, name = provider_arn.split(":")[4], provider_arn.rpartition("/")[2]
    hashed = hashlib.sha1(f"{issuer}{account}/{name}".encode(), usedforsecurity=False)
    return base64.b64encode(hashed.digest()).decode()


def _attributes(assertion: ET.Element) -> dict[str, tuple[str, ...]]:
    found = assertion.iterfind(f".//{_SAML}Attribute")
    return {
        each.get("Name", "").removeprefix(_ATTRIBUTES): tuple(
            (value.text or "").strip() for value in each.iterfind(f"{_SAML}AttributeValue")
        )
        for each in found
        if each.get("Name", "").startswith(_ATTRIBUTES)
    }


def _text(assertion: ET.Element, name: str) -> str:
    return (assertion.findtext(f".//{_SAML}{name}") or "").strip()


def _attribute(assertion: ET.Element, name: str, attribute: str) -> str:
    element = assertion.find(f".//{_SAML}{name}")
    return "" if element is None else element.get(attribute, "")
