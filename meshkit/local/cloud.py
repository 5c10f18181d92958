"""An AWS in this process: moto, with meshkit's own services, for several accounts at once."""

from __future__ import annotations

import os
import re
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.handlers import BUILTIN_HANDLERS
from moto import mock_aws
from moto.core.models import botocore_stubber

from meshkit.errors import MeshkitError
from meshkit.local import managed_policies, services
from meshkit.local.environment import DEFAULT_ACCOUNT
from meshkit.local.providers import Role, partition_of
from meshkit.local.services.cloudtrail.history import HISTORY
from meshkit.local.services.deployers import DEPLOYER, make_deployer
from meshkit.local.services.organization import forget_members

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Self

    from meshkit.policy.evaluation import Decision
    from meshkit.policy.evaluation.request import Value

DEFAULT_REGION = "us-east-1"
# Where a program expects to be is not a credential, so it stays.
KEPT = ("AWS_REGION", "AWS_DEFAULT_REGION")
ISOLATED = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


class CloudError(MeshkitError):
    """The local cloud can't do what was asked of it."""


class Cloud:
    """The local cloud, running for the length of a `with` block.

    `account` (12 digits) is where callers are who assume no role, `region` is used where none is
    named. `enforce_iam` refuses calls that the policies of their caller do not allow; who assumes
    no role is the root user of the account. Inside the block the AWS variables of the environment
    hold made-up credentials, and no call by boto3 leaves the process. There is one cloud in a
    process at a time: a second one raises CloudError.
    """

    _running = False

    def __init__(
        self,
        *,
        account: str = DEFAULT_ACCOUNT,
        region: str = DEFAULT_REGION,
        enforce_iam: bool = False,
    ) -> None:
        self.account = _account_id(account)
        self.region = region
        self.enforce_iam = enforce_iam
        self._answer = _decided if enforce_iam else _answer
        self.stack_outputs: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._clients: dict[tuple[str, str, str, tuple[Role, ...]], Any] = {}
        self._acting: dict[str, str] | None = None
        self._found: Callable[[str], None] | None = None
        self._environment: dict[str, str] = {}
        self._credentials: dict[str, dict[str, str]] = {}
        self._mock = mock_aws(config={"core": {"mock_credentials": False}})
        self._session: Any = None

    def __enter__(self) -> Self:
        """Start moto with meshkit's services."""
        if Cloud._running:
            msg = "a local cloud is already running in this process: hand that one over"
            raise CloudError(msg)
        services.install()
        managed_policies.install()
        Cloud._running = True
        self._environment = _take_aws_variables()
        os.environ.update(ISOLATED)
        forget_members()
        HISTORY.forget()
        self._mock.start()
        _replace_handler(botocore_stubber, self._answer)
        self._session = boto3.session.Session()
        if self.account != DEFAULT_ACCOUNT:
            os.environ.update(_as_environment(self._assume(self.account)))
        return self

    def __exit__(self, *_: object) -> None:
        """Forget everything and put the environment back."""
        _replace_handler(self._answer, botocore_stubber)
        self._clients.clear()
        self._credentials.clear()
        self._acting = self._found = None
        self._mock.stop()
        _take_aws_variables()
        os.environ.update(self._environment)
        Cloud._running = False

    def client(
        self,
        service: str,
        account: str | None = None,
        region: str | None = None,
        roles: tuple[Role, ...] = (),
    ) -> Any:
        """Return a boto3 client of `service`, by default in the cloud's own account and region.

        It is the root user's of the account; where IAM is enforced, it is that of the last of the
        `roles`, assumed one after the other, and without roles that of the role of `act_as`.
        """
        account, region = account or self.account, region or self.region
        key = (service, account, region, roles if self.enforce_iam else ())
        if key not in self._clients:
            given = self._credentials_of(account, key[3])
            self._clients[key] = self._new_client(service, region, given)
        return self._clients[key]

    def deploy_as(self, policy: str | None = None) -> None:
        """Let callers in the cloud's own account be a role with this policy, a JSON text.

        The roles that providers assume have the policy too, unless they are there already. Without
        it all of them are administrators.
        """
        own = f"arn:{partition_of(self.region)}:iam::{self.account}:role/{DEPLOYER}"
        make_deployer(own, self.account, policy)
        self._found = partial(make_deployer, trusted=self.account, policy=policy)
        self.act_as(Role(own))

    def decision(
        self, caller: str, action: str, resource: str, context: Mapping[str, Value] | None = None
    ) -> Decision:
        """Decide whether a role or user, by its ARN, may do something, enforced or not.

        So can be told what no API call asks for, such as an Envoy that connects to App Mesh
        (`appmesh:StreamAggregatedResources`). `context` has condition keys beside those that the
        local cloud knows. Raises `MeshkitError` for a caller that is not there, and for what can't
        be decided.
        """
        from meshkit.local.enforcement.asking import decision  # noqa: PLC0415 - only where asked

        return decision(caller, action, resource, context)

    def act_as(self, role: Role) -> None:
        """Let callers in the cloud's own account be those who assume a role of it."""
        door = self._new_client("sts", self.region, self._assume(self.account))
        self._acting = _assumed(door, role)
        self._clients.clear()
        os.environ.update(_as_environment(self._acting))

    def _credentials_of(self, account: str, roles: tuple[Role, ...]) -> dict[str, str]:
        own = self._acting if account == self.account or roles else None
        given = own or self._assume(self.account if roles else account)
        for role in roles:
            if self._found is not None:
                self._found(role.arn)
            given = _assumed(self._new_client("sts", self.region, given), role)
        return given

    def _new_client(self, service: str, region: str, given: Mapping[str, str]) -> Any:
        return self._session.client(
            service,
            region_name=region,
            config=Config(retries={"total_max_attempts": 1}),
            **given,
        )

    def _assume(self, account: str) -> dict[str, str]:
        """Return credentials for an account. moto knows accounts by who assumed a role in them."""
        if account == DEFAULT_ACCOUNT:
            return {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        if account not in self._credentials:
            role = f"arn:aws:iam::{_account_id(account)}:role/LocalCloud"
            made_up = self._assume(DEFAULT_ACCOUNT)
            sts = self._new_client("sts", DEFAULT_REGION, made_up)
            self._credentials[account] = _assumed(sts, Role(role))
        return self._credentials[account]


def _assumed(sts: Any, role: Role) -> dict[str, str]:
    given = sts.assume_role(**role.request)["Credentials"]
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }


