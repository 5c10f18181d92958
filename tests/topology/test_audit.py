"""In whose account an audit trail is, what it is called, and of whom it tells."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.policy.audit import TrailScope
from meshkit.topology.audit import bucket_name
from meshkit.topology.check import check
from meshkit.topology.model import ResolvedAudit, ResolvedMesh
from meshkit.topology.slices import plan, slice_of

OWNER, TEAM, MANAGEMENT = "111111111111", "222222222222", "999999999999"
LISTENERS = [{"port": 8080, "protocol": "http"}]
NODE = {"listeners": LISTENERS, "service_discovery": {"dns": "a.local"}}
TOPIC = f"arn:aws:sns:eu-west-1:{OWNER}:on-call"
ORGANIZATION = {
    "id": "o-exampleorg1",
    "management_account": MANAGEMENT,
    "sharing_enabled": True,
}


def mesh_file(audit: dict[str, Any], **sections: Any) -> dict[str, Any]:
    return {
        "name": "shop",
        "region": "eu-west-1",
        "owner": "network",
        "organization": ORGANIZATION,
        "accounts": {
            "network": {"id": OWNER},
            "team": {"id": TEAM},
            "management": {"id": MANAGEMENT},
        },
        "share": {"principals": ["team"]},
        "nodes": {"web": {**NODE, "account": "team"}, "api": NODE},
        "services": {"web.local": {"node": "web"}},
        "audit": {"topics": [TOPIC], **audit},
        **sections,
    }


def resolved(audit: dict[str, Any], **sections: Any) -> ResolvedMesh:
    return check(mesh_file(audit, **sections)).resolve()


def audit_of(mesh: ResolvedMesh) -> ResolvedAudit:
    assert mesh.audit is not None
    return mesh.audit


def test_it_is_the_mesh_owner_s_and_tells_of_the_owner_s_roles() -> None:
    mesh = resolved({})

    audit = audit_of(mesh)
    assert (audit.owner.id, audit.organization) == (OWNER, None)
    assert (audit.name, audit.log_group) == ("shop-audit", "/meshkit/shop-audit")
    assert audit.bucket == f"shop-audit-{OWNER}-eu-west-1"
    own = [role.name for role in mesh.roles.values() if role.owner.id == OWNER]
    assert list(audit.roles) == own
    assert len(own) == 1


def test_it_tells_of_the_roles_of_people_too() -> None:
    trust = {"accounts": {"principals": [OWNER]}}
    mesh = resolved({}, operators={"people": {"tier": "viewer", "trust": trust}})

    audit = audit_of(mesh)
    assert mesh.operators["people"].name in audit.roles


def test_an_organization_s_is_the_management_account_s_and_tells_of_all_roles() -> None:
    mesh = resolved({"organization": True})

    audit = audit_of(mesh)
    assert (audit.owner.key, audit.owner.id) == ("management", MANAGEMENT)
    assert audit.organization == "o-exampleorg1"
    assert set(audit.roles) == {role.name for role in mesh.roles.values()}


def test_what_the_file_says_wins() -> None:
    said = {"name": "company", "log_group": "trail", "bucket": {"name": "logs"}, "roles": ["x-*"]}
    audit = audit_of(resolved(said))
    assert (audit.name, audit.log_group, audit.bucket) == ("company", "trail", "logs")
    assert audit.roles == ("x-*",)


@pytest.mark.parametrize(("organization", "account"), [(False, "network"), (True, "management")])
def test_the_account_of_the_trail_makes_it_in_the_foundation(
    organization: bool, account: str
) -> None:
    mesh = resolved({"organization": organization})

    made = {
        (each.account, each.phase): [part.kind for part in each.parts] for each in plan(mesh).slices
    }
    assert [key for key, kinds in made.items() if "audit trail" in kinds] == [
        (account, "foundation")
    ]
    for key in ("network", "team", "management"):
        assert (slice_of(mesh, key, "foundation").audit is not None) == (key == account)
        assert slice_of(mesh, key, "endpoints").audit is None


def test_it_is_there_on_vpc_lattice_too() -> None:
    mesh = resolved({}, data_plane="vpc-lattice", nodes={}, services={})
    slices = plan(mesh).slices
    assert "audit trail" in [part.kind for each in slices for part in each.parts]


def test_a_file_without_it_has_none() -> None:
    data = mesh_file({})
    del data["audit"]
    assert check(data).resolve().audit is None


def test_an_account_that_only_audits_does_not_accept_the_share() -> None:
    mesh = resolved({"organization": True})
    kinds = [part.kind for part in slice_of(mesh, "management").parts]
    assert kinds == ["audit trail"]


def test_the_name_of_a_bucket_fits_whatever_the_trail_is_called() -> None:
    short = bucket_name("shop-audit", OWNER, "eu-west-1")
    assert short == f"shop-audit-{OWNER}-eu-west-1"
    for trail in ("a" * 128, "Shop_Of.Things" * 4):
        name = bucket_name(trail, OWNER, "ap-northeast-1")
        assert len(name) <= 63
        TrailScope(account=OWNER, region="eu-west-1", trail="shop", bucket=name, log_group="g")
    assert bucket_name("a" * 128, OWNER, "eu-west-1") != bucket_name("a" * 127, OWNER, "eu-west-1")


@pytest.mark.parametrize(
    ("nodes", "warned"),
    [({"api": NODE}, False), ({"api": {**NODE, "account": "management"}}, True)],
)
def test_the_management_account_may_audit_and_no_more(nodes: dict[str, Any], warned: bool) -> None:
    share = {"principals": ["team", "management"]}
    file = mesh_file({"organization": True}, nodes=nodes, services={}, share=share)
    codes = {finding.code for finding in check(file).findings}
    assert ("MK811" in codes) is warned
