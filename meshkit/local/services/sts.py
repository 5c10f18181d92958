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
from meshkit.local.services.entities import NOTHING, role_of
from meshkit.local.services.errors import ApiError
from meshkit.local.services.identity_tokens import (
    assertion_of,
    carried_by,
    claims_of,
    issuer_of,
    name_qualifier,
)
from meshkit.local.services.query import INVALID, QueryOperations
from meshkit.local.services.sessions import Session, arns_of, tags_of
from meshkit.policy.evaluation import Policy, PolicyError

HALF_A_DAY = 43200
"""Seconds that a session of a user lasts by default. Source: STS API, GetSessionToken."""
INVALID_TOKEN = "InvalidIdentityToken"  # noqa: S105 - the code of an error
AN_HOUR = 3600
"""Seconds that a session of a role lasts by default, and at most where another role assumes it.
Source: STS API, AssumeRole."""


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
    checked = frozenset(
        {
            *("AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"),
            *("GetFederationToken", "GetSessionToken"),
        }
    )

    def assume_role(self) -> ActionResult:
        """Begin a session of a role, with the transitive tags of the session before."""
        before = session_of(self.access_key, self.current_account, self.partition)
        self._require_limits(before)
        kept = {key: before.tags[key] for key in before.transitive} if before else {}
        tags = tags_of(self.params.get("Tags"))
        transitive = {*kept, *(self.params.get("TransitiveTagKeys") or ())}
        source = before.source_identity if before else None
        _require_kept(kept, tags, source, self.params.get("SourceIdentity"))
        return self._remembered(
            super().assume_role(),
            multi_factor=self.params.get("TokenCode") is not None,
            tags={**kept, **tags},
            transitive=frozenset(transitive),
            source_identity=source or self.params.get("SourceIdentity"),
        )

    def assume_role_with_web_identity(self) -> ActionResult:
        """Begin a session of a role for who has a token of an OIDC provider."""
        self._require_limits()
        try:
            claims = claims_of(str(self.params["WebIdentityToken"]))
        except ValueError:
            claims = {}  # without enforcement, a token may be anything
        result = super().assume_role_with_web_identity()
        told = self._told_of(claims) if claims else {}
        return self._remembered(result, told, **vars(carried_by(claims)))

    def _told_of(self, claims: Mapping[str, Any]) -> dict[str, str]:
        account = str(self.params["RoleArn"]).split(":")[4]
        audience = claims.get("aud", "")
        return {
            "SubjectFromWebIdentityToken": str(claims.get("sub", "")),
            "Audience": audience if isinstance(audience, str) else ",".join(map(str, audience)),
            "Provider": f"arn:{self.partition}:iam::{account}:oidc-provider/{issuer_of(claims)}",
        }

    def assume_role_with_saml(self) -> ActionResult:
        """Begin a session of a role for who has an assertion of a SAML provider.

        moto takes the role that the assertion names first, whichever is asked for.
        """
        self._require_limits()
        role, provider = str(self.params["RoleArn"]), str(self.params["PrincipalArn"])
        try:
            said = assertion_of(str(self.params["SAMLAssertion"]))
        except ValueError:
            raise ApiError(INVALID_TOKEN, "Invalid base64 SAMLResponse") from None
        if not said.leads_to(role, provider):
            raise ApiError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML")
        name = said.first("RoleSessionName")
        if name is None:
            raise ApiError(INVALID_TOKEN, "RoleSessionName is required in AuthnResponse")
        lasts = self.params.get("DurationSeconds") or said.first("SessionDuration") or AN_HOUR
        made = self.backend.assume_role(self.region, name, role, "", int(lasts), "")
        told = {
            "AssumedRoleUser": {"AssumedRoleId": made.user_id, "Arn": made.arn},
            "Credentials": made,
            "PackedPolicySize": 6,
            "Subject": said.subject,
            "SubjectType": said.subject_type,
            "Issuer": said.issuer,
            "Audience": said.audience,
            "NameQualifier": name_qualifier(said.issuer, provider),
        }
        return self._remembered(ActionResult(told), issued_by=provider, **vars(said.carried))

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
        _require_policy(self.params.get("Policy"))
        name = self.params["Name"]
        arn = f"arn:{self.partition}:sts::{self.current_account}:federated-user/{name}"
        federated = f"{self.current_account}:{name}"
        made = self._new_key(
            found[0],
            arn,
            user_id=federated,
            policy=self.params.get("Policy") or NOTHING,
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
        session = Session(
            arn=arn,
            principal_id=user.id,
            token=_token(made.access_key_id),
            issued=issued,
            expires=issued + lasts,
            **{"user_id": user.id, **known},
        )
        backend: Any = self.backend
        backend.sessions[made.access_key_id] = session
        return {
            "AccessKeyId": made.access_key_id,
            "SecretAccessKey": made.secret_access_key,
            "SessionToken": session.token,
            "Expiration": session.expires,
        }

    def _require_limits(self, before: Session | None = None) -> None:
        """Hold a session to its policy, and to the time of its role and of a chain of roles."""
        _require_policy(self.params.get("Policy"))
        lasts = int(self.params.get("DurationSeconds") or AN_HOUR)
        role = role_of(self.params["RoleArn"])
        if role is not None and lasts > int(role.max_session_duration or AN_HOUR):
            what = "the MaxSessionDuration set for this role."
            raise ApiError(INVALID, f"The requested DurationSeconds exceeds {what}")
        if before is not None and lasts > AN_HOUR and self._is_of_a_role(before):
            what = "the 1 hour session limit for roles assumed by role chaining"
            raise ApiError(INVALID, f"The requested DurationSeconds exceeds {what}")

    def _is_of_a_role(self, session: Session) -> bool:
        return session.principal_id in iam_backends[self.current_account][self.partition].roles

    def _remembered(
        self, result: ActionResult, told: Mapping[str, str] | None = None, **known: Any
    ) -> ActionResult:
        answer: Any = result.result
        answer.update(told or {})
        role: AssumedRole = answer["Credentials"]
        role.session_token = _token(role.access_key_id)
        backend: Any = sts_backends[role.account_id][role.partition]
        backend.sessions[role.access_key_id] = Session(
            arn=role.arn,
            user_id=role.user_id,
            principal_id=role.user_id.partition(":")[0],
            token=role.session_token,
            issued=now(),
            expires=_utc(role.expiration),
            policy=self.params.get("Policy"),
            policy_arns=arns_of(self.params.get("PolicyArns")),
            **known,
        )
        return result


def _token(access_key: str) -> str:
    """The token of temporary credentials: the same again when a state is brought back."""
    return f"FwoGZXIvYXdz{access_key}"


def _require_policy(document: str | None) -> None:
    """Raise an `ApiError` for a session policy that is none."""
    try:
        policy = Policy.parse(NOTHING if document is None else document)
    except PolicyError as error:
        raise ApiError("MalformedPolicyDocument", str(error)) from None
    if any(statement.principals is not None for statement in policy.statements):
        raise ApiError("MalformedPolicyDocument", "A session policy names no principal.")


def _require_kept(
    kept: Mapping[str, str], tags: Mapping[str, str], source: str | None, wanted: str | None
) -> None:
    """Let nobody override what a chain of sessions carries.

    Source: IAM User Guide, Passing session tags in AWS STS; Monitor and control actions taken with
    assumed roles. Neither tells the code of the error.
    """
    if {key.lower() for key in kept} & {key.lower() for key in tags}:
        what = "conflicts with a transitive tag key from the calling session."
        raise ApiError(INVALID, f"One of the specified tag keys {what}")
    if source and wanted and source != wanted:
        message = "The calling session has a source identity: it can't be changed."
        raise ApiError(INVALID, message)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment
