"""The page of all violations that `meshkit prove` tells, from their table."""

from __future__ import annotations

from typing import Final

from meshkit.inspect.proof import CODES

GROUPS: Final = (
    ("MP1", "Permissions"),
    ("MP2", "Trust and workloads"),
    ("MP3", "Sharing"),
    ("MP4", "Operators and credentials"),
    ("MP5", "Calls through VPC Lattice"),
)


def violations_page() -> str:
    """Every kind with its reason, its mend and its source."""
    lines = [
        "# Violations",
        "",
        "What `meshkit prove` finds, see [the proof](../guide/prove.md).",
        "Made from the table of codes.",
    ]
    for prefix, title in GROUPS:
        lines += ["", f"## {title}"]
        for code in CODES:
            if code.code.startswith(prefix):
                lines += [
                    "",
                    f"### {code.code}",
                    "",
                    f"**{code.title}** {code.why}",
                    "",
                    f"- Mend: {code.mend}",
                    f"- Source: {code.source}",
                ]
    return "\n".join(lines) + "\n"
