"""Reading policy documents, as strictly as IAM does.

Source: IAM User Guide, Grammar of the IAM JSON policy language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from meshkit.policy.evaluation.condition import Condition
from meshkit.policy.evaluation.errors import PolicyError
from meshkit.policy.evaluation.principal import EVERYONE, Principals
from meshkit.policy.evaluation.statement import Effect, Statement
from meshkit.policy.evaluation.template import WITH_VARIABLES, Template, template

_DEFAULT_VERSION: Final = "2008-10-17"
_VERSIONS: Final = (_DEFAULT_VERSION, WITH_VARIABLES)
_POLICY_KEYS: Final = ("Version", "Id", "Statement")
_STATEMENT_KEYS: Final = (
    *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
    *("Resource", "NotResource", "Condition"),
)
_PRINCIPAL_KINDS: Final = ("AWS", "Service", "Federated", "CanonicalUser")
_AWS_PRINCIPAL: Final = re.compile(r"[0-9]{12}|arn:[^*?]+|[A-Z0-9]{16,128}")


@dataclass(frozen=True, eq=False)
class Policy:
    """One policy document."""

    statements: tuple[Statement, ...]
    name: str = ""
    """What people call it; no part of the document."""

    @classmethod
    def parse(cls, document: str | Mapping[str, Any], *, name: str = "") -> Policy:
        """The policy of a document, which is JSON or what JSON became.

        Raises ``PolicyError`` where IAM would not take it. Condition operators and values are
        looked at when they are needed: one that can't be understood makes a question undecidable.
        """
        where = name or "policy"
        data = _loaded(document, where) if isinstance(document, str) else document
        _check_keys(data, _POLICY_KEYS, where)
        version = data.get("Version", _DEFAULT_VERSION)
        if version not in _VERSIONS:
            raise PolicyError(f"{where}: Version must be one of {', '.join(_VERSIONS)}")
        given = data.get("Statement")
        listed = [given] if isinstance(given, Mapping) else given
        if not isinstance(listed, (list, tuple)) or not listed:
            raise PolicyError(f"{where}: Statement must be a statement or a list of them")
        variables = version == WITH_VARIABLES
        statements = tuple(
            _statement(number, each, where, variables=variables)
            for number, each in enumerate(listed)
        )
        _check_sids(statements, where)
        return cls(statements, name)


def _loaded(text: str, where: str) -> Any:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            keys = [key for key, _ in items]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise PolicyError(f'{where}: "{twice}" stands twice in one place')
        return found

    def constant(name: str) -> Any:
        raise PolicyError(f"{where}: {name} is no JSON")

    try:
        return json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except ValueError as error:
        raise PolicyError(f"{where}: not JSON: {error}") from None
    except RecursionError:
        raise PolicyError(f"{where}: nested too deeply") from None


def _check_keys(data: Any, known: tuple[str, ...], where: str) -> None:
    if not isinstance(data, Mapping):
        raise PolicyError(f"{where}: must be a JSON object")
    unknown = next((key for key in data if key not in known), None)
    if unknown is not None:
        raise PolicyError(f'{where}: unknown element "{unknown}" (known: {", ".join(known)})')


def _check_sids(statements: tuple[Statement, ...], where: str) -> None:
    sids = [statement.sid for statement in statements if statement.sid]
    if len(set(sids)) < len(sids):
        twice = next(sid for sid in sids if sids.count(sid) > 1)
        raise PolicyError(f'{where}: two statements have the Sid "{twice}"')


def _statement(index: int, data: Any, policy: str, *, variables: bool) -> Statement:
    where = f"{policy}, statement {index + 1}"
    _check_keys(data, _STATEMENT_KEYS, where)
    effect: Effect = data.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise PolicyError(f"{where}: Effect must be Allow or Deny")
    sid = data.get("Sid")
    if not isinstance(sid, str | None):
        raise PolicyError(f"{where}: Sid must be text")
    actions, not_actions = _either(data, "Action", where)
    if actions is None:
        raise PolicyError(f"{where}: Action or NotAction is missing")
    principals = _principals(data, where)
    resources, not_resources = _either(data, "Resource", where)
    if resources is None and principals is None:
        raise PolicyError(f"{where}: Resource or NotResource is missing")
    return Statement(
        index=index,
        effect=effect,
        actions=tuple(_action(each, where) for each in actions),
        resources=None
        if resources is None
        else tuple(
            _resource(each, where, variables=variables, attached=principals is not None)
            for each in resources
        ),
        sid=sid,
        principals=principals,
        conditions=_conditions(data.get("Condition", {}), where, variables=variables),
        not_actions=not_actions,
        not_resources=not_resources,
        document=data,
    )


def _either(data: Mapping[str, Any], name: str, where: str) -> tuple[tuple[str, ...] | None, bool]:
    """The texts under an element or its negation, and whether they are negated."""
    negated = f"Not{name}"
    if name in data and negated in data:
        raise PolicyError(f"{where}: {name} and {negated} exclude each other")
    if name not in data and negated not in data:
        return None, False
    key = name if name in data else negated
    texts = _texts(data[key], f"{where}: {key}")
    if key == negated and not texts:
        raise PolicyError(f"{where}: {key} names nothing")
    return texts, key == negated


def _texts(value: Any, where: str) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)) or not all(isinstance(item, str) for item in items):
        raise PolicyError(f"{where} must be text or a list of texts")
    return tuple(items)


def _action(text: str, where: str) -> str:
    service, colon, name = text.partition(":")
    if text != "*" and not (service and colon and name):
        raise PolicyError(f'{where}: "{text}" is no action: give service:Name')
    return text.lower()


def _resource(text: str, where: str, *, variables: bool, attached: bool) -> Template:
    """A resource. One of a policy that is attached to a resource may have a form of its own."""
    if not (attached or text == "*" or text.startswith("arn:")):
        raise PolicyError(f'{where}: resource "{text}" must be an ARN or "*"')
    missing = 5 - text.count(":")
    # IAM completes an ARN that lacks parts, unless a * at the end of one may stand for them.
    if text.startswith("arn:") and "*:" not in f"{text}:" and missing > 0:
        text += ":*" * missing
    return template(text, variables=variables)


def _principals(data: Mapping[str, Any], where: str) -> Principals | None:
    given = [key for key in ("Principal", "NotPrincipal") if key in data]
    if len(given) > 1:
        raise PolicyError(f"{where}: Principal and NotPrincipal exclude each other")
    if not given:
        return None
    value, at = data[given[0]], f"{where}: {given[0]}"
    negated = given[0] == "NotPrincipal"
    if value == EVERYONE:
        return Principals({"AWS": (EVERYONE,)}, negated)
    if isinstance(value, str):
        raise PolicyError(f'{at} must be "*" or name kinds of principals')
    _check_keys(value, _PRINCIPAL_KINDS, at)
    by_kind = {kind: _texts(value[kind], f"{at}.{kind}") for kind in value}
    if not any(by_kind.values()):
        raise PolicyError(f"{at} names nobody")
    for text in by_kind.get("AWS", ()):
        if text != EVERYONE and _AWS_PRINCIPAL.fullmatch(text) is None:
            raise PolicyError(
                f'{at}: "{text}" must be an account, an ARN without wildcards or an id'
            )
    return Principals(by_kind, negated)


def _conditions(data: Any, where: str, *, variables: bool) -> tuple[Condition, ...]:
    at = f"{where}: Condition"
    if not isinstance(data, Mapping):
        raise PolicyError(f"{at} must be a JSON object")
    found = []
    for name, keys in data.items():
        if not isinstance(keys, Mapping) or not all(isinstance(key, str) for key in (name, *keys)):
            raise PolicyError(f"{at}.{name} must name condition keys")
        for key, value in keys.items():
            texts = _values(value, f"{at}.{name}.{key}")
            values = tuple(template(text, variables=variables) for text in texts)
            found.append(Condition.of(name, key, values))
    return tuple(found)


def _values(value: Any, where: str) -> tuple[str, ...]:
    items = value if isinstance(value, (list, tuple)) else [value]
    if not all(isinstance(item, (str, bool, int, float)) for item in items):
        raise PolicyError(f"{where} must be text, a number, true or false, or a list of such")
    return tuple(json.dumps(item) if isinstance(item, bool) else str(item) for item in items)
