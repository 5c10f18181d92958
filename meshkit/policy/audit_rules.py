"""What AWS Config checks of the roles of proxies and of the trail, as data.

Source: AWS Config Developer Guide, list of AWS Config managed rules.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

RECORDED: Final = ("AWS::IAM::Policy", "AWS::IAM::Role")
"""What the recorder keeps the history of."""
RECORDER: Final = "default"
"""Name of recorder and channel. An account has one of each in a region, so that one under a new
name could not be made before the old one is gone."""
BROAD: Final = (
    "AWSAppMeshEnvoyAccess",
    "AWSAppMeshFullAccess",
    "AdministratorAccess",
    "IAMFullAccess",
)
"""Managed policies of AWS that no role beside a mesh needs."""


@dataclass(frozen=True)
class ManagedRule:
    """One managed rule."""

    key: str
    """Stable part of its name."""
    identifier: str
    description: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def parameters_json(self) -> str | None:
        """The parameters as AWS Config takes them; ``None`` without any."""
        return json.dumps(dict(self.parameters)) if self.parameters else None


def managed_rules(partition: str, broad: tuple[str, ...] = BROAD) -> tuple[ManagedRule, ...]:
    """The rules of an audit trail; ``broad`` are the managed policies that nobody may hold."""
    arns = ",".join(f"arn:{partition}:iam::aws:policy/{name}" for name in broad)
    return (
        ManagedRule(
            "no-broad-policies",
            "IAM_POLICY_BLACKLISTED_CHECK",
            "No role, user or group holds a managed policy that is broader than a mesh needs",
            {"policyArns": arns},
        ),
        ManagedRule(
            "no-admin-statements",
            "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
            "No policy of the account allows everything",
        ),
        ManagedRule("trail-runs", "CLOUD_TRAIL_ENABLED", "A trail records the account"),
        ManagedRule(
            "log-files-validated",
            "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED",
            "The trail signs its log files",
        ),
    )
