"""A second evaluator, written from AWS's documents alone and as plainly as can be.

It shares nothing with the one under test. Truth is ``True``, ``False`` or ``None`` for "cannot be
told". Documents: IAM User Guide, JSON policy element reference; Policy evaluation logic.
"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Callable
from datetime import datetime, timezone
from functools import cache
from typing import Any

Truth = bool | None

LITERAL = {"*": "\0", "?": "\1"}
"""How the characters that a variable brings are kept apart from wildcards."""


def both(truths: list[Truth]) -> Truth:
    if False in truths:
        return False
    return None if None in truths else True


def either(truths: list[Truth]) -> Truth:
    if True in truths:
        return True
    return None if None in truths else False


def negate(truth: Truth) -> Truth:
    return None if truth is None else not truth


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


# Wildcards


@cache
def glob(pattern: str, text: str) -> bool:
    """``*`` is any characters, ``?`` one."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return glob(pattern[1:], text) or (bool(text) and glob(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and glob(pattern[1:], text[1:])


@cache
def covers(pattern: str, arn: str, colons: int = 0) -> bool:
    """A resource pattern: before the last part of the ARN, wildcards stay between colons, but for a
    star that ends its part.
    """
    if not pattern:
        return not arn
    first, rest = pattern[0], pattern[1:]
    if first == "*":
        crosses = colons >= 5 or not rest or rest[0] == ":"
        if covers(rest, arn, colons):
            return True
        if crosses and rest[:1] == "*":
            return covers(rest, arn, colons)
        return bool(arn) and (crosses or arn[0] != ":") and covers(pattern, arn[1:], colons)
    if not arn:
        return False
    if first == "?":
        return (colons >= 5 or arn[0] != ":") and covers(rest, arn[1:], colons)
    return first == arn[0] and covers(rest, arn[1:], colons + (first == ":"))


def spelled(text: str) -> str:
    return text.replace("\0", "*").replace("\1", "?")


# The request


def context_of(request: dict[str, Any]) -> dict[str, list[str]]:
    caller, found = request["caller"], {}
    user = caller["kind"] == "AWS" and ":user/" in caller["arn"]
    found["aws:username"] = [caller["arn"].rsplit("/", 1)[1]] if user else []
    if caller["kind"] != "Anonymous":
        found["aws:principalisawsservice"] = [str(caller["kind"] == "Service").lower()]
    if caller["kind"] == "Service":
        found["aws:principalservicename"] = [caller["arn"]]
    if caller["kind"] == "AWS":
        found["aws:principalaccount"] = [caller["arn"].split(":")[4]]
        if ":assumed-role/" not in caller["arn"]:
            found["aws:principalarn"] = [caller["arn"]]
    for key, value in request["context"].items():
        found[key.lower()] = [
            str(each).lower() if isinstance(each, bool) else each for each in listed(value)
        ]
    return found


ALWAYS = ["aws:currenttime", "aws:epochtime", "aws:securetransport"]
SIGNED = ["aws:principalarn", "aws:principalaccount", "aws:principalisawsservice", "aws:userid"]


def lookup(key: str, request: dict[str, Any]) -> list[str] | None:
    """The values of a key, none where it is absent; ``None`` where that is not known."""
    values = context_of(request).get(key.lower())
    if values is not None:
        return values
    anonymous = request["caller"]["kind"] == "Anonymous"
    unknown = ALWAYS if anonymous else ALWAYS + SIGNED
    return None if not request["complete"] or key.lower() in unknown else []


MISSING = "missing"
UNKNOWN = "unknown"


def replaced(text: str, version: str, request: dict[str, Any]) -> tuple[str, str]:
    """The text with its variables replaced; else why that can't be done."""
    if version != "2012-10-17":
        return text, ""
    done, problems = "", []
    while "${" in text:
        before, _, text = text.partition("${")
        inner, brace, text = text.partition("}")
        if not brace:
            return "", UNKNOWN
        value, problem = variable(inner, request)
        problems.append(problem)
        done += before + value
    # What is not known weighs more than what is known to be missing.
    problem = next((each for each in (UNKNOWN, MISSING) if each in problems), "")
    return done + text, problem


