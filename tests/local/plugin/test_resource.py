from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from meshkit.local.plugin import resource
from meshkit.local.plugin.difference import difference
from meshkit.local.resources import TYPES
from meshkit.local.resources.model import RefusedError
from tests.local.making import input_names, output_names
from tests.local.plugin.samples import NOT_ALONE, SAMPLES

if TYPE_CHECKING:
    from meshkit.local.resources.model import ResourceType
    from tests.local.plugin.samples import World

every_sample = pytest.mark.parametrize("token", sorted(SAMPLES))
# The official provider can't import it either.
NOT_IMPORTED = {
    "aws:iam/accessKey:AccessKey",
    "aws:vpclattice/targetGroupAttachment:TargetGroupAttachment",
}


@pytest.mark.parametrize("token", sorted(TYPES))
def test_every_name_of_a_life_is_one_of_the_sdk_class(token: str) -> None:
    life = TYPES[token].life
    inputs, outputs = input_names(token), output_names(token)

    assert life.read.properties.keys() <= outputs | {"id"}
    assert life.steering <= inputs
    assert life.computed <= inputs & outputs
    assert life.identifiers <= inputs
    assert {path.partition(".")[0] for path in life.fixed} <= inputs
    assert all(set(update.inputs) <= inputs for update in life.updates)
    assert (life.tagging is not None) == TYPES[token].tagged
    assert life.parts(life.imported.replace("{", "").replace("}", ""))


@every_sample
def test_a_resource_is_read_changed_imported_and_deleted(token: str, world: World) -> None:
    # One test for the whole life: making what a sample refers to is most of the time.
    made, type_ = world.make(token), TYPES[token]
    inputs = world.inputs[token]
    assert_reads_without_drift(world, type_, made.id, inputs, made.outputs)

    new, state = changed_in_place(world, token, inputs, made.outputs)
    assert_reads_without_drift(world, type_, made.id, new, state)
    if token not in NOT_IMPORTED:
        assert_import_gives(world, type_, made.id, new, state)

    resource.delete(type_, world.aws, made.id, state)
    if type_.life.delete:
        assert resource.read(type_, world.aws, made.id, {}, state) is None
    resource.delete(type_, world.aws, made.id, state)  # what is gone is no fault


def assert_reads_without_drift(
    world: World, type_: ResourceType, id_: str, inputs: dict[str, Any], state: dict[str, Any]
) -> None:
    found = resource.read(type_, world.aws, id_, inputs, state)
    assert found is not None
    assert found.id == id_
    assert found.inputs == inputs
    assert found.outputs.keys() <= output_names(type_.token) | {"id"}


def changed_in_place(
    world: World, token: str, old: dict[str, Any], state: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    changes = world.resolved(SAMPLES[token][1])
    new = {key: value for key, value in {**old, **changes}.items() if value is not None}
    assert difference(TYPES[token], old, new).replacing == ()
    return new, resource.update(TYPES[token], world.aws, state["id"], new, (old, state))


def assert_import_gives(
    world: World, type_: ResourceType, id_: str, inputs: dict[str, Any], state: dict[str, Any]
) -> None:
    readable = {*type_.life.read.properties, *type_.life.parts(type_.life.imported), "tags"}
    found = resource.read(type_, world.aws, type_.life.imported.format_map(state), {}, {})
    assert found is not None
    assert found.id == id_
    wanted = {key: value for key, value in inputs.items() if key in readable}
    imported = {key: value for key, value in found.inputs.items() if key in wanted}
    assert difference(type_, imported, wanted).changed == ()


def test_types_without_a_sample_say_why() -> None:
    assert all(NOT_ALONE.values())


def test_drift_of_an_input_is_found(world: World) -> None:
    token = "aws:iam/role:Role"
    made = world.make(token)
    iam = world.aws.client("iam")
    iam.update_role(RoleName="proxy", Description="by hand", MaxSessionDuration=7200)
    iam.untag_role(RoleName="proxy", TagKeys=["a"])

    found = resource.read(TYPES[token], world.aws, made.id, world.inputs[token], made.outputs)

    assert found is not None
    changed = difference(TYPES[token], world.inputs[token], found.inputs).changed
    assert changed == ("description", "maxSessionDuration", "tags")


def test_drift_of_a_spec_is_found_in_pulumi_s_words(world: World) -> None:
    token = "aws:appmesh/virtualNode:VirtualNode"
    made = world.make(token)
    spec = {
        "listeners": [
            {
                "portMapping": {"port": 1, "protocol": "http2"},
                "connectionPool": {"http2": {"maxRequests": 3}},
            }
        ],
        "serviceDiscovery": {"dns": {"hostname": "x.y"}},
    }
    world.aws.client("appmesh").update_virtual_node(meshName="shop", virtualNodeName="n", spec=spec)

    found = resource.read(TYPES[token], world.aws, made.id, world.inputs[token], made.outputs)

    assert found is not None
    assert found.inputs["spec"]["listeners"] == [
        {
            "portMapping": {"port": 1, "protocol": "http2"},
            "connectionPool": {"http2s": [{"maxRequests": 3}]},
        }
    ]


def test_a_delete_waits_for_what_still_uses_the_resource(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "PATIENCE", 0.2)
    world.make("aws:appmesh/virtualNode:VirtualNode")
    mesh = world.make("aws:appmesh/mesh:Mesh")

    with pytest.raises(ClientError, match="ResourceInUse"):
        resource.delete(TYPES["aws:appmesh/mesh:Mesh"], world.aws, mesh.id, mesh.outputs)


def test_an_id_of_another_form_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"written \{meshName\}/\{name\}"):
        TYPES["aws:appmesh/virtualNode:VirtualNode"].life.parts("only-a-name")
