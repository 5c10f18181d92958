"""Physical names keep their limit, their hash and their difference."""

import re

from hypothesis import given
from hypothesis import strategies as st

from meshkit.topology.names import IAM_ROLE_LIMIT, hashed_name

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=300)


@given(NAMES, NAMES)
def test_a_name_is_always_a_legal_iam_name(readable: str, identity: str) -> None:
    name = hashed_name(readable, identity)
    assert re.fullmatch(r"[A-Za-z0-9+=,.@_-]{1,64}", name)


def test_a_long_name_loses_its_readable_part_never_its_hash() -> None:
    short, long = hashed_name("mesh", "id"), hashed_name("m" * 300, "id")
    assert len(long) == IAM_ROLE_LIMIT
    assert long.rpartition("-")[2] == short.rpartition("-")[2]


def test_names_that_differ_only_in_case_differ_in_their_hash() -> None:
    upper, lower = hashed_name("Shop", "Shop"), hashed_name("shop", "shop")
    assert upper.lower() != lower.lower()


def test_parts_of_the_identity_do_not_run_together() -> None:
    assert hashed_name("x", "ab", "c") != hashed_name("x", "a", "bc")
