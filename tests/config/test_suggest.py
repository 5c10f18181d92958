from __future__ import annotations

import pytest

from meshkit.config.suggest import Suggester, did_you_mean, nearest

SERVICES = [f"service-{i}.shop.local" for i in range(10_000)]


@pytest.mark.parametrize(
    ("wrong", "names", "right"),
    [
        ("listners", ["listener", "listeners", "x"], "listeners"),
        ("lsiteners", ["tags", "listeners"], "listeners"),
        ("healthCheck", ["tls", "health_check"], "health_check"),
        ("pod_identity", ["irsa", "pod-identity"], "pod-identity"),
        ("HTTP", ["tcp", "http", "http2"], "http"),
        ("ec", ["ecs", "eks"], "ecs"),
        ("x", ["y"], None),
        ("storefront", ["billing"], None),
        ("a", [], None),
        ("", ["a"], None),
    ],
)
def test_the_nearest_name_is_found_if_one_is_near(
    wrong: str, names: list[str], right: str | None
) -> None:
    assert nearest(wrong, names) == right


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("service-1234.shop.lcal", "service-1234.shop.local"),
        ("servic-77.shop.local", "service-77.shop.local"),
        ("service_9999.shop.local", "service-9999.shop.local"),
        ("something-else-entirely", None),
    ],
)
def test_it_is_found_among_many(wrong: str, right: str | None) -> None:
    assert Suggester(SERVICES).nearest(wrong) == right


def test_it_is_worded_as_a_question() -> None:
    assert did_you_mean("nods", ["nodes"]) == ' (did you mean "nodes"?)'
    assert did_you_mean("nods", ["tags"]) == ""
