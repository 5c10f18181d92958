"""Short ways to write policies and requests."""

from __future__ import annotations

from typing import Any

from meshkit.policy.evaluation import Caller, Decision, Layers, Policy, Request, evaluate

ACCOUNT = "111111111111"
OTHER = "222222222222"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/mesh/orders"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/orders/task-1"
USER = f"arn:aws:iam::{ACCOUNT}:user/people/ana"
READ = "appmesh:StreamAggregatedResources"


def node(name: str, *, account: str = ACCOUNT, mesh: str = "shop") -> str:
    return f"arn:aws:appmesh:eu-west-1:{account}:mesh/{mesh}/virtualNode/{name}"


def statement(effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    """A statement about everything, where its elements say no less."""
    made: dict[str, Any] = {"Effect": effect, **elements}
    if not {"Action", "NotAction"} & set(made):
        made["Action"] = "*"
    if not {"Resource", "NotResource"} & set(made):
        made["Resource"] = "*"
    return made


def policy(*statements: dict[str, Any], name: str = "", version: str = "2012-10-17") -> Policy:
    return Policy.parse({"Version": version, "Statement": list(statements)}, name=name)


ALLOW_ALL = policy(statement(), name="allow-all")
DENY_ALL = policy(statement("Deny"), name="deny-all")
SILENT = policy(statement(Action="s3:GetObject"), name="silent")


def decide(
    *statements: dict[str, Any],
    action: str = READ,
    resource: str = node("orders"),
    caller: str | None = ROLE,
    complete: bool = True,
    **context: Any,
) -> Decision:
    """Ask an identity policy of these statements; ``__`` in a key stands for its colon."""
    request = Request(
        action,
        resource,
        Caller(caller) if caller else None,
        {key.replace("__", ":"): value for key, value in context.items()},
        complete,
    )
    return evaluate(request, Layers((policy(*statements),)))
