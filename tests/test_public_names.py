"""What `import meshkit` gives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import meshkit

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ARGS = [name for name in meshkit.__all__ if name.endswith("Args")]
ROOT = Path(__file__).resolve().parent.parent


def test_every_public_name_is_there_and_told() -> None:
    for name in meshkit.__all__:
        assert getattr(meshkit, name)
    assert sorted(meshkit.__all__) == dir(meshkit)


@pytest.mark.parametrize("args", [{"name": "a"}, meshkit.ServiceAccount("shop", "web")])
@pytest.mark.parametrize("name", ARGS)
def test_a_component_names_the_class_of_its_arguments(name: str, args: object) -> None:
    component = getattr(meshkit, name.removesuffix("Args"))

    with pytest.raises(
        meshkit.MeshkitError, match=f"^web: takes {name}, not a {type(args).__name__}$"
    ):
        component("web", args)


@pytest.mark.parametrize("name", sorted({*ARGS} - {"MeshArgs"}))
def test_only_a_mesh_needs_no_arguments(name: str) -> None:
    with pytest.raises(meshkit.MeshkitError, match=f"takes {name}, not None"):
        getattr(meshkit, name.removesuffix("Args"))("web", None)


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert meshkit.__version__ == project["version"]


def test_importing_meshkit_loads_neither_clouds_nor_command_lines() -> None:
    code = (
        "import sys, meshkit; [getattr(meshkit, name) for name in meshkit.__all__]; "
        "print(sorted({'boto3', 'botocore', 'moto', 'typer', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