def _account_id(account: str) -> str:
    if not re.fullmatch(r"\d{12}", account):
        msg = f"an account id is 12 digits, not {account!r}"
        raise CloudError(msg)
    return account


def _take_aws_variables() -> dict[str, str]:
    names = [name for name in os.environ if name.startswith("AWS_") and name not in KEPT]
    return {name: os.environ.pop(name) for name in names}


def _as_environment(credentials: Mapping[str, str]) -> dict[str, str]:
    return {name.upper(): value for name, value in credentials.items()}


def _replace_handler(old: Any, new: Any) -> None:
    index = BUILTIN_HANDLERS.index(("before-send", old))
    BUILTIN_HANDLERS[index] = ("before-send", new)


def _answer(event_name: str, request: Any, **_: Any) -> Any:
    """Answer a request of boto3 by moto. What moto does not know would go out: refuse it."""
    response = botocore_stubber(event_name, request)
    if response is None:
        msg = f"the local cloud has no service at {urlsplit(request.url).netloc}; nothing was sent"
        raise CloudError(msg)
    return _recorded(request, response)


def _recorded(request: Any, response: Any) -> Any:
    HISTORY.record(
        request.method,
        request.url,
        request.headers,
        request.body,
        response.status_code,
        response.raw.getvalue(),
    )
    return response


def _decided(event_name: str, request: Any, **_: Any) -> Any:
    """Answer a request that IAM allows, and refuse others."""
    from meshkit.local.enforcement.prepared import refused  # noqa: PLC0415 - only where asked for

    refusal = refused(request)
    return _answer(event_name, request) if refusal is None else _recorded(request, refusal)
