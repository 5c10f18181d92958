"""Write the golden reports of the rules anew: `python -m tools.golden`, then read the diff.

A case is `tests/golden/rules/error_CODE.yaml`, a small file with exactly that fault, beside
`error_CODE.txt`, what is reported of it. `error_CODE.values.json` has the values of its
`${var.NAME}`, where it needs any. Those of landing zones are in `tests/golden/landing_zone`.
"""

from __future__ import annotations

import json
from pathlib import Path

from meshkit.errors import UnreadableError
from meshkit.policy.fitting import check_file
from meshkit.policy.landing_zone import check_landing_zone

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "golden" / "rules"
ZONE_CASES = ROOT / "tests" / "golden" / "landing_zone"
END_OF_APP_MESH = "MK901"


def cases() -> list[Path]:
    """The mesh files of all cases, by name."""
    return sorted(CASES.glob("error_*.yaml"))


def zone_cases() -> list[Path]:
    """The files of all cases of landing zones, by name."""
    return sorted(ZONE_CASES.glob("error_*.yaml"))


def report(case: Path) -> str:
    """What is reported of a mesh file, without its folder, one finding a line.

    The warning that every file on App Mesh gets is left out, but for its own case.
    """
    values = case.with_suffix(".values.json")
    given = json.loads(values.read_text("utf-8")) if values.exists() else None
    check = check_landing_zone if case.parent == ZONE_CASES else check_file
    try:
        findings = check(case, values=given).findings
    except UnreadableError as error:
        lines = [str(error)]
    else:
        own = END_OF_APP_MESH in case.stem
        lines = [str(each) for each in findings if own or each.code != END_OF_APP_MESH]
    return "".join(f"{line}\n" for line in lines).replace(f"{case.parent}/", "")


def main() -> None:
    """Write every report, and that of a file with many faults."""
    for case in (*cases(), CASES / "combined.yaml", *zone_cases()):
        case.with_suffix(".txt").write_text(report(case), encoding="utf-8")


if __name__ == "__main__":
    main()
