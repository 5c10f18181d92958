from __future__ import annotations

import pytest

from meshkit.graph import UNKNOWN, Graph, Resource, Secret, has_secret, redact, reveal, secrets


def resource(urn: str, *, type_: str = "t", parent: str | None = None) -> Resource:
    return Resource(urn=urn, type=type_, name=urn, parent=parent)


GRAPH = Graph(
    (
        resource("stack", type_="pulumi:pulumi:Stack"),
        resource("a", parent="stack"),
        resource("b", parent="stack", type_="u"),
        resource("a1", parent="a", type_="u"),
        resource("stray", parent="elsewhere"),
    )
)


def test_a_secret_is_never_shown() -> None:
    secret = Secret("hunter2")

    assert "hunter2" not in f"{secret} {secret!r} {Resource('u', 't', 'n', inputs={'p': secret})}"
    assert secret.value == "hunter2"


def test_reveal_opens_secrets_at_any_depth_and_keeps_unknowns() -> None:
    value = {"a": [Secret({"b": Secret(1)}), UNKNOWN], "c": "plain"}

    assert reveal(value) == {"a": [{"b": 1}, UNKNOWN], "c": "plain"}


def test_redact_replaces_secrets_and_unknowns_by_marks() -> None:
    assert redact({"a": [Secret(1)], "b": UNKNOWN}) == {"a": ["[secret]"], "b": "[unknown]"}


def test_secrets_are_found_in_lists_and_mappings() -> None:
    assert [secret.value for secret in secrets({"a": [Secret("x")], "b": Secret("y")})] == [
        "x",
        "y",
    ]
    assert has_secret([{"a": Secret(None)}])
    assert not has_secret({"a": [1, UNKNOWN, "secret"]})


def test_resources_are_found_by_urn_and_by_type_in_order() -> None:
    assert GRAPH["a1"].parent == "a"
    assert GRAPH.get("nobody") is None
    assert GRAPH.get(None) is None
    assert [found.urn for found in GRAPH.of_type("u")] == ["b", "a1"]
    assert GRAPH.of_type("unused") == ()
    with pytest.raises(KeyError):
        GRAPH["nobody"]


def test_tree_walks_parents_before_children_in_registration_order() -> None:
    assert [(depth, found.urn) for depth, found in GRAPH.tree()] == [
        (0, "stack"),
        (1, "a"),
        (2, "a1"),
        (1, "b"),
        (0, "stray"),
    ]
    assert [found.urn for _, found in GRAPH.tree("a")] == ["a1"]


def test_iteration_keeps_registration_order() -> None:
    assert [found.urn for found in GRAPH] == ["stack", "a", "b", "a1", "stray"]
    assert len(GRAPH) == 5
