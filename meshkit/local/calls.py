"""Single AWS calls to a served local cloud."""

from __future__ import annotations

import re
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, UnknownServiceError

from meshkit.errors import MeshkitError
from meshkit.local.environment import DEFAULT_ACCOUNT, Credentials

ROLE = "LocalCloud"
"""The role that is assumed to get into another account. It need not exist."""


class CallError(MeshkitError):
    """A call that can't be made."""


class RefusedError(MeshkitError):
    """A call that AWS would refuse, with AWS's answer."""


def credentials(url: str, region: str, account: str | None) -> Credentials:
    """Return credentials for an account, or those of the default account."""
    if account in (None, DEFAULT_ACCOUNT):
        return Credentials()
    if not re.fullmatch(r"\d{12}", str(account)):
        msg = f"--account {account}: an account id is 12 digits"
        raise CallError(msg)
    role = f"arn:aws:iam::{account}:role/{ROLE}"
    asked = {"RoleArn": role, "RoleSessionName": "meshkit"}
    answer = call("sts", "AssumeRole", asked, url=url, region=region, credentials=Credentials())
    given = answer["Credentials"]
    return Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


def call(
    service: str,
    operation: str,
    params: dict[str, Any],
    *,
    url: str,
    region: str,
    credentials: Credentials,
) -> dict[str, Any]:
    """Return the answer to one call, without what concerns HTTP.

    `operation` may be written as ListMeshes, listMeshes, list_meshes or list-meshes. Raises
    `CallError` for what there is not, `RefusedError` with an AWS error.
    """
    client = _client(service, url, region, credentials)
    wanted = xform_name(operation).replace("-", "_")
    if wanted not in client.meta.method_to_api_mapping:
        msg = f"{service} has no operation {operation}"
        raise CallError(msg)
    try:
        answer: dict[str, Any] = getattr(client, wanted)(**params)
    except ClientError as error:
        raise RefusedError(_told(error)) from None
    except (BotoCoreError, TypeError) as error:
        raise CallError(" ".join(str(error).split())) from None
    answer.pop("ResponseMetadata", None)
    return answer


def _client(service: str, url: str, region: str, credentials: Credentials) -> Any:
    session = botocore.session.Session()
    # Neither a profile nor a proxy of the user's may come in between.
    session.set_config_variable("profile", None)
    try:
        return session.create_client(
            service,
            region_name=region,
            endpoint_url=url,
            aws_access_key_id=credentials.access_key,
            aws_secret_access_key=credentials.secret_key,
            aws_session_token=credentials.session_token,
            config=Config(retries={"total_max_attempts": 1}, proxies={}),
        )
    except UnknownServiceError:
        msg = f"no AWS service has the name {service}"
        raise CallError(msg) from None


def _told(error: ClientError) -> str:
    answer = error.response.get("Error", {})
    return f"{answer.get('Code', 'Unknown')}: {answer.get('Message', '')}"
