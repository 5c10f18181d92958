"""The rules as a whole: no exception, no noise after a fault, a fixed order, linear time."""

import copy
import time
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

import pytest
import yaml

from meshkit.config.file import MeshFile
from meshkit.config.finding import Path
from meshkit.topology.check import check
from meshkit.topology.index import Index
from meshkit.topology.rules import run
from tools.golden import CASES, cases

OK = yaml.safe_load((CASES / "ok.yaml").read_text("utf-8"))
COMBINED = yaml.safe_load((CASES / "combined.yaml").read_text("utf-8"))


def places(data: Any, path: Path = ()) -> Iterator[Path]:
    """The path of every value of plain data."""
    entries = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in entries:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


def changed(data: Any, path: Path, value: Any) -> Any:
    """A copy with another value at ``path``, or with none where the value is ``None``."""
    copied = copy.deepcopy(data)
    parent = copied
    for key in path[:-1]:
        parent = parent[key]
    if value is None:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return copied


def codes(data: Any) -> list[str]:
    return [finding.code for finding in check(data).findings if finding.code != "MK901"]


def shaped_cases() -> Iterator[FilePath]:
    """The mesh files that have the right shape: the faultless one, and the cases of the rules."""
    yield CASES / "ok.yaml"
    yield from (case for case in cases() if case.stem >= "error_MK2")


@pytest.mark.parametrize("case", list(shaped_cases()), ids=lambda case: case.stem)
def test_nothing_follows_from_a_fault_of_shape(case: FilePath) -> None:
    data = yaml.safe_load(case.read_text("utf-8"))
    before = set(codes(data))
    for path in places(data):
        new = set(codes(changed(data, path, [[0]]))) - before
        assert {code[:3] for code in new} <= {"MK1"}, (path, new)


@pytest.mark.parametrize("data", [OK, COMBINED], ids=["ok", "combined"])
def test_whatever_is_missing_ends_in_a_report(data: Any) -> None:
    for path in places(data):
        findings = check(changed(data, path, None)).findings
        assert all(finding.message for finding in findings), path


def test_an_unknown_name_is_reported_once_for_each_reference() -> None:
    config = MeshFile.model_validate(
        {
            "name": "shop",
            "region": "eu-west-1",
            "owner": "nobody",
            "nodes": {"a": {"account": "nobody", "backends": ["nothing"], "role": {"name": "r"}}},
            "services": {"s": {"node": "none"}, "t": {"router": "none"}},
            "gateways": {
                "g": {
                    "listeners": [{"port": 8443, "protocol": "http"}],
                    "routes": {"r": {"http": {"match": {"prefix": "/"}, "service": "nothing"}}},
                }
            },
        }
    )
    found = [(finding.code, finding.path) for finding in run(Index(config))]
    assert found == [
        ("MK201", ("nodes", "a", "backends", 0)),
        ("MK201", ("gateways", "g", "routes", "r", "http", "service")),
        ("MK202", ("services", "s", "node")),
        ("MK203", ("services", "t", "router")),
        ("MK204", ("owner",)),
        ("MK204", ("nodes", "a", "account")),
        ("MK901", ("name",)),
    ]


def test_what_was_left_out_is_not_called_missing() -> None:
    config = MeshFile.model_validate(
        {
            "name": "shop",
            "region": "eu-west-1",
            "owner": "111111111111",
            "services": {"s": {"node": "left-out"}},
        }
    )
    assert "MK202" in {finding.code for finding in run(Index(config))}
    for pruned in (("nodes", "left-out"), ("nodes",)):
        assert "MK202" not in {finding.code for finding in run(Index(config), [pruned])}


def test_two_runs_report_the_same_in_the_same_order() -> None:
    assert check(COMBINED).findings == check(copy.deepcopy(COMBINED)).findings


def chain(length: int) -> Index:
    """A mesh in which each node calls the next two through routers."""
    listener = {"port": 8080, "protocol": "http"}
    names = [f"n{place:05}" for place in range(length)]
    nodes = {
        name: {
            "listeners": [{**listener, "health_check": {"path": "/"}}],
            "service_discovery": {"dns": f"{name}.local"},
            "backends": [f"{names[(place + step) % length]}.local" for step in (1, 2)],
            "tags": {"team": "a"},
            "workload": {"type": "ecs", "service": name},
        }
        for place, name in enumerate(names)
    }
    routers = {
        name: {
            "listeners": [listener],
            "routes": {"all": {"http": {"match": {"prefix": "/"}, "targets": {name: 100}}}},
        }
        for name in names
    }
    most = {f"virtual_{kind}_per_mesh": length for kind in ("nodes", "services", "routers")}
    return Index(
        MeshFile.model_validate(
            {
                "name": "shop",
                "region": "eu-west-1",
                "owner": "111111111111",
                "quotas": most,
                "defaults": {"role": {"path": "/mesh/"}},
                "nodes": nodes,
                "routers": routers,
                "services": {f"{name}.local": {"router": name} for name in names},
            }
        )
    )


def test_time_grows_with_the_file_and_no_faster() -> None:
    def taken(index: Index) -> float:
        begin = time.process_time()
        assert [finding.code for finding in run(index)] == ["MK901"]
        return time.process_time() - begin

    small, large = chain(400), chain(4000)
    fastest_small = min(taken(small) for _ in range(5))
    fastest_large = min(taken(large) for _ in range(3))
    assert fastest_large < 25 * fastest_small


def test_a_faulty_region_is_the_only_finding_about_it() -> None:
    data = {
        **{key: OK[key] for key in ("name", "organization", "accounts")},
        "owner": "network",
        "region": "Ireland",
        "mesh": {"arn": "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop"},
        "nodes": {"a": {"role": {"arn": "arn:aws-cn:iam::111111111111:role/a"}}},
    }
    assert codes(data) == ["MK106"]
