"""What an audit trail raises an alarm for, as a table of the guide."""

from __future__ import annotations

from meshkit.policy.audit_rules import managed_rules
from meshkit.policy.audit_watches import WATCHES


def alarms() -> str:
    """Each alarm, with the services whose events it watches."""
    lines = ["| alarm | says | services |", "|---|---|---|"]
    lines += [
        f"| `{watch.key}` | {watch.description}. | {', '.join(watch.sources)} |"
        for watch in WATCHES
    ]
    return "\n".join(lines) + "\n"


def rules() -> str:
    """Each rule of AWS Config."""
    lines = ["| rule | managed rule | says |", "|---|---|---|"]
    lines += [
        f"| `{rule.key}` | {rule.identifier} | {rule.description}. |"
        for rule in managed_rules("aws")
    ]
    return "\n".join(lines) + "\n"
