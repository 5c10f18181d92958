"""Random policies and requests, of few words so that they often meet."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.policy.evaluation.questions import ACCOUNT, OTHER, ROLE, SESSION, USER

ACTIONS = ("a:Get", "a:Put", "b:Get")
ACTION_PATTERNS = (*ACTIONS, "*", "a:*", "A:get", "?:Get", "*:P?t", "a:G*t", "b:*x")
NAMES = ("n1", "n2", "n12", "m/n1", "x:n1")
RESOURCES = tuple(
    f"arn:aws:a:{region}:{account}:{name}"
    for region in ("eu-1", "eu-2")
    for account in (ACCOUNT, OTHER)
    for name in NAMES
)
RESOURCE_PATTERNS = (
    *RESOURCES[:8],
    *("*", "arn:*", "arn:aws:a", "arn:aws:a:eu-1", "arn:aws:a:*:n1", "arn:aws:a:eu-1:*"),
    *(f"arn:aws:a:eu-?:{ACCOUNT}:n*", f"arn:aws:a:*:{ACCOUNT}:*", "arn:aws:a:e*1:*:n1"),
    *("arn:*:a:eu-1:*:?1", "arn:aws:?:eu-1:*:*n1", "arn:aws:a:eu*1:n1", "arn:aws:a*:x:n1"),
    *(f"arn:aws:a:eu-1:{ACCOUNT}:${{t:name}}", f"arn:aws:a:*:{ACCOUNT}:${{t:name, 'n2'}}*"),
    *(f"arn:aws:a:eu-1:{ACCOUNT}:${{*}}", f"arn:aws:a:eu-1:{ACCOUNT}:n${{t:list}}"),
)
TEXTS = ("n1", "N1", "n2", "n*", "?1", "", "*", "${t:name}", "${t:name, 'n1'}x", "n${*}", "${$}")
NUMBERS = ("1", "2", "10", "-1", "1.5", "one")
DATES = ("2026-01-01", "2026-01-01T00:00:00Z", "2026-06-30T12:00:00+02:00", "1767225600", "2026")
TRUTHS = ("true", "false", "maybe")
BINARIES = ("QQ==", "QUI=", "not base64")
ADDRESSES = ("10.0.0.1", "10.0.0.0/24", "2001:db8::1", "2001:db8::/32", "10.0.0.999")
ARNS = (*RESOURCES[:4], "arn:aws:a:*:*:n?", "arn:aws:a:eu-1", "arn:aws:a:eu-1:*:${t:name}")

STRINGS = ("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase")
COMPARISONS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan")
OPERATORS = {
    **dict.fromkeys((*STRINGS, "StringLike", "StringNotLike"), TEXTS),
    **{f"Numeric{each}": NUMBERS for each in (*COMPARISONS, "GreaterThanEquals")},
    **{f"Date{each}": DATES for each in (*COMPARISONS, "GreaterThanEquals")},
    "Bool": TRUTHS,
    "BinaryEquals": BINARIES,
    **dict.fromkeys(("IpAddress", "NotIpAddress"), ADDRESSES),
    **dict.fromkeys(("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"), ARNS),
}
KEYS = ("t:name", "T:Name", "t:list", "aws:PrincipalArn", "aws:CurrentTime", "aws:username")


def lists(values: tuple[str, ...]) -> st.SearchStrategy[Any]:
    return st.sampled_from(values) | st.lists(st.sampled_from(values), min_size=1, max_size=3)


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 1, 2)))):
        if draw(st.integers(0, 9)) == 0:
            operator = "Null"
            values: tuple[str, ...] = TRUTHS[:2]
        else:
            base = draw(st.sampled_from(sorted(OPERATORS)))
            prefix = draw(st.sampled_from(("", "", "ForAllValues:", "ForAnyValue:")))
            operator = prefix + base + draw(st.sampled_from(("", "", "IfExists")))
            values = OPERATORS[base]
        made.setdefault(operator, {})[draw(st.sampled_from(KEYS))] = draw(lists(values))
    return made


PRINCIPALS = st.one_of(
    st.just("*"),
    st.fixed_dictionaries(
        {
            "AWS": lists(
                (ROLE, SESSION, USER, ACCOUNT, OTHER, f"arn:aws:iam::{ACCOUNT}:root", f"{ROLE}s")
            )
        },
        optional={"Service": st.sampled_from(("x.amazonaws.com", "y.amazonaws.com"))},
    ),
)


@st.composite
def statements(draw: st.DrawFn, principal: bool = False) -> dict[str, Any]:
    made = {
        "Effect": draw(st.sampled_from(("Allow", "Allow", "Allow", "Deny"))),
        draw(st.sampled_from(("Action", "Action", "Action", "NotAction"))): draw(
            lists(ACTION_PATTERNS)
        ),
        draw(st.sampled_from(("Resource", "Resource", "Resource", "NotResource"))): draw(
            lists(RESOURCE_PATTERNS)
        ),
    }
    if condition := draw(conditions()):
        made["Condition"] = condition
    if principal:
        made["Principal"] = draw(PRINCIPALS)
    return made


def policies(principal: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "Version": st.sampled_from(("2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17")),
            "Statement": st.lists(statements(principal), min_size=1, max_size=3),
        }
    )


def layers() -> st.SearchStrategy[dict[str, Any]]:
    """The documents of all layers, often without those that only limit."""
    return st.fixed_dictionaries(
        {
            "identity": st.lists(policies(), max_size=2),
            "boundary": st.none() | st.none() | policies(),
            "scps": st.just([])
            | st.just([])
            | st.lists(st.lists(policies(), max_size=2), max_size=2),
            "session": st.none() | st.none() | st.lists(policies(), max_size=2),
            "resource": st.none() | policies(principal=True),
            "same_account": st.sampled_from((True, True, False)),
        }
    )


CONTEXTS = st.fixed_dictionaries(
    {},
    optional={
        "t:name": st.sampled_from(
            ("n1", "N1", "n*", "", "1", "10", "2026-01-01", "true", "QQ==", "10.0.0.1", ACCOUNT)
        )
        | st.sampled_from(RESOURCES[:3])
        | st.booleans(),
        "T:LIST": st.lists(st.sampled_from(("n1", "n2", "1", "true")), max_size=3).map(tuple),
        "aws:CurrentTime": st.just("2026-01-01T00:00:00Z"),
    },
)

CALLERS = st.sampled_from(
    (
        {"arn": ROLE, "kind": "AWS"},
        {"arn": SESSION, "kind": "AWS"},
        {"arn": USER, "kind": "AWS"},
        {"arn": "x.amazonaws.com", "kind": "Service"},
        {"arn": None, "kind": "Anonymous"},
    )
)


def requests() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "action": st.sampled_from(ACTIONS),
            "resource": st.sampled_from(RESOURCES),
            "caller": CALLERS,
            "context": CONTEXTS,
            "complete": st.sampled_from((True, True, False)),
        }
    )
