"""The documents and alarms of an audit trail in each partition, as golden files.

``python -m tests.policy.audit_golden`` writes them anew; the diff is the review.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from meshkit.policy.audit import (
    TrailScope,
    bucket_document,
    delivery_document,
    delivery_trust,
    key_document,
)
from meshkit.policy.audit_rules import managed_rules
from meshkit.policy.audit_watches import WATCHES, patterns

FOLDER = Path(__file__).parent.parent / "golden" / "audit"
REGIONS = {"aws": "eu-west-1", "aws-cn": "cn-north-1"}
ROLES = ("shop-storefront-0a1b2c3d", "shop-catalog-v1-4e5f6a7b")


def scope(region: str = "eu-west-1", **given: Any) -> TrailScope:
    names = {"account": "111111111111", "trail": "shop", "bucket": "shop-audit"}
    return TrailScope(**{**names, "log_group": "/shop/audit", "region": region, **given})


def documents(partition: str) -> dict[str, Any]:
    whole = scope(REGIONS[partition], organization="o-exampleorg")
    return {
        "bucket": bucket_document(whole).to_dict(),
        "key": key_document(whole).to_dict(),
        "delivery trust": delivery_trust().to_dict(),
        "delivery": delivery_document(whole).to_dict(),
        "alarms": {
            watch.key: {"says": watch.description, "patterns": list(patterns(watch, ROLES))}
            for watch in WATCHES
        },
        "rules": {
            rule.key: {"identifier": rule.identifier, "parameters": dict(rule.parameters)}
            for rule in managed_rules(partition)
        },
    }


def text(partition: str) -> str:
    return json.dumps(documents(partition), indent=2) + "\n"


def path(partition: str) -> Path:
    return FOLDER / f"{partition}.json"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for each in REGIONS:
        path(each).write_text(text(each), "utf-8")
