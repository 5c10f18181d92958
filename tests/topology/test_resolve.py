"""What a mesh file resolves to: owners, roles, clusters, defaults, the share."""

from typing import Any

import pytest

from meshkit.config.deferred import Deferred, Hole
from meshkit.config.file import MeshFile
from meshkit.topology.index import Index
from meshkit.topology.model import ResolvedMesh, Subject
from meshkit.topology.resolve import resolve_checked

LISTENING = {
    "listeners": [{"port": 8080, "protocol": "http"}],
    "service_discovery": {"dns": "web.local"},
}
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"


def mesh(**parts: Any) -> ResolvedMesh:
    data = {
        "name": "shop",
        "region": "eu-west-1",
        "owner": "network",
        "accounts": {
            "network": {"id": "111111111111"},
            "orders": {"id": "222222222222"},
        },
        **parts,
    }
    return resolve_checked(Index(MeshFile.model_validate(data)))


def eks(**more: Any) -> dict[str, Any]:
    workload = {"type": "eks", "cluster": "main", "namespace": "shop", "service_account": "web"}
    return {"workload": {**workload, **more}}


def test_what_names_no_account_belongs_to_the_mesh_owner() -> None:
    assert mesh(nodes={"web": LISTENING}).nodes["web"].owner.id == "111111111111"


def test_a_service_belongs_to_the_account_of_its_provider() -> None:
    resolved = mesh(
        nodes={"web": {"account": "orders", **LISTENING}},
        services={"web.local": {"node": "web"}, "nobody.local": {}},
    )
    assert resolved.services["web.local"].owner.key == "orders"
    assert resolved.services["nobody.local"].owner.key == "network"


def test_an_owner_may_be_an_id_that_accounts_do_not_name() -> None:
    resolved = mesh(owner="999999999999", accounts={})
    assert resolved.arn == "arn:aws:appmesh:eu-west-1:999999999999:mesh/shop"


def test_each_proxy_has_a_role_of_its_own_by_default() -> None:
    resolved = mesh(nodes={"web": LISTENING, "Web": LISTENING}, gateways={"web": gateway()})
    roles = list(resolved.roles.values())
    assert [len(role.endpoints) for role in roles] == [1, 1, 1]
    assert len({(role.name or "").lower() for role in roles}) == 3


def gateway() -> dict[str, Any]:
    return {"listeners": [{"port": 8443, "protocol": "http"}]}


def test_nodes_that_name_one_role_share_it() -> None:
    shared = {"role": {"name": "both"}, **LISTENING}
    resolved = mesh(nodes={"a": shared, "b": shared})
    (role,) = resolved.roles.values()
    assert [each.name for each in role.endpoints] == ["a", "b"]
    assert role.arn == "arn:aws:iam::111111111111:role/both"


def test_an_adopted_role_gets_no_policy_unless_told() -> None:
    arn = "arn:aws:iam::111111111111:role/team/existing"
    resolved = mesh(
        nodes={
            "a": {"role": {"arn": arn}, **LISTENING},
            "b": {"role": {"arn": f"{arn}-2", "attach": True}, **LISTENING},
        }
    )
    left, right = resolved.roles.values()
    assert (left.adopted, left.attach, left.name) == (True, False, "existing")
    assert (right.adopted, right.attach) == (True, True)


def test_defaults_fill_what_a_node_leaves_open_and_no_more() -> None:
    resolved = mesh(
        defaults={
            "workload": {"type": "ecs", "cluster": "shared"},
            "role": {"path": "/mesh/", "max_session_duration": 7200, "tags": {"team": "all"}},
        },
        nodes={
            "web": {
                "workload": {"type": "ecs", "service": "web"},
                "role": {"max_session_duration": 3600, "tags": {"cost": "1"}},
                **LISTENING,
            },
            "batch": {"workload": {"type": "ec2"}},
        },
    )
    web = resolved.nodes["web"]
    assert web.workload.model_dump() == {
        "type": "ecs",
        "cluster": "shared",
        "service": "web",
        "task_family": None,
    }
    role = resolved.roles[web.role]
    assert (role.options.path, role.options.max_session_duration) == ("/mesh/", 3600)
    assert role.tags == {"team": "all", "cost": "1"}
    assert str(role.arn).startswith("arn:aws:iam::111111111111:role/mesh/shop-web-")
    assert resolved.nodes["batch"].workload.type == "ec2"


def test_a_nodes_proxy_settings_stand_over_the_files_and_lists_add_up() -> None:
    resolved = mesh(
        proxy={"log_level": "info", "env": {"A": "1", "B": "1"}, "egress_ignored_ports": [2049]},
        nodes={"web": {"proxy": {"env": {"B": "2"}, "egress_ignored_ports": [9000]}, **LISTENING}},
    )
    proxy = resolved.nodes["web"].proxy
    assert (proxy.log_level, proxy.env) == ("info", {"A": "1", "B": "2"})
    assert proxy.egress_ignored_ports == (2049, 9000)


def test_a_cluster_has_the_provider_arn_that_iam_makes_from_its_issuer() -> None:
    resolved = mesh(
        clusters={"main": {"account": "orders", "oidc_issuer": f"https://{ISSUER}"}},
        nodes={"web": {"account": "orders", **eks(), **LISTENING}},
    )
    cluster = resolved.clusters["main"]
    assert cluster.issuer == ISSUER
    assert cluster.provider_arn == f"arn:aws:iam::222222222222:oidc-provider/{ISSUER}"
    (role,) = resolved.roles.values()
    assert (role.compute, role.subjects) == ("irsa", (Subject("main", "shop", "web"),))


def test_an_issuer_known_later_leaves_the_provider_arn_open() -> None:
    issuer = Deferred(("https://", Hole("value", "ISSUER", object())))
    cluster = mesh(clusters={"main": {"oidc_issuer": issuer}}).clusters["main"]
    assert isinstance(cluster.provider_arn, Deferred)
    assert str(cluster.provider_arn) == ("arn:aws:iam::111111111111:oidc-provider/${var.ISSUER}")


@pytest.mark.parametrize("identity", ["irsa", "pod-identity", "node-role"])
def test_an_eks_workload_takes_its_role_as_its_identity_says(identity: str) -> None:
    resolved = mesh(clusters={"main": {}}, nodes={"web": {**eks(identity=identity), **LISTENING}})
    (role,) = resolved.roles.values()
    assert role.compute == identity


def test_principals_are_ids_and_arns_each_once() -> None:
    ou = "arn:aws:organizations::999999999999:ou/o-exampleorg/ou-abcd-12345678"
    resolved = mesh(share={"principals": ["orders", "222222222222", ou]})
    assert resolved.share is not None
    assert resolved.share.principals == ("222222222222", ou)


def test_a_boundary_names_the_account_of_its_role() -> None:
    boundary = Deferred(
        ("arn:", Hole("context", "partition"), ":iam::", Hole("context", "account"), ":policy/b")
    )
    resolved = mesh(
        defaults={"role": {"permissions_boundary": boundary}},
        nodes={"web": {"account": "orders", **LISTENING}},
    )
    (role,) = resolved.roles.values()
    assert boundary.bind(role.owner.context) == "arn:aws:iam::222222222222:policy/b"
