"""What is there before a program runs: the organization and accounts that its mesh file names.

In AWS they exist already. On the local cloud they are made from the same file, so that a share
inside the organization is granted at once and one outside it is not.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meshkit.config.load import read_partial
from meshkit.errors import UnreadableError
from meshkit.local.services.organization import found_organization
from meshkit.topology.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from meshkit.config.file import MeshFile
    from meshkit.local.cloud import Cloud

FILE_NAME = "mesh.yaml"
DEFAULT_ACCOUNT = "111111111111"
"""Where a program without a mesh file works."""


@dataclass(frozen=True)
class Landscape:
    """The surroundings of a program; the default has one account and no organization."""

    account: str = DEFAULT_ACCOUNT
    """Where callers are who assume no role: the mesh owner's."""
    organization: str | None = None
    management_account: str = ""
    members: tuple[str, ...] = ()
    sharing_enabled: bool = False
    partition: str = "aws"

    def found(self, cloud: Cloud) -> None:
        """Make the organization in a cloud."""
        if self.organization is None:
            return
        members = [each for each in self.members if each != self.management_account]
        found_organization(self.management_account, members, self.organization, self.partition)
        if self.sharing_enabled:
            cloud.client("ram", self.management_account).enable_sharing_with_aws_organization()


def landscape_of(program: Path, config: Mapping[str, str]) -> Landscape:
    """The landscape of a program's mesh file: that of its config, else its ``mesh.yaml``.

    Without these it is the one on which all mesh files below the program's folder agree. A file
    with faults tells what it can; the program itself reports them.
    """
    meshes = map(_read, _sources(program, config))
    found = {_landscape(mesh) for mesh in meshes if mesh is not None}
    return found.pop() if len(found) == 1 else Landscape()


def _sources(program: Path, config: Mapping[str, str]) -> list[Path] | list[dict[str, Any]]:
    inline, file = config.get("meshkit:mesh"), config.get("meshkit:file")
    if inline is not None:
        with contextlib.suppress(ValueError):
            data = json.loads(inline)
            return [data] if isinstance(data, dict) else []
        return []
    path = program / (file or FILE_NAME)
    if path.is_file():
        return [path]
    return [] if file else list(_candidates(program))


def _candidates(folder: Path) -> Iterator[Path]:
    """The YAML files that may be mesh files: not those of tools, libraries and other programs."""
    for at, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not _is_foreign(Path(at, name))]
        for path in (Path(at, name) for name in files if name.endswith((".yaml", ".yml"))):
            with contextlib.suppress(OSError):
                if b"owner" in path.read_bytes():  # a mesh file has one; parsing takes longer
                    yield path


def _is_foreign(folder: Path) -> bool:
    marks = ("pyvenv.cfg", "Pulumi.yaml")
    return (
        folder.name.startswith(".")
        or folder.name == "node_modules"
        or any((folder / mark).exists() for mark in marks)
    )


def _read(source: Path | Mapping[str, Any]) -> MeshFile | None:
    try:
        return read_partial(source).config
    except UnreadableError:
        return None


def _landscape(mesh: MeshFile) -> Landscape:
    owner = mesh.accounts.get(mesh.owner)
    account = owner.id if owner else mesh.owner
    if not (len(account) == 12 and account.isdigit()):
        account = DEFAULT_ACCOUNT
    organization = mesh.organization
    if organization is None:
        return Landscape(account)
    members = {each.id: None for each in mesh.accounts.values() if not each.external}
    return Landscape(
        account,
        organization.id,
        organization.management_account,
        tuple(members),
        organization.sharing_enabled,
        partition_of(mesh.region).name,
    )
