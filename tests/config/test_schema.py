from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from meshkit.config.load import read_partial
from meshkit.config.reader import read_file
from meshkit.config.schema import json_schema, zone_schema

jsonschema = pytest.importorskip("jsonschema")

EXAMPLES = sorted(Path("examples").glob("*/mesh.yaml"))
VALID: dict[str, Any] = {
    "name": "shop-${var.ENV}",
    "region": "eu-west-1",
    "owner": "network",
    "accounts": {"network": {"id": "111111111111", "assume_role": {"name": "deployer"}}},
    "defaults": {
        "workload": {"type": "ecs"},
        "role": {
            "statements": [
                {
                    "actions": "s3:GetObject",
                    "resources": ["arn:${partition}:s3:::a/*"],
                    "conditions": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
                },
            ],
        },
    },
    "nodes": {
        "a-${var.ENV}": {
            "workload": {"type": "eks", "cluster": "main"},
            "listeners": [
                {
                    "port": "${var.PORT}",
                    "protocol": "http",
                    "tls": {"mode": "STRICT", "certificate": {"acm": "${var.CERT}"}},
                }
            ],
            "service_discovery": {"dns": "a.local"},
            "backends": ["s", {"service": "t"}],
            "access_log": "/dev/stdout",
        },
        "b": {
            "access_log": {"path": "/dev/stdout", "format": {"json": {"a": "%X%"}}},
            "service_discovery": {"dns": {"hostname": "b.local"}},
            "account": None,
        },
    },
    "routers": {
        "r": {
            "listeners": [{"port": 80, "protocol": "http"}],
            "routes": {
                "short": {"http": {"match": {"prefix": "/"}, "targets": {"a": 90, "b": 10}}},
                "long": {"tcp": {"targets": [{"node": "a", "weight": 1, "port": 80}]}},
            },
        }
    },
    "services": {"s": {"node": "a"}, "t": {"router": "r"}, "u": {}},
    "gateways": {
        "g": {
            "listeners": [{"port": 80, "protocol": "http"}],
            "routes": {
                "x": {"http": {"match": {"prefix": "/"}, "service": "s"}},
                "y": {"http": {"match": {"prefix": "/"}, "service": {"name": "s"}}},
            },
        }
    },
}


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("file", EXAMPLES, ids=str)
def test_the_examples_fit(validator: Any, file: Path) -> None:
    assert [error.message for error in validator.iter_errors(read_file(file).data)] == []


def test_what_the_loader_takes_fits(validator: Any) -> None:
    values = {"ENV": "dev", "PORT": 80, "CERT": "arn:aws:acm:eu-west-1:111111111111:certificate/x"}

    assert read_partial(VALID, values=values).findings == ()
    assert [error.message for error in validator.iter_errors(VALID)] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("listners",), {}),
        (("region",), "ireland"),
        (("owner",), 5),
        (("data_plane",), "istio"),
        (("accounts", "network", "id"), "123"),
        (("accounts", "a b"), {"id": "111111111111"}),
        (("nodes", "b", "listners"), []),
        (("nodes", "b", "backends"), "s"),
        (("nodes", "b", "backends"), [5]),
        (("nodes", "b", "workload"), {"type": "fargate"}),
        (("nodes", "b", "listeners"), [{"port": 80}]),
        (("nodes", "b", "listeners"), [{"port": 70000, "protocol": "http"}]),
        (("nodes", "b", "service_discovery"), {}),
        (("services", "s"), {"node": "a", "router": "r"}),
        (("routers", "r", "listeners"), []),
        (("routers", "r", "routes", "short", "http", "targets"), {"a": 101}),
        (("defaults", "role", "statements"), [{"actions": []}]),
        (("tags",), {"a": 1}),
        (("include",), ["base.yaml"]),
    ],
)
def test_a_fault_of_shape_does_not_fit_and_the_loader_agrees(
    validator: Any, path: tuple[str, ...], value: Any
) -> None:
    data = copy.deepcopy(VALID)
    part = data
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value

    assert not validator.is_valid(data)
    assert read_partial(data, values={"ENV": "dev", "PORT": 80, "CERT": "arn:aws:a:::x"}).findings


def test_a_file_that_includes_need_not_have_every_section(validator: Any) -> None:
    assert validator.is_valid({"name": "shop", "include": {"base.yaml": ["region", "owner"]}})
    assert not validator.is_valid({"name": "shop"})


def test_the_docstrings_of_the_models_describe_the_keys() -> None:
    schema = json_schema()
    definitions = schema["$defs"]

    assert schema["properties"]["name"]["description"] == "Name of the mesh."
    assert definitions["Node"]["properties"]["workload"]["description"] == (
        "Default: `defaults.workload`, also for each key left out of a workload of its type."
    )
    assert definitions["LogFormat"]["properties"]["json"]["description"].startswith("`json`: key")
    assert all(definition.get("description") for definition in definitions.values())
    assert "``" not in json.dumps(schema)


def test_a_model_describes_what_it_inherits() -> None:
    definitions = json_schema()["$defs"]

    assert definitions["GrpcRetry"]["properties"].keys() >= {"max_retries", "grpc_events"}


def test_it_is_the_same_every_time() -> None:
    assert json.dumps(json_schema()) == json.dumps(json_schema())


ZONE: dict[str, Any] = {
    "landing_zone": "acme",
    "region": "eu-west-1",
    "organization": {"id": "o-exampleorg1", "management_account": "111111111111"},
    "units": {"work": {"units": {"prod-${var.ENV}": {"import": "ou-ab12-11111111"}}}},
    "accounts": {"orders": {"unit": "work/prod-${var.ENV}", "protect": "${var.PROTECT}"}},
    "identity_providers": {"workforce": {"saml": {"metadata": "${var.METADATA}"}}},
    "roles": {
        "reader": {
            "provider": "workforce",
            "statements": [{"actions": "s3:GetObject", "resources": "arn:aws:s3:::a/*"}],
        }
    },
    "project_roles": {"team": {"units": ["work"], "roles": ["reader"]}},
}


def test_what_the_loader_takes_of_a_landing_zone_fits() -> None:
    schema = zone_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    example = read_file("examples/landing-zone/landing-zone.yaml").data

    for data in (ZONE, example):
        assert [error.message for error in validator.iter_errors(data)] == []
    wrong = {**ZONE, "accounts": {"orders": {"units": "work"}}}
    both = {"team": {"units": ["work"], "roles": ["r"], "template": "t.yaml"}}
    assert not validator.is_valid(wrong)
    assert not validator.is_valid({**ZONE, "project_roles": both})
    assert all(each.get("description") for each in schema["$defs"].values())
