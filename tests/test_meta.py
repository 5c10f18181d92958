"""Tests of the tests and of the repository: what a reviewer should not have to look for."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import meshkit
from meshkit.garbage import paused_gc

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 400

INDEX_ADDRESS = re.compile(
    r"--(extra-)?index-url[ =]|--find-links[ =]|https?://[^\s\"'<>)]*/(simple\b|api/pypi/)"
    r"|files\.pythonhosted\.org"
)
MACHINE_PATH = re.compile(r"(?<![\w.:/\-$}])/(home|Users|root|work|opt|mnt|private)/\w")
TOOL_OUTPUT = re.compile(r"^(tests/(golden|corpus)/|docs/.*\.svg$)")
BINARY = {".png", ".ico", ".gz", ".whl", ".woff2"}


@cache
def tracked_files() -> tuple[str, ...]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = listing.stdout.split("\0")
    return tuple(name for name in names if name and (ROOT / name).is_file())


def python_files(folder: str) -> list[str]:
    return [name for name in tracked_files() if re.fullmatch(rf"{folder}/.*\.py", name)]


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def parsed(source: str) -> ast.Module:
    """Parse a file. A collection meanwhile may print a traceback, which parses too, and Python 3.11
    does not bear one within the other.
    """
    with paused_gc():
        return ast.parse(source)


def has_tests(source: str) -> bool:
    """Tell whether pytest would collect anything, were the file named for it."""
    return any(
        isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_")
        for node in ast.walk(parsed(source))
    )


def asserts_inside_apply(source: str) -> list[int]:
    """List the lines of `apply` calls whose function asserts: nobody hears such an assertion."""
    tree = parsed(source)
    functions: dict[str, ast.AST] = {
        node.name: node
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    lines = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr != "apply":
            continue
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
            body = functions.get(argument.id) if isinstance(argument, ast.Name) else argument
            if body is not None and any(is_assertion(inner) for inner in ast.walk(body)):
                lines.append(node.lineno)
    return lines


def is_assertion(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name.startswith("assert")


@pytest.mark.parametrize("name", python_files("tests"))
def test_every_file_with_tests_is_collected(name: str) -> None:
    if not re.fullmatch(r"test_\w+\.py", Path(name).name):
        assert not has_tests(read(name)), "name the file test_*.py"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("def check(arn):\n    assert arn\nrole.arn.apply(check)", [3]),
        ("role.arn.apply(lambda arn: assert_called(arn))", [1]),
        ("role.arn.apply(func=lambda arn: self.assertEqual(arn, 'x'))", [1]),
        ("role.arn.apply(lambda arn: arn.upper())", []),
        ("assert run_program(program)", []),
    ],
)
def test_an_assertion_inside_apply_is_found(source: str, lines: list[int]) -> None:
    assert asserts_inside_apply(source) == lines


@pytest.mark.parametrize("name", python_files("tests"))
def test_no_test_asserts_inside_apply(name: str) -> None:
    assert asserts_inside_apply(read(name)) == [], "use tests.programs.run_program"


@pytest.mark.parametrize("name", python_files("tests"))
def test_resources_are_made_only_by_a_runner_that_waits_for_them(name: str) -> None:
    assert not re.search(r"\bset_mocks\(|@pulumi\.runtime\.test\b", read(name))


@pytest.mark.parametrize("name", python_files("meshkit"))
def test_no_file_is_too_long(name: str) -> None:
    assert len(read(name).splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        (INDEX_ADDRESS, ("--index", "-url https://mirror.test")),
        (INDEX_ADDRESS, ("https://mirror.test/root", "/simple/pip")),
        (MACHINE_PATH, ("open('/home", "/someone/mesh.yaml')")),
        (MACHINE_PATH, ("cd /root", "/meshkit")),
    ],
)
def test_a_place_of_its_own_is_found(pattern: re.Pattern[str], pieces: tuple[str, str]) -> None:
    # In pieces, so that this file doesn't hold what it forbids.
    assert pattern.search("".join(pieces))


@pytest.mark.parametrize(
    "line", ["see https://example.test/home/someone", "examples/work/mesh.yaml", "simple/pip"]
)
def test_an_ordinary_line_is_left_alone(line: str) -> None:
    assert not INDEX_ADDRESS.search(line)
    assert not MACHINE_PATH.search(line)


@pytest.mark.parametrize(
    "pattern", [INDEX_ADDRESS, MACHINE_PATH], ids=["index address", "machine path"]
)
def test_nothing_committed_names_a_place_of_its_own(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name in tracked_files()
        if Path(name).suffix not in BINARY and not TOOL_OUTPUT.search(name)
        for number, line in enumerate(read(name).splitlines(), start=1)
        if pattern.search(line)
    ]
    assert found == []


def test_every_public_name_has_a_docstring() -> None:
    public = [name for name in getattr(meshkit, "__all__", ()) if not name.startswith("__")]
    silent = [name for name in public if not (getattr(meshkit, name).__doc__ or "").strip()]
    assert silent == []


def test_the_lock_satisfies_the_project() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    for extra in project["project"]["optional-dependencies"].values():
        wanted += extra
    locked: dict[str, list[Version]] = {}
    for match in re.finditer(
        r"^([a-z0-9.-]+)==([^ ;\\]+)", read("requirements.lock"), re.MULTILINE
    ):
        locked.setdefault(match[1], []).append(Version(match[2]))
    for text in wanted:
        requirement = Requirement(text)
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if name != "meshkit":
            versions = locked.get(name, [])
            assert versions, f"{text}: not in the lock, run make lock"
            assert all(v in requirement.specifier for v in versions), f"{text}: run make lock"
