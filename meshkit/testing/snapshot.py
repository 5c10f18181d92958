"""The policies of a program as a file that people review."""

from __future__ import annotations

import difflib
import json
import os
import warnings
from typing import TYPE_CHECKING, Any, Final

from meshkit.policy.managed import is_managed_by_aws
from meshkit.testing.errors import SnapshotWritten, Unanswerable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from meshkit.inspect.access import PolicySource
    from meshkit.inspect.proof.subject import Subject

UPDATE: Final = "MESHKIT_UPDATE"
"""Environment variable that has snapshots written anew; ``pytest --meshkit-update`` sets it."""
HOW: Final = f"run pytest --meshkit-update, or set {UPDATE}=1, to write it anew"


def policies_of(roles: Mapping[str, Subject]) -> dict[str, Any]:
    """Trust, boundary and policies of each role, by its ARN.

    Of a policy that AWS manages only the ARN. Raises ``Unanswerable`` where one is not known, or is
    a secret, which must not be written to a file.
    """
    return {arn: _of(subject) for arn, subject in roles.items()}


def _of(subject: Subject) -> dict[str, Any]:
    identity = subject.identity
    found = {
        "trust": _document(subject, identity.trust) if identity.trust else None,
        "boundary": identity.boundary.name if identity.boundary else None,
        "policies": {source.name: _document(subject, source) for source in identity.policies},
    }
    return {key: value for key, value in found.items() if value is not None}


def _document(subject: Subject, source: PolicySource) -> Any:
    if source.secret:
        msg = f"{subject.arn}: policy {source.name} is a secret, which can't stand in a snapshot"
        raise Unanswerable(msg)
    if source.document is None:
        raise Unanswerable(f"{subject.arn}: policy {source.name}: {source.missing}")
    if is_managed_by_aws(source.name):
        return "managed by AWS"
    document = source.document
    return json.loads(document) if isinstance(document, str) else document


def compare(content: Mapping[str, Any], path: Path) -> None:
    """Fails where a file says something else; writes it anew where that is asked for."""
    __tracebackhide__ = True
    new = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    old = path.read_text("utf-8") if path.exists() else ""
    if old == new:
        return
    if os.environ.get(UPDATE, "0") not in ("", "0"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(new, encoding="utf-8", newline="\n")
        warnings.warn(f"{path} was written anew: review it", SnapshotWritten, stacklevel=3)
        return
    if not path.exists():
        raise AssertionError(f"there is no snapshot {path}; {HOW}, and review it")
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), str(path), "the program", lineterm=""
    )
    raise AssertionError("\n".join([f"policies differ from {path}; {HOW}", *lines]))
