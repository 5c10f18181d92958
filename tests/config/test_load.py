from __future__ import annotations

import copy
import gc
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshkit.config.deferred import Deferred
from meshkit.config.file import MeshFile
from meshkit.config.landing_zone import LandingZoneFile
from meshkit.config.load import load, read_partial
from meshkit.errors import ConfigError, UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

HEAD: dict[str, Any] = {"name": "shop", "region": "eu-west-1", "owner": "network"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mesh.yaml"


def test_a_file_becomes_its_model_and_knows_its_places(file: Path) -> None:
    file.write_text("name: shop\nregion: eu-west-1\nowner: o\nnodes:\n  a: {backends: [s, t]}\n")

    loaded = load(file)

    assert isinstance(loaded.config, MeshFile)
    assert [backend.service for backend in loaded.config.nodes["a"].backends] == ["s", "t"]
    assert str(loaded.locate(("nodes", "a", "backends", 1, "service"))) == f"{file}:5:21"
    assert str(loaded.locate(())) == f"{file}:1:1"


def test_a_path_of_the_model_is_shown_as_the_file_writes_it(file: Path) -> None:
    file.write_text(
        "name: shop\nregion: eu-west-1\nowner: o\nrouters:\n  r:\n"
        "    listeners: [{port: 80, protocol: http}]\n"
        "    routes: {x: {http: {match: {prefix: /}, targets: {a: 1, b: 2}}}}\n"
    )
    partial = read_partial(file)
    target = ("routers", "r", "routes", "x", "http", "targets", 1, "node")

    assert partial.written(target) == (*target[:-2], "b")
    assert str(partial.locate(target)) == f"{file}:7:64"


def test_data_and_models_load_as_well() -> None:
    config = load({**HEAD, "nodes": {"a": {}}}).config

    assert load(config).config is config
    assert load(config).locate(("nodes", "a")) is None


def test_values_fill_the_file(file: Path) -> None:
    file.write_text(
        "name: shop-${var.ENV}\nregion: eu-west-1\nowner: o\n"
        "nodes: {a: {listeners: [{port: '${var.PORT}', protocol: http}]}}\n"
        "accounts: {o: {id: '111111111111', vpc_id: '${var.VPC}'}}\n"
    )

    config = load(file, values={"ENV": "dev", "PORT": 80, "VPC": Deferred.of(object())}).config

    assert config.name == "shop-dev"
    assert config.nodes["a"].listeners[0].port == 80
    assert isinstance(config.accounts["o"].vpc_id, Deferred)


def test_all_faults_come_in_one_report_in_the_order_of_the_file(file: Path) -> None:
    file.write_text(
        "name: shop\nregion: eu-west-1\nowner: o\nowner: p\n"
        "include: {a: b}\n"
        "nodes:\n  a: {listners: []}\n  b: {service_discovery: {dns: '${foo}'}}\n"
        "tags: 5\n"
    )

    with pytest.raises(ConfigError) as caught:
        load(file)

    codes = [finding.code for finding in caught.value.findings]
    places = [finding.location for finding in caught.value.findings if finding.location]
    assert codes == ["MK006", "MK010", "MK101", "MK013", "MK103"]
    assert places == sorted(places)
    assert len(places) == len(codes)
    assert len(str(caught.value).splitlines()) == len(codes)


def test_what_can_t_be_read_is_refused(file: Path) -> None:
    with pytest.raises(UnreadableError):
        load(file)


@pytest.mark.parametrize(
    ("data", "root", "told"),
    [
        ({"landing_zone": "acme", "units": {}}, MeshFile, "of a landing zone, not of a mesh"),
        ({"name": "shop", "nodes": {}}, LandingZoneFile, "of a mesh, not of a landing zone"),
    ],
)
def test_a_file_of_another_kind_is_told_in_one_line(
    tmp_path: Path, data: dict[str, Any], root: type[Any], told: str
) -> None:
    file = tmp_path / "other.yaml"
    file.write_text(json.dumps(data))

    with pytest.raises(UnreadableError, match=rf"other\.yaml: is the file {told}$"):
        read_partial(file, root=root)


def partial_of(**body: Any) -> Any:
    return read_partial({**HEAD, **body})


def test_a_faulty_value_is_left_out_and_the_rest_stays() -> None:
    partial = partial_of(
        nodes={"a": {"account": 5, "listeners": [{"port": 80, "protocol": "http"}]}, "b": []}
    )

    assert partial.pruned == (("nodes", "a", "account"), ("nodes", "b"))
    assert partial.config.nodes["a"].listeners[0].port == 80
    assert partial.config.nodes.keys() == {"a"}


def test_what_needs_a_faulty_value_is_left_out_and_told_of_once() -> None:
    partial = partial_of(accounts={"x": {"id": 5}, "y": {"id": "111111111111"}})

    assert [finding.code for finding in partial.findings] == ["MK103"]
    assert partial.pruned == (("accounts", "x"),)
    assert partial.config.accounts.keys() == {"y"}


@pytest.mark.parametrize(
    "body",
    [
        {"routers": {"r": {"listeners": [{"port": 0, "protocol": "http"}]}}},
        {"mesh": {"arn": 5}, "nodes": {"a": {"service_discovery": {"dns": 5}}}},
        {"defaults": {"role": {"statements": [{"actions": [5]}]}}},
        {
            "defaults": {
                "backend_defaults": {
                    "client_policy": {"tls": {"validation": {"trust": {"acm": [5]}}}}
                }
            }
        },
    ],
)
def test_nothing_is_told_that_only_follows(body: dict[str, Any]) -> None:
    partial = partial_of(**body)

    assert {finding.code for finding in partial.findings} <= {"MK103", "MK105"}
    assert partial.config is not None


def test_items_left_in_a_list_keep_their_places(file: Path) -> None:
    file.write_text(
        "name: shop\nregion: eu-west-1\nowner: o\nnodes: {a: {backends: [5, x, b b, y]}}\n"
    )
    partial = read_partial(file)

    assert partial.config is not None
    assert [each.service for each in partial.config.nodes["a"].backends] == ["x", "y"]
    assert partial.pruned == (("nodes", "a", "backends", -1),)
    assert partial.written(("nodes", "a", "backends", 1)) == ("nodes", "a", "backends", 3)
    assert str(partial.locate(("nodes", "a", "backends", 1))) == f"{file}:4:35"


def test_faults_that_show_only_after_others_are_told_too() -> None:
    partial = partial_of(services={"s": {"node": "a", "router": "b", "account": 5}})

    assert [finding.code for finding in partial.findings] == ["MK103", "MK108"]


@pytest.mark.parametrize(("key", "usable"), [("name", True), ("region", False), ("owner", False)])
def test_without_region_or_owner_nothing_more_can_be_checked(key: str, usable: bool) -> None:
    partial = read_partial({**HEAD, key: 5, "services": {"s": {"node": "a", "router": "b"}}})

    assert [finding.code for finding in partial.findings] == ["MK103", "MK108"]
    assert (partial.config is not None) == usable
    assert (key,) in partial.pruned


def test_the_given_data_stay_as_they_are() -> None:
    data = {**HEAD, "nodes": {"a": {"backends": [5, "x"]}, "b": 5}}
    before = copy.deepcopy(data)

    read_partial(data)

    assert data == before


def test_the_collector_is_left_as_it_was(file: Path) -> None:
    with pytest.raises(UnreadableError):
        read_partial(file)
    assert gc.isenabled()

    gc.disable()
    try:
        read_partial(HEAD)
        assert not gc.isenabled()
    finally:
        gc.enable()


VALID: dict[str, Any] = {
    **HEAD,
    "accounts": {"network": {"id": "111111111111"}},
    "nodes": {
        "a": {
            "workload": {"type": "ecs", "cluster": "c"},
            "listeners": [{"port": 80, "protocol": "http", "health_check": {"path": "/"}}],
            "service_discovery": {"dns": "a.local"},
            "backends": ["s", {"service": "t"}],
            "access_log": "/dev/stdout",
        }
    },
    "routers": {
        "r": {
            "listeners": [{"port": 80, "protocol": "http"}],
            "routes": {"x": {"http": {"match": {"prefix": "/"}, "targets": {"a": 1}}}},
        }
    },
    "services": {"s": {"node": "a"}, "t": {"router": "r"}},
    "tags": {"k": "v"},
}
junk = st.sampled_from([None, True, 5, -1, 1.5, "", "a b", "${foo}", [], {}, ["x"], {"x": 1}])


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """The valid file with junk put in a few places."""
    data = copy.deepcopy(VALID)
    for _ in range(draw(st.integers(1, 4))):
        part: Any = data
        while True:
            keys = list(part) if isinstance(part, dict) else list(range(len(part)))
            key = draw(st.sampled_from(keys)) if keys else "x"
            deeper = keys and isinstance(part[key], dict | list) and part[key]
            if not deeper or draw(st.integers(0, 3)) == 0:
                break
            part = part[key]
        if isinstance(part, dict):
            part[draw(st.sampled_from([key, "unknown"]))] = draw(junk)
        elif part:
            part[key] = draw(junk)
    return data


@given(damaged())
def test_any_damage_gives_a_model_or_findings_and_never_another_error(data: dict[str, Any]) -> None:
    partial = read_partial(data)

    assert partial.config is not None or partial.findings
    assert bool(partial.pruned) <= bool(partial.findings)
    for finding in partial.findings:
        assert "\n" not in str(finding)
    if not partial.findings:
        assert partial.config == MeshFile.model_validate(data)
