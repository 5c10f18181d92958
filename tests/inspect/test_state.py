from __future__ import annotations

import json
from typing import Any

import pytest

from meshkit.errors import UnreadableError
from meshkit.graph import UNKNOWN, Secret, redact
from meshkit.inspect.snapshot import SECRET, SIGNATURE
from meshkit.inspect.state import graph_of_state
from tests.inspect.recordings import text

NODE = "aws:appmesh/virtualNode:VirtualNode"


def entry(type_: str, name: str, **more: Any) -> dict[str, Any]:
    return {"urn": f"urn:pulumi:dev::shop::{type_}::{name}", "type": type_, "custom": True, **more}


def state(*resources: Any, version: Any = 3) -> str:
    return json.dumps({"version": version, "deployment": {"resources": list(resources)}})


def test_a_deployed_stack_has_its_outputs_ids_and_places() -> None:
    graph = graph_of_state(text("shared-mesh", "state"))
    node = next(each for each in graph.of_type(NODE) if "storefront" in each.name)
    assert node.outputs["arn"] == (
        "arn:aws:appmesh:eu-west-1:222222222222:mesh/shop@111111111111/virtualNode/storefront"
    )
    assert (node.account, node.region) == ("222222222222", "eu-west-1")
    assert node.outputs["id"]
    assert node.source == ("__main__.py", 7)


def test_an_arn_tells_the_account_of_a_default_provider() -> None:
    provider = entry("pulumi:providers:aws", "default", inputs={"region": "eu-west-1"})
    reference = f"{provider['urn']}::id"
    role = entry(
        "aws:iam/role:Role",
        "r",
        provider=reference,
        outputs={"arn": "arn:aws:iam::777777777777:role/r"},
    )
    policy = entry("aws:iam/rolePolicy:RolePolicy", "p", provider=reference)
    accounts = [each.account for each in graph_of_state(state(provider, role, policy))]
    assert accounts[1:] == ["777777777777"] * 2


def test_a_secret_is_known_only_where_the_state_shows_it() -> None:
    shown = {SIGNATURE: SECRET, "plaintext": json.dumps({"a": "tops3cret"})}
    hidden = {SIGNATURE: SECRET, "ciphertext": "v1:abc"}
    (found,) = graph_of_state(state(entry("a:b:c", "n", inputs={"s": shown, "h": hidden})))
    assert found.inputs == {"s": Secret({"a": "tops3cret"}), "h": Secret(UNKNOWN)}
    assert "tops3cret" not in f"{found}{redact(dict(found.inputs))}"


def test_what_a_replacement_leaves_behind_is_not_in_the_graph() -> None:
    graph = graph_of_state(state(entry("a:b:c", "n", delete=True), entry("a:b:c", "m")))
    assert [each.name for each in graph] == ["m"]


def test_a_stack_without_resources_has_an_empty_graph() -> None:
    empty = json.dumps({"version": 3, "deployment": {"manifest": {}}})
    assert len(graph_of_state(empty)) == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("", "not JSON; give what `pulumi stack export`"),
        ("null", "not an object"),
        ("{}", "no deployment"),
        ('{"steps": []}', "--preview"),
        ('{"deployment": {"resources": []}}', "no deployment"),
        ('{"version": 3, "deployment": null}', "no deployment"),
        ('{"version": 99, "deployment": {}}', "version 99"),
        ('{"version": 3, "deployment": {"resources": 7}}', "no list"),
        ('{"version": 3, "deployment": {"resources": [7]}}', "not as the engine writes it"),
        ('{"version": 3, "deployment": {"resources": [{"urn": "a"}]}}', "resource a"),
        (
            json.dumps(
                {
                    "version": 3,
                    "deployment": {
                        "resources": [
                            entry("a:b:c", "n", inputs={"s": {SIGNATURE: SECRET, "plaintext": "{"}})
                        ]
                    },
                }
            ),
            "not as the engine writes it",
        ),
    ],
)
def test_anything_else_is_refused_in_one_line(given: str, told: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        graph_of_state(given)
    assert str(caught.value).startswith("state: ")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
