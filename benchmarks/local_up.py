"""Deploying a mesh of 200 nodes on the local cloud, against doing its two halves by hand.

The reference is registering the same resources with a mock engine, and then making the calls to the
local cloud with boto3, written out one after the other.
"""

from __future__ import annotations

import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.programs import CONSUMER, OWNER, REGION, by_hand, by_meshkit, registered
from benchmarks.row import Row, paired, process, timed
from benchmarks.sample import mesh_file
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from meshkit.local.services.organization import found_organization

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NODES = 200
MANAGEMENT = "999999999999"


def rows() -> Iterator[Row]:
    yield paired(
        f"local up of {NODES} nodes",
        "registration with mocks, and the same boto3 calls by hand",
        process("-m", "benchmarks.local_up", "meshkit", str(NODES)),
        process("-m", "benchmarks.local_up", "by-hand", str(NODES)),
        limit=1.5,
        rounds=5,
    )


def main(
    content: Callable[[int], str],
    written: Callable[[int], None],
    calls: Callable[[int, Cloud], None],
) -> None:
    """Prints the seconds of one of the two, for a mesh of so many nodes.

    ``content`` is its file, ``written`` its program by hand, ``calls`` what boto3 is asked for.
    """
    way, nodes = sys.argv[1], int(sys.argv[2])
    with Cloud(account=OWNER, region=REGION) as cloud:
        found_organization(MANAGEMENT, [OWNER, CONSUMER], "o-exampleorg1")
        cloud.client("ram", MANAGEMENT).enable_sharing_with_aws_organization()
        if way == "meshkit":
            print(_up(content(nodes), cloud))
        else:
            seconds, _ = registered(partial(written, nodes))
            print(seconds + timed(partial(calls, nodes, cloud))())


def _up(content: str, cloud: Cloud) -> float:
    """Seconds to run the program on the local cloud."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "mesh.yaml")
        file.write_text(content)
        start = time.perf_counter()
        outcome = run(partial(by_meshkit, file), cloud=cloud)
        seconds = time.perf_counter() - start
    if not outcome.ok:
        raise SystemExit(f"the program failed: {outcome.failures[:1]}")
    return seconds


def _calls(nodes: int, cloud: Cloud) -> None:
    mesh: Any = cloud.client("appmesh", OWNER, REGION)
    ram: Any = cloud.client("ram", OWNER, REGION)
    made = mesh.create_mesh(meshName="shop")["mesh"]
    share = ram.create_resource_share(name="shop", allowExternalPrincipals=False)
    share_arn = share["resourceShare"]["resourceShareArn"]
    arns = [made["metadata"]["arn"]]
    ram.associate_resource_share(resourceShareArn=share_arn, resourceArns=arns)
    ram.associate_resource_share(resourceShareArn=share_arn, principals=[CONSUMER])
    for number in range(nodes):
        account = (OWNER, CONSUMER)[number % 2]
        _workload(number, nodes, cloud, account)


def _workload(number: int, nodes: int, cloud: Cloud, account: str) -> None:
    iam: Any = cloud.client("iam", account, REGION)
    mesh: Any = cloud.client("appmesh", account, REGION)
    name = f"node-{number}"
    iam.create_role(RoleName=f"shop-{name}", AssumeRolePolicyDocument="{}")
    iam.put_role_policy(RoleName=f"shop-{name}", PolicyName="proxy", PolicyDocument=POLICY)
    backends = [f"service-{other % nodes}.shop.local" for other in (number + 1, number + 7)]
    check = {
        "protocol": "http",
        "path": "/healthz",
        "healthyThreshold": 2,
        "unhealthyThreshold": 2,
        "intervalMillis": 5000,
        "timeoutMillis": 2000,
    }
    mesh.create_virtual_node(
        meshName="shop",
        meshOwner=OWNER,
        virtualNodeName=name,
        spec={
            "backends": [{"virtualService": {"virtualServiceName": each}} for each in backends],
            "listeners": [
                {"portMapping": {"port": 8080, "protocol": "http"}, "healthCheck": check}
            ],
            "serviceDiscovery": {"dns": {"hostname": f"{name}.shop.local"}},
        },
    )
    mesh.create_virtual_service(
        meshName="shop",
        meshOwner=OWNER,
        virtualServiceName=f"service-{number}.shop.local",
        spec={"provider": {"virtualNode": {"virtualNodeName": name}}},
    )


STATEMENT = '{"Effect": "Allow", "Action": "appmesh:StreamAggregatedResources", "Resource": "*"}'
POLICY = f'{{"Version": "2012-10-17", "Statement": [{STATEMENT}]}}'


if __name__ == "__main__":
    main(mesh_file, by_hand, _calls)
