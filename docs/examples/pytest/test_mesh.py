"""What a team may test of its own program: it is deployed in seconds, in this process."""

import json
from pathlib import Path

from meshkit.local.cloud import Cloud
from meshkit.local.program import run

PROGRAM = Path(__file__).parent.parent / "hello"


def test_everything_is_created() -> None:
    result = run(PROGRAM)

    assert result.ok, (result.failures, result.skipped)


def test_the_role_of_web_reads_its_own_configuration_and_nothing_else() -> None:
    result = run(PROGRAM)

    policies = result.graph.of_type("aws:iam/rolePolicy:RolePolicy")
    (web,) = [policy for policy in policies if policy.name == "hello-node-web"]
    assert json.loads(web.inputs["policy"])["Statement"] == [
        {
            "Sid": "ReadOwnConfiguration",
            "Effect": "Allow",
            "Action": "appmesh:StreamAggregatedResources",
            "Resource": "arn:aws:appmesh:eu-west-1:111111111111:mesh/hello/virtualNode/web",
        }
    ]


def test_the_mesh_has_both_nodes() -> None:
    with Cloud(account="111111111111") as cloud:
        run(PROGRAM, cloud=cloud)
        nodes = cloud.client("appmesh", region="eu-west-1").list_virtual_nodes(meshName="hello")

    assert {node["virtualNodeName"] for node in nodes["virtualNodes"]} == {"web", "api"}
