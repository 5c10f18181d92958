"""The accounts of a mesh, and calls in them."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from meshkit.errors import MeshkitError
from meshkit.inspect.confirm.commands import aws
from meshkit.inspect.confirm.remark import CantTellError, unknown
from meshkit.topology.arn import iam_arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.config.accounts import AssumeRole
    from meshkit.inspect.confirm.texts import Texts
    from meshkit.topology.model import Owner, ResolvedMesh

SESSION_NAME = "meshkit-confirm"
_CONFIG = Config(
    connect_timeout=5,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 4},
)


class RefusedError(CantTellError):
    """A call that AWS refused, or that did not reach it.

    ``code`` is AWS's error code, or the name of what happened on the way.
    """

    def __init__(self, code: str, text: str, command: str) -> None:
        super().__init__(unknown(text, command))
        self.code = code


class Account:
    """One account. Without ``credentials`` they are the session's own."""

    def __init__(
        self, session: Any, region: str, credentials: Mapping[str, str] | None = None
    ) -> None:
        # One session for all accounts: it keeps the models of the services, which are large.
        self._session = session
        self._credentials = credentials or {}
        self._clients: dict[str, Any] = {}
        self._lock = Lock()
        self.region = region

    def ask(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        """Return the answer to one call, named as boto3 does. Raises ``RefusedError``."""
        client = self._client(service)
        try:
            answer: dict[str, Any] = getattr(client, operation)(**params)
        except (ClientError, BotoCoreError) as error:
            raise self._refused(client, service, operation, params, error) from None
        return answer

    def ask_all(self, service: str, operation: str, member: str, /, **params: Any) -> list[Any]:
        """Return a list of the answer from all of its pages. Raises ``RefusedError``."""
        client = self._client(service)
        try:
            pages = client.get_paginator(operation).paginate(**params)
            return [entry for page in pages for entry in page.get(member, [])]
        except (ClientError, BotoCoreError) as error:
            raise self._refused(client, service, operation, params, error) from None

    def in_region(self, region: str) -> Account:
        """The same account, asked in another region."""
        return Account(self._session, region, self._credentials)

    def command(self, service: str, operation: str, /, **params: Any) -> str:
        """The command of the AWS CLI for a call in this account's region."""
        return aws(service, operation, self.region, **params)

    def _client(self, service: str) -> Any:
        # Making clients of one session is not safe in several threads, using them is.
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._session.client(
                    service, region_name=self.region, config=_CONFIG, **self._credentials
                )
            return self._clients[service]

    def _refused(
        self, client: Any, service: str, operation: str, params: Any, error: Exception
    ) -> RefusedError:
        name = client.meta.method_to_api_mapping[operation]
        code, told = _told(error)
        text = f"can't ask AWS, {service}:{name}: {told}"
        return RefusedError(code, text, self.command(service, operation, **params))


class Accounts:
    """The accounts of a mesh by the way in that the file gives, each opened once.

    ``profile`` is one of the AWS configuration; without it the usual chain of credentials is asked.
    Raises ``MeshkitError`` where there is no such profile, or no credentials at all.
    """

    def __init__(self, mesh: ResolvedMesh, texts: Texts, profile: str | None = None) -> None:
        self._mesh = mesh
        self._texts = texts
        self._opened: dict[str, Account | CantTellError] = {}
        self._lock = Lock()
        try:
            self._session = boto3.Session(profile_name=profile, region_name=mesh.region)
            sts = self._session.client("sts", config=_CONFIG)
            self._caller = sts.get_caller_identity()["Account"]
        except (ClientError, BotoCoreError) as error:
            told = _told(error)[1]
            msg = f"no way to AWS: {told}; set credentials, or name a --profile"
            raise MeshkitError(msg) from None

    def of(self, owner: Owner) -> Account:
        """The account of an owner. Raises ``CantTellError`` where there is no way in."""
        with self._lock:
            if owner.key not in self._opened:
                self._opened[owner.key] = self._open(owner)
        found = self._opened[owner.key]
        if isinstance(found, CantTellError):
            raise found
        return found

    def _open(self, owner: Owner) -> Account | CantTellError:
        try:
            if owner.assume_role is not None:
                credentials = self._assumed(owner, owner.assume_role)
                return Account(self._session, self._mesh.region, credentials)
        except CantTellError as error:
            # Someone who may look into the account need not be allowed to take its role.
            if self._caller != owner.id:
                return error
        if self._caller == owner.id:
            return Account(self._session, self._mesh.region)
        return CantTellError(
            unknown(
                f"the credentials are of account {self._caller}, not of {owner.key} ({owner.id}): "
                f"give accounts.{owner.key} an assume_role in the file, or name a --profile of it"
            )
        )

    def _assumed(self, owner: Owner, role: AssumeRole) -> dict[str, str]:
        arn = self._role_arn(owner, role)
        params = {"RoleArn": arn, "RoleSessionName": role.session_name or SESSION_NAME}
        secret = {}
        if role.external_id is not None:
            what = f"accounts.{owner.key}.assume_role.external_id"
            secret["ExternalId"] = self._texts.known(role.external_id, owner.context, what)
        try:
            sts = self._session.client("sts", config=_CONFIG)
            given = sts.assume_role(**params, **secret)["Credentials"]
        except (ClientError, BotoCoreError) as error:
            code, told = _told(error)
            # STS repeats an id that it does not take.
            for each in secret.values():
                told = told.replace(each, "[external id]")
            text = f"no way into account {owner.key} ({owner.id}) by {arn}: {told}"
            raise RefusedError(code, text, aws("sts", "assume_role", **params)) from None
        return {
            "aws_access_key_id": given["AccessKeyId"],
            "aws_secret_access_key": given["SecretAccessKey"],
            "aws_session_token": given["SessionToken"],
        }

    def _role_arn(self, owner: Owner, role: AssumeRole) -> str:
        if role.arn is not None:
            what = f"accounts.{owner.key}.assume_role.arn"
            return self._texts.known(role.arn, owner.context, what)
        path, _, name = str(role.name).rpartition("/")
        return iam_arn(self._mesh.partition, owner.id, "role", f"/{path}/" if path else "/", name)


def _told(error: Exception) -> tuple[str, str]:
    """The code of an error and what it says, in one line."""
    if isinstance(error, ClientError):
        answer = error.response.get("Error", {})
        code = str(answer.get("Code", "Unknown"))
        return code, " ".join(f"{code}: {answer.get('Message', '')}".split()).rstrip(": ")
    return type(error).__name__, " ".join(str(error).split())
