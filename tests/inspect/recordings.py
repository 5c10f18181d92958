"""What the Pulumi engine said of the examples, as tools/record_graphs.py wrote it down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from meshkit.config.interpolate import OpenValues
from meshkit.topology.check import check

if TYPE_CHECKING:
    from meshkit.topology.model import ResolvedMesh

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
RECORDED = Path(__file__).parent / "recorded"
ACCOUNT = "111111111111"
NAMES = sorted({path.name.split(".")[0] for path in RECORDED.glob("*.json")})


def text(name: str, kind: str) -> str:
    """The preview or the state of an example."""
    return (RECORDED / f"{name}.{kind}.json").read_text("utf-8")


def content(name: str, kind: str) -> dict[str, Any]:
    found = json.loads(text(name, kind))
    assert isinstance(found, dict)
    return found


def meshes(name: str) -> list[ResolvedMesh]:
    """The mesh files of an example."""
    folder = EXAMPLES / name
    source: Any = folder / "mesh.yaml"
    if name == "stack-config":
        config = yaml.safe_load((folder / "Pulumi.local.yaml").read_text("utf-8"))["config"]
        source = config["meshkit:mesh"]
    elif not source.is_file():
        return []
    return [check(source, values=OpenValues()).resolve()]
