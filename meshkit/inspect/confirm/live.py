"""Asking IAM about a policy document, with the credentials at hand."""

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
"""IAM is one for all regions; a client wants some region where none is configured."""


def simulator(document: str, profile: str | None = None) -> Callable[[Request], Verdict]:
    """What asks ``iam:SimulateCustomPolicy`` about one request after another.

    Raises ``MeshkitError`` where there is no such profile, and when IAM does not answer.
    """
    try:
        session = boto3.Session(profile_name=profile)
    except BotoCoreError as error:
        raise MeshkitError(f"--live: {error}") from None
    account = Account(session, session.region_name or _REGION)

    def ask(request: Request) -> Verdict:
        try:
            return simulate_document(
                account, document, request.action, request.resource, request.context
            )
        except RefusedError as error:
            raise MeshkitError(f"--live: {error}") from None

    return ask
