"""``sts:DecodeAuthorizationMessage``, and the messages that it decodes.

`encoded` makes one of a decision of the evaluator. The local cloud sends such messages where it
enforces IAM and AWS does: with the refusals of EC2. Messages of AWS can be decoded by AWS only.
Source: STS API Reference, DecodeAuthorizationMessage.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.errors import ApiError
from meshkit.policy.evaluation import Decision, Request, Statement
from meshkit.policy.evaluation.request import Value

_MAGIC = b"meshkit local cloud\0"


def encoded(request: Request, decision: Decision) -> str:
    """Return the encoded message about a decision, as an error of AWS carries it."""
    text = json.dumps(_told(request, decision), separators=(",", ":"))
    return base64.urlsafe_b64encode(_MAGIC + zlib.compress(text.encode())).decode()


def decode_authorization_message(call: Call) -> dict[str, Any]:
    """Decode a message that `encoded` made."""
    try:
        data = base64.b64decode(call.params["EncodedMessage"], altchars=b"-_", validate=True)
        _, packed = data.split(_MAGIC)
        text = zlib.decompress(packed).decode()
    except (ValueError, zlib.error):
        # The code and text of AWS for what it did not encode.
        message = "Message was not valid."
        raise ApiError("InvalidAuthorizationMessageException", message) from None
    return {"DecodedMessage": text}


OPERATIONS: dict[str, Handler] = {"DecodeAuthorizationMessage": decode_authorization_message}


def _told(request: Request, decision: Decision) -> dict[str, Any]:
    arn = request.caller.arn if request.caller else None
    statement = decision.statement
    return {
        "allowed": decision.allowed,
        "explicitDeny": decision.outcome == "explicit-deny",
        "matchedStatements": _items([_matched(statement, arn)] if statement else []),
        "failures": _items([]),
        "context": {
            "principal": {"id": arn, "name": (arn or "").rpartition("/")[2], "arn": arn},
            "action": request.action,
            "resource": request.resource,
            "conditions": _conditions(request.context),
        },
    }


def _matched(statement: Statement, principal: str | None) -> dict[str, Any]:
    return {
        "statementId": statement.sid or "",
        "effect": statement.effect.upper(),
        "principals": _values([principal] if principal else []),
        "principalGroups": _items([]),
        "actions": _values(statement.actions),
        "resources": _values(each.text for each in statement.resources or ()),
        "conditions": _conditions(
            {each.key: tuple(value.text for value in each.values) for each in statement.conditions}
        ),
    }


def _conditions(keys: Mapping[str, Value]) -> dict[str, Any]:
    return _items(
        {"key": key, "values": _values([value] if isinstance(value, str | bool) else value)}
        for key, value in keys.items()
    )


def _values(values: Iterable[str | bool]) -> dict[str, Any]:
    return _items(
        {"value": str(value).lower() if isinstance(value, bool) else value} for value in values
    )


def _items(items: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"items": list(items)}
