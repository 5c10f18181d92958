from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from meshkit.config.positions import Map
from meshkit.config.reader import MAX_BYTES, read_file, read_text
from meshkit.errors import UnreadableError

if TYPE_CHECKING:
    from pathlib import Path


def read(text: str, *, json: bool = False) -> Map:
    document = read_text(text, "m", json=json)
    assert document.findings == ()
    return document.data


def refusal(text: str, *, json: bool = False) -> str:
    with pytest.raises(UnreadableError) as caught:
        read_text(text, "m", json=json)
    message = str(caught.value)
    assert "\n" not in message
    return message


def found(text: str, *, json: bool = False) -> list[str]:
    return [str(finding) for finding in read_text(text, "m", json=json).findings]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12", 12),
        ("+12", 12),
        ("-0", 0),
        ("0o14", 12),
        ("0x1F", 31),
        ("012345670123", "012345670123"),
        ("1" * 65, "1" * 65),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-.inf", float("-inf")),
        ("1.2.3", "1.2.3"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2s", "2s"),
        ("-", None),
        ("true", True),
        ("False", False),
        ("no", "no"),
        ("on", "on"),
        ("y", "y"),
        ("~", None),
        ("null", None),
        ("", None),
        ("nullable", "nullable"),
        ("2020-01-01", "2020-01-01"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("<<", "<<"),
    ],
)
def test_scalars_follow_yaml_1_2_and_keep_leading_zeros(written: str, meant: object) -> None:
    value = read(f"a: {written}\n")["a"] if written != "-" else read("a: [~]\n")["a"][0]

    assert (type(value), value) == (type(meant), meant)


def test_a_mapping_and_a_list_remember_where_their_parts_stand() -> None:
    data = read("a: 1\nb:\n  - x\n  -   y: é\n      z: 2\n")

    assert str(data.key_at("b")) == "m:2:1"
    assert str(data["b"].value_at(0)) == "m:3:5"
    assert str(data["b"][1].key_at("y")) == "m:4:7"
    assert str(data["b"][1].value_at("z")) == "m:5:10"


def test_windows_line_ends_and_a_byte_order_mark_do_not_show() -> None:
    data = read("\ufeffa: 1\r\nb: two\r\n")

    assert data == {"a": 1, "b": "two"}
    assert str(data.key_at("a")) == "m:1:1"
    assert str(data.key_at("b")) == "m:2:1"


def test_merge_keys_take_entries_over_and_own_ones_win() -> None:
    data = read("a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: [*a, *b], x: 0}\n")

    assert data["c"] == {"x": 0, "y": 2, "z": 4}
    assert str(data["c"].value_at("x")) == "m:3:22"
    assert str(data["c"].value_at("y")) == "m:1:17"


def test_an_alias_stands_for_its_anchor() -> None:
    data = read("a: &x [1, &y two]\nb: *x\n*y : *y\n")

    assert data == {"a": [1, "two"], "b": [1, "two"], "two": "two"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3", "m:3:1: a: MK006 the key is given twice, first at m:1:1"),
        ("n: {k: {a: 1, a: 2}}", "m:1:15: n.k.a: MK006 the key is given twice, first at m:1:9"),
        ("n: [0, {a: 1, a: 2}]", "m:1:15: n[1].a: MK006 the key is given twice, first at m:1:9"),
        ("8080: x", 'm:1:1: 8080: MK007 a key is text; write "8080" in quotes'),
        ("a: {true: x}", 'm:1:5: a.true: MK007 a key is text; write "true" in quotes'),
        ("?\n: x", 'm:1:2: [""]: MK007 a key is missing before the colon'),
        (
            "a: {<<: 4}",
            ('m:1:9: a["<<"]: MK009 << takes a mapping or a list of mappings, not a single value'),
        ),
        (
            "a: [!Ref x]",
            (
                'm:1:5: a[0]: MK008 the tag "!Ref" has no meaning here or does not fit; '
                "write the value without it"
            ),
        ),
        (
            "a: !!python/name:os.system x",
            (
                'm:1:4: a: MK008 the tag "!!python/name:os.system" has '
                "no meaning here or does not fit; write the value without it"
            ),
        ),
        (
            "a: !!int x",
            (
                'm:1:4: a: MK008 the tag "!!int" has no meaning here or does not fit; '
                "write the value without it"
            ),
        ),
        (
            "a: !!set {x}",
            (
                'm:1:4: a: MK008 the tag "!!set" has no meaning here or does not fit; '
                "write the value without it"
            ),
        ),
    ],
)
def test_what_yaml_allows_and_a_mesh_file_does_not_is_a_finding(text: str, message: str) -> None:
    assert found(text) == [message]


