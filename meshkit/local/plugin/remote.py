"""The local cloud as the plugin sees it: an endpoint, and credentials for each account."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from meshkit.local.providers import Role, configured, roles_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.local.providers import Provider

MAX_RETRIES = 25
"""How often the official provider tries again, unless `maxRetries` says otherwise."""


class Remote:
    """A running local cloud, reached over HTTP with the roles that a provider assumes.

    Throttling, server errors and dropped connections are tried again as by any AWS SDK.
    """

    def __init__(self, endpoint: str, inputs: Mapping[str, Any]) -> None:
        self.region = str(inputs.get("region") or "")
        self._endpoint = endpoint
        self._config = Config(
            retries={
                "mode": "standard",
                "total_max_attempts": int(inputs.get("maxRetries") or MAX_RETRIES) + 1,
            },
            connect_timeout=5,
            read_timeout=30,
            max_pool_connections=64,
        )
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str], Any] = {}
        self._session = boto3.session.Session(
            inputs.get("accessKey"), inputs.get("secretKey"), inputs.get("token")
        )
        self._roles = roles_of(inputs)
        self._inputs = inputs

    @cached_property
    def provider(self) -> Provider:
        """What the provider's inputs say of account, region and tags."""
        return configured(self, self._inputs)

    @cached_property
    def account(self) -> str:
        """The account of the credentials that assume no role."""
        sts = self._session.client("sts", "us-east-1", endpoint_url=self._endpoint)
        return str(sts.get_caller_identity()["Account"])

    def client(
        self,
        service: str,
        account: str | None = None,
        region: str | None = None,
        roles: tuple[Role, ...] = (),
    ) -> Any:
        """Return a client of `service` with the credentials of the last role."""
        del account, roles  # the account follows from the roles, which are the provider's own
        key = (service, region or self.region)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._new_client(self._assumed, *key)
            return self._clients[key]

    @cached_property
    def _assumed(self) -> Any:
        session = self._session
        for role in self._roles:
            sts = self._new_client(session, "sts", self.region)
            given = sts.assume_role(**role.request)["Credentials"]
            session = boto3.session.Session(
                given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]
            )
        return session

    def _new_client(self, session: Any, service: str, region: str) -> Any:
        return session.client(service, region, endpoint_url=self._endpoint, config=self._config)
