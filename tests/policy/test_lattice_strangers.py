"""Who is not declared gets past no auth policy, whatever its own account allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from meshkit.policy.evaluation import Caller, Layers, Policy, Request
from meshkit.policy.invocation import Guard, gates, refusing
from meshkit.policy.lattice import INVOKE, network_policy, sample_arns, service_policy
from tests.topology.lattice.meshes import compiled, node

if TYPE_CHECKING:
    from meshkit.policy.evaluation.request import Value

ACCOUNTS = {
    "network": {"id": "111111111111", "vpc_id": "vpc-1"},
    "orders": {"id": "222222222222", "vpc_id": "vpc-2"},
    "billing": {"id": "333333333333", "vpc_id": "vpc-3"},
}
ORGANIZATION = {"id": "o-exampleorg1", "management_account": "999999999999"}
WHOLE = {"principals": ["arn:aws:organizations::999999999999:organization/o-exampleorg1"]}
MESH = compiled(
    accounts=ACCOUNTS,
    organization=ORGANIZATION,
    share=WHOLE,
    nodes={
        "a": node(),
        "b": {
            "account": "orders",
            "role": {"name": "caller", "path": "/mesh/"},
            "backends": [{"service": "a", "methods": ["GET"], "paths": ["/items", "/items/*"]}],
        },
        "c": {"account": "billing", "role": {"name": "other"}, "backends": ["a"]},
    },
    services={"a": {"node": "a"}},
)
ARNS = sample_arns(MESH)
ALLOW = Policy.parse({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
ROLE = "arn:aws:iam::222222222222:role/mesh/caller"
ANYBODY = Caller(None, kind="Anonymous")
HERE: dict[str, Value] = {
    "vpc-lattice-svcs:SourceVpc": "vpc-2",
    "vpc-lattice-svcs:SourceVpcOwnerAccount": "222222222222",
}
NO_IDENTITY: dict[str, Value] = {
    "aws:PrincipalType": "Anonymous",
    "aws:PrincipalArn": (),
    "aws:PrincipalOrgID": (),
}


def passes(
    caller: Caller,
    facts: dict[str, Value],
    *,
    method: str = "GET",
    path: str = "/items/1",
    organization: Value = "o-exampleorg1",
) -> bool:
    """With everything that its own account could give it."""
    network, service = network_policy(MESH, ARNS), service_policy(MESH, MESH.services["a"], ARNS)
    assert network is not None
    assert service is not None
    known: dict[str, Value] = {
        "aws:PrincipalType": "AssumedRole",
        "aws:PrincipalOrgID": organization,
        "vpc-lattice-svcs:RequestMethod": method,
        "vpc-lattice-svcs:RequestPath": path,
        "vpc-lattice-svcs:ServiceNetworkArn": str(ARNS.network),
        **facts,
    }
    found = gates(
        Request(INVOKE, f"{ARNS.services['a']}{path}", caller, known),
        Layers((ALLOW,)) if caller.arn else None,
        network=Guard("AWS_IAM", Policy.parse(network.to_dict())),
        service=Guard("AWS_IAM", Policy.parse(service.to_dict())),
    )
    return refusing(found) is None


def test_the_declared_caller_passes_also_by_its_session() -> None:
    assert passes(Caller(ROLE), {})
    session = "arn:aws:sts::222222222222:assumed-role/caller/task"
    assert passes(Caller(session), {"aws:PrincipalArn": ROLE})


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::333333333333:role/mesh/caller",
        "arn:aws:iam::222222222222:role/caller",
        "arn:aws:iam::222222222222:role/mesh/caller2",
        "arn:aws:iam::222222222222:role/mesh/calle",
        "arn:aws:iam::222222222222:role/mesh/Caller",
        "arn:aws:iam::222222222222:role/other",
        "arn:aws:iam::222222222222:user/mesh/caller",
        "arn:aws:iam::222222222222:root",
        "arn:aws-cn:iam::222222222222:role/mesh/caller",
    ],
)
def test_who_looks_like_the_caller_does_not(arn: str) -> None:
    assert not passes(Caller(arn), {})


def test_a_session_that_is_named_like_the_caller_does_not() -> None:
    session = "arn:aws:sts::222222222222:assumed-role/evil/caller"
    role = "arn:aws:iam::222222222222:role/evil"
    assert not passes(Caller(session), {"aws:PrincipalArn": role})


@pytest.mark.parametrize("organization", [(), "o-another00000"])
def test_the_caller_itself_does_not_from_outside_the_organization(organization: Value) -> None:
    assert not passes(Caller(ROLE), {}, organization=organization)


def test_nobody_without_an_identity_does_from_the_vpc_of_a_caller() -> None:
    assert not passes(ANYBODY, {**NO_IDENTITY, **HERE})


def test_a_service_of_aws_does_not() -> None:
    service = Caller("ecs-tasks.amazonaws.com", kind="Service")
    facts = {**NO_IDENTITY, "aws:PrincipalType": "Service", "aws:PrincipalIsAWSService": "true"}
    assert not passes(service, facts)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/items"),
        ("get", "/items"),
        ("GET", "/item"),
        ("GET", "/itemsx"),
        ("GET", "/Items/1"),
        ("GET", "//items/1"),
        ("GET", "/"),
        ("GET", "/%69tems"),
    ],
)
def test_the_caller_asks_for_nothing_but_what_it_declares(method: str, path: str) -> None:
    assert not passes(Caller(ROLE), {}, method=method, path=path)


def test_the_limits_of_one_caller_are_not_those_of_another() -> None:
    assert passes(Caller("arn:aws:iam::333333333333:role/other"), {}, method="POST", path="/")


def test_callers_of_many_accounts_fit_one_policy() -> None:
    accounts = {
        f"a{number}": {"id": str(200_000_000_000 + number), "vpc_id": f"vpc-{number}"}
        for number in range(80)
    }
    callers = {key: {"account": key, "role": {"name": key}, "backends": ["a"]} for key in accounts}
    mesh = compiled(
        accounts={"network": ACCOUNTS["network"], **accounts},
        nodes={"a": node(), **callers},
        services={"a": {"node": "a"}},
    )
    for document in (
        service_policy(mesh, mesh.services["a"], sample_arns(mesh)),
        network_policy(mesh, sample_arns(mesh)),
    ):
        assert document is not None
        assert len(document.statements) == 1
        assert len(document.to_json()) < 10_240
