"""Tokens and assertions of identity providers, which nobody signs."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from botocore import UNSIGNED
from botocore.config import Config

if TYPE_CHECKING:
    from meshkit.local.cloud import Cloud

_ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes"
_ASSERTION = """
<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
                xmlns="urn:oasis:names:tc:SAML:2.0:assertion">
  <Assertion>
    <Issuer>https://okta.example</Issuer>
    <Subject>
      <NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{subject}</NameID>
      <SubjectConfirmation>
        <SubjectConfirmationData Recipient="https://signin.aws.amazon.com/saml"/>
      </SubjectConfirmation>
    </Subject>
    <AttributeStatement>
      <Attribute Name="{attributes}/RoleSessionName">
        <AttributeValue>{subject}</AttributeValue>
      </Attribute>
      <Attribute Name="{attributes}/Role">
        <AttributeValue>{role},{provider}</AttributeValue>
      </Attribute>
    </AttributeStatement>
  </Assertion>
</samlp:Response>
"""


def token(**claims: str) -> str:
    """A JSON web token with some claims."""
    parts = ({"alg": "RS256"}, {"aud": "sts.amazonaws.com", **claims})
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts)
    return ".".join((*(part.rstrip("=") for part in encoded), "signature"))


def assertion(role: str, provider: str, subject: str) -> str:
    """A SAML assertion that gives somebody a role."""
    text = _ASSERTION.format(
        role=role, provider=provider, subject=subject, attributes=_ATTRIBUTES
    ).strip()
    return base64.b64encode(text.encode()).decode()


def unsigned_sts(cloud: Cloud) -> Any:
    """STS for who has no key."""
    config = Config(signature_version=UNSIGNED)
    return cloud._session.client("sts", region_name="eu-west-1", config=config)
