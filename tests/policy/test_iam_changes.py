"""The lists of what changes identities, held against the Service Authorization Reference."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from meshkit.policy.actions import listed
from meshkit.policy.iam_changes import (
    IAM_CHANGES,
    POLICY_CHANGES,
    PROFILE_CHANGES,
    PROVIDER_CHANGES,
    ROLE_CHANGES,
)

NO_CHANGE = {"iam:PassRole", "iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole"}
READING = ("List", "Read")


@pytest.mark.parametrize(
    ("types", "changes"),
    [
        ({"role"}, ROLE_CHANGES),
        ({"policy"}, POLICY_CHANGES),
        ({"instance-profile"}, PROFILE_CHANGES),
        ({"saml-provider", "oidc-provider"}, PROVIDER_CHANGES),
    ],
)
def test_a_list_has_every_action_that_changes_its_kind(
    types: set[str], changes: tuple[str, ...]
) -> None:
    found = {
        str(action)
        for action in listed("iam").actions.values()
        if action.level not in READING and types & {each.name for each in action.resources}
    }

    assert set(changes) == found - NO_CHANGE


def test_every_change_in_iam_is_one_of_the_verbs() -> None:
    actions = listed("iam").actions.values()
    changed = {
        str(each)
        for each in actions
        if any(fnmatchcase(str(each), pattern) for pattern in IAM_CHANGES)
    }

    assert changed == {str(each) for each in actions if each.level not in READING} - {
        "iam:PassRole"
    }
