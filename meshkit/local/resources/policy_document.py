"""`aws.iam.get_policy_document`: a policy built from statements, with no call to AWS."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meshkit.local.resources.model import Aws, Inputs

LISTS = {
    "actions": "Action",
    "notActions": "NotAction",
    "resources": "Resource",
    "notResources": "NotResource",
}
PRINCIPALS = {"principals": "Principal", "notPrincipals": "NotPrincipal"}


def get_policy_document(_aws: Aws, inputs: Inputs) -> dict[str, Any]:
    """Return the document as `json`, the way the official provider writes it.

    Source documents come first; a later statement replaces an earlier one with the same Sid only
    when it comes from this document or from an overriding one.
    """
    own = [_statement(statement) for statement in inputs.get("statements", ())]
    statements = _statements_of(inputs, "sourcePolicyDocuments")
    for statement in own + _statements_of(inputs, "overridePolicyDocuments"):
        _put(statements, statement)
    document: dict[str, Any] = {"Version": inputs.get("version", "2012-10-17")}
    if inputs.get("policyId"):
        document["Id"] = inputs["policyId"]
    document["Statement"] = statements
    text = json.dumps(document, indent=2)
    return {
        **inputs,
        "id": str(int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)),
        "json": text,
        "minifiedJson": json.dumps(document, separators=(",", ":")),
    }


def _statements_of(inputs: Inputs, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for text in inputs.get(key, ()):
        statements = json.loads(text).get("Statement", [])
        found.extend(statements if isinstance(statements, list) else [statements])
    return found


def _put(statements: list[dict[str, Any]], statement: dict[str, Any]) -> None:
    sid = statement.get("Sid")
    for index, earlier in enumerate(statements):
        if sid and earlier.get("Sid") == sid:
            statements[index] = statement
            return
    statements.append(statement)


def _statement(inputs: Inputs) -> dict[str, Any]:
    statement: dict[str, Any] = {"Sid": inputs["sid"]} if inputs.get("sid") else {}
    statement["Effect"] = inputs.get("effect", "Allow")
    for name, member in LISTS.items():
        if inputs.get(name):
            # `&{aws:username}` is the provider's way to write an IAM variable.
            statement[member] = _one_or_many(inputs[name])
    for name, member in PRINCIPALS.items():
        if inputs.get(name):
            statement[member] = _principals(inputs[name])
    if inputs.get("conditions"):
        statement["Condition"] = _conditions(inputs["conditions"])
    return statement


def _principals(entries: list[dict[str, Any]]) -> Any:
    if any(entry["type"] == "*" for entry in entries):
        return "*"
    merged: dict[str, list[str]] = {}
    for entry in entries:
        merged.setdefault(entry["type"], []).extend(entry["identifiers"])
    return {kind: _one_or_many(identifiers) for kind, identifiers in merged.items()}


def _conditions(entries: list[dict[str, Any]]) -> dict[str, Any]:
    merged: dict[str, dict[str, list[str]]] = {}
    for entry in entries:
        test = merged.setdefault(entry["test"], {})
        test.setdefault(entry["variable"], []).extend(entry["values"])
    return {
        test: {variable: _one_or_many(values) for variable, values in variables.items()}
        for test, variables in merged.items()
    }


def _one_or_many(values: list[str]) -> str | list[str]:
    texts = [value.replace("&{", "${") for value in values]
    return texts[0] if len(texts) == 1 else texts
