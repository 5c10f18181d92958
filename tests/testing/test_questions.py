"""Who can do what: yes, no, and never one of them for what can't be told."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pulumi_aws as aws
import pytest

from meshkit import SharedMesh
from meshkit.testing import Deployment, Unanswerable, deployed
from tests.testing.programs import MESH, STREAM, TASKS, bucket_reader, shop, shop_with, statement

if TYPE_CHECKING:
    from collections.abc import Iterator

OBJECT = "arn:aws:s3:::orders/1.json"


@pytest.fixture(scope="class")
def mesh() -> Iterator[Deployment]:
    with deployed(shop, mesh=MESH) as found:
        yield found


class TestOfAMesh:
    def test_a_proxy_can_read_its_own_configuration(self, mesh: Deployment) -> None:
        mesh.assert_can("web", STREAM, mesh.endpoint("web"))

    def test_a_proxy_cannot_read_another(self, mesh: Deployment) -> None:
        mesh.assert_cannot("web", STREAM, mesh.endpoint("api"))

    def test_what_is_not_so_fails(self, mesh: Deployment) -> None:
        with pytest.raises(AssertionError, match="can't: no identity-based policy allows"):
            mesh.assert_can("web", STREAM, mesh.endpoint("api"))
        with pytest.raises(AssertionError, match='can: statement "ReadOwnConfiguration" of'):
            mesh.assert_cannot("web", STREAM, mesh.endpoint("web"))

    def test_a_role_has_many_names(self, mesh: Deployment) -> None:
        arn = mesh.role("web")

        assert arn.startswith("arn:aws:iam::222222222222:role/shop-web-")
        assert {mesh.role(name) for name in (arn, arn.split("/")[-1], "shop-node-web")} == {arn}

    @pytest.mark.parametrize(
        ("role", "action", "resource", "told"),
        [
            ("wbe", STREAM, "*", 'no role "wbe" (did you mean "web"?)'),
            ("", STREAM, "*", 'no role ""'),
            ("web", "appmesh:StreamAgregatedResources", "*", "did you mean"),
            ("web", "appmesh:*", "*", "not one action"),
            ("web", "StreamAggregatedResources", "*", "not one action"),
            ("web", "*", "*", "not one action"),
            ("web", "nosuch:Action", "*", "no action"),
            ("web", STREAM, "web", "not one resource"),
            ("web", STREAM, "arn:aws:appmesh:*", "not one resource"),
            ("web", STREAM, "", "not one resource"),
        ],
    )
    def test_a_question_about_nothing_is_no_answer(
        self, mesh: Deployment, role: str, action: str, resource: str, told: str
    ) -> None:
        for ask in (mesh.assert_can, mesh.assert_cannot):
            with pytest.raises(Unanswerable) as error:
                ask(role, action, resource)
            assert told in str(error.value)

    def test_an_endpoint_that_is_not_in_the_mesh_is_no_answer(self, mesh: Deployment) -> None:
        with pytest.raises(Unanswerable, match="mesh shop has no endpoint"):
            mesh.assert_cannot("web", STREAM, mesh.endpoint("web") + "2")
        with pytest.raises(Unanswerable, match='no node or gateway "wbe"'):
            mesh.endpoint("wbe")

    def test_an_endpoint_of_another_mesh_is_a_resource_as_any(self, mesh: Deployment) -> None:
        other = mesh.endpoint("web").replace("mesh/shop@", "mesh/other@")

        mesh.assert_cannot("web", STREAM, other)

    def test_a_no_for_any_resource_needs_that_none_is_allowed(self, mesh: Deployment) -> None:
        mesh.assert_cannot("web", "s3:GetObject", "*")
        with pytest.raises(Unanswerable, match="name the resource"):
            mesh.assert_cannot("web", STREAM, "*")

    def test_a_new_action_can_be_asked_for(self, mesh: Deployment) -> None:
        mesh.assert_cannot("web", "appmesh:NewThing", "*", known=True)

    def test_least_privilege_holds(self, mesh: Deployment) -> None:
        mesh.assert_least_privilege()
        mesh.assert_least_privilege("web", "api")

    def test_least_privilege_of_an_unknown_role_is_no_answer(self, mesh: Deployment) -> None:
        with pytest.raises(Unanswerable, match='no role "wbe"'):
            mesh.assert_least_privilege("web", "wbe")

    def test_clients_are_of_the_accounts_of_the_file(self, mesh: Deployment) -> None:
        orders = mesh.client("sts", "orders").get_caller_identity()["Account"]

        assert orders == "222222222222"
        assert mesh.client("sts").get_caller_identity()["Account"] == "111111111111"
        assert mesh.client("sts", "333333333333").get_caller_identity()["Account"] == "333333333333"
        assert mesh.client("appmesh").meta.region_name == "eu-west-1"
        with pytest.raises(Unanswerable, match="did you mean"):
            mesh.client("sts", "ordres")

    def test_the_graph_and_the_mesh_are_at_hand(self, mesh: Deployment) -> None:
        assert len(mesh.graph.of_type("aws:appmesh/virtualNode:VirtualNode")) == 2
        assert [each.name for each in mesh.meshes] == ["shop"]
        assert mesh.outputs == {}
        assert mesh.run.ok


WIDE = statement("appmesh:StreamAggregatedResources", "*")


def test_a_wildcard_is_not_least_privilege() -> None:
    with deployed(partial(shop_with, WIDE), mesh=MESH) as found:
        with pytest.raises(AssertionError, match=r"not least privilege:\nMP103 "):
            found.assert_least_privilege()
        with pytest.raises(AssertionError, match="MP103"):
            found.assert_least_privilege("web")
        found.assert_least_privilege("api")
        with pytest.raises(AssertionError, match=r'"Given" of the .* "more-.*" allows'):
            found.assert_cannot("web", STREAM, "*")
        found.assert_cannot("web", STREAM, found.endpoint("api"))  # of another account


def test_a_mesh_whose_file_is_not_at_hand_is_not_proven() -> None:
    alone = {"name": "a", "region": "eu-west-1", "owner": "111111111111", "nodes": {"web": {}}}
    program = partial(SharedMesh, "a", alone)
    with deployed(program) as found, pytest.raises(Unanswerable, match="give its file as mesh"):
        found.assert_least_privilege()


def test_a_program_without_roles_is_not_proven() -> None:
    with deployed(_nothing) as found:
        with pytest.raises(Unanswerable, match="neither a role nor an endpoint"):
            found.assert_least_privilege()
        with pytest.raises(Unanswerable, match="it has no roles at all"):
            found.assert_cannot("web", STREAM, "*")
        with pytest.raises(AssertionError, match="no roles"):
            found.assert_policies_match("policies.json")


def _nothing() -> None:
    """A program that makes nothing."""


def test_a_role_that_is_no_proxys_is_not_proven_by_nothing() -> None:
    program = partial(bucket_reader, statement("s3:GetObject", "arn:aws:s3:::orders/*"))
    with deployed(program) as found:
        with pytest.raises(AssertionError, match="nothing is declared"):
            found.assert_least_privilege()
        with pytest.raises(AssertionError, match="nothing is declared"):
            found.assert_least_privilege("reader")


def test_conditions_need_their_keys() -> None:
    policy = statement(
        "s3:GetObject", "arn:aws:s3:::orders/*", Condition={"Bool": {"aws:ViaAWSService": "true"}}
    )
    with deployed(partial(bucket_reader, policy)) as found:
        with pytest.raises(Unanswerable, match="give what is missing as context"):
            found.assert_can("reader", "s3:GetObject", OBJECT)
        with pytest.raises(Unanswerable, match="give what is missing as context"):
            found.assert_cannot("reader", "s3:GetObject", OBJECT)
        found.assert_can("reader", "s3:GetObject", OBJECT, context={"aws:ViaAWSService": "true"})
        found.assert_cannot(
            "reader", "s3:GetObject", OBJECT, context={"aws:ViaAWSService": "false"}
        )


def test_a_boundary_takes_away() -> None:
    def program() -> None:
        boundary = aws.iam.Policy("b", name="b", policy=statement("sqs:*", "*"))
        bucket_reader(statement("s3:GetObject", "*"), permissions_boundary=boundary.arn)

    with deployed(program) as found:
        found.assert_cannot("reader", "s3:GetObject", OBJECT)
        with pytest.raises(AssertionError, match="permissions boundary"):
            found.assert_can("reader", "s3:GetObject", OBJECT)


def test_the_policies_of_aws_are_read_in_full() -> None:
    def program() -> None:
        bucket_reader(
            statement("sqs:SendMessage", "*"),
            managed_policy_arns=["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
        )

    with deployed(program) as found:
        found.assert_can("reader", "s3:GetObject", OBJECT)
        with pytest.raises(AssertionError, match="AmazonS3ReadOnlyAccess"):
            found.assert_cannot("reader", "s3:GetObject", OBJECT)
        found.assert_cannot("reader", "s3:PutObject", OBJECT)


def test_a_resource_of_another_account_needs_its_policy() -> None:
    queue = "arn:aws:sqs:eu-west-1:999999999999:orders"
    allow = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "111111111111"},
                "Action": "sqs:SendMessage",
                "Resource": queue,
            }
        ],
    }
    with deployed(partial(bucket_reader, statement("sqs:SendMessage", "*"))) as found:
        for ask in (found.assert_can, found.assert_cannot):
            with pytest.raises(Unanswerable, match="give its policy as resource_policy"):
                ask("reader", "sqs:SendMessage", queue)
        found.assert_can("reader", "sqs:SendMessage", queue, resource_policy=allow)
        found.assert_cannot("reader", "sqs:DeleteQueue", queue)


def test_a_role_that_the_program_only_adds_to_is_known_in_part() -> None:
    def program() -> None:
        aws.iam.RolePolicy("more", role="elsewhere", policy=statement("s3:GetObject", "*"))

    def before() -> None:
        aws.iam.Role("other", name="elsewhere", assume_role_policy=json.dumps(TASKS))

    with deployed(before) as first, deployed(program, cloud=first.cloud) as found:
        for ask in (found.assert_can, found.assert_cannot):
            with pytest.raises(Unanswerable, match="the program does not make it"):
                ask("elsewhere", "s3:GetObject", OBJECT)


def test_two_roles_of_one_name_need_their_arns() -> None:
    mesh = {**MESH, "nodes": {**MESH["nodes"], "reader": {}}}

    def program() -> None:
        import meshkit  # noqa: PLC0415 - as a program does

        meshkit.SharedMesh("shop", mesh)
        bucket_reader(statement("s3:GetObject", "*"))

    with deployed(program, mesh=mesh) as found:
        with pytest.raises(Unanswerable, match=r"may be any of .*; give the ARN"):
            found.role("reader")
        found.assert_can("arn:aws:iam::111111111111:role/reader", "s3:GetObject", OBJECT)