def variable(inner: str, request: dict[str, Any]) -> tuple[str, str]:
    if inner in ("*", "?", "$"):
        return LITERAL.get(inner, inner), ""
    key, _, default = inner.partition(", ")
    values = lookup(key, request)
    if values is None or len(values) > 1:
        return "", UNKNOWN
    if not values:
        return (default[1:-1], "") if default else ("", MISSING)
    return values[0].replace("*", "\0").replace("?", "\1"), ""


# Conditions


def holds(operator: str, key: str, values: Any, version: str, request: dict[str, Any]) -> Truth:
    qualifier, _, base = operator.rpartition(":")
    if_exists = base.endswith("IfExists")
    base = base[: -len("IfExists")] if if_exists else base
    expected = [str(v).lower() if isinstance(v, bool) else str(v) for v in listed(values)]
    present = lookup(key, request)
    if present is None:
        return None
    if base == "Null":
        return either([absent(each, present) for each in expected])
    negated = base.startswith("Not") or "Not" in base
    if not present:
        if if_exists or qualifier == "ForAllValues":
            return True
        return negated and qualifier != "ForAnyValue"
    if not qualifier and len(present) > 1:
        return None
    results = [compared(base, negated, each, expected, version, request) for each in present]
    return both(results) if qualifier == "ForAllValues" else either(results)


def absent(expected: str, present: list[str]) -> Truth:
    if expected not in ("true", "false"):
        return None
    return (expected == "true") == (not present)


def compared(
    base: str, negated: bool, value: str, expected: list[str], version: str, request: dict[str, Any]
) -> Truth:
    matches: list[Truth] = []
    missing = False
    for each in expected:
        text, problem = each, ""
        if base.startswith(("String", "Arn")):
            text, problem = replaced(each, version, request)
        elif "${" in each and version == "2012-10-17":
            problem = UNKNOWN
        if problem == UNKNOWN:
            return None
        if problem == MISSING:
            missing = True
        else:
            matches.append(compare(base.replace("Not", ""), value, text))
    result = either(matches)
    result = negate(result) if negated else result
    return None if result and missing else result


def compare(base: str, value: str, text: str) -> Truth:
    comparisons: dict[str, Callable[[], Truth]] = {
        "StringEquals": lambda: value == spelled(text),
        "StringEqualsIgnoreCase": lambda: value.lower() == spelled(text).lower(),
        "StringLike": lambda: glob(text, value.replace("*", "\0").replace("?", "\1")),
        "ArnEquals": lambda: like_arn(value, text),
        "ArnLike": lambda: like_arn(value, text),
        "Bool": lambda: None if {value, text} - {"true", "false"} else value == text,
        "BinaryEquals": lambda: raw(value) == raw(text),
        "IpAddress": lambda: ipaddress.ip_address(value) in ipaddress.ip_network(text),
    }
    try:
        return comparisons.get(base, lambda: ordered(base, value, text))()
    except ValueError:
        return None


def like_arn(value: str, text: str) -> Truth:
    wanted, parts = text.split(":", 5), value.split(":", 5)
    if len(wanted) < 6 or len(parts) < 6:
        return None
    return all(glob(one, other) for one, other in zip(wanted, parts, strict=True))


