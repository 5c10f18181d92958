"""Real meshes, written as mesh files and deployed, are what their originals say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from meshkit import SharedMesh
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from meshkit.local.services.organization import found_organization
from tests.corpus.cloudformation import Stack
from tests.corpus.read_back import read_back
from tests.corpus.walkthroughs import CORPUS, FIRST, REGION, SECOND, WALKTHROUGHS, Walkthrough

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(),
    reason="the original walkthroughs are not here: set MESHKIT_CORPUS to their folder",
)

MANAGEMENT = "999999999999"
ORGANIZATION = "o-exampleorg1"


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    """Two accounts of one organization, within which shares need no acceptance."""
    with Cloud(account=FIRST, region=REGION) as running:
        found_organization(MANAGEMENT, [FIRST, SECOND], ORGANIZATION)
        running.client("ram", MANAGEMENT).enable_sharing_with_aws_organization()
        yield running


def deploy(walkthrough: Walkthrough, cloud: Cloud) -> None:
    def program() -> None:
        values = {
            name: pulumi.Output.from_input(value) if name in walkthrough.runtime else value
            for name, value in walkthrough.values.items()
        }
        SharedMesh("mesh", walkthrough.mesh_file, values=values)

    outcome = run(program, cloud=cloud)
    assert outcome.failures == ()
    assert outcome.skipped == ()


@pytest.mark.parametrize("walkthrough", WALKTHROUGHS, ids=str)
def test_a_deployed_mesh_file_is_what_its_original_says(
    walkthrough: Walkthrough, cloud: Cloud
) -> None:
    original = walkthrough.original()
    [mesh] = [name[-1] for name in original if name[0] == "Mesh"]
    deploy(walkthrough, cloud)
    accounts = {made.owner for made in original.values()}
    clients = {account: cloud.client("appmesh", account) for account in accounts}
    assert read_back(clients, mesh, FIRST) == original


def test_a_mesh_is_shared_as_its_original_says(cloud: Cloud) -> None:
    walkthrough = WALKTHROUGHS[0]
    deploy(walkthrough, cloud)
    template = CORPUS / walkthrough.folder / "primary-account_share-resources.yaml"
    parameters = {name: str(value) for name, value in walkthrough.values.items()}
    pseudo = {"AWS::Region": REGION, "AWS::AccountId": FIRST}
    original = Stack(template, FIRST, parameters | pseudo).properties("MeshShare")
    ram: Any = cloud.client("ram", FIRST)
    [share] = ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]
    of_share = {"resourceOwner": "SELF", "resourceShareArns": [share["resourceShareArn"]]}
    assert original == {
        "Name": share["name"],
        "AllowExternalPrincipals": share["allowExternalPrincipals"],
        "Principals": [each["id"] for each in ram.list_principals(**of_share)["principals"]],
        "ResourceArns": [each["arn"] for each in ram.list_resources(**of_share)["resources"]],
    }
