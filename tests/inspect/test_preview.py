from __future__ import annotations

import json
from typing import Any

import pytest

from meshkit.errors import UnreadableError
from meshkit.graph import UNKNOWN, Secret, has_secret, redact
from meshkit.inspect.preview import config_of_preview, graph_of_preview
from tests.inspect.recordings import NAMES, content, text

URN = "urn:pulumi:dev::shop::{}::{}"
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def step(type_: str, name: str, op: str = "create", **state: Any) -> dict[str, Any]:
    urn = URN.format(type_, name)
    entry = {"urn": urn, "custom": True, "type": type_, "inputs": {}, **state}
    return {"op": op, "urn": urn, "newState": entry}


def preview(*steps: Any, **more: Any) -> str:
    return json.dumps({"config": {"aws:region": "eu-west-1"}, "steps": list(steps), **more})


def test_accounts_come_from_the_roles_that_providers_assume() -> None:
    graph = graph_of_preview(text("shared-mesh", "preview"))
    nodes = {each.name: each for each in graph.of_type("aws:appmesh/virtualNode:VirtualNode")}
    assert {name: node.account for name, node in nodes.items()} == {
        "shop-node-storefront": "222222222222",
        "shop-node-catalog-v1": "333333333333",
        "shop-node-catalog-v2": "333333333333",
    }
    assert {node.region for node in nodes.values()} == {"eu-west-1"}
    assert all(each.region is None for each in graph.of_type("aws:iam/role:Role"))


def test_an_account_of_the_default_provider_is_the_one_given_or_not_known() -> None:
    one = preview(step("aws:iam/user:User", "u"))
    assert [each.account for each in graph_of_preview(one)] == [None]
    assert [each.account for each in graph_of_preview(one, account="1" * 12)] == ["1" * 12]


def test_the_configuration_of_the_stack_tells_the_account_of_the_default_provider() -> None:
    config = {"aws:region": "eu-west-1", "aws:allowedAccountIds": '["222222222222"]'}
    graph = graph_of_preview(preview(step("aws:iam/user:User", "u"), config=config), account="1")
    assert [each.account for each in graph] == ["222222222222"]


@pytest.mark.parametrize(
    ("inputs", "account"),
    [
        ({"allowedAccountIds": '["111111111111"]'}, "111111111111"),
        ({"allowedAccountIds": '["111111111111","222222222222"]'}, None),
        (
            {
                "assumeRoles": '[{"roleArn":"arn:aws:iam::333333333333:role/a"},'
                '{"roleArn":"arn:aws:iam::444444444444:role/b"}]'
            },
            "444444444444",
        ),
        (
            {"assumeRoles": "[secret]", "allowedAccountIds": '["555555555555"]'},
            "555555555555",
        ),
        ({"assumeRole": {"role_arn": "arn:aws-cn:iam::666666666666:role/a"}}, "666666666666"),
        ({"assumeRoles": UNKNOWN_TEXT}, None),
        ({"assumeRoles": "no JSON"}, None),
        ({}, None),
    ],
)
def test_the_account_of_a_provider(inputs: dict[str, Any], account: str | None) -> None:
    provider = step("pulumi:providers:aws", "p", inputs={**inputs, "region": "eu-west-2"})
    user = step("aws:iam/user:User", "u", provider=f"{provider['urn']}::{UNKNOWN_TEXT}")
    node = step(
        "aws:appmesh/virtualNode:VirtualNode", "n", provider=f"{provider['urn']}::{UNKNOWN_TEXT}"
    )
    graph = graph_of_preview(preview(provider, user, node))
    assert [each.account for each in graph] == [account] * 3
    assert [each.region for each in graph] == ["eu-west-2", None, "eu-west-2"]


def test_a_resource_of_its_own_region_is_there() -> None:
    node = step("aws:appmesh/mesh:Mesh", "m", inputs={"region": "us-east-1"})
    assert [each.region for each in graph_of_preview(preview(node))] == ["us-east-1"]


