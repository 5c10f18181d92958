"""Every file that the documentation shows works as it says."""

from __future__ import annotations

import ast
import json
import re
import runpy
from functools import cache
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from meshkit import SharedMesh
from meshkit.config.interpolate import OpenValues
from meshkit.config.load import load
from meshkit.config.types import Model
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from meshkit.topology.check import check
from tests.docs.places import read
from tools.doc_keys import SECTIONS
from tools.doc_outputs import ENVIRONMENT, ROOT, SHOWN, deployed, working_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meshkit.local.outcome import Run

VALUES = OpenValues(account="111111111111", stage="dev")
"""As `meshkit validate --var account=… --var stage=dev` gives them."""
FAULTY = {"faults": {"MK101", "MK105", "MK201", "MK204"}}
WARNED = {"discouraged": {"MK715", "MK716"}, "passthrough": {"MK950"}}
NEEDS_A_MESH = ("consumer", "acceptance")
END_OF_APP_MESH = "MK901"
PROGRAMS = sorted(
    path.parent.name for path in SHOWN.glob("*/Pulumi.yaml") if path.parent.name not in NEEDS_A_MESH
)
MESH_FILES = sorted(
    path.relative_to(SHOWN).as_posix()
    for path in SHOWN.glob("*/*.yaml")
    if path.name not in ("Pulumi.yaml", "base.yaml")
)
NOT_SENDABLE = {
    "CloudMap.ip_preference",
    "GatewayGrpcMatch.hostname",
    "GatewayGrpcMatch.metadata",
    "GatewayGrpcRoute.rewrite",
    "GatewayHttpMatch.method",
    "GrpcRewrite.default_target_hostname",
}
"""Keys that pulumi_aws lacks, so that no file can show them; the guide says so."""


@pytest.mark.parametrize("name", MESH_FILES)
def test_a_mesh_file_has_the_findings_it_is_shown_for(name: str) -> None:
    values = VALUES if name.startswith("holes/") else None
    found = {finding.code for finding in check(SHOWN / name, values=values).findings}
    folder, stem = name.removesuffix(".yaml").split("/")

    assert found - {END_OF_APP_MESH} == FAULTY.get(folder, set()) | WARNED.get(stem, set())


@pytest.mark.parametrize("folder", PROGRAMS)
def test_a_program_is_deployed(folder: str) -> None:
    result = deployed(SHOWN / folder)

    assert (result.failures, result.skipped) == ((), ())


def test_a_secret_of_the_environment_is_not_shown() -> None:
    result = deployed(SHOWN / "accounts")

    assert ENVIRONMENT["ORDERS_EXTERNAL_ID"] not in str(result)


def test_a_consumer_builds_in_a_mesh_that_is_shared_with_it() -> None:
    with Cloud(account="222222222222", region="eu-west-1") as cloud:
        owner = cloud.client("appmesh", "111111111111")
        mesh = owner.create_mesh(meshName="shop")["mesh"]["metadata"]["arn"]
        cloud.client("ram", "111111111111").create_resource_share(
            name="shop", resourceArns=[mesh], principals=["222222222222"]
        )
        ram = cloud.client("ram")
        (invitation,) = ram.get_resource_share_invitations()["resourceShareInvitations"]
        ram.accept_resource_share_invitation(
            resourceShareInvitationArn=invitation["resourceShareInvitationArn"]
        )
        result = run(SHOWN / "consumer", cloud=cloud)

    assert (result.failures, result.skipped) == ((), ())
    assert result.outputs["node_arn"] == (
        "arn:aws:appmesh:eu-west-1:222222222222:mesh/shop@111111111111/virtualNode/web"
    )


def test_a_partner_accepts_with_the_share_of_the_owner_s_stack() -> None:
    folder = SHOWN / "acceptance"

    def owner() -> None:
        mesh = SharedMesh("shop", folder / "mesh.yaml", account="network")
        pulumi.export("share_arn", mesh.share_arn)

    role = json.dumps([{"roleArn": "arn:aws:iam::222222222222:role/deployer"}])
    with Cloud(account="111111111111", region="eu-west-1") as cloud:
        made = run(owner, cloud=cloud, project="shop-network", stack="foundation")
        assert made.ok
        for phase in ("foundation", "endpoints", "routing"):
            outcome = run(folder, cloud=cloud, stack=phase, config={"aws:assumeRoles": role})
            assert (outcome.failures, outcome.skipped) == ((), ()), phase


@pytest.mark.parametrize(
    "name",
    [
        each.name
        for each in ast.parse((SHOWN / "pytest" / "test_mesh.py").read_text("utf-8")).body
        if isinstance(each, ast.FunctionDef)
    ],
)
def test_the_tests_shown_pass(name: str) -> None:
    test: Callable[[], None] = runpy.run_path(str(SHOWN / "pytest" / "test_mesh.py"))[name]
    test()


@cache
def shown_keys() -> frozenset[str]:
    """Every `Model.key` that a mesh file of the documentation uses."""
    found: set[str] = set()
    for name in MESH_FILES:
        if name.split("/")[0] not in FAULTY:
            values = VALUES if name.startswith("holes/") else None
            found.update(_keys(load(SHOWN / name, values=values).config))
    return frozenset(found)


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, Model):
        for key in value.model_fields_set:
            yield f"{type(value).__name__}.{key}"
            yield from _keys(getattr(value, key))
    elif isinstance(value, dict):
        for each in value.values():
            yield from _keys(each)
    elif isinstance(value, tuple):
        for each in value:
            yield from _keys(each)


def models(model: type[Model]) -> Iterator[type[Model]]:
    """The models of a mesh file."""
    names = {name for _, section in SECTIONS for name in section}
    for each in model.__subclasses__():
        if each.__name__ in names:
            yield each
        yield from models(each)


@pytest.mark.parametrize("model", list(models(Model)), ids=lambda model: model.__name__)
def test_every_key_is_shown_in_a_file_that_is_checked(model: type[Model]) -> None:
    keys = {f"{model.__name__}.{key}" for key in model.model_fields}

    assert keys - shown_keys() - NOT_SENDABLE == set()


def test_what_cannot_be_sent_is_not_shown() -> None:
    assert not shown_keys() & NOT_SENDABLE


def replacing_inputs(result: Run) -> dict[str, set[str]]:
    """For each type of AWS resource, the inputs sent of which a change replaces it."""
    from meshkit.local.resources import TYPES  # noqa: PLC0415, only here is it looked into

    found: dict[str, set[str]] = {}
    for resource in result.graph:
        life = TYPES[resource.type].life if resource.type in TYPES else None
        if life is not None:
            sent = {key for key in resource.inputs if not life.updatable(key)}
            found.setdefault(resource.type, set()).update(sent - {"region"})
    return found


@pytest.mark.parametrize("example", ["components", "shared-mesh", "eks-pod-identity", "ec2-fleet"])
def test_the_guide_says_which_inputs_replace(example: str) -> None:
    page = read("docs/guide/components.md")
    rows = re.findall(r"^\| `(aws:[^`]+)` \| (.+) \|$", page, re.MULTILINE)
    said = {type_: set(re.findall(r"`(\w+)`", inputs)) for type_, inputs in rows}
    with working_in(ROOT):
        made = replacing_inputs(run(ROOT / "examples" / example))

    ours = {type_: inputs for type_, inputs in made.items() if type_ in said}
    assert ours
    for type_, inputs in ours.items():
        assert inputs <= said[type_], type_
