from __future__ import annotations

from typing import Any

import pulumi
import pytest

from meshkit import MeshkitError, MeshShare, MeshShareArgs
from meshkit.graph import Graph
from tests.programs import run_program

MESH = "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop"
UNIT = "arn:aws:organizations::999999999999:ou/o-exampleorg1/ou-abcd-11111111"
SHARE = "aws:ram/resourceShare:ResourceShare"
IN_SHARE = "aws:ram/resourceAssociation:ResourceAssociation"
PRINCIPAL = "aws:ram/principalAssociation:PrincipalAssociation"


def shared(**args: Any) -> Graph:
    return run_program(lambda: MeshShare("shop", MeshShareArgs(mesh_arn=MESH, **args)))


def test_the_mesh_and_each_principal_are_in_the_share() -> None:
    graph = shared(principals=["222222222222", UNIT], tags={"team": "net"})

    (share,) = graph.of_type(SHARE)
    (mesh,) = graph.of_type(IN_SHARE)
    (component,) = graph.of_type("meshkit:index:MeshShare")
    assert share.inputs == {
        "name": "shop",
        "allowExternalPrincipals": False,
        "tags": {"team": "net"},
    }
    assert mesh.inputs == {"resourceArn": MESH, "resourceShareArn": share.outputs["arn"]}
    assert {each.inputs["principal"] for each in graph.of_type(PRINCIPAL)} == {
        "222222222222",
        UNIT,
    }
    assert component.outputs == {"shareArn": share.outputs["arn"]}
    assert {each.parent for each in (share, mesh, *graph.of_type(PRINCIPAL))} == {component.urn}


def test_a_principal_keeps_its_name_whatever_the_others_are() -> None:
    few = shared(principals=[UNIT]).of_type(PRINCIPAL)
    many = shared(principals=["222222222222", "333333333333", UNIT]).of_type(PRINCIPAL)

    assert few[0].name == "shop-999999999999:ou/o-exampleorg1/ou-abcd-11111111"
    assert few[0].urn in {each.urn for each in many}


def test_a_principal_known_late_has_a_key() -> None:
    def program() -> None:
        late = pulumi.Output.from_input("222222222222")
        MeshShare("shop", MeshShareArgs(mesh_arn=MESH, principals={"team": late}))

    graph = run_program(program)

    (principal,) = graph.of_type(PRINCIPAL)
    assert principal.name == "shop-team"
    assert principal.inputs["principal"] == "222222222222"


def test_an_existing_share_is_adopted() -> None:
    arn = "arn:aws:ram:eu-west-1:111111111111:resource-share/1"
    graph = shared(share_arn=arn, principals=["222222222222"])

    assert graph.of_type(SHARE) == ()
    assert graph.of_type(IN_SHARE)[0].inputs["resourceShareArn"] == arn


def test_only_what_would_cut_off_everybody_is_protected() -> None:
    graph = shared(principals=["222222222222"], protect=True)

    assert graph.of_type(SHARE)[0].protect
    assert graph.of_type(IN_SHARE)[0].protect
    assert not graph.of_type(PRINCIPAL)[0].protect


def test_a_permission_and_external_principals_are_sent_when_asked_for() -> None:
    permission = "arn:aws:ram::aws:permission/AWSRAMDefaultPermissionAppMesh"
    (share,) = shared(
        permission_arn=permission, allow_external_principals=True, region="eu-west-1"
    ).of_type(SHARE)

    assert share.inputs["permissionArns"] == [permission]
    assert share.inputs["allowExternalPrincipals"] is True
    assert share.inputs["region"] == "eu-west-1"


def test_one_text_is_no_list_of_principals() -> None:
    with pytest.raises(MeshkitError, match=r"^shop: principals takes a list"):
        shared(principals="222222222222")


def test_a_late_principal_without_a_key_is_told() -> None:
    def program() -> None:
        late: Any = [pulumi.Output.from_input("222222222222")]
        MeshShare("share", MeshShareArgs(mesh_arn=MESH, principals=late))

    with pytest.raises(MeshkitError, match="needs a key"):
        run_program(program)
