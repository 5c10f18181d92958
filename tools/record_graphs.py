"""Record what the Pulumi engine says of each example: tests/inspect/recorded.

For each: a preview of the new stack, and the state it has after `up`. Needs `make engine`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RECORDED = ROOT / "tests" / "inspect" / "recorded"
STACK = "local"
UNSTABLE = (
    "created",
    "modified",
    "time",
    "duration",
    "manifest",
    "secrets_providers",
    "diagnostics",
)
"""Keys of what would make every recording another one, and of what only the recording says."""


def record(folder: Path) -> dict[str, Any]:
    """The preview and the state of an example, as the engine writes them."""
    from tests.engine.harness import Engine, builder, served_cloud  # noqa: PLC0415 - loads moto

    with TemporaryDirectory() as work, served_cloud() as served:
        binary = builder.find()
        if binary is None:
            sys.exit("no Pulumi engine: run make engine")
        stack = Engine(binary, Path(work), served).example(folder, STACK)
        preview = json.loads(stack.preview(json=True, suppress_progress=True).stdout)
        stack.up()
        state = stack.export_stack()
        exported = {"version": state.version, "deployment": state.deployment}
        stack.destroy()
    return {"preview": preview, "state": exported}


def stable(value: Any, folder: Path) -> Any:
    """The same without what differs from one recording, or one machine, to the next."""
    if isinstance(value, dict):
        kept = {key: stable(each, folder) for key, each in value.items() if key not in UNSTABLE}
        for key in ("stackTrace", "sourcePosition"):
            if key in kept:
                kept[key] = _in_project(kept[key], folder)
        return kept
    if isinstance(value, list):
        return [stable(each, folder) for each in value]
    return value


def _in_project(frames: Any, folder: Path) -> Any:
    """Places of the program as Pulumi writes them when it runs in the project's own folder."""
    if isinstance(frames, list):
        return [frame for frame in frames if frame.get("sourcePosition")]
    _, found, rest = str(frames).partition(f"/examples/{folder.name}/")
    return f"project:///{rest}" if found else None


def main() -> None:
    """Record the examples named, or all."""
    sys.path.insert(0, str(ROOT))
    RECORDED.mkdir(parents=True, exist_ok=True)
    folders = [ROOT / "examples" / name for name in sys.argv[1:]]
    for folder in folders or sorted(path.parent for path in ROOT.glob("examples/*/Pulumi.yaml")):
        for kind, content in record(folder).items():
            text = json.dumps(stable(content, folder), indent=1, sort_keys=True)
            (RECORDED / f"{folder.name}.{kind}.json").write_text(text + "\n", "utf-8")
        print(folder.name)


if __name__ == "__main__":
    main()
