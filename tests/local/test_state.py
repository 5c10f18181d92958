"""The state file: what is kept, and what is refused and left as it was."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from meshkit.local.application import changes
from meshkit.local.journal import Entry, Journal, Request, StateError

PUT = Request("PUT", "/v20190125/meshes?x=%20y", {"host": "h"}, b'{"meshName": "m\xc3\xa9"}\x00')
HEADER = {"kind": "meshkit local cloud", "format": 1, "moto": "5.2.5"}
ENTRY: dict[str, Any] = {
    "instant": 1,
    "method": "PUT",
    "target": "/",
    "headers": {},
    "body": "",
    "status": 200,
}


def lines(*data: object) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in data)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "state"
    entry = Entry(instant=7, request=PUT, status=201)
    with Journal(file) as journal:
        assert journal.entries() == []
        journal.append(entry)
    with Journal(file) as journal:
        assert journal.entries() == [entry]
        journal.append(entry)
    with Journal(file) as journal:
        assert journal.entries() == [entry, entry]


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    # Bodies of requests hold secrets.
    file = tmp_path / "state"
    with Journal(file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


BROKEN: dict[str, tuple[bytes, str]] = {
    "text": (b"hello\n", ":1: not a state file"),
    "binary": (bytes(range(256)), "the last line is cut off"),
    "another JSON": (lines({"version": 3}), ": not a state file"),
    "a list": (lines([]), ": not a state file"),
    "a newer format": (lines(HEADER | {"format": 2}), "has format 2, this meshkit reads format 1"),
    "another moto": (lines(HEADER | {"moto": "4.0"}), "was written with moto 4.0"),
    "cut in a line": (lines(HEADER, ENTRY)[:-9], ":2: the last line is cut off"),
    "cut in the header": (lines(HEADER)[:-9], ":1: the last line is cut off"),
    "not JSON": (lines(HEADER, ENTRY) + b"}{\n", ":3: not JSON"),
    "an empty line": (lines(HEADER) + b"\n", ":2: not JSON"),
    "no entry": (lines(HEADER, {}), ":2: not an entry"),
    "a number": (lines(HEADER, 1), ":2: not an entry"),
    "a wrong body": (lines(HEADER, ENTRY | {"body": "%"}), ":2: not an entry"),
    "wrong headers": (lines(HEADER, ENTRY | {"headers": []}), ":2: not an entry"),
    "a wrong instant": (lines(HEADER, ENTRY | {"instant": "x"}), ":2: not an entry"),
    "deep": (b"[" * 100_000 + b"\n", ":1: not a state file"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_state_is_refused_and_left_alone(tmp_path: Path, case: str) -> None:
    content, told = BROKEN[case]
    file = tmp_path / "state"
    file.write_bytes(content)
    with Journal(file) as journal, pytest.raises(StateError) as raised:
        journal.entries()
    assert str(raised.value).startswith(str(file))
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)
    assert file.read_bytes() == content


def test_a_file_that_can_not_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "state"):
        with pytest.raises(StateError, match="can't be opened"), Journal(path):
            pass


def test_one_server_has_a_file(tmp_path: Path) -> None:
    file = tmp_path / "state"
    with Journal(file), pytest.raises(StateError, match="another server uses it"), Journal(file):
        pass
    with Journal(file):
        pass


FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
LATTICE = {"authorization": "AWS4-HMAC-SHA256 Credential=k/20260101/r/vpc-lattice/aws4_request, x"}
RAM = {"authorization": "AWS4-HMAC-SHA256 Credential=k/20260101/eu-west-1/ram/aws4_request, x"}
TARGET = "x-amz-target"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (Request("GET", "/v20190125/meshes", {}, b""), False),
        (Request("HEAD", "/bucket", {}, b""), False),
        (PUT, True),
        (Request("DELETE", "/v20190125/meshes/m", {}, b""), True),
        (Request("POST", "/", FORM, b"Version=1&Action=GetRole"), False),
        (Request("POST", "/", FORM, b"Action=CreateRole&RoleName=ListMe"), True),
        (Request("POST", "/", FORM, b"Action=AssumeRole"), True),
        (Request("POST", "/?Action=DescribeVpcs", {}, b""), False),
        (Request("POST", "/", {TARGET: "Organizations.ListRoots"}, b"{}"), False),
        (Request("POST", "/", {TARGET: "Organizations.CreateAccount"}, b"{}"), True),
        (Request("POST", "/getresourceshares", RAM, b"{}"), False),
        (Request("POST", "/targetgroups/tg-1/listtargets", LATTICE, b"{}"), False),
        (Request("POST", "/targetgroups/tg-1/registertargets", LATTICE, b"{}"), True),
        (Request("POST", "/listresources", RAM, b"{}"), False),
        (Request("POST", "/createresourceshare", RAM, b"{}"), True),
        (Request("POST", "/services/svc-1/listeners", {}, b"{}"), True),
    ],
)
def test_reads_are_not_kept(request_: Request, expected: bool) -> None:
    assert changes(request_) is expected


def test_a_body_is_kept_byte_for_byte(tmp_path: Path) -> None:
    file = tmp_path / "state"
    with Journal(file) as journal:
        journal.entries()
        journal.append(Entry(instant=1, request=PUT, status=200))
    kept = json.loads(file.read_bytes().splitlines()[1])
    assert base64.b64decode(kept["body"]) == PUT.body
