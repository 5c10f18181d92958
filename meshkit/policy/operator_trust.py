"""Who may take the role of an operator: each kind of sign-in, closed to everybody else.

Source: IAM User Guide, creating roles for OIDC and SAML federation, and for IAM users; IAM Identity
Center User Guide, referencing permission sets in resource policies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from meshkit.config.deferred import Deferred
from meshkit.errors import MeshkitError
from meshkit.policy.document import WILDCARDS, Condition, Document, Principal, Statement, concat
from meshkit.topology.leaves import oidc_provider, parse_arn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from meshkit.policy.document import Text

_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_PERMISSION_SET: Final = re.compile(r"[A-Za-z0-9_+=,.@-]{1,32}")
_PLAIN: Final = re.compile(r"[a-z0-9-]+")
_PRINCIPAL: Final = re.compile(r"(role|user)/[!-~]+")
_SUFFIX: Final = "?" * 16
"""What Identity Center ends the name of a role with. A ``*`` would take in the roles of permission
sets whose names begin alike."""
_SSO_HOME: Final = "us-east-1"
"""The region that paths of Identity Center's roles do not name."""
_SIGN_IN: Final = {
    "aws": "https://signin.aws.amazon.com/saml",
    "aws-cn": "https://signin.amazonaws.cn/saml",
    "aws-us-gov": "https://signin.amazonaws-us-gov.com/saml",
}
"""Where SAML answers are sent, which is the audience of them."""


class Later(Protocol):
    """A text that a program learns as it runs: an ``Output`` of Pulumi."""

    def apply(self, func: Any) -> Any:
        """A value made of it."""


Given = str | Deferred | Later
_GIVEN: Final = ("provider_arn", "subjects", "audience", "principals", "external_ids")


@dataclass(frozen=True, kw_only=True)
class OidcTrust:
    """Tokens of an OIDC provider: a CI system, or a workforce identity such as Okta."""

    provider_arn: Given
    """ARN of the account's IAM OIDC provider."""
    subjects: Sequence[Given]
    """Exact subjects: ``repo:acme/shop:ref:refs/heads/main``, or a user's id."""
    audience: Given
    """Exact audience of the tokens: the client id; ``sts.amazonaws.com`` for GitHub."""

    def document(self) -> Document:
        """The trust policy."""
        arn, audience = _text(self.provider_arn), _text(self.audience)
        if isinstance(arn, str) and (fault := oidc_provider(arn, None, None)):
            raise MeshkitError(fault)
        subjects = _some("subjects", self.subjects)
        for text in (*subjects, audience):
            _require_exact(text)
        statement = Statement(
            actions=("sts:AssumeRoleWithWebIdentity",),
            principal=Principal("Federated", arn),
            conditions=(
                Condition("StringEquals", concat(arn, ":aud"), (audience,)),
                Condition("StringEquals", concat(arn, ":sub"), subjects),
            ),
            literal=True,
        )
        return Document((statement,))


@dataclass(frozen=True, kw_only=True)
class SamlTrust:
    """People who sign in through a SAML provider, which decides who of them gets the role."""

    provider_arn: Given
    """ARN of the account's IAM SAML provider."""
    partition: str = "aws"

    def document(self) -> Document:
        """The trust policy."""
        arn, audience = _text(self.provider_arn), _SIGN_IN.get(self.partition)
        if isinstance(arn, str):
            parts = parse_arn(arn)
            kind = parts and parts.service == "iam" and parts.resource.startswith("saml-provider/")
            if not kind:
                raise MeshkitError(
                    f'"{arn}" is no SAML provider: arn:PARTITION:iam::ACCOUNT:saml-provider/NAME'
                )
        if audience is None:
            raise MeshkitError(f"{self.partition}: its SAML sign-in is not known")
        statement = Statement(
            actions=("sts:AssumeRoleWithSAML",),
            principal=Principal("Federated", arn),
            conditions=(Condition("StringEquals", "SAML:aud", (audience,)),),
            literal=True,
        )
        return Document((statement,))


