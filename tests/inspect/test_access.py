"""What a graph says about access, however it is spelt."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.graph import UNKNOWN, Graph, Resource, Secret
from meshkit.inspect.access import access_of

ACCOUNT = "111111111111"
DOCUMENT = '{"Version":"2012-10-17","Statement":[]}'


def resource(type_: str, name: str, inputs: Any = None, **more: Any) -> Resource:
    return Resource(f"u::{type_}::{name}", type_, name, inputs or {}, account=ACCOUNT, **more)


def role(**inputs: Any) -> Resource:
    return resource("aws:iam/role:Role", "r", {"name": "r", **inputs})


def policies(*resources: Resource) -> list[tuple[str, Any]]:
    (identity,) = access_of(Graph(resources)).identities
    return [(each.name, each.document) for each in identity.policies]


def managed(name: str = "p", **more: Any) -> Resource:
    return resource("aws:iam/policy:Policy", name, {"name": name, "policy": DOCUMENT}, **more)


ATTACHED = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
POLICY_ARN = f"arn:aws:iam::{ACCOUNT}:policy/p"


@pytest.mark.parametrize(
    "resources",
    [
        (role(), resource("aws:iam/rolePolicy:RolePolicy", "p", {"role": "r", "policy": DOCUMENT})),
        (role(), resource("aws:iam/rolePolicy:RolePolicy", "p", {"role": "R", "policy": DOCUMENT})),
        (role(inlinePolicies=[{"name": "p", "policy": DOCUMENT}]),),
        (role(managedPolicyArns=[POLICY_ARN]), managed()),
        (role(), managed(), resource(ATTACHED, "a", {"role": "r", "policyArn": POLICY_ARN})),
        (
            role(),
            managed(),
            resource(
                "aws:iam/policyAttachment:PolicyAttachment",
                "a",
                {"roles": ["r"], "policyArn": POLICY_ARN},
            ),
        ),
    ],
)
def test_a_role_has_the_policies_of_every_way_to_give_one(resources: tuple[Resource, ...]) -> None:
    ((_, document),) = policies(*resources)
    assert document == DOCUMENT


def test_a_new_role_and_policy_are_found_by_what_the_attachment_was_made_from() -> None:
    made, policy = role(), managed()
    attachment = resource(
        ATTACHED,
        "a",
        {"role": UNKNOWN, "policyArn": UNKNOWN},
        input_dependencies={"role": (made.urn,), "policyArn": (policy.urn,)},
    )
    assert policies(made, policy, attachment) == [("p", DOCUMENT)]


def test_an_attachment_that_may_be_of_two_roles_is_open() -> None:
    first = role()
    second = resource("aws:iam/role:Role", "s", {"name": "s"})
    attachment = resource(
        ATTACHED,
        "a",
        {"role": UNKNOWN, "policyArn": POLICY_ARN},
        input_dependencies={"role": (first.urn, second.urn)},
    )
    access = access_of(Graph((first, second, managed(), attachment)))
    assert [each.message for each in access.unknowns] == [
        "which role it is for: that is known only after the deployment"
    ]
    assert not any(each.policies for each in access.identities)


def test_a_policy_of_aws_is_known_by_what_it_says_about_a_mesh() -> None:
    def attached(name: str) -> list[tuple[str, Any]]:
        arn = f"arn:aws:iam::aws:policy/{name}"
        return policies(role(), resource(ATTACHED, "a", {"role": "r", "policyArn": arn}))

    ((_, envoy),) = attached("AWSAppMeshEnvoyAccess")
    assert envoy["Statement"][0]["Action"] == ["appmesh:StreamAggregatedResources"]
    ((_, other),) = attached("service-role/AmazonECSTaskExecutionRolePolicy")
    assert other["Statement"] == []
    ((_, unheard),) = attached("NoSuchPolicy")
    assert unheard is None


@pytest.mark.parametrize(
    ("given", "missing", "secret"),
    [
        (UNKNOWN, "known only after the deployment", False),
        (Secret(UNKNOWN), "a secret that is not shown", False),
        (Secret(DOCUMENT), "", True),
        ({"Version": "2012-10-17", "Statement": [UNKNOWN]}, "only after the deployment", False),
    ],
)
def test_what_of_a_document_is_known(given: Any, missing: str, secret: bool) -> None:
    inputs = {"role": "r", "policy": given}
    graph = Graph((role(), resource("aws:iam/rolePolicy:RolePolicy", "p", inputs)))
    (source,) = access_of(graph).identities[0].policies
    assert missing in source.missing
    assert (source.document is None) is bool(missing)
    assert source.secret is secret


def test_a_user_a_group_and_a_stranger_are_identities_too() -> None:
    graph = Graph(
        (
            resource("aws:iam/user:User", "u", {"name": "u"}),
            resource("aws:iam/groupPolicy:GroupPolicy", "g", {"group": "g", "policy": DOCUMENT}),
            resource("aws:iam/userPolicy:UserPolicy", "u", {"user": "u", "policy": DOCUMENT}),
        )
    )
    found = access_of(graph).identities
    assert [(each.kind, each.name, each.made) for each in found] == [
        ("user", "u", True),
        ("group", "g", False),
    ]
    assert all(each.policies for each in found)


def test_the_arn_of_aws_wins_over_the_computed_one() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:role/path/r"
    (made,) = access_of(Graph((role(),))).identities
    assert made.arn == f"arn:aws:iam::{ACCOUNT}:role/r"
    known = Resource("u", "aws:iam/role:Role", "r", {"name": "r"}, {"arn": arn}, account=ACCOUNT)
    (told,) = access_of(Graph((known,))).identities
    assert told.arn == arn


def test_a_share_has_what_is_associated_by_way_of_the_mesh_too() -> None:
    mesh = resource("aws:appmesh/mesh:Mesh", "m", {"name": "m"}, region="eu-west-1")
    share = resource("aws:ram/resourceShare:ResourceShare", "s", {"name": "s"}, region="eu-west-1")
    key = "resourceShareArn"
    inside = resource(
        "aws:ram/resourceAssociation:ResourceAssociation",
        "i",
        {key: UNKNOWN, "resourceArn": UNKNOWN},
        input_dependencies={key: (share.urn,), "resourceArn": (mesh.urn,)},
    )
    whom = resource(
        "aws:ram/principalAssociation:PrincipalAssociation",
        "w",
        {key: UNKNOWN, "principal": "222222222222"},
        input_dependencies={key: (inside.urn,)},
    )
    (found,) = access_of(Graph((mesh, share, inside, whom))).shares
    assert found.meshes == (f"arn:aws:appmesh:eu-west-1:{ACCOUNT}:mesh/m",)
    assert [each.id for each in found.principals] == ["222222222222"]


def test_what_is_shared_and_is_no_mesh_is_left_out() -> None:
    share = resource(
        "aws:ram/resourceShare:ResourceShare", "s", {"name": "s"}, outputs={"arn": "arn:s"}
    )
    subnet = resource("aws:ec2/subnet:Subnet", "n")
    association = "aws:ram/resourceAssociation:ResourceAssociation"

    def shared(arn: Any, *made_from: Resource) -> tuple[str, ...]:
        inside = resource(
            association,
            "i",
            {"resourceShareArn": "arn:s", "resourceArn": arn},
            input_dependencies={"resourceArn": tuple(each.urn for each in made_from)},
        )
        (found,) = access_of(Graph((share, subnet, inside))).shares
        return found.meshes

    assert shared("arn:aws:ec2:eu-west-1:111111111111:subnet/n") == ()
    assert shared(UNKNOWN, subnet) == ()
    assert shared(UNKNOWN) == ("",)


def test_an_association_of_no_known_share_is_open() -> None:
    whom = resource(
        "aws:ram/principalAssociation:PrincipalAssociation", "w", {"principal": "222222222222"}
    )
    (unknown,) = access_of(Graph((whom,))).unknowns
    assert "which share" in unknown.message


def test_a_provider_with_a_key_is_told_without_it() -> None:
    provider = resource(
        "pulumi:providers:aws", "p", {"accessKey": "AKIA", "secretKey": Secret("tops3cret")}
    )
    (key,) = access_of(Graph((provider,))).keys
    assert key.holder == "provider p"
    assert "tops3cret" not in repr(key)


def test_two_roles_of_one_name_are_not_told_apart() -> None:
    first, second = role(), resource("aws:iam/role:Role", "s", {"name": "R"})
    (unknown,) = access_of(Graph((first, second))).unknowns
    assert unknown.message == "what it may do: the program makes more than one role of this name"


USER = resource("aws:iam/user:User", "u", {"name": "u"})
GROUP = resource("aws:iam/group:Group", "g", {"name": "g"})
OF_GROUP = resource("aws:iam/groupPolicy:GroupPolicy", "p", {"group": "g", "policy": DOCUMENT})


@pytest.mark.parametrize(
    "membership",
    [
        resource(
            "aws:iam/userGroupMembership:UserGroupMembership", "m", {"user": "u", "groups": ["G"]}
        ),
        resource("aws:iam/groupMembership:GroupMembership", "m", {"group": "g", "users": ["U"]}),
    ],
    ids=["of-a-user", "of-a-group"],
)
def test_a_user_has_the_policies_of_its_groups(membership: Resource) -> None:
    access = access_of(Graph((USER, GROUP, OF_GROUP, membership)))

    user = next(each for each in access.identities if each.kind == "user")
    assert [each.document for each in user.policies] == [DOCUMENT]
    assert access.unknowns == ()


def test_what_a_group_of_elsewhere_may_do_is_open() -> None:
    membership = resource(
        "aws:iam/userGroupMembership:UserGroupMembership", "m", {"user": "u", "groups": ["away"]}
    )
    (unknown,) = access_of(Graph((USER, membership))).unknowns

    assert (unknown.subject, unknown.message) == (
        "u",
        "what its group away may do: another program makes it",
    )


@pytest.mark.parametrize(
    ("type_", "key", "what"),
    [
        ("aws:iam/accessKey:AccessKey", "user", "access key"),
        ("aws:iam/userLoginProfile:UserLoginProfile", "user", "password"),
        ("aws:iam/serviceSpecificCredential:ServiceSpecificCredential", "userName", "credential"),
        ("aws:iam/signingCertificate:SigningCertificate", "userName", "certificate"),
        ("aws:iam/sshKey:SshKey", "username", "SSH key"),
    ],
)
def test_whatever_lives_long_is_a_key(type_: str, key: str, what: str) -> None:
    (found,) = access_of(Graph((resource(type_, "k", {key: "u"}),))).keys

    assert (found.holder, found.account, found.what) == ("u", ACCOUNT, what)
