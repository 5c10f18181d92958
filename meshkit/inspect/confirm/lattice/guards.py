"""Whether what guards a network or service is what the file asks for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal

from meshkit.inspect.confirm.aws import RefusedError
from meshkit.inspect.confirm.commands import document
from meshkit.inspect.confirm.lattice.live import LATTICE
from meshkit.inspect.confirm.remark import missing, unseen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.confirm.aws import Account
    from meshkit.inspect.confirm.remark import Remark
    from meshkit.policy.document import Document

Kind = Literal["network", "service"]
_NOT_THERE = "ResourceNotFoundException"


UPDATES: Final[dict[Kind, tuple[str, str]]] = {
    "network": ("update_service_network", "serviceNetworkIdentifier"),
    "service": ("update_service", "serviceIdentifier"),
}
"""The operation that changes each, and what it calls the identifier."""


def guard(
    account: Account, arn: str, kind: Kind, auth_type: str | None, wanted: Document | None
) -> Iterator[Remark]:
    """Compare the auth type and the auth policy of a network or service."""
    if auth_type != "AWS_IAM":
        operation, key = UPDATES[kind]
        mend = account.command(LATTICE, operation, **{key: arn, "authType": "AWS_IAM"})
        text = f"it has auth type {auth_type}, so that its auth policy has no effect"
        yield missing(text, mend)
    if wanted is not None and wanted.deferred():
        yield unseen("its auth policy: it is about something that is not there or not known here")
        return
    yield from _policy(account, arn, wanted)


def _policy(account: Account, arn: str, wanted: Document | None) -> Iterator[Remark]:
    found = _attached(account, arn)
    asked = wanted.to_dict() if wanted is not None else None
    if _same(found, asked):
        return
    if asked is None:
        mend = account.command(LATTICE, "delete_auth_policy", resourceIdentifier=arn)
        yield missing("it has an auth policy, and the file lets nobody call it", mend)
        return
    mend = account.command(
        LATTICE, "put_auth_policy", resourceIdentifier=arn, policy=document(asked)
    )
    if found is None:
        yield missing("it has no auth policy, and so lets nobody in", mend)
        return
    yield missing(f"its auth policy is not that of the file: {document(found)}", mend)


def _attached(account: Account, arn: str) -> dict[str, Any] | None:
    try:
        text = account.ask(LATTICE, "get_auth_policy", resourceIdentifier=arn).get("policy")
    except RefusedError as error:
        if error.code != _NOT_THERE:
            raise
        return None
    found: dict[str, Any] | None = json.loads(text) if text else None
    return found


def _same(found: dict[str, Any] | None, wanted: dict[str, Any] | None) -> bool:
    """Whether two policies say the same; the order of values does not matter."""
    return bool(_sorted(found) == _sorted(wanted))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(each) for key, each in value.items()}
    if isinstance(value, list):
        return sorted((_sorted(each) for each in value), key=document)
    return value
