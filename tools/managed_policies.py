"""Write meshkit/policy/managed_policies.json: what AWS's own policies say about a mesh's services.

The source is the copy of all AWS managed policies that comes with moto.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data

from meshkit.policy.managed import SERVICES
from meshkit.topology.stream import covers

SERVICE_LINKED = "aws-service-role/"
"""Policies that only AWS attaches."""
TARGET = Path(__file__).resolve().parents[1] / "meshkit" / "policy" / "managed_policies.json"


def content() -> dict[str, Any]:
    """The statements about the services, by policy, and the names of those that have none."""
    relevant: dict[str, list[Any]] = {}
    others: list[str] = []
    for name, policy in sorted(json.loads(aws_managed_policies_data).items()):
        called = f"{policy['Path']}{name}".removeprefix("/")
        if called.startswith(SERVICE_LINKED):
            continue
        statements = map(_reduced, _listed(policy["Document"]["Statement"]))
        kept = [statement for statement in statements if statement is not None]
        if kept:
            relevant[called] = kept
        else:
            others.append(called)
    return {"relevant": relevant, "others": others}


def _reduced(statement: dict[str, Any]) -> dict[str, Any] | None:
    """A statement with only the actions that may be one of the services', if it has any."""
    if "NotAction" in statement:
        return statement
    actions = [
        action
        for action in _listed(statement["Action"])
        if any(covers(action.partition(":")[0], service) for service in SERVICES)
    ]
    return {**statement, "Action": actions} if actions else None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def main() -> None:
    """Write the file."""
    text = json.dumps(content(), separators=(",", ":"), sort_keys=True)
    TARGET.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
