from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from meshkit.inspect.confirm.aws import Accounts
from meshkit.inspect.confirm.texts import Texts
from meshkit.local.cloud import Cloud
from meshkit.local.landscape import landscape_of
from meshkit.local.program import run
from meshkit.topology.check import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.topology.model import ResolvedMesh

EXAMPLES = Path(__file__).parents[3] / "examples"


class World:
    """An example on a local cloud, with a file that tests may edit."""

    def __init__(self, cloud: Cloud, folder: Path, example: str) -> None:
        shutil.copytree(EXAMPLES / example, folder)
        self.cloud = cloud
        self.folder = folder
        self.file = folder / "mesh.yaml"

    def edit(self, old: str, new: str) -> None:
        text = self.file.read_text("utf-8")
        assert old in text
        self.file.write_text(text.replace(old, new), "utf-8")

    def deploy(self, phase: str = "") -> None:
        """Deploys the example, or what all accounts make in one phase."""
        landscape_of(self.folder, {}).found()
        if phase:
            self._only(phase)
        outcome = run(self.folder, cloud=self.cloud)
        assert (outcome.failures, outcome.skipped) == ((), ())

    def _only(self, phase: str) -> None:
        slice_ = f'import meshkit\n\nmeshkit.SharedMesh("shop", "mesh.yaml", phase="{phase}")\n'
        (self.folder / "__main__.py").write_text(slice_, "utf-8")

    def mesh(self, **values: Any) -> ResolvedMesh:
        return check(self.file, values=values).resolve()

    def accounts(self) -> Accounts:
        return Accounts(self.mesh(), Texts())

    @property
    def share(self) -> str:
        shares = self.cloud.client("ram").get_resource_shares(resourceOwner="SELF")
        return str(shares["resourceShares"][0]["resourceShareArn"])


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Cloud(account="111111111111", region="eu-west-1") as cloud:
        yield cloud


@pytest.fixture
def world(cloud: Cloud, tmp_path: Path) -> World:
    return World(cloud, tmp_path / "team-stacks", "team-stacks")


@pytest.fixture
def on_lattice(cloud: Cloud, tmp_path: Path) -> World:
    return World(cloud, tmp_path / "lattice-team-stacks", "lattice-team-stacks")
