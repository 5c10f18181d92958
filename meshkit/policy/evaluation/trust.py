"""Whether a role's trust policy lets a caller take the role.

Source: IAM User Guide, Policies and permissions: role trust policies; Passing session tags in AWS
STS; EKS User Guide, Pod Identity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshkit.policy.evaluation.alone import attached
from meshkit.policy.evaluation.errors import PolicyError
from meshkit.policy.evaluation.policy import Policy
from meshkit.policy.evaluation.request import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.policy.evaluation.layers import Decision
    from meshkit.policy.evaluation.request import Caller, Value

_TAG = "aws:requesttag/"


def trust(
    document: str | Mapping[str, Any] | Policy,
    caller: Caller,
    context: Mapping[str, Value] | None = None,
    *,
    action: str | None = None,
    complete: bool = True,
) -> Decision:
    """Decide whether a trust policy lets the caller take its role.

    The action is that of the caller's kind unless it is given: ``sts:AssumeRoleWithSAML`` for a
    SAML provider, ``sts:AssumeRoleWithWebIdentity`` for another identity provider, else
    ``sts:AssumeRole``. Where the context passes session tags (``aws:RequestTag/...``),
    ``sts:TagSession`` must be allowed too. A trusted account may still have to allow the call to
    its own users and roles. Raises ``PolicyError`` and ``Undecidable``.
    """
    policy = document if isinstance(document, Policy) else Policy.parse(document, name="trust")
    for statement in policy.statements:
        if statement.principals is None or statement.resources is not None:
            raise PolicyError(f"trust policy, {statement}: needs a Principal and no Resource")
    given = context or {}
    actions = [action or action_of(caller)]
    if any(key.lower().startswith(_TAG) for key in given):
        actions.append("sts:TagSession")
    requests = (Request(each, "*", caller, given, complete=complete) for each in actions)
    decisions = [attached(request, policy, "trust") for request in requests]
    return next((each for each in decisions if not each.allowed), decisions[0])


def action_of(caller: Caller) -> str:
    """The action by which a caller of this kind takes a role."""
    if caller.kind != "Federated":
        return "sts:AssumeRole"
    saml = ":saml-provider/" in (caller.arn or "")
    return "sts:AssumeRoleWithSAML" if saml else "sts:AssumeRoleWithWebIdentity"
