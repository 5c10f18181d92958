"""A proof as SARIF 2.1.0, for code scanning.

Source: OASIS SARIF 2.1.0; GitHub's documentation of the properties that its code scanning reads.
"""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from meshkit.inspect.proof.codes import CODES

if TYPE_CHECKING:
    from meshkit.config.finding import Location
    from meshkit.inspect.proof.model import Proof
    from meshkit.inspect.violation import Unknown, Violation

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
OPEN = "MP000"
"""The rule of what can't be told."""


def sarif_of(proof: Proof, *, version: str, source: str) -> dict[str, Any]:
    """The proof as a SARIF log.

    ``source`` is the file to which a result without a place of its own belongs.
    """
    rules = _rules()
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    results = [
        *(_violation(each, source) for each in proof.violations),
        *(_open(each, source) for each in proof.unknowns),
    ]
    for result in results:
        result["ruleIndex"] = numbers[result["ruleId"]]
    driver = {"name": "meshkit prove", "semanticVersion": version, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rules() -> list[dict[str, Any]]:
    told = [(each.code, each.title, each.why, each.mend, "error") for each in CODES]
    told.append(
        (
            OPEN,
            "Something can't be told.",
            "What is not known is not proven.",
            "Give the missing value or document, or prove the program itself.",
            "warning",
        )
    )
    return [
        {
            "id": code,
            "shortDescription": {"text": title},
            "fullDescription": {"text": why},
            "help": {"text": f"{why} {mend}"},
            "defaultConfiguration": {"level": level},
            "properties": {"tags": ["security"], "precision": "very-high"},
        }
        for code, title, why, mend, level in told
    ]


def _violation(violation: Violation, source: str) -> dict[str, Any]:
    return _result(
        violation.code,
        "error",
        f"{violation.message}. {violation.mend}",
        violation.place,
        source,
        (violation.role, violation.endpoint, violation.statement),
    )


def _open(unknown: Unknown, source: str) -> dict[str, Any]:
    text = f"{unknown.subject}: can't tell {unknown.message}"
    return _result(OPEN, "warning", text, unknown.place, source, (unknown.subject,))


def _result(
    rule: str,
    level: str,
    text: str,
    place: Location | None,
    source: str,
    about: tuple[str | None, ...],
) -> dict[str, Any]:
    file = PurePath(place.file if place else source)
    parts = "\n".join((rule, *(each or "" for each in about), text))
    fingerprint = hashlib.sha256(parts.encode(errors="backslashreplace")).hexdigest()
    region = {
        "startLine": (place and place.line) or 1,
        "startColumn": (place and place.column) or 1,
    }
    location = {
        "artifactLocation": {"uri": quote(file.as_posix())},
        "region": region,
    }
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": text},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"meshkit/v1": fingerprint},
    }
