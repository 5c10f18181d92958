"""Rights to call, and auth policies, as they stand in a policy."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.policy.document import Document
from meshkit.policy.evaluation import Caller, Layers, Policy, Request
from meshkit.policy.invocation import Guard, gates, refusing
from meshkit.policy.lattice import (
    CONNECT,
    INVOKE,
    caller_statements,
    network_policy,
    sample_arns,
    service_policy,
)
from tests.topology.lattice.meshes import compiled, node

SERVICE = "arn:aws:vpc-lattice:eu-west-1:111111111111:service/svc-00000000000000000"
NETWORK = "arn:aws:vpc-lattice:eu-west-1:111111111111:servicenetwork/sn-00000000000000000"
ACCOUNTS = {
    "network": {"id": "111111111111", "vpc_id": "vpc-1"},
    "orders": {"id": "222222222222", "vpc_id": "vpc-2"},
}
NOT_ANONYMOUS = {"StringNotEqualsIgnoreCase": {"aws:PrincipalType": "Anonymous"}}


def lattice(backend: Any = "a.local", **sections: Any) -> Any:
    return compiled(
        accounts=ACCOUNTS,
        nodes={
            "a": node(),
            "b": {"account": "orders", "role": {"name": "b"}, "backends": [backend]},
        },
        services={"a.local": {"node": "a", **sections.pop("service", {})}},
        **sections,
    )


def statements(document: Document | None) -> Any:
    assert document is not None
    return document.to_dict()["Statement"]


def test_a_role_may_invoke_its_backend_through_its_network_alone() -> None:
    mesh = lattice()
    (role,) = (role for role in mesh.mesh.roles.values() if role.name == "b")
    assert statements(Document(caller_statements(mesh, role, sample_arns(mesh)))) == [
        {
            "Sid": "InvokeBackends",
            "Effect": "Allow",
            "Action": INVOKE,
            "Resource": f"{SERVICE}/*",
            "Condition": {"StringEquals": {"vpc-lattice-svcs:ServiceNetworkArn": NETWORK}},
        }
    ]


def test_a_right_names_the_place_in_the_file_that_asked_for_it() -> None:
    mesh = lattice()
    role = mesh.mesh.roles["shared-222222222222-b"]
    (statement,) = caller_statements(mesh, role, sample_arns(mesh))
    assert statement.origin == (("nodes", "b", "backends", 0),)


def test_methods_and_paths_limit_both_sides() -> None:
    mesh = lattice({"service": "a.local", "methods": ["GET"], "paths": ["/items", "/items/*"]})
    arns = sample_arns(mesh)
    resources = [f"{SERVICE}/items", f"{SERVICE}/items/*"]
    role = mesh.mesh.roles["shared-222222222222-b"]
    (own,) = statements(Document(caller_statements(mesh, role, arns)))
    (admitted,) = statements(service_policy(mesh, mesh.services["a.local"], arns))
    for each in (own, admitted):
        assert each["Resource"] == resources
        assert each["Condition"]["StringEquals"]["vpc-lattice-svcs:RequestMethod"] == "GET"


def test_a_service_admits_accounts_and_pins_their_roles() -> None:
    mesh = lattice()
    assert statements(service_policy(mesh, mesh.services["a.local"], sample_arns(mesh))) == [
        {
            "Sid": "Callers",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
            "Action": INVOKE,
            "Resource": f"{SERVICE}/*",
            "Condition": {"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::222222222222:role/b"}},
        }
    ]


def test_a_service_that_nobody_calls_has_no_policy_and_lets_nobody_in() -> None:
    mesh = compiled(nodes={"a": node()}, services={"a": {"node": "a"}})
    assert service_policy(mesh, mesh.services["a"], sample_arns(mesh)) is None
    assert network_policy(mesh, sample_arns(mesh)) is None


def test_the_network_admits_accounts_that_call_something() -> None:
    mesh = lattice()
    assert statements(network_policy(mesh, sample_arns(mesh))) == [
        {
            "Sid": "Accounts",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
            "Action": INVOKE,
            "Resource": "*",
            "Condition": NOT_ANONYMOUS,
        }
    ]


@pytest.mark.parametrize("external", [False, True])
def test_a_mesh_shared_with_its_organization_admits_it_and_who_is_outside(external: bool) -> None:
    organization = {"id": "o-exampleorg1", "management_account": "999999999999"}
    arn = "arn:aws:organizations::999999999999:organization/o-exampleorg1"
    mesh = compiled(
        organization=organization,
        share={"principals": [arn]},
        accounts={**ACCOUNTS, "orders": {**ACCOUNTS["orders"], "external": external}},
        nodes={"a": node(), "b": {"account": "orders", "backends": ["a.local"]}},
        services={"a.local": {"node": "a"}},
    )
    found = {each["Sid"]: each for each in statements(network_policy(mesh, sample_arns(mesh)))}
    assert set(found) == {"Organization", *(["Accounts"] if external else [])}
    assert found["Organization"]["Principal"] == {"AWS": "*"}
    assert found["Organization"]["Condition"] == {
        **NOT_ANONYMOUS,
        "StringEquals": {"aws:PrincipalOrgID": "o-exampleorg1"},
    }


PASSED = {"lattice": {"domain": "db.example.com", "passthrough": True}}


def passed_on() -> Any:
    mesh = compiled(
        accounts=ACCOUNTS,
        nodes={"db": node("tcp"), "b": {"account": "orders", "backends": ["db"]}},
        services={"db": {"node": "db", **PASSED}},
    )
    return mesh, sample_arns(mesh)


def connected(vpc: str, port: str = "8080", account: str = "222222222222") -> bool:
    mesh, arns = passed_on()
    service = service_policy(mesh, mesh.services["db"], arns)
    network = network_policy(mesh, arns)
    assert service is not None
    assert network is not None
    context = {
        "aws:PrincipalType": "Anonymous",
        "vpc-lattice-svcs:Port": port,
        "vpc-lattice-svcs:SourceVpc": vpc,
        "vpc-lattice-svcs:SourceVpcOwnerAccount": account,
    }
    found = gates(
        Request(CONNECT, f"{SERVICE}/", Caller(None, "Anonymous"), context),
        None,
        network=Guard("AWS_IAM", Policy.parse(network.to_dict())),
        service=Guard("AWS_IAM", Policy.parse(service.to_dict())),
    )
    return refusing(found) is None


def test_where_tls_is_handed_on_the_vpcs_of_callers_connect() -> None:
    assert connected("vpc-2")
    assert not connected("vpc-1")
    assert not connected("vpc-2", port="443")
    assert not connected("vpc-2", account="111111111111")


def test_callers_in_shared_subnets_connect_from_the_vpc_of_its_owner() -> None:
    shared = {**ACCOUNTS, "orders": {**ACCOUNTS["orders"], "vpc_id": ACCOUNTS["network"]["vpc_id"]}}
    mesh = compiled(
        accounts=shared,
        nodes={
            "db": node("tcp"),
            "a": {"backends": ["db"]},
            "b": {"account": "orders", "backends": ["db"]},
        },
        services={"db": {"node": "db", **PASSED}},
    )

    (statement,) = statements(service_policy(mesh, mesh.services["db"], sample_arns(mesh)))

    assert statement["Condition"]["StringEquals"] == {
        "vpc-lattice-svcs:SourceVpc": ACCOUNTS["network"]["vpc_id"],
        "vpc-lattice-svcs:SourceVpcOwnerAccount": "111111111111",
    }


def test_where_tls_is_handed_on_a_role_gets_no_right() -> None:
    mesh, arns = passed_on()
    assert caller_statements(mesh, mesh.mesh.roles["node-b"], arns) == ()


ALLOWING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
ROLE = Caller("arn:aws:iam::222222222222:role/b")
ALLOW = Policy.parse({"Statement": ALLOWING})
ADMIT = Guard("AWS_IAM", Policy.parse({"Statement": {**ALLOWING, "Principal": "*"}}))
CLOSED = Guard("AWS_IAM")
DENY = Policy.parse({"Statement": {**ALLOWING, "Effect": "Deny"}})
FORBID = Guard(
    "AWS_IAM", Policy.parse({"Statement": {**ALLOWING, "Effect": "Deny", "Principal": "*"}})
)
NOTHING = Policy.parse({"Statement": {**ALLOWING, "Action": "s3:*"}})


@pytest.mark.parametrize(
    ("own", "network", "service", "refused"),
    [
        (Layers((ALLOW,)), ADMIT, ADMIT, None),
        (Layers(), ADMIT, ADMIT, "identity"),
        (Layers((ALLOW,)), CLOSED, ADMIT, "network"),
        (Layers((ALLOW,)), ADMIT, CLOSED, "service"),
        (Layers((ALLOW,)), Guard("NONE"), Guard("NONE"), None),
        (Layers(), ADMIT, Guard("NONE"), "identity"),
        (Layers((DENY,)), CLOSED, ADMIT, "identity"),
        (Layers(), ADMIT, FORBID, "service"),
        (Layers((ALLOW,), boundary=NOTHING), ADMIT, ADMIT, "boundary"),
        (Layers((ALLOW,), scps=((NOTHING,),)), ADMIT, ADMIT, "scp"),
        (None, ADMIT, ADMIT, None),
        (None, ADMIT, CLOSED, "service"),
    ],
)
def test_caller_network_and_service_must_all_allow(
    own: Layers | None, network: Guard, service: Guard, refused: str | None
) -> None:
    caller = ROLE if own else Caller(None, "Anonymous")
    found = gates(Request(INVOKE, f"{SERVICE}/", caller), own, network=network, service=service)
    closed = refusing(found)
    assert (closed.layer if closed else None) == refused
    assert all(gate.reason for gate in found)


def test_where_neither_asks_for_iam_nothing_is_evaluated() -> None:
    request = Request(INVOKE, f"{SERVICE}/", ROLE)
    assert gates(request, Layers((DENY,)), network=Guard("NONE"), service=Guard("NONE")) == ()
