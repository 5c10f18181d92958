"""STS: sessions with all that policies may ask of them, and authorization messages.

The rest is moto's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.models import AccessKey, iam_backends
from moto.sts import urls
from moto.sts.models import AssumedRole, STSBackend, sts_backends
from moto.sts.responses import TokenResponse

from meshkit.local.services.authorization import OPERATIONS
from meshkit.local.services.clock import now
from meshkit.local.services.identity_tokens import (
    assertion_of,
    claims_of,
    issuer_of,
    name_qualifier,
)
from meshkit.local.services.query import QueryOperations
from meshkit.local.services.sessions import Session, arns_of, tags_of

_NOTHING = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","NotAction":"*","Resource":"*"}}'
"""What a federated user may do for whom nobody passed a policy."""
HALF_A_DAY = 43200
"""Seconds that a session of a user lasts by default. Source: STS API, GetSessionToken."""


class Sts(STSBackend):
    """moto's STS, with the requests that it lacks. `sessions` are by access key."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.sessions: dict[str, Session] = {}

    @property
    def _url_module(self) -> Any:
        paths = {"{0}/$": StsResponse.dispatch}
        return SimpleNamespace(url_bases=urls.url_bases, url_paths=paths)


def session_of(access_key: str, account: str, partition: str) -> Session | None:
    """Return the session behind an access key of an account."""
    sessions: dict[str, Session] = sts_backends[account][partition].sessions  # type: ignore[attr-defined]
    return sessions.get(access_key)


class StsResponse(QueryOperations, TokenResponse):
    """The requests of STS, the one that moto lacks among them."""

    service = "sts"
    handlers = OPERATIONS

    def assume_role(self) -> ActionResult:
        """Begin a session of a role, with the transitive tags of the session before."""
        before = session_of(self.access_key, self.current_account, self.partition)
        kept = {key: before.tags[key] for key in before.transitive} if before else {}
        transitive = {*kept, *(self.params.get("TransitiveTagKeys") or ())}
        source = self.params.get("SourceIdentity") or (before and before.source_identity)
        return self._remembered(
            super().assume_role(),
            multi_factor=self.params.get("TokenCode") is not None,
            tags={**kept, **tags_of(self.params.get("Tags"))},
            transitive=frozenset(transitive),
            source_identity=source,
        )

    def assume_role_with_web_identity(self) -> ActionResult:
        """Begin a session of a role for who has a token of an OIDC provider."""
        return self._remembered(super().assume_role_with_web_identity(), self._of_token())

    def assume_role_with_saml(self) -> ActionResult:
        """Begin a session of a role for who has an assertion of a SAML provider."""
        provider = str(self.params["PrincipalArn"])
        result = super().assume_role_with_saml()
        said = assertion_of(str(self.params["SAMLAssertion"]))
        told = {
            "Subject": said.subject,
            "SubjectType": said.subject_type,
            "Issuer": said.issuer,
            "Audience": said.audience,
            "NameQualifier": name_qualifier(said.issuer, provider),
        }
        return self._remembered(result, told, issued_by=provider)

    def _of_token(self) -> dict[str, str]:
        """What the answer says of a token. Without enforcement, a token may be anything."""
        try:
            claims = claims_of(str(self.params["WebIdentityToken"]))
        except ValueError:
            return {}
        account = str(self.params["RoleArn"]).split(":")[4]
        audience = claims.get("aud", "")
        return {
            "SubjectFromWebIdentityToken": str(claims.get("sub", "")),
            "Audience": audience if isinstance(audience, str) else ",".join(map(str, audience)),
            "Provider": f"arn:{self.partition}:iam::{account}:oidc-provider/{issuer_of(claims)}",
        }

    def get_session_token(self) -> ActionResult:
        """Begin a session of the user who asks."""
        found = self._caller()
        if found is None:
            return super().get_session_token()
        key, arn = found
        multi_factor = self.params.get("TokenCode") is not None
        return ActionResult({"Credentials": self._new_key(key, arn, multi_factor=multi_factor)})

    def get_federation_token(self) -> ActionResult:
        """Begin a session of a federated user, within the policies of the user who asks."""
        found = self._caller()
        if found is None:
            return super().get_federation_token()
        name = self.params["Name"]
        arn = f"arn:{self.partition}:sts::{self.current_account}:federated-user/{name}"
        federated = f"{self.current_account}:{name}"
        made = self._new_key(
            found[0],
            arn,
            user_id=federated,
            policy=self.params.get("Policy") or _NOTHING,
            policy_arns=arns_of(self.params.get("PolicyArns")),
            tags=tags_of(self.params.get("Tags")),
        )
        who = {"FederatedUserId": federated, "Arn": arn}
        return ActionResult({"Credentials": made, "FederatedUser": who, "PackedPolicySize": 6})

    def get_caller_identity(self) -> ActionResult:
        """Tell who asks; moto knows no sessions of users."""
        session = session_of(self.access_key, self.current_account, self.partition)
        if session is None:
            return super().get_caller_identity()
        account = self.current_account
        return ActionResult({"UserId": session.user_id, "Account": account, "Arn": session.arn})

    def _caller(self) -> tuple[AccessKey, str] | None:
        iam = iam_backends[self.current_account][self.partition]
        key = iam.access_keys.get(self.access_key)
        user = iam.users.get(key.user_name or "") if key else None
        return (key, user.arn) if key and user else None

    def _new_key(self, owner: AccessKey, arn: str, **known: Any) -> dict[str, Any]:
        iam = iam_backends[self.current_account][self.partition]
        made = iam.create_temp_access_key()
        made.user_name = owner.user_name
        user = iam.users[str(owner.user_name)]
        lasts = timedelta(seconds=self._get_int_param("DurationSeconds", HALF_A_DAY))
        issued = now()
        known = {"user_id": user.id, **known}
        session = Session(arn=arn, issued=issued, expires=issued + lasts, **known)
        backend: Any = self.backend
        backend.sessions[made.access_key_id] = session
        return {
            "AccessKeyId": made.access_key_id,
            "SecretAccessKey": made.secret_access_key,
            "SessionToken": f"FwoGZXIvYXdz{made.access_key_id}",
            "Expiration": session.expires,
        }

    def _remembered(
        self, result: ActionResult, told: Mapping[str, str] | None = None, **known: Any
    ) -> ActionResult:
        answer: Any = result.result
        answer.update(told or {})
        role: AssumedRole = answer["Credentials"]
        backend: Any = sts_backends[role.account_id][role.partition]
        backend.sessions[role.access_key_id] = Session(
            arn=role.arn,
            user_id=role.user_id,
            issued=now(),
            expires=_utc(role.expiration),
            policy=self.params.get("Policy"),
            policy_arns=arns_of(self.params.get("PolicyArns")),
            **known,
        )
        return result


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment
