"""Development, staging and production of one file stand beside each other in one account."""

from __future__ import annotations

from pathlib import Path

from meshkit.local.cloud import Cloud
from meshkit.local.program import run

EXAMPLE = Path(__file__).parents[2] / "examples" / "environments"
GREEN = {"development": 100, "staging": 50, "production": 10}


def test_all_environments_stand_side_by_side() -> None:
    with Cloud(account="111111111111", region="eu-west-1") as cloud:
        outcomes = {stack: run(EXAMPLE, cloud=cloud, stack=stack) for stack in GREEN}
        appmesh, iam = cloud.client("appmesh"), cloud.client("iam")
        meshes = {each["meshName"] for each in appmesh.list_meshes()["meshes"]}
        weights = {
            stack: {
                target["virtualNode"]: target["weight"]
                for target in appmesh.describe_route(
                    meshName=f"store-{stack}", virtualRouterName="catalog", routeName="versions"
                )["route"]["spec"]["httpRoute"]["action"]["weightedTargets"]
            }
            for stack in GREEN
        }
        roles = {each["RoleName"] for each in iam.list_roles(PathPrefix="/mesh/")["Roles"]}

    assert {stack: (each.failures, each.skipped) for stack, each in outcomes.items()} == (
        dict.fromkeys(GREEN, ((), ()))
    )
    assert meshes == {f"store-{stack}" for stack in GREEN}
    assert weights == {
        stack: {"catalog-blue": 100 - green, "catalog-green": green}
        for stack, green in GREEN.items()
    }
    assert len(roles) == 3 * len(GREEN)
