"""Command lines for people to run: those of the AWS CLI and of kubectl."""

from __future__ import annotations

import json
import shlex
from typing import Any

from botocore import xform_name

_GLOBAL = frozenset({"iam", "sts"})
"""Services that have no region."""


def aws(service: str, operation: str, region: str | None = None, /, **params: Any) -> str:
    """The command of the AWS CLI for a call as boto3 makes it: ``get_role``, ``RoleName=…``."""
    words = ["aws", service, operation.replace("_", "-")]
    for name, value in params.items():
        words.append(f"--{xform_name(name, '-')}")
        words += [_argument(each) for each in value] if _listed(value) else [_argument(value)]
    if region and service not in _GLOBAL:
        words += ["--region", region]
    return " ".join(shlex.quote(word) for word in words)


def kubectl(context: str | None, namespace: str | None, *words: str) -> str:
    """A command of kubectl."""
    chosen = ["--context", context] if context else []
    within = ["--namespace", namespace] if namespace else []
    return " ".join(shlex.quote(word) for word in ("kubectl", *chosen, *within, *words))


def document(value: Any) -> str:
    """A policy document or a part of one, in one line."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _listed(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)


def _argument(value: Any) -> str:
    return value if isinstance(value, str) else document(value)