def test_unknown_values_stay_unknown_and_secrets_stay_secret() -> None:
    inputs = {"a": UNKNOWN_TEXT, "b": [UNKNOWN_TEXT, "x"], "c": "[secret]", "d": {"e": 1}}
    (found,) = graph_of_preview(preview(step("aws:iam/user:User", "u", inputs=inputs)))
    assert found.inputs["a"] is UNKNOWN
    assert found.inputs["b"] == [UNKNOWN, "x"]
    assert found.inputs["c"] == Secret(UNKNOWN)
    assert found.inputs["d"] == {"e": 1}
    assert has_secret(found.inputs)


def test_what_goes_is_not_in_the_graph_and_what_is_replaced_is_there_once() -> None:
    graph = graph_of_preview(
        preview(
            step("aws:iam/user:User", "gone", "delete"),
            step("aws:iam/user:User", "again", "delete-replaced", inputs={"name": "old"}),
            step("aws:iam/user:User", "again", "create-replacement", inputs={"name": "new"}),
            step("aws:iam/user:User", "again", "replace", inputs={"name": "new"}),
            {"op": "delete", "urn": "u", "oldState": {}},
        )
    )
    assert [(each.name, each.inputs["name"]) for each in graph] == [("again", "new")]


def test_a_place_is_the_innermost_of_the_project_itself() -> None:
    frames = [
        "project:///../lib/thing.py#1",
        "project:///.venv/lib/python3.12/site-packages/pulumi_aws/iam.py#2",
        "file:///usr/lib/python3.12/runpy.py#3",
        "project:///parts/mesh.py#14,7",
        "project:///__main__.py#20",
    ]
    trace = [{}, *({"sourcePosition": each} for each in frames)]
    (found,) = graph_of_preview(preview(step("a:b:c", "u", stackTrace=trace)))
    assert found.source == ("parts/mesh.py", 14)


def test_what_an_input_was_made_from_is_kept() -> None:
    graph = graph_of_preview(text("components", "preview"))
    policy = next(
        each for each in graph.of_type("aws:iam/rolePolicy:RolePolicy") if each.name == "legacy"
    )
    role, node = (each.rpartition("::")[2] for each in policy.input_dependencies["role"]), [
        each.rpartition("$")[2] for each in policy.input_dependencies["policy"]
    ]  # fmt: skip
    assert list(role) == ["legacy"]
    assert any("virtualNode" in each for each in node)


def test_the_configuration_is_there() -> None:
    assert "meshkit:mesh" in config_of_preview(text("stack-config", "preview"))


@pytest.mark.parametrize("name", NAMES)
def test_recordings_hold_no_secret_and_no_place_of_a_machine(name: str) -> None:
    for kind in ("preview", "state"):
        found = text(name, kind)
        assert "plaintext" not in found
        assert "/home/" not in found
        assert "site-packages" not in found


def test_a_preview_without_what_stays_the_same_is_refused() -> None:
    recorded = content("shared-mesh", "preview")
    recorded["changeSummary"] = {"create": 29, "same": 3}
    with pytest.raises(UnreadableError, match=r"3 resources that stay the same .* --show-sames"):
        graph_of_preview(json.dumps(recorded))


def test_a_preview_that_failed_is_refused_with_its_reason() -> None:
    failed = preview(diagnostics=[{"severity": "error", "message": "no such\nregion"}])
    with pytest.raises(UnreadableError, match="it failed: no such region"):
        graph_of_preview(failed)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("", "not JSON; give what `pulumi preview"),
        ("warning: hello", "line 1: not JSON"),
        ("[]", "not an object"),
        ("{}", "no steps"),
        ('{"steps": 3}', "no steps"),
        ('{"deployment": {}, "version": 3}', "--state"),
        ('{"steps": [{"op": "create", "newState": {"urn": "nonsense"}}]}', "resource nonsense"),
        ('{"steps": [{"op": "create", "newState": 4}]}', "not as the engine writes it"),
        ('{"steps": [{"op": "create", "newState": {"urn": "a::b::c::d", "inputs": 4}}]}', "a::b"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_anything_else_is_refused_in_one_line(given: str, told: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        graph_of_preview(given)
    assert str(caught.value).startswith("preview: ")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_step_that_is_no_object_is_left_out() -> None:
    assert redact([each.name for each in graph_of_preview(preview(3, None))]) == []
