"""Who may do something to a resource."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.errors import MeshkitError
from meshkit.graph import UNKNOWN, Secret
from meshkit.inspect.proof.case import case_of
from meshkit.inspect.proof.where import nowhere
from meshkit.inspect.who_can import who_can
from meshkit.topology.check import check
from tests.inspect.graphs import (
    MESH,
    NETWORK,
    ORDERS,
    READ,
    case,
    document,
    node,
    resource,
    role,
    share,
)
from tests.inspect.proof.lattice_programs import INVOKE, ROLES, lattice_data
from tests.inspect.proof.programs import deployed, program_of

MANAGED = "arn:aws:iam::aws:policy"


def allow(action: str, on: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": on, **more}


def answers(*resources: Any, action: str = READ, on: str = node("a")) -> dict[str, str]:
    found = who_can(case(*resources), action, on)
    return {each.arn.rpartition("/")[2]: each.answer for each in found}


def test_those_who_may_with_the_statement_and_its_line() -> None:
    found = who_can(
        case(*role("a", allow(READ, node("a"))), *role("b", allow(READ, node("b")))),
        READ,
        node("a"),
    )

    (holder,) = found
    assert holder.arn == f"arn:aws:iam::{ORDERS}:role/a"
    assert holder.answer == "yes"
    assert str(holder.place) == f"__main__.py:{len('a-policy')}:1"
    assert holder.granted is not None
    assert holder.granted.source.name == "a-policy"


@pytest.mark.parametrize(
    ("action", "on", "told"),
    [
        ("appmesh:UpdateRout", "*", '"appmesh:UpdateRout" (did you mean "appmesh:UpdateRoute"?)'),
        ("appmesh:Foo", node("a"), 'App Mesh has no action "appmesh:Foo"'),
        ("appmesch:UpdateRoute", "*", 'no service "appmesch" (did you mean "appmesh"?)'),
        ("UpdateRoute", "*", '"UpdateRoute" is no action: give service:Action'),
        ("appmesh:UpdateRoute", MESH, '"appmesh:UpdateRoute" is not made on'),
        ("appmesh:ListMeshes", MESH, '"appmesh:ListMeshes" is not made on a resource: give "*"'),
    ],
)
def test_a_question_without_sense_is_not_answered_with_nobody(
    action: str, on: str, told: str
) -> None:
    with pytest.raises(MeshkitError) as raised:
        who_can(case(*role("a", allow("*", "*"))), action, on)

    assert told in str(raised.value)


def test_what_no_reference_tells_of_is_asked_all_the_same() -> None:
    anybody = role("a", allow("*", "*"))
    assert answers(*anybody, action="s3:GetObject", on="arn:aws:s3:::b/x") == {"a": "yes"}
    assert answers(*anybody, action="brandnew:Do", on="*") == {"a": "yes"}


def test_a_deny_and_a_boundary_count() -> None:
    denied = role("a", allow("*", "*"), {**allow(READ, "*"), "Effect": "Deny"})
    bounded = role("b", permissionsBoundary="arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess")

    assert answers(*denied, *bounded) == {}


def test_a_proxy_reads_no_endpoint_of_another_account() -> None:
    everything = role("a", allow("*", "*"), account=NETWORK)

    assert answers(*everything, *share(ORDERS), on=node("a")) == {}
    assert answers(*everything, on=node("a", NETWORK)) == {"a": "yes"}


def test_a_share_carries_what_consumers_may_do_in_the_mesh() -> None:
    consumer = role("a", allow("appmesh:*", "*"))
    in_mesh = f"{MESH}/virtualNode/other"

    shared = [*consumer, *share(ORDERS)]
    assert answers(*shared, action="appmesh:DescribeVirtualNode", on=in_mesh) == {"a": "yes"}
    assert answers(*shared, action="appmesh:DescribeMesh", on=MESH) == {"a": "yes"}
    assert answers(*shared, action="appmesh:DeleteMesh", on=MESH) == {}


def test_what_another_account_has_may_be_open() -> None:
    reader = role("a", allow("s3:GetObject", "*"))
    bucket = f"arn:aws:s3:eu-west-1:{NETWORK}:accesspoint/x"

    assert answers(*reader, action="s3:GetObject", on=bucket) == {"a": "if the resource allows it"}
    assert answers(*reader, action="s3:PutObject", on=bucket) == {}
    assert answers(*reader, action="s3:GetObject", on="arn:aws:s3:::bucket/x") == {"a": "yes"}


def test_a_condition_on_what_is_not_known_is_open() -> None:
    bound = allow(READ, "*", Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})
    regional = allow(READ, "*", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}})

    assert answers(*role("a", bound), *role("b", regional)) == {"a": "can't tell", "b": "yes"}


def test_a_policy_that_is_not_known_leaves_it_open() -> None:
    found = role("a", policy=UNKNOWN)

    assert answers(*found) == {"a": "can't tell"}


def test_what_a_policy_of_aws_says_about_other_services_is_open() -> None:
    reading = f"{MANAGED}/AmazonS3ReadOnlyAccess"
    found = role("a", allow(READ, node("a")), managedPolicyArns=[reading])

    assert answers(*found, action="s3:GetObject", on="arn:aws:s3:::b/x") == {"a": "can't tell"}
    assert answers(*found) == {"a": "yes"}


def test_a_role_that_the_program_only_attaches_to_may_have_more() -> None:
    policy = document(allow("s3:*", "*"))
    attached = resource("aws:iam/rolePolicy:RolePolicy", "more", role="adopted", policy=policy)

    assert answers(attached) == {"adopted": "can't tell"}


def test_what_a_secret_policy_says_is_not_quoted() -> None:
    odd = allow(READ, "*", Condition={"StringEquals": {"k:key": "${hidden"}})
    secret = role("a", policy=Secret(document(odd)))

    (holder,) = who_can(case(*secret), READ, node("a"))
    assert holder.answer == "can't tell"
    assert "hidden" not in holder.reason


def test_users_count_and_groups_do_not() -> None:
    policy = document(allow(READ, "*"))
    user = resource("aws:iam/user:User", "ana", name="ana")
    users = resource("aws:iam/userPolicy:UserPolicy", "ana-policy", user="ana", policy=policy)
    group = resource("aws:iam/group:Group", "ops", name="ops")
    groups = resource("aws:iam/groupPolicy:GroupPolicy", "ops-policy", group="ops", policy=policy)

    assert answers(user, users, group, groups) == {"ana": "yes"}


def test_a_user_may_have_what_its_groups_have() -> None:
    user = resource("aws:iam/user:User", "ana", name="ana")
    member = resource(
        "aws:iam/userGroupMembership:UserGroupMembership", "ana-in", user="ana", groups=["ops"]
    )

    assert answers(user) == {}
    assert answers(user, member) == {"ana": "can't tell"}


def test_what_may_be_for_anybody_is_open() -> None:
    late = resource("aws:iam/rolePolicy:RolePolicy", "late", policy=document(allow("*", "*")))
    stack = resource("aws:cloudformation/stack:Stack", "stack")
    assert answers(late, stack) == {"late": "can't tell", "stack": "can't tell"}


def test_who_may_on_some_resources_is_not_passed_over() -> None:
    own, none = role("own", allow(READ, node("a"))), role("none", allow("s3:*", "*"))
    denied = role("denied", allow(READ, node("a")), {**allow(READ, "*"), "Effect": "Deny"})
    assert answers(*own, *none, *denied, on="*") == {"own": "can't tell"}


def test_who_may_call_a_service_is_told_by_all_layers() -> None:
    data = lattice_data()
    program = deployed(program_of(data))
    mesh = check(data).resolve()
    found = case_of(program, [mesh], nowhere)
    (stock,) = (each.arn for each in found.services if "stock" in each.name)

    def callers(path: str) -> list[str]:
        return [each.arn for each in who_can(found, INVOKE, f"{stock}{path}")]

    assert callers("") == callers("/items/1") == callers("/*") == [ROLES["cart"]]
    assert callers("/other") == []
