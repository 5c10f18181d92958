"""Asking IAM and STS about policies and refusals, with the credentials at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError

from meshkit.errors import MeshkitError
from meshkit.inspect.confirm.aws import Account, RefusedError
from meshkit.inspect.confirm.simulation import Verdict, simulate_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.policy.evaluation import Request

_REGION = "us-east-1"
"""IAM and STS answer alike in all regions; a client wants one where none is configured."""


def simulator(document: str, profile: str | None = None) -> Callable[[Request], Verdict]:
    """What asks ``iam:SimulateCustomPolicy`` about one request after another.

    Raises ``MeshkitError`` where there is no such profile, and when IAM does not answer.
    """
    account = _account(profile)

    def ask(request: Request) -> Verdict:
        try:
            return simulate_document(
                account, document, request.action, request.resource, request.context
            )
        except RefusedError as error:
            raise MeshkitError(f"--live: {error}") from None

    return ask


def decoded(message: str, profile: str | None = None) -> str:
    """The text of an encoded authorization message, by ``sts:DecodeAuthorizationMessage``.

    Only the account whose request was refused can decode it. Raises ``MeshkitError`` where there
    is no such profile, and when STS does not decode it.
    """
    try:
        answer = _account(profile).ask(
            "sts", "decode_authorization_message", EncodedMessage=message
        )
    except RefusedError as error:
        raise MeshkitError(str(error)) from None
    return str(answer["DecodedMessage"])


def _account(profile: str | None) -> Account:
    try:
        session = boto3.Session(profile_name=profile)
    except BotoCoreError as error:
        raise MeshkitError(f"no way to ask AWS: {error}") from None
    return Account(session, session.region_name or _REGION)
