"""No value that passes its check can stand for more than itself in a policy."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from meshkit.topology import leaves

ACCOUNT, REGION = "111111111111", "eu-west-1"
IAM = f"arn:aws:iam::{ACCOUNT}"

CHECKS: dict[str, tuple[Callable[[str], str | None], str]] = {
    "certificate": (
        lambda text: leaves.certificate(text, ACCOUNT, REGION),
        f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/1",
    ),
    "authority": (
        lambda text: leaves.authority(text, REGION),
        f"arn:aws:acm-pca:{REGION}:{ACCOUNT}:certificate-authority/1",
    ),
    "role": (lambda text: leaves.role(text, ACCOUNT), f"{IAM}:role/team/web"),
    "policy": (lambda text: leaves.policy(text, ACCOUNT), f"{IAM}:policy/team/web"),
    "issuer": (leaves.oidc_issuer, "https://oidc.eks/id/A"),
    "provider": (
        lambda text: leaves.oidc_provider(text, ACCOUNT, None),
        f"{IAM}:oidc-provider/oidc.eks/id/A",
    ),
}


@pytest.mark.parametrize("kind", CHECKS)
@pytest.mark.parametrize("mark", ["*", "?", "${aws:username}"])
def test_a_pattern_is_no_exact_value(kind: str, mark: str) -> None:
    check, right = CHECKS[kind]

    assert check(right) is None
    assert check(right + mark) is not None
    assert check(mark) is not None


def test_an_account_that_is_not_known_is_a_word_in_the_example() -> None:
    assert leaves.load_balancer("web", None, REGION) == (
        '"web" is no Application Load Balancer: '
        f"arn:PARTITION:elasticloadbalancing:{REGION}:ACCOUNT:loadbalancer/app/NAME/ID"
    )