def test_of_two_entries_with_one_key_the_first_stays() -> None:
    data = read_text("a: 1\na: 2\nb: 3", "m").data

    assert data == {"a": 1, "b": 3}
    assert str(data.value_at("b")) == "m:3:4"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "m:1:1: MK004 the file is empty; a mesh file begins with name, region and owner"),
        (
            "# only\n",
            ("m:1:1: MK004 the file is empty; a mesh file begins with name, region and owner"),
        ),
        ("- a", "m:1:1: MK004 a mesh file is a mapping, this one is a list"),
        ("hello", "m:1:1: MK004 a mesh file is a mapping, this one is a single value"),
        (
            "a: 1\n---\nb: 2",
            ("m:2:1: MK004 a second document begins here; a mesh file is one document"),
        ),
        ("a: [", "m:2:1: MK003 a value is wanted here"),
        (
            "a:\n\tb: 1",
            (
                "m:2:1: MK003 this character can't begin a value; indent by spaces, and "
                "put text that begins with @, ` or % in quotes"
            ),
        ),
        (
            "a: b: c",
            (
                "m:1:5: MK003 a second colon on the line, or wrong indentation; put text that "
                'holds ": " in quotes'
            ),
        ),
        (
            "a: 'x\nb: 1\n",
            (
                "m:3:1: MK003 the quotes are not closed (while scanning a quoted scalar "
                "that begins on line 1)"
            ),
        ),
        ("a: *x", 'm:1:4: MK003 no anchor "&x" stands before this alias'),
        ("a: &x [*x]", 'm:1:8: MK005 the alias "*x" stands within its own anchor'),
        ("? [a]\n: b", "m:1:3: MK007 a key is text; put text that begins with { or [ in quotes"),
        (
            "a: &x [1]\n*x : 1",
            ("m:2:1: MK007 a key is text; put text that begins with { or [ in quotes"),
        ),
        ("a: 1\nb: x\0", "m:2:5: MK002 the character U+0000 is not text; remove it"),
    ],
)
def test_what_is_not_one_mapping_of_yaml_is_refused_in_one_line(text: str, message: str) -> None:
    assert refusal(text) == message


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused_before_it_ends_the_process(opening: str) -> None:
    assert "MK005 values are nested more than 100 deep" in refusal("a:\n  " + opening * 200_000)


def test_a_chain_of_aliases_counts_as_nesting() -> None:
    links = [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 150)]

    assert "MK005 values are nested more than 100 deep" in refusal(
        "\n".join(["a0: &a0 [1]", *links])
    )


def test_aliases_that_multiply_are_refused_without_being_written_out() -> None:
    bomb = ["a0: &a0 [1,1,1,1,1,1,1,1,1,1]"]
    bomb += [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)]

    assert refusal("\n".join(bomb)).endswith("MK005 aliases stand for more than 2,000,000 values")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "m:1:1: MK003 a value is wanted here, not the end of the file"),
        ('{"a":1,}', "m:1:8: MK003 a key in quotes is wanted here, not '}'"),
        (
            '{"a":1\n "b":2}',
            "m:2:2: MK003 a comma or a closing bracket is wanted here, not '\"b\"'",
        ),
        ('{"a" 1}', "m:1:6: MK003 a colon is wanted here, not '1'"),
        ('{"a":[1,]}', "m:1:9: MK003 a value is wanted here, not ']'"),
        ('{"a":1}}', "m:1:8: MK003 the end of the file is wanted here, not '}'"),
        ('{"a":01}', "m:1:6: MK003 '0' begins neither a value nor a key"),
        ('{"a":NaN}', "m:1:6: MK003 'N' begins neither a value nor a key"),
        ('{"a":"\\x"}', "m:1:7: MK003 the text has a wrong escape: Invalid \\escape"),
        ('{"a":"\\ud800"}', "m:1:6: MK003 the text has half of a pair of surrogate escapes"),
        (
            '{"a":"b\n"}',
            ("m:1:6: MK003 the text does not end on its line, or holds a control character"),
        ),
        ("// a\n{}", "m:1:1: MK003 JSON has no comments; name the file .yaml to write some"),
        ("[" * 200_000, "m:1:101: MK005 values are nested more than 100 deep"),
    ],
)
def test_json_is_read_strictly(text: str, message: str) -> None:
    assert refusal(text, json=True) == message


def test_json_has_places_and_its_own_blanks_and_escapes() -> None:
    data = read(
        '\t{"a":\t"\\ud83d\\ude00\\/\\u0041",\r\n\t"b": [1, true, null, -1.5e3]}', json=True
    )

    assert data == {"a": "😀/A", "b": [1, True, None, -1500.0]}
    assert str(data.key_at("b")) == "m:2:2"


def test_a_key_given_twice_in_json_is_a_finding() -> None:
    assert found('{"a": {"b": 1,\n "b": 2}}', json=True) == [
        "m:2:2: a.b: MK006 the key is given twice, first at m:1:8"
    ]


keys = st.text(max_size=5).filter(lambda key: key != "<<")
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner),
    max_leaves=20,
)


@given(st.dictionaries(keys, plain))
def test_what_json_writes_is_read_back(data: dict[str, Any]) -> None:
    assert read(json.dumps(data), json=True) == data


@given(st.text(max_size=40), st.booleans())
def test_any_text_is_read_or_refused(text: str, as_json: bool) -> None:
    with contextlib.suppress(UnreadableError):
        assert isinstance(read_text(text, "m", json=as_json).data, Map)


@given(st.dictionaries(st.text("abc:#-[]{}'\"!&*% \n", max_size=6), st.text(max_size=6)))
def test_what_pyyaml_writes_is_read_back(data: dict[str, str]) -> None:
    text = yaml.safe_dump(data, allow_unicode=True, default_style='"')

    assert read_text(text, "m").data == data


def test_a_file_is_json_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "mesh.JSON"
    file.write_text("{a: 1}")

    with pytest.raises(UnreadableError, match="MK003"):
        read_file(file)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a: 1\nb: \xff\n", ":2:4: MK002 the byte 0xff is not UTF-8; save the file as UTF-8"),
        ("a: é".encode("utf-16"), ":1:1: MK002 the byte 0xff is not UTF-8; save the file as UTF-8"),
        (
            b"a" * (MAX_BYTES + 1),
            (": MK001 is larger than 32 MiB; split it with include, or give another file"),
        ),
    ],
)
def test_a_file_that_is_not_text_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    file = tmp_path / "mesh.yaml"
    file.write_bytes(data)

    with pytest.raises(UnreadableError) as caught:
        read_file(file)

    assert str(caught.value) == f"{file}{message}"


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path, "a\0b"):
        with pytest.raises(UnreadableError, match="MK001 can't be read: "):
            read_file(path)
