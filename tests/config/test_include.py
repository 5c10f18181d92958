from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest

from meshkit.config.include import include
from meshkit.config.positions import place
from meshkit.config.reader import read_file
from meshkit.errors import UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

    from meshkit.config.finding import Finding


class Write(Protocol):
    """Writes files by name and text; in names, two underscores are a slash."""

    def __call__(self, **texts: str) -> None: ...


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes files and stands beside them."""
    monkeypatch.chdir(tmp_path)

    def write(**texts: str) -> None:
        for name, text in texts.items():
            file = tmp_path / f"{name.replace('__', '/')}.yaml"
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)

    return write


def included(file: str = "mesh.yaml", **values: Any) -> tuple[Any, list[Finding]]:
    return include(read_file(file).data, file, values or None)


def told(file: str = "mesh.yaml") -> list[str]:
    return [str(finding) for finding in included(file)[1]]


def test_the_stated_keys_are_taken_and_no_others(write: Write) -> None:
    write(mesh="include: {base.yaml: [tags]}\nname: a", base="tags: {x: 1}\nname: b\nnodes: {}")

    assert included() == ({"name": "a", "tags": {"x": 1}}, [])


def test_mappings_are_merged_by_entry_and_the_including_file_wins_whole_entries(
    write: Write,
) -> None:
    write(
        mesh="include: {base.yaml: [nodes, name]}\nname: own\nnodes: {b: {z: 1}, c: {}}",
        base="name: base\nnodes: {a: {x: 1}, b: {x: 1, y: 2}}",
    )

    assert included()[0] == {"name": "own", "nodes": {"a": {"x": 1}, "b": {"z": 1}, "c": {}}}


def test_places_lead_to_the_file_a_value_came_from(write: Write) -> None:
    write(
        mesh="include: {base.yaml: [nodes]}\nnodes:\n  b: {z: 1}",
        base="\nnodes:\n  a: {x: [5]}\n  b: {}",
    )
    data, _ = included()

    assert str(place(data, ("nodes", "a", "x", 0))) == "base.yaml:3:11"
    assert str(place(data, ("nodes", "a"), key=True)) == "base.yaml:3:3"
    assert str(place(data, ("nodes", "b", "z"))) == "mesh.yaml:3:10"
    assert str(place(data, ("nodes",))) == "mesh.yaml:3:3"


def test_of_several_files_the_later_wins(write: Write) -> None:
    write(
        mesh="include: {one.yaml: [tags], two.yaml: [tags]}",
        one="tags: {a: 1, b: 1}",
        two="tags: {b: 2}",
    )

    assert included()[0] == {"tags": {"a": 1, "b": 2}}


def test_an_included_file_includes_from_its_own_folder(write: Write) -> None:
    write(
        mesh="include: {sub/mid.yaml: [tags, nodes]}",
        sub__mid="include: {base.yaml: [tags]}\nnodes: {a: 1}",
        sub__base="tags: {x: 1}",
    )
    data, findings = included()

    assert (data, findings) == ({"nodes": {"a": 1}, "tags": {"x": 1}}, [])
    assert str(place(data, ("tags", "x"))) == "sub/base.yaml:1:11"


def test_a_variable_chooses_the_file(write: Write) -> None:
    write(mesh='include: {"${var.ENV}.yaml": [tags]}', dev="tags: {x: '${var.ENV}'}")

    assert included(ENV="dev")[0] == {"tags": {"x": "${var.ENV}"}}


def test_data_of_a_program_include_from_the_working_directory(write: Write) -> None:
    write(base="tags: {x: 1}")

    data, findings = include({"name": "a", "include": {"base.yaml": ["tags"]}}, None, None)

    assert (data, findings) == ({"name": "a", "tags": {"x": 1}}, [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "include: base.yaml",
            "mesh.yaml:1:1: include: MK010 include takes a mapping from files to lists of keys",
        ),
        (
            "include: {base.yaml: nodes}",
            (
                'mesh.yaml:1:11: include["base.yaml"]: MK010 give the keys to take as a list, '
                "such as [nodes]"
            ),
        ),
        (
            "include: {base.yaml: [1]}",
            (
                'mesh.yaml:1:11: include["base.yaml"]: MK010 give the keys to take as a list, '
                "such as [nodes]"
            ),
        ),
        (
            "include: {base.yaml: [nodes, noodes]}",
            (
                'mesh.yaml:1:30: include["base.yaml"][1]: MK011 "base.yaml" has no key "noodes" '
                '(did you mean "nodes"?)'
            ),
        ),
        (
            "include: {base.yaml: [nodes]}\nnodes: []",
            'mesh.yaml:1:1: include: MK011 "nodes" is a mapping in one file and not in the other',
        ),
        (
            "include: {mesh.yaml: [name]}",
            'mesh.yaml:1:11: include["mesh.yaml"]: MK012 the file includes itself',
        ),
        (
            "include: {'${foo}.yaml': [name]}",
            (
                'mesh.yaml:1:11: include["${foo}.yaml"]: MK013 no form "${foo}"; there are '
                "${var.NAME}, ${env.NAME}, ${account}, ${partition} and ${region}, "
                "and $${ is a literal ${"
            ),
        ),
    ],
)
def test_what_can_t_be_included_is_told(write: Write, text: str, message: str) -> None:
    write(mesh=text, base="nodes: {a: 1}")

    assert told()[:1] == [message]


def test_a_cycle_through_another_file_is_told_where_it_closes(write: Write) -> None:
    write(mesh="include: {other.yaml: [tags]}", other="tags: {}\ninclude: {mesh.yaml: [name]}")

    assert told() == ['other.yaml:2:11: include["mesh.yaml"]: MK012 the file includes itself']


def test_a_file_taken_by_two_ways_is_read_once_and_is_no_cycle(write: Write) -> None:
    write(
        mesh="include: {a.yaml: [tags], b.yaml: [tags]}",
        a="include: {base.yaml: [tags]}",
        b="include: {base.yaml: [tags]}",
        base="tags: {x: 1, x: 2}",
    )

    assert told() == [
        "base.yaml:1:14: tags.x: MK006 the key is given twice, first at base.yaml:1:8"
    ]


def test_a_file_that_can_t_be_read_is_named_with_the_place_that_includes_it(write: Write) -> None:
    write(mesh="name: a\ninclude: {none.yaml: [tags]}")

    with pytest.raises(UnreadableError) as caught:
        included()

    assert str(caught.value) == (
        "none.yaml: MK001 can't be read: No such file or directory (included at mesh.yaml:2:11)"
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [("circle.yaml", "Too many levels of symbolic links"), ('"a\\0b"', "null byte")],
)
def test_a_name_that_leads_nowhere_is_told(
    write: Write, tmp_path: Path, name: str, reason: str
) -> None:
    (tmp_path / "circle.yaml").symlink_to("circle.yaml")
    write(mesh=f"include: {{{name}: [nodes]}}")

    with pytest.raises(UnreadableError, match=f"{reason}.*included at mesh.yaml:1:11"):
        included()
