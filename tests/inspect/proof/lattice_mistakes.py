"""Mistakes on VPC Lattice as people make them, each with the codes that must be found.

Some stand in the program beside the mesh, some in the file, some in what was changed by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pulumi
import pulumi_aws as aws

from meshkit.mesh.lattice_outputs import LatticeNodeOutputs
from tests.inspect.proof.lattice_edits import (
    AUTH_POLICY,
    admitting,
    edited,
    having,
    of_network,
    of_service,
    pinned,
    removed,
)
from tests.inspect.proof.lattice_programs import INVOKE, ROLES, changed, lattice_data
from tests.inspect.proof.programs import BILLING, ORDERS, allow, at, deny, document

if TYPE_CHECKING:
    from collections.abc import Callable

    import meshkit
    from meshkit.graph import Graph, Resource
    from tests.inspect.proof.programs import Plant

SERVICE = "aws:vpclattice/service:Service"
SERVICE_NETWORK = "aws:vpclattice/serviceNetwork:ServiceNetwork"
NOT_ANONYMOUS = {"StringNotEqualsIgnoreCase": {"aws:PrincipalType": "Anonymous"}}
CONNECT = "vpc-lattice-svcs:Connect"


class Mistake(NamedTuple):
    """One mistake."""

    codes: list[str]
    plant: Plant | None = None
    data: dict[str, Any] = lattice_data()
    file: dict[str, Any] | None = None
    """The file against which it is proven, where it is not that of the program."""
    edit: Callable[[Graph], Graph] | None = None
    """What was changed by hand in what is deployed."""


# What people add to the program.


def with_policy(account: str, role: str, *statements: dict[str, Any]) -> Plant:
    def plant(mesh: meshkit.SharedMesh) -> None:
        aws.iam.RolePolicy("extra", role=role, policy=document(*statements), opts=at(mesh, account))

    return plant


def service_arn(mesh: meshkit.SharedMesh, name: str) -> pulumi.Output[str]:
    assert mesh.lattice is not None
    return mesh.lattice.services[name].arn


def calling(account: str, role: str, service: str) -> Plant:
    """A role may call a service, as its own policies go."""

    def plant(mesh: meshkit.SharedMesh) -> None:
        text = service_arn(mesh, service).apply(lambda arn: document(allow(INVOKE, f"{arn}/*")))
        aws.iam.RolePolicy("extra", role=role, policy=text, opts=at(mesh, account))

    return plant


def one_more_rule(mesh: meshkit.SharedMesh) -> None:
    node = mesh.nodes["stock"]
    assert isinstance(node, LatticeNodeOutputs)
    group = node.target_group_arns["stock.local", 8080]
    service = service_arn(mesh, "stock.local")
    opts = pulumi.ResourceOptions.merge(at(mesh, "billing"), pulumi.ResourceOptions())
    listener = aws.vpclattice.Listener(
        "extra",
        name="extra",
        service_identifier=service,
        port=9090,
        protocol="HTTP",
        default_action={
            "forwards": [{"target_groups": [{"target_group_identifier": group, "weight": 1}]}]
        },
        opts=opts,
    )
    aws.vpclattice.ListenerRule(
        "extra",
        name="extra",
        service_identifier=service,
        listener_identifier=listener.listener_id,
        priority=5,
        match={"http_match": {"method": "GET"}},
        action={"fixed_response": {"status_code": 404}},
        opts=opts,
    )


def second_network(auth_type: str) -> Plant:
    """Another network, in which a service of the mesh is too."""

    def plant(mesh: meshkit.SharedMesh) -> None:
        network = aws.vpclattice.ServiceNetwork(
            "second", name="second", auth_type=auth_type, opts=at(mesh, "billing")
        )
        aws.vpclattice.ServiceNetworkServiceAssociation(
            "second",
            service_identifier=service_arn(mesh, "stock.local"),
            service_network_identifier=network.arn,
            opts=at(mesh, "billing"),
        )

    return plant


def one_more_principal(mesh: meshkit.SharedMesh) -> None:
    assert mesh.share_arn is not None
    aws.ram.PrincipalAssociation(
        "more",
        principal="444444444444",
        resource_share_arn=mesh.share_arn,
        opts=at(mesh, "network"),
    )


def access_key(mesh: meshkit.SharedMesh) -> None:
    user = aws.iam.User("robot", name="robot", opts=at(mesh, "network"))
    aws.iam.AccessKey("robot", user=user.name, opts=at(mesh, "network"))


def _bounded(data: dict[str, Any]) -> None:
    data["nodes"]["web"]["role"]["permissions_boundary"] = (
        "arn:aws:iam::222222222222:policy/boundary"
    )


def _boundary(mesh: meshkit.SharedMesh) -> None:
    aws.iam.Policy(
        "boundary",
        name="boundary",
        policy=document(allow("s3:*", "*")),
        opts=pulumi.ResourceOptions(provider=mesh.providers["orders"]),
    )


def _forwarding(resource: Resource) -> Resource:
    """A rule whose weights were changed."""
    groups = resource.inputs["defaultAction"]["forwards"][0]["targetGroups"]
    turned = [{**each, "weight": 100 - each["weight"]} for each in groups]
    return having(defaultAction={"forwards": [{"targetGroups": turned}]})(resource)


def _blind_to_case(resource: Resource) -> Resource:
    match = {"httpMatch": {"pathMatch": {"caseSensitive": False, "match": {"prefix": "/new"}}}}
    return having(match=match)(resource)


def _on_port(resource: Resource) -> Resource:
    return having(config={**resource.inputs["config"], "port": 9090})(resource)


def _in_vpc(resource: Resource) -> Resource:
    return having(config={**resource.inputs["config"], "vpcIdentifier": "vpc-99999999"})(resource)


def _less(section: str, key: str, backend: str) -> dict[str, Any]:
    """The file, in which a workload does not call a service any more."""

    def change(data: dict[str, Any]) -> None:
        backends = data[section][key]["backends"]
        data[section][key]["backends"] = [
            each
            for each in backends
            if (each if isinstance(each, str) else each["service"]) != backend
        ]

    return changed(change)


def _with_principal(data: dict[str, Any]) -> None:
    data["accounts"]["audit"] = {"id": "555555555555"}
    data["share"]["principals"].append("audit")


def _writing(data: dict[str, Any]) -> None:
    for name in ("cart", "cart-v2"):
        data["nodes"][name]["backends"][0]["methods"] = ["GET", "POST"]


CONNECTING = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": CONNECT,
    "Resource": "*",
}

LATTICE_MISTAKES: dict[str, Mistake] = {
    # Calls that nobody declares.
    "both sides let a role call more than the file says": Mistake(
        ["MP109", "MP501"], calling("orders", "shop-web", "ledger.local"),
        edit=of_service("ledger.local", pinned(ROLES["web"])),
    ),
    "both sides let a role write that is to read": Mistake(
        ["MP109", "MP501"], calling("orders", "shop-cart", "stock.local"),
        edit=of_service("stock.local", pinned(ROLES["cart"])),
    ),
    "a role of the mesh may call whatever it likes": Mistake(
        ["MP109"], with_policy("orders", "shop-web", allow(INVOKE, "*"))
    ),
    "the file has lost a call": Mistake(
        ["MP109", "MP501"], None, lattice_data(), _less("nodes", "stock", "ledger.local")
    ),
    # Calls that are refused.
    "the role's own policies deny": Mistake(
        ["MP502"], with_policy("orders", "shop-web", deny(INVOKE, "*"))
    ),
    "the boundary is about something else": Mistake(["MP502"], _boundary, changed(_bounded)),
    "the service lets nobody in": Mistake(["MP502"], edit=removed(AUTH_POLICY, "auth-cart.local")),
    "the service denies": Mistake(
        ["MP502"],
        edit=of_service("cart.local", {**admitting("*"), "Effect": "Deny"}),
    ),
    "the network lets an account in no more": Mistake(
        ["MP502"],
        edit=of_network({**admitting({"AWS": f"arn:aws:iam::{BILLING}:root"}), "Effect": "Deny"}),
    ),
    "the file has got a call": Mistake(
        ["MP502"], None, _less("nodes", "stock", "ledger.local"), lattice_data()
    ),
    "the file has got a method": Mistake(
        ["MP109", "MP502"], None, lattice_data(), changed(_writing)
    ),
    # Guards.
    "a service asks nobody who they are": Mistake(
        ["MP503", "MP504"], edit=edited(SERVICE, "stock.local", having(authType="NONE"))
    ),
    "a network asks nobody who they are": Mistake(
        ["MP503"], edit=edited(SERVICE_NETWORK, "shop", having(authType="NONE"))
    ),
    "a service lets in every role of an account": Mistake(
        ["MP504"],
        edit=of_service("ledger.local", admitting({"AWS": f"arn:aws:iam::{ORDERS}:root"})),
    ),
    "a service lets in everybody of the organization": Mistake(
        ["MP504"],
        edit=of_service(
            "ledger.local",
            admitting("*", StringEquals={"aws:PrincipalOrgID": "o-exampleorg1"}, **NOT_ANONYMOUS),
        ),
    ),
    "a service lets in roles by a beginning": Mistake(
        ["MP504"],
        edit=of_service(
            "ledger.local",
            admitting("*", ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{BILLING}:role/shop-*"}),
        ),
    ),
    "a service lets in everybody, behind a careful network": Mistake(
        ["MP504"], edit=of_service("ledger.local", admitting("*"))
    ),
    "service and network let in everybody": Mistake(
        ["MP504", "MP505", "MP506"],
        edit=lambda graph: of_network(admitting("*"))(
            of_service("ledger.local", admitting("*"))(graph)
        ),
    ),
    "the network lets in whoever does not sign": Mistake(
        ["MP505"],
        edit=of_network(admitting("*", StringEquals={"aws:PrincipalType": "Anonymous"})),
    ),
    "the network lets in everybody who signs": Mistake(
        ["MP506"], edit=of_network(admitting("*", **NOT_ANONYMOUS))
    ),
    "the network lets in a strange account": Mistake(
        ["MP506"], edit=of_network(admitting({"AWS": "arn:aws:iam::444444444444:root"}))
    ),
    "a service lets in a role that does not declare it": Mistake(
        ["MP507"], edit=of_service("ledger.local", pinned(ROLES["web"]))
    ),
    "a service lets in a role of another program": Mistake(
        ["MP507"],
        edit=of_service("ledger.local", pinned(f"arn:aws:iam::{BILLING}:role/admin")),
    ),
    "a service lets a reader write": Mistake(
        ["MP507"], edit=of_service("stock.local", pinned(ROLES["cart"]))
    ),
    # Where services lead.
    "a listener and a rule that the file does not have": Mistake(["MP508"], one_more_rule),
    "weights that were turned": Mistake(
        ["MP508"],
        edit=edited("aws:vpclattice/listener:Listener", "cart.local", _forwarding),
    ),
    "a rule that does not tell case apart": Mistake(
        ["MP508"],
        edit=edited("aws:vpclattice/listenerRule:ListenerRule", "cart.local", _blind_to_case),
    ),
    "a rule that was removed": Mistake(
        ["MP508"], edit=removed("aws:vpclattice/listenerRule:ListenerRule", "cart.local")
    ),
    "a listener that was removed": Mistake(
        ["MP508"], edit=removed("aws:vpclattice/listener:Listener", "stock.local")
    ),
    "targets on another port": Mistake(
        ["MP509"],
        edit=edited("aws:vpclattice/targetGroup:TargetGroup", "stock.local", _on_port),
    ),
    "targets in another VPC": Mistake(
        ["MP509"], edit=edited("aws:vpclattice/targetGroup:TargetGroup", "stock.local", _in_vpc)
    ),
    "a service in a second network": Mistake(["MP510"], second_network("AWS_IAM")),
    "a service in a second network that asks nobody": Mistake(
        ["MP503", "MP510"], second_network("NONE")
    ),
    "a service that was taken out of its network": Mistake(
        ["MP510"],
        edit=removed(
            "aws:vpclattice/serviceNetworkServiceAssociation:ServiceNetworkServiceAssociation",
            "stock.local",
        ),
    ),
    # Where TLS is handed on.
    "any VPC may connect": Mistake(
        ["MP511"],
        edit=lambda graph: of_network(CONNECTING)(of_service("vault.local", CONNECTING)(graph)),
    ),
    "the caller's VPC may not connect": Mistake(
        ["MP511"], edit=removed(AUTH_POLICY, "auth-vault.local")
    ),
    # Shares and keys, as of any mesh.
    "one more principal": Mistake(["MP302"], one_more_principal),
    "a principal that the program lacks": Mistake(
        ["MP303"], None, lattice_data(), changed(_with_principal)
    ),
    "a key of a user": Mistake(["MP401"], access_key),
}  # fmt: skip
