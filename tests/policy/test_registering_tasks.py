"""The role with which ECS registers tasks: how many target groups it can name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from meshkit import MeshkitError, SharedMesh
from meshkit.policy.fitting import check_file
from meshkit.policy.lattice_targets import group_arn, infrastructure_policies
from meshkit.policy.size import size
from meshkit.topology.slices.lattice import task_groups
from tests.programs import run_program
from tests.topology.lattice.meshes import compiled, node

if TYPE_CHECKING:
    from pulumi.runtime.mocks import MockResourceArgs

    from meshkit.policy.document import Document

GROUP = "aws:vpclattice/targetGroup:TargetGroup"
INLINE = "aws:iam/rolePolicy:RolePolicy"
LONGEST = "ap-southeast-1"
"""No region of the partition has a longer name."""
RAISED = {"services_per_network": 2000, "target_groups_per_account": 2000}


def mesh(services: int, kind: str = "ecs") -> dict[str, Any]:
    """Services of one account before one node of ECS."""
    return {
        "name": "shop",
        "data_plane": "vpc-lattice",
        "region": LONGEST,
        "owner": "network",
        "accounts": {"network": {"id": "111111111111", "vpc_id": "vpc-1"}},
        "quotas": RAISED,
        "nodes": {"web": node(workload={"type": kind})},
        "services": {f"s{number}": {"node": "web"} for number in range(services)},
    }


def findings(data: dict[str, Any]) -> list[str]:
    return [str(each) for each in check_file(data).findings if each.severity == "error"]


def test_as_many_groups_as_an_account_has_by_default_fit() -> None:
    assert findings(mesh(500)) == []


def test_more_groups_than_a_role_can_name_are_told_before_anything_is_registered() -> None:
    data = mesh(800)

    (found,) = findings(data)
    assert found == (
        "accounts.network: MK723 ECS registers tasks in 800 target groups by one role: the role "
        "needs 12 managed policies beside 0 others, and IAM attaches 10: move services to other "
        "accounts, or put load balancers before tasks (lattice.alb)"
    )
    with pytest.raises(MeshkitError, match=r"accounts\.network: MK723"):
        run_program(lambda: SharedMesh("shop", data))


def test_groups_whose_targets_ecs_does_not_register_do_not_count() -> None:
    assert findings(mesh(800, "ec2")) == []


@pytest.mark.parametrize("services", [1, 100, 500, 700])
def test_groups_not_made_yet_take_as_much_room_as_those_made(services: int) -> None:
    lattice = compiled(
        **{each: mesh(services)[each] for each in ("region", "quotas", "nodes", "services")}
    )
    (groups,) = task_groups(lattice).values()
    unknown = [group_arn(lattice.mesh, service.owner, group) for service, group in groups]
    head = f"arn:aws:vpc-lattice:{LONGEST}:111111111111:targetgroup/tg-"
    known = [f"{head}{number:017x}" for number in range(services)]

    assert [*map(size, documents(unknown))] == [*map(size, documents(known))]


def test_the_role_names_each_group_that_is_made_by_one_policy_where_that_is_enough() -> None:
    def made_of(args: MockResourceArgs) -> dict[str, str]:
        return {"arn": f"arn:aws:vpc-lattice:::{args.name:-<64}"}

    graph = run_program(lambda: SharedMesh("shop", mesh(100)), made_of=made_of)

    (policy,) = (each for each in graph.of_type(INLINE) if each.name == "shop-ecs-network")
    by_sid = {each["Sid"]: each for each in json.loads(policy.inputs["policy"])["Statement"]}
    arns = sorted(each.outputs["arn"] for each in graph.of_type(GROUP))
    assert by_sid["RegisterTasks"]["Resource"] == arns
    assert len(arns) == 100


def documents(arns: list[Any]) -> tuple[Document, ...]:
    policies = infrastructure_policies(arns)
    return (*((policies.inline,) if policies.inline else ()), *policies.managed)
