"""The pytest plugin, in a pytest of its own as a user runs it."""

from __future__ import annotations

import os
from importlib import metadata
from pathlib import Path

import pytest

import meshkit.testing.deploying  # noqa: F401 - else each run within this one imports it anew

pytest_plugins = ["pytester"]
ROOT = Path(__file__).resolve().parents[2]
INSTALLED = any(
    each.value == "meshkit.testing.plugin"
    for each in metadata.entry_points(group="pytest11", name="meshkit")
)
ARGUMENTS = () if INSTALLED else ("-p", "meshkit.testing.plugin")
ALONE = ("-p", "no:xdist", "-p", "no:cacheprovider")
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
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.path.joinpath("Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    pytester.path.joinpath("mesh.yaml").write_text(MESH)
    pytester.path.joinpath("__main__.py").write_text(
        "import meshkit\nmeshkit.SharedMesh('shop', 'mesh.yaml')\n"
    )
    tests = pytester.mkdir("tests")
    tests.joinpath("test_mesh.py").write_text(TEST)
    return pytester


def test_tests_pass_and_fail_on_several_workers(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess(*ARGUMENTS, "-n", "2")

    assert result.parseoutcomes() == {"passed": 3, "failed": 2}


def test_tests_pass_and_fail_in_one_process(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess(*ARGUMENTS, *ALONE)

    assert result.parseoutcomes() == {"passed": 3, "failed": 2}
    result.stdout.fnmatch_lines(['E*AssertionError: *shop-web-* can: statement "ReadOwn*'])
    assert "deployment.py" not in result.stdout.str()  # frames of ours say nothing to users


def test_the_option_writes_snapshots_and_warns(project: pytest.Pytester) -> None:
    chosen = (*ARGUMENTS, *ALONE, "-k", "policies")
    first = project.runpytest_inprocess(*chosen, "--meshkit-update")
    second = project.runpytest_inprocess(*chosen)

    first.assert_outcomes(passed=1, deselected=4, warnings=1)
    second.assert_outcomes(passed=1, deselected=4, warnings=0)
    assert "MESHKIT_UPDATE" not in os.environ


def test_the_fixture_is_told_in_the_help(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess(*ARGUMENTS, *ALONE, "--fixtures", "-q")

    result.stdout.fnmatch_lines(["meshkit_deploy*"])
