"""The pytest plugin, in a pytest of its own as a user runs it."""

from __future__ import annotations

import os
from importlib import metadata
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
ROOT = Path(__file__).resolve().parents[2]
INSTALLED = any(
    each.value == "meshkit.testing.plugin"
    for each in metadata.entry_points(group="pytest11", name="meshkit")
)
ARGUMENTS = () if INSTALLED else ("-p", "meshkit.testing.plugin")
MESH = "name: shop\nregion: eu-west-1\nowner: '111111111111'\nnodes: {web: {}, api: {}}\n"
TEST = """\
import os

STREAM = "appmesh:StreamAggregatedResources"

def test_own(meshkit_deploy):
    shop = meshkit_deploy("..")
    shop.assert_can("web", STREAM, shop.endpoint("web"))
    shop.assert_least_privilege()

def test_other(meshkit_deploy):
    shop = meshkit_deploy("..")
    shop.assert_cannot("web", STREAM, shop.endpoint("api"))

def test_clean():
    from meshkit.local.cloud import Cloud
    assert not Cloud._running

def test_policies(meshkit_deploy, request):
    shop = meshkit_deploy("..")
    shop.assert_policies_match(request.path.with_name("policies.json"))

def test_wrong(meshkit_deploy):
    shop = meshkit_deploy("..")
    shop.assert_cannot("web", STREAM, shop.endpoint("web"))
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    pytester.path.joinpath("Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    pytester.path.joinpath("mesh.yaml").write_text(MESH)
    pytester.path.joinpath("__main__.py").write_text(
        "import meshkit\nmeshkit.SharedMesh('shop', 'mesh.yaml')\n"
    )
    tests = pytester.mkdir("tests")
    tests.joinpath("test_mesh.py").write_text(TEST)
    return pytester


def test_workers_write_snapshots_that_hold_in_one_process(project: pytest.Pytester) -> None:
    first = project.runpytest_subprocess(*ARGUMENTS, "-n", "2", "--meshkit-update")
    second = project.runpytest_subprocess(*ARGUMENTS)

    first.assert_outcomes(passed=4, failed=1, warnings=1)
    second.assert_outcomes(passed=4, failed=1, warnings=0)
    second.stdout.fnmatch_lines(['E*AssertionError: *shop-web-* can: statement "ReadOwn*'])
    assert "deployment.py" not in second.stdout.str()  # frames of ours say nothing to users


def test_the_option_leaves_the_environment_alone(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("import os\ndef test_it(): assert os.environ['MESHKIT_UPDATE'] == '1'")
    result = pytester.runpytest_inprocess(*ARGUMENTS, "--meshkit-update")

    result.assert_outcomes(passed=1)
    assert "MESHKIT_UPDATE" not in os.environ


def test_the_fixture_is_told_in_the_help(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_inprocess(*ARGUMENTS, "--fixtures", "-q")

    result.stdout.fnmatch_lines(["meshkit_deploy*"])
