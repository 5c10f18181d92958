"""A program is deployed for a test, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pulumi
import pulumi_aws as aws
import pytest
from botocore.handlers import BUILTIN_HANDLERS

from meshkit.errors import ConfigError, UnreadableError
from meshkit.local.cloud import Cloud, CloudError
from meshkit.testing import Unanswerable, deployed
from tests.testing.programs import MESH, STREAM, shop

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"


def test_a_folder_is_deployed_with_its_mesh_file() -> None:
    with deployed(EXAMPLES / "shared-mesh") as found:
        found.assert_least_privilege()
        nodes = found.client("appmesh", "billing").list_virtual_nodes(
            meshName="shop", meshOwner="111111111111"
        )

        assert "catalog-v1" in {each["virtualNodeName"] for each in nodes["virtualNodes"]}
        assert found.outputs["mesh_arn"] == found.meshes[0].arn


def test_the_mesh_of_the_stacks_configuration_is_found() -> None:
    with deployed(EXAMPLES / "stack-config") as found:
        assert len(found.meshes) == 1
        found.assert_least_privilege()


def test_a_boundary_that_is_not_in_the_program_leaves_all_open() -> None:
    program = deployed(EXAMPLES / "stack-config", stack="production")
    with program as found, pytest.raises(Unanswerable, match="policy/boundary"):
        found.assert_least_privilege()


def test_a_program_by_hand_needs_no_mesh_file() -> None:
    with deployed(EXAMPLES / "components") as found:
        assert found.meshes == ()
        found.assert_can("legacy", STREAM, found.endpoint("legacy"))
        found.assert_cannot("legacy", STREAM, found.endpoint("web"))


def test_values_and_configuration_reach_program_and_mesh_file(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "mesh.yaml").write_text(
        "name: shop-${var.stage}\nregion: eu-west-1\nowner: '111111111111'\nnodes: {web: {}}\n"
    )
    (tmp_path / "__main__.py").write_text(
        "import meshkit, pulumi\n"
        "stage = pulumi.Config().require('stage')\n"
        "meshkit.SharedMesh('shop', 'mesh.yaml', values={'stage': stage})\n"
    )
    with deployed(tmp_path, config={"stage": "dev"}, values={"stage": "dev"}) as found:
        assert ":mesh/shop-dev/" in found.endpoint("web")
        found.assert_least_privilege("web")


def test_a_refused_resource_fails_the_test() -> None:
    def program() -> None:
        aws.iam.RolePolicy("lost", role="nobody", policy="{}")
        pulumi.export("never", "seen")

    with pytest.raises(AssertionError, match=r"the program was not deployed:\n.*NoSuchEntity"):  # noqa: SIM117
        with deployed(program):
            pytest.fail("it was handed out")


def test_a_program_that_raises_fails_the_test() -> None:
    def program() -> None:
        raise ValueError("not today")

    with pytest.raises(AssertionError, match="not today"), deployed(program):
        pytest.fail("it was handed out")


@pytest.mark.parametrize(
    ("program", "options", "error"),
    [
        (ROOT / "tests", {}, UnreadableError),
        (shop, {"mesh": "none.yaml"}, UnreadableError),
        (shop, {"mesh": {**MESH, "owner": "nobody"}}, ConfigError),
    ],
)
def test_what_can_t_be_read_is_told(
    program: Any, options: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error), deployed(program, **options):
        pytest.fail("it was handed out")


def test_two_at_once_share_a_cloud_or_are_refused() -> None:
    second = partial(aws.iam.User, "second")
    with deployed(shop, mesh=MESH) as first:
        with pytest.raises(CloudError, match="already running"), deployed(second):
            pytest.fail("it was handed out")
        with deployed(second, cloud=first.cloud):
            users = first.client("iam").list_users()["Users"]

    assert len(users) == 1


class Boom(Exception):  # noqa: N818 - its name is its message
    """Of a test."""


def test_nothing_is_left_behind_even_when_a_test_fails() -> None:
    environment, handlers = dict(os.environ), list(BUILTIN_HANDLERS)
    modules = {name for name in sys.modules if name.startswith("__main__")}
    folder, path = Path.cwd(), list(sys.path)

    with pytest.raises(Boom), deployed(EXAMPLES / "shared-mesh"):
        raise Boom

    assert dict(os.environ) == environment
    assert handlers == BUILTIN_HANDLERS
    assert (Path.cwd(), sys.path) == (folder, path)
    assert {name for name in sys.modules if name.startswith("__main__")} == modules
    assert not Cloud._running
    with deployed(shop, mesh=MESH) as found:
        assert len(found.client("appmesh").list_meshes()["meshes"]) == 1


def test_a_mock_of_the_users_own_works_afterwards() -> None:
    from moto import mock_aws  # noqa: PLC0415

    with deployed(shop, mesh=MESH):
        pass
    with mock_aws():
        assert boto3.client("sqs", region_name="eu-west-1").list_queues().get("QueueUrls") is None


def loaded_by(statement: str) -> list[str]:
    heavy = ("boto3", "botocore", "moto", "pulumi", "pydantic", "yaml", "typer", "rich")
    code = f"import sys; {statement}; print(*[n for n in {heavy} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@pytest.mark.parametrize("module", ["meshkit.testing", "meshkit.testing.plugin"])
def test_nothing_heavy_is_imported_before_it_is_used(module: str) -> None:
    assert loaded_by(f"import {module}") == []


def test_the_names_are_there() -> None:
    import meshkit.testing  # noqa: PLC0415

    assert all(getattr(meshkit.testing, name).__doc__ for name in meshkit.testing.__all__)
    with pytest.raises(AttributeError, match="no attribute 'deploy'"):
        meshkit.testing.deploy  # noqa: B018
