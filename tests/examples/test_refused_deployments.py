"""Who lacks the permissions to deploy an example is told so, where IAM is enforced."""

from __future__ import annotations

import json

import pytest

from meshkit.local.program import Deployer, run
from tests.examples.test_examples import EXAMPLES, NAMES

ENTERING = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"},
    }
)
"""A deployer's policy that leads into the accounts and allows nothing there."""


@pytest.mark.parametrize("name", NAMES)
def test_who_lacks_the_permissions_is_told_so_in_one_line(name: str) -> None:
    outcome = run(EXAMPLES / name, deployer=Deployer(ENTERING))
    assert outcome.failures
    for failure in outcome.failures:
        assert "is not authorized to perform" in failure.message
        assert "\n" not in failure.message
        assert "because no identity-based policy allows the" in failure.message
