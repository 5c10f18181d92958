"""Write the pages of the rules, docs/rules, from the rules and their golden cases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from meshkit.policy.fitting import RULES
from meshkit.policy.landing_zone import RULES as ZONE_RULES
from tools.golden import CASES, ROOT, ZONE_CASES

if TYPE_CHECKING:
    from meshkit.config.finding import Rule

PAGES = ROOT / "docs" / "rules"
GROUPS = (
    ("MK0", "Reading the file"),
    ("MK1", "Shape"),
    ("MK2", "References"),
    ("MK3", "Ownership"),
    ("MK4", "Quotas and tags"),
    ("MK5", "Listeners, routes and backends"),
    ("MK6", "TLS"),
    ("MK7", "Roles, identity and proxies"),
    ("MK8", "Accounts and sharing"),
    ("MK9", "Data plane, partitions and provider"),
)


def pages() -> dict[str, str]:
    """The text of each page, by file name."""
    mesh = {f"{rule.code}.md": _page(rule, CASES, "mesh") for rule in RULES}
    zone = {f"{rule.code}.md": _page(rule, ZONE_CASES, "landing-zone") for rule in ZONE_RULES}
    return {"index.md": _index(), **mesh, **zone}


def _index() -> str:
    lines = [
        "# Rules",
        "",
        "`meshkit validate` names the rule that each finding breaks.",
        "Errors stop a deployment, warnings do not.",
    ]
    groups = [(title, [r for r in RULES if r.code.startswith(prefix)]) for prefix, title in GROUPS]
    for title, rules in (*groups, ("Landing zones", ZONE_RULES)):
        lines += ["", f"## {title}", "", "| code | what holds | severity |", "|---|---|---|"]
        lines += [
            f"| [{rule.code}]({rule.code}.md) | {_cell(rule.title)} | {rule.severity} |"
            for rule in rules
        ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _page(rule: Rule, cases: Path, name: str) -> str:
    parts = [
        f"# {rule.code}",
        rule.title,
        f"**Severity:** {rule.severity}",
        f"**Why:** {rule.why}",
        f"**How to mend it:** {rule.mend}",
        f"**Source:** {rule.source}",
    ]
    case = cases / f"error_{rule.code}.yaml"
    if case.exists():
        written = case.read_text(encoding="utf-8", errors="replace").replace(case.stem, name)
        reported = case.with_suffix(".txt").read_text("utf-8").replace(case.stem, name)
        parts += [
            "## Example",
            f'```yaml title="{name}.yaml"\n{written}```',
            f"```text\n{reported}```",
        ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write every page, and remove those of rules that are gone."""
    PAGES.mkdir(parents=True, exist_ok=True)
    texts = pages()
    for page in PAGES.glob("*.md"):
        if page.name not in texts:
            page.unlink()
    for name, text in texts.items():
        Path(PAGES / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
