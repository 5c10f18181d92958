"""A workload without a type takes that of the defaults."""

from typing import Any

import pytest

from meshkit.config.inherit import inherit_workload_type
from meshkit.config.load import load
from meshkit.errors import ConfigError

BASE = {"name": "shop", "region": "eu-west-1", "owner": "111111111111"}


def test_a_workload_may_leave_the_type_to_the_defaults() -> None:
    data = {
        **BASE,
        "defaults": {"workload": {"type": "eks", "cluster": "main"}},
        "nodes": {"web": {"workload": {"service_account": "web"}}},
        "gateways": {
            "edge": {"workload": {"type": "ec2"}, "listeners": [{"port": 80, "protocol": "http"}]}
        },
    }
    config = load(data).config
    assert config.nodes["web"].workload is not None
    assert config.nodes["web"].workload.type == "eks"
    assert config.gateways["edge"].workload is not None
    assert config.gateways["edge"].workload.type == "ec2"
    assert "type" not in data["nodes"]["web"]["workload"]  # type: ignore[index]


def test_without_a_default_the_type_is_missing() -> None:
    with pytest.raises(ConfigError, match="MK102"):
        load({**BASE, "nodes": {"web": {"workload": {"service_account": "web"}}}})


def test_a_key_of_another_type_is_told_where_it_stands() -> None:
    data = {
        **BASE,
        "defaults": {"workload": {"type": "ecs"}},
        "nodes": {"web": {"workload": {"namespace": "shop"}}},
    }
    with pytest.raises(ConfigError, match=r'nodes\.web\.workload\.namespace: MK101 no key "names'):
        load(data)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"defaults": None},
        {"defaults": {"workload": []}},
        {"defaults": {"workload": {"type": 1}}},
        {"defaults": {"workload": {"type": "ecs"}}, "nodes": []},
        {"defaults": {"workload": {"type": "ecs"}}, "nodes": {"a": None, "b": {"workload": 1}}},
    ],
)
def test_what_has_another_shape_stays_as_it_is(data: dict[str, Any]) -> None:
    assert inherit_workload_type(data) == data
