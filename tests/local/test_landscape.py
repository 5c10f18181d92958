"""What a mesh file makes of a local cloud before its program runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.sample import mesh_file
from meshkit.config.quotas import Quotas
from meshkit.local.cloud import Cloud
from meshkit.local.landscape import LATTICE_QUOTAS, QUOTAS, landscape_of
from meshkit.local.program import run
from meshkit.local.services.appmesh.backend import backend
from meshkit.local.services.appmesh.kinds import DEFAULT_QUOTAS
from meshkit.local.services.vpclattice.backend import backend as lattice_of
from meshkit.local.services.vpclattice.quotas import QUOTAS as LATTICE

if TYPE_CHECKING:
    from pathlib import Path

OWNER, REGION = "111111111111", "eu-west-1"


def test_quotas_that_the_file_states_hold_in_the_owners_account(tmp_path: Path) -> None:
    text = mesh_file(2).replace("virtual_nodes_per_mesh: 200", "virtual_nodes_per_mesh: 321")
    tmp_path.joinpath("mesh.yaml").write_text(text)
    with Cloud():
        landscape_of(tmp_path, {}).found()
        raised = backend(OWNER, REGION).quotas
        assert {**DEFAULT_QUOTAS, QUOTAS["virtual_nodes_per_mesh"]: 321} == raised
        assert backend("222222222222", REGION).quotas == DEFAULT_QUOTAS


def test_files_of_one_landscape_with_other_quotas_still_share_it(tmp_path: Path) -> None:
    for number in (1, 2):
        text = mesh_file(2, f"mesh-{number}").replace("_per_mesh: 200", f"_per_mesh: {number}99")
        tmp_path.joinpath(f"{number}.yaml").write_text(text)
    found = landscape_of(tmp_path, {})
    assert found.organization == "o-exampleorg1"
    assert {quota.limit for quota in found.quotas} == {199, 299}


def test_quotas_of_vpc_lattice_hold_in_every_account(tmp_path: Path) -> None:
    text = mesh_file(2).replace("virtual_nodes_per_mesh: 200", "rules_per_listener: 32")
    tmp_path.joinpath("mesh.yaml").write_text(text)
    found = landscape_of(tmp_path, {})
    accounts = {quota.account for quota in found.quotas if quota.service == "vpc-lattice"}
    with Cloud():
        found.found()
        rules = {lattice_of(account, REGION).quotas["L-CF78395E"] for account in accounts}

    assert OWNER in accounts
    assert len(accounts) > 1
    assert rules == {32}


def test_every_quota_of_a_mesh_file_has_its_code() -> None:
    assert set(QUOTAS.values()) == set(DEFAULT_QUOTAS)
    assert set(LATTICE_QUOTAS.values()) < {quota.code for quota in LATTICE}
    of_ram = {"principals_per_share", "pending_invitations"}
    assert QUOTAS.keys() | LATTICE_QUOTAS.keys() | of_ram == Quotas.model_fields.keys()


ZONE = """
landing_zone: acme
region: eu-west-1
organization: {id: o-exampleorg1, management_account: "111111111111"}
email_template: aws+%s@acme.io
identity_providers: {ci: {oidc: {url: "https://ci.acme.io", audiences: [aws]}}}
roles:
  reader:
    provider: ci
    subjects: [main]
    managed_policies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
units:
  work: {import: ou-ab12-00000001, units: {prod: {import: ou-ab12-00000002}}}
accounts:
  old:
    import: "444444444444"
    email: old@acme.io
    unit: work/prod
    tags: {team: a}
    roles: [reader]
  new: {unit: work/prod}
"""
PROGRAM = """
import meshkit

meshkit.LandingZone("acme", "landing-zone.yaml")
"""


def test_what_a_landing_zone_takes_over_is_there(tmp_path: Path) -> None:
    tmp_path.joinpath("landing-zone.yaml").write_text(ZONE)
    tmp_path.joinpath("Pulumi.yaml").write_text("name: zone\nruntime: python\n")
    tmp_path.joinpath("__main__.py").write_text(PROGRAM)
    landscape = landscape_of(tmp_path, {})
    with Cloud(account=landscape.account, region=REGION) as cloud:
        landscape.found()
        outcome = run(tmp_path, cloud=cloud)
        organizations = cloud.client("organizations")
        below = organizations.list_accounts_for_parent(ParentId="ou-ab12-00000002")["Accounts"]
        tags = organizations.list_tags_for_resource(ResourceId="444444444444")["Tags"]
        roles = cloud.client("iam", "444444444444").list_roles()["Roles"]

    assert (outcome.failures, outcome.skipped) == ((), ())
    assert {each["Name"] for each in below} == {"acme.old", "acme.new"}
    assert tags == [{"Key": "team", "Value": "a"}]
    assert "reader" in {each["RoleName"] for each in roles}