@dataclass(frozen=True, kw_only=True)
class PermissionSetTrust:
    """People to whom IAM Identity Center gives a permission set in an account."""

    account: str
    """Id of the account to which the permission set is assigned."""
    permission_set: str
    """Its name."""
    region: str
    """Region of IAM Identity Center."""
    partition: str = "aws"

    def document(self) -> Document:
        """The trust policy."""
        _require_account(self.account)
        if not _PERMISSION_SET.fullmatch(self.permission_set):
            raise MeshkitError(
                f'"{self.permission_set}" is no permission set: 1 to 32 letters, digits and +=,.@_-'
            )
        if not _PLAIN.fullmatch(self.region):
            raise MeshkitError(f'"{self.region}" is no region: give that of IAM Identity Center')
        home = "" if self.region == _SSO_HOME else f"{self.region}/"
        name = f"AWSReservedSSO_{self.permission_set}_{_SUFFIX}"
        role = f"role/aws-reserved/sso.amazonaws.com/{home}{name}"
        arn = f"arn:{self.partition}:iam::{self.account}:{role}"
        statement = Statement(
            actions=("sts:AssumeRole",),
            principal=Principal("AWS", f"arn:{self.partition}:iam::{self.account}:root"),
            conditions=(Condition("ArnLike", "aws:PrincipalArn", (arn,)),),
        )
        return Document((statement,))


@dataclass(frozen=True, kw_only=True)
class AccountTrust:
    """Accounts, or single roles and users of them."""

    principals: Sequence[Given]
    """Ids of accounts, whose own policies then say who may; or ARNs of roles and users."""
    external_ids: Sequence[Given] = ()
    """Of which a caller must send one, if there are any; more than one while it is rotated."""
    mfa: bool = False
    """Whether the caller must have signed in with a second factor. Only users of IAM can."""
    mfa_max_age: int | None = None
    """Seconds since then at most."""
    partition: str = "aws"

    def document(self) -> Document:
        """The trust policy: a statement for each principal."""
        conditions = tuple(self._conditions())
        statements = (
            Statement(
                actions=("sts:AssumeRole",),
                principal=Principal("AWS", self._principal(each)),
                conditions=conditions,
                literal=True,
            )
            for each in _some("principals", self.principals)
        )
        return Document(tuple(statements))

    def _conditions(self) -> list[Condition]:
        found = []
        if self.external_ids:
            ids = _some("external_ids", self.external_ids)
            for id_ in ids:
                _require_exact(id_, shown="an external id")
            found.append(Condition("StringEquals", "sts:ExternalId", ids))
        if self.mfa or self.mfa_max_age is not None:
            found.append(Condition("Bool", "aws:MultiFactorAuthPresent", ("true",)))
        if self.mfa_max_age is not None:
            age = (str(self.mfa_max_age),)
            found.append(Condition("NumericLessThanEquals", "aws:MultiFactorAuthAge", age))
        return found

    def _principal(self, text: Text) -> Text:
        if not isinstance(text, str):
            return text
        if _ACCOUNT.fullmatch(text):
            return f"arn:{self.partition}:iam::{text}:root"
        parts = parse_arn(text)
        if parts is None or parts.service != "iam" or not _PRINCIPAL.fullmatch(parts.resource):
            raise MeshkitError(
                f'"{text}" is no principal: the 12 digits of an account, or '
                "arn:PARTITION:iam::ACCOUNT:role/NAME"
            )
        _require_exact(text)
        return text


OperatorTrust = OidcTrust | SamlTrust | PermissionSetTrust | AccountTrust


def with_texts(trust: OperatorTrust, change: Callable[[Given], Text]) -> OperatorTrust:
    """The same trust with texts of the core in place of what a program gave."""
    changed: dict[str, Any] = {}
    for key in _GIVEN:
        value = getattr(trust, key, None)
        if value is not None:
            several = isinstance(value, list | tuple)
            changed[key] = tuple(map(change, value)) if several else change(value)
    return replace(trust, **changed)


def _text(given: Given) -> Text:
    if isinstance(given, str | Deferred):
        return given
    raise TypeError("known only as the program runs: see with_texts")


def _some(what: str, given: Sequence[Given]) -> tuple[Text, ...]:
    if isinstance(given, str) or not given:
        raise MeshkitError(f"{what} must be a list of at least one")
    return tuple(map(_text, given))


def _require_account(text: str) -> None:
    if not _ACCOUNT.fullmatch(text):
        raise MeshkitError(f'"{text}" is no account: give the 12 digits of its id')


def _require_exact(text: Text, *, shown: str | None = None) -> None:
    """Stops at a pattern; ``shown`` says what to call a text that is a secret."""
    mark = next((each for each in WILDCARDS if isinstance(text, str) and each in text), None)
    if mark:
        shown = shown or f'"{text}"'
        raise MeshkitError(f'{shown} contains "{mark}": give it exactly')
