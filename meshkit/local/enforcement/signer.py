"""Who makes a request: whose policies count, and what else is known of the caller."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from moto.iam.models import AccessKey, iam_backends

from meshkit.local.enforcement.incoming import Incoming
from meshkit.local.environment import DEFAULT_ACCOUNT
from meshkit.local.services.clock import now
from meshkit.local.services.entities import Entity, entity
from meshkit.local.services.errors import ApiError
from meshkit.local.services.sessions import Session
from meshkit.local.services.sts import session_of
from meshkit.policy.evaluation import Caller

OPERATOR_ROLE: Final = "LocalCloud"
"""Who assumes this role, which no account has, is the root user of the account."""
_KEY: Final = re.compile(r"A[A-Z]IA[A-Z0-9]{16}")


@dataclass(frozen=True)
class Signer:
    """The caller of a request. `entity` is None for the root user of an account."""

    caller: Caller
    account: str
    partition: str
    entity: Entity | None = None
    session: Session | None = None

    @property
    def arn(self) -> str:
        """The ARN by which AWS's refusals name the caller."""
        return str(self.caller.arn)

    @property
    def principal(self) -> str:
        """The value of aws:PrincipalArn: of a session, the ARN of its role."""
        if self.entity is None or self.caller.identity.type == "federated":
            return self.arn
        return self.entity.arn

    @property
    def is_root(self) -> bool:
        """Whether it is the root user of an account."""
        return self.entity is None


def signer_of(asked: Incoming) -> Signer:
    """Return who signed a request. Raises an `ApiError` for credentials that are no good.

    Made-up credentials, as those of `meshkit local env`, are the root user's of the default
    account. Signatures are not checked: there is nothing to keep secret on the local cloud.
    """
    found = _found(str(asked.access_key))
    if found is None:
        if _KEY.fullmatch(str(asked.access_key)) and not str(asked.access_key).endswith("EXAMPLE"):
            raise _invalid()
        return _root(DEFAULT_ACCOUNT, asked.partition)
    account, partition, key = found
    session = session_of(key.access_key_id, account, partition)
    if session is not None:
        _require_in_force(session, asked)
    if key.role_arn:
        return _of_role(key.role_arn, account, partition, session)
    return _of_user(key, account, partition, session)


def _require_in_force(session: Session, asked: Incoming) -> None:
    if asked.token != session.token:
        raise _invalid()
    if session.expires <= now():
        raise ApiError("ExpiredToken", "The security token included in the request is expired")


def is_operator_role(arn: str, partition: str) -> bool:
    """Return whether assuming this role makes the root user of its account."""
    account, name = arn.split(":")[4], arn.rpartition("/")[2]
    return name == OPERATOR_ROLE and all(
        role.name != name for role in iam_backends[account][partition].roles.values()
    )


def _found(access_key: str) -> tuple[str, str, AccessKey] | None:
    for account, partitions in list(iam_backends.items()):
        for partition in list(partitions):
            iam = partitions[partition]
            if access_key in iam.access_keys:
                return account, partition, iam.access_keys[access_key]
    return None


def _of_role(arn: str, account: str, partition: str, session: Session | None) -> Signer:
    if is_operator_role(arn, partition):
        return _root(account, partition)
    if session is None:
        raise _invalid()
    found = _entity(arn, account, partition, session)
    return Signer(Caller(session.arn), account, partition, found, session)


def _of_user(key: AccessKey, account: str, partition: str, session: Session | None) -> Signer:
    iam = iam_backends[account][partition]
    user = iam.users.get(str(key.user_name))
    in_force = session is not None or (user and _active(user, key.access_key_id))
    if user is None or not in_force:
        raise _invalid()
    found = _entity(user.arn, account, partition, session)
    return Signer(Caller(session.arn if session else user.arn), account, partition, found, session)


def _active(user: Any, access_key: str) -> bool:
    keys = (each for each in user.access_keys if each.access_key_id == access_key)
    return any(each.status == "Active" for each in keys)


def _entity(arn: str, account: str, partition: str, session: Session | None) -> Entity:
    try:
        found = entity(arn, account, partition)
    except ApiError:
        raise _invalid() from None  # the role or user is gone
    if session is not None and session.principal_id != found.id:
        raise _invalid()  # another has its name
    return found


def _root(account: str, partition: str) -> Signer:
    return Signer(Caller(f"arn:{partition}:iam::{account}:root"), account, partition)


def _invalid() -> ApiError:
    message = "The security token included in the request is invalid."
    return ApiError("InvalidClientTokenId", message)