def raw(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def ordered(base: str, value: str, text: str) -> Truth:
    read = instant if base.startswith("Date") else float
    left, right = read(value), read(text)
    how = base.removeprefix("Date").removeprefix("Numeric")
    return {
        "Equals": left == right,
        "LessThan": left < right,
        "LessThanEquals": left <= right,
        "GreaterThan": left > right,
        "GreaterThanEquals": left >= right,
    }[how]


def instant(text: str) -> float:
    if text.isdigit():
        if len(text) == 4:
            raise ValueError("a year or a number")
        return float(text)
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()


# Statements


def about_action(statement: dict[str, Any], action: str) -> bool:
    def named(element: str) -> bool:
        return any(glob(each.lower(), action.lower()) for each in listed(statement[element]))

    return named("Action") if "Action" in statement else not named("NotAction")


def about_resource(statement: dict[str, Any], version: str, request: dict[str, Any]) -> Truth:
    if "Resource" not in statement and "NotResource" not in statement:
        return True
    negated = "NotResource" in statement
    hit = missing = False
    for each in listed(statement["NotResource" if negated else "Resource"]):
        if "${" in each.rsplit(":", each.count(":") - 4)[0] and version == "2012-10-17":
            raise NotImplementedError("a variable before the last part")
        text, problem = replaced(completed(each), version, request)
        if problem == UNKNOWN:
            return None
        if problem == MISSING:
            missing = True
        elif covers(text, request["resource"]):
            hit = True
    result = hit is not negated
    return None if result and missing else result


def completed(arn: str) -> str:
    """IAM completes an ARN of less than six parts."""
    if not arn.startswith("arn:") or any(part.endswith("*") for part in arn.split(":")):
        return arn
    return arn + ":*" * max(0, 5 - arn.count(":"))


def conditions(statement: dict[str, Any], version: str, request: dict[str, Any]) -> Truth:
    return both(
        [
            holds(operator, key, values, version, request)
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        ]
    )


def applies(statement: dict[str, Any], version: str, request: dict[str, Any]) -> Truth:
    if not about_action(statement, request["action"]):
        return False
    return both(
        [about_resource(statement, version, request), conditions(statement, version, request)]
    )


def says(policies: list[dict[str, Any]], effect: str, request: dict[str, Any]) -> Truth:
    return either(
        [
            applies(statement, policy["Version"], request)
            for policy in policies
            for statement in policy["Statement"]
            if statement["Effect"] == effect
        ]
    )


# Resource-based policies: who is named, and how


def named_as(principal: Any, caller: dict[str, Any]) -> set[str]:
    """In which ways a Principal names the caller."""
    if principal == "*" or "*" in listed(principal.get("AWS", [])):
        return {"everyone"}
    if caller["kind"] == "Anonymous":
        return set()
    if caller["kind"] != "AWS":
        return {"direct"} if caller["arn"] in listed(principal.get(caller["kind"], [])) else set()
    ways = set()
    account = caller["arn"].split(":")[4]
    for each in listed(principal.get("AWS", [])):
        if each == caller["arn"]:
            ways.add("role" if ":role/" in each else "direct")
        elif each in (account, f"arn:aws:iam::{account}:root"):
            ways.add("account")
        elif ":assumed-role/" in caller["arn"] and ":role/" in each:
            role = caller["arn"].split("/")[1]
            if each.split(":")[4] == account and each.rsplit("/", 1)[1] == role:
                ways.add("role")
    return ways


def granted(policy: dict[str, Any] | None, request: dict[str, Any], ways: set[str]) -> Truth:
    """Whether the policy allows, for a caller named in one of these ways."""
    statements = policy["Statement"] if policy else []
    return either(
        [
            applies(statement, policy["Version"], request)
            for statement in statements
            if policy
            and statement["Effect"] == "Allow"
            and named_as(statement["Principal"], request["caller"]) & ways
        ]
    )


def resource_denies(policy: dict[str, Any] | None, request: dict[str, Any]) -> Truth:
    return either(
        [
            applies(statement, policy["Version"], request)
            for statement in (policy["Statement"] if policy else [])
            if policy
            and statement["Effect"] == "Deny"
            and named_as(statement["Principal"], request["caller"])
        ]
    )


# The decision


def denied(request: dict[str, Any], layers: dict[str, Any]) -> Truth:
    own = [
        *layers["identity"],
        *([layers["boundary"]] if layers["boundary"] else []),
        *(layers["session"] or []),
        *(policy for level in layers["scps"] for policy in level),
    ]
    return either([says(own, "Deny", request), resource_denies(layers["resource"], request)])


def allowed(request: dict[str, Any], layers: dict[str, Any]) -> Truth:
    scps = both([says(level, "Allow", request) for level in layers["scps"]])
    identity = says(layers["identity"], "Allow", request)
    boundary = says([layers["boundary"]], "Allow", request) if layers["boundary"] else True
    session = True if layers["session"] is None else says(layers["session"], "Allow", request)
    resource = layers["resource"]
    direct = granted(resource, request, {"everyone", "direct"})
    by_role = granted(resource, request, {"role"})
    anyhow = granted(resource, request, {"everyone", "direct", "role", "account"})
    if request["caller"]["kind"] != "AWS":
        granting = anyhow
    elif layers["same_account"]:
        own = both([either([identity, by_role]), boundary, session])
        granting = either([direct, own])
    else:
        granting = both([identity, boundary, session, anyhow])
    return both([scps, granting, negate(denied(request, layers))])
