from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from meshkit.local.plugin import resource
from meshkit.local.plugin.difference import difference, same
from meshkit.local.resources import TYPES
from meshkit.local.resources.model import RefusedError
from tests.local.making import input_names, output_names
from tests.local.plugin.samples import NOT_ALONE, SAMPLES

if TYPE_CHECKING:
    from tests.local.plugin.samples import World

every_sample = pytest.mark.parametrize("token", sorted(SAMPLES))
# The official provider can't import these either, or its import takes what no read tells.
NOT_IMPORTED = {"aws:iam/accessKey:AccessKey"}


def import_id(token: str, state: dict[str, Any]) -> str:
    return TYPES[token].life.imported.format_map(state)


@pytest.mark.parametrize("token", sorted(TYPES))
def test_every_name_of_a_life_is_one_of_the_sdk_class(token: str) -> None:
    life = TYPES[token].life
    inputs, outputs = input_names(token), output_names(token)

    assert life.read.properties.keys() <= outputs | {"id"}
    assert life.steering <= inputs
    assert all(set(update.inputs) <= inputs for update in life.updates)
    assert (life.tagging is not None) == TYPES[token].tagged
    assert life.parts(life.imported.replace("{", "").replace("}", ""))


@every_sample
def test_a_resource_just_made_reads_back_without_drift(token: str, world: World) -> None:
    made = world.make(token)
    inputs = world.inputs[token]

    found = resource.read(TYPES[token], world.aws, made.id, inputs, made.outputs)

    assert found is not None
    assert found.id == made.id
    assert found.inputs == inputs
    assert found.outputs.keys() <= output_names(token) | {"id"}


@every_sample
def test_a_change_in_place_reaches_the_cloud(token: str, world: World) -> None:
    made, type_ = world.make(token), TYPES[token]
    changes = world.resolved(SAMPLES[token][1])
    if not changes:
        pytest.skip("nothing of this type changes in place")
    old = world.inputs[token]
    new = {key: value for key, value in {**old, **changes}.items() if value is not None}

    assert difference(type_, old, new).replacing == ()
    outputs = resource.update(type_, world.aws, made.id, new, (old, made.outputs))
    found = resource.read(type_, world.aws, made.id, new, outputs)

    assert found is not None
    assert found.inputs == new
    assert found.outputs == outputs


@every_sample
def test_an_import_gives_the_inputs_that_made_it(token: str, world: World) -> None:
    if token in NOT_IMPORTED:
        pytest.skip("can't be imported")
    made = world.make(token)
    readable = set(TYPES[token].life.read.properties) | {"tags"}

    found = resource.read(TYPES[token], world.aws, import_id(token, made.outputs), {}, {})

    assert found is not None
    assert found.id == made.id
    wanted = {key: value for key, value in world.inputs[token].items() if key in readable}
    assert [key for key in wanted if not same(wanted[key], found.inputs.get(key))] == []


@every_sample
def test_what_is_deleted_is_gone_and_deleting_again_is_no_fault(token: str, world: World) -> None:
    made, type_ = world.make(token), TYPES[token]

    resource.delete(type_, world.aws, made.id, made.outputs)

    if type_.life.delete:
        assert resource.read(type_, world.aws, made.id, {}, made.outputs) is None
    resource.delete(type_, world.aws, made.id, made.outputs)


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
