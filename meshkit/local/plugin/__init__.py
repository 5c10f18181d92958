"""The local cloud under the Pulumi engine: a provider named `pulumi-resource-aws`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "bin"


def environment(endpoint: str, path: str | None = None) -> dict[str, str]:
    """Return the variables that lead the Pulumi engine to the local cloud at `endpoint`.

    `path` is the PATH to put the plugin on (default: that of this process). This is the only way
    in: the plugin is not on any PATH by itself, and it starts for no other endpoint than a local.
    """
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
        **engine_variables(path),
    }


def engine_variables(path: str | None = None) -> dict[str, str]:
    """Return the part of the variables that is for the engine alone."""
    folders = (path or os.environ.get("PATH", "")).split(os.pathsep)
    others = (folder for folder in folders if folder != str(FOLDER))
    return {
        "MESHKIT_PYTHON": sys.executable,
        "PATH": os.pathsep.join((str(FOLDER), *others)),
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
