"""The same mesh twice, by meshkit and by hand, registered with a mock engine.

``python -m benchmarks.programs meshkit|by-hand NODES [count]`` prints the seconds it took from the
start of the program, when its imports are done, to its last resource, or the number of resources.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
from google.protobuf import empty_pb2
from pulumi.runtime import mocks, settings
from pulumi.runtime.stack import run_in_stack

import meshkit
from benchmarks.sample import mesh_file

if TYPE_CHECKING:
    from collections.abc import Callable

OWNER, CONSUMER = "111111111111", "222222222222"
REGION = "eu-west-1"


class Echo(mocks.Mocks):
    """Answers every resource with its own inputs, and keeps them."""

    def __init__(self) -> None:
        self.resources: list[tuple[str, dict[str, Any]]] = []
        """Type and inputs of each, without components."""

    def call(self, _args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        return {"accountId": OWNER}, []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        if args.custom:
            self.resources.append((args.typ, args.inputs))
        return args.name, {**args.inputs, "arn": f"arn:aws:mock:::{args.name}"}


def by_meshkit(file: Path) -> None:
    """The mesh from its file."""
    meshkit.SharedMesh("shop", file)


def by_hand(nodes: int) -> None:
    """The same resources as a person would write them, with names and ARNs put in as text."""
    owner, consumer = (_provider(account) for account in (OWNER, CONSUMER))
    at_owner = pulumi.ResourceOptions(provider=owner)
    mesh = aws.appmesh.Mesh("shop", name="shop", region=REGION, opts=at_owner)
    share = aws.ram.ResourceShare(
        "shop", name="shop", allow_external_principals=False, region=REGION, opts=at_owner
    )
    association = aws.ram.ResourceAssociation(
        "shop",
        resource_arn=mesh.arn,
        resource_share_arn=share.arn,
        region=REGION,
        opts=at_owner,
    )
    principal = aws.ram.PrincipalAssociation(
        CONSUMER,
        principal=CONSUMER,
        resource_share_arn=share.arn,
        region=REGION,
        opts=at_owner,
    )
    for number in range(nodes):
        foreign = number % 2 == 1
        options = pulumi.ResourceOptions(
            provider=consumer if foreign else owner,
            depends_on=[association, principal] if foreign else [mesh],
        )
        _workload(number, nodes, options, foreign=foreign)


def _provider(account: str) -> aws.Provider:
    role = aws.ProviderAssumeRoleArgs(role_arn=f"arn:aws:iam::{account}:role/deployer")
    return aws.Provider(account, region=REGION, allowed_account_ids=[account], assume_roles=[role])


def _workload(number: int, nodes: int, options: pulumi.ResourceOptions, *, foreign: bool) -> None:
    """One node with its service, role and policy."""
    name = f"node-{number}"
    account, segment = (CONSUMER, f"shop@{OWNER}") if foreign else (OWNER, "shop")
    mesh_owner = OWNER if foreign else None
    role = aws.iam.Role(
        name,
        name=f"shop-{name}",
        assume_role_policy=json.dumps(trust(account)),
        opts=pulumi.ResourceOptions(provider=options.provider),
    )
    arn = f"arn:aws:appmesh:{REGION}:{account}:mesh/{segment}/virtualNode/{name}"
    aws.iam.RolePolicy(
        name,
        name="proxy",
        role=role.name,
        policy=json.dumps(_policy(arn)),
        opts=pulumi.ResourceOptions(provider=options.provider),
    )
    backends = [f"service-{other % nodes}.shop.local" for other in (number + 1, number + 7)]
    node = aws.appmesh.VirtualNode(
        name,
        name=name,
        spec={
            "backends": [{"virtual_service": {"virtual_service_name": each}} for each in backends],
            "listeners": [
                {
                    "port_mapping": {"port": 8080, "protocol": "http"},
                    "health_check": {
                        "protocol": "http",
                        "path": "/healthz",
                        "healthy_threshold": 2,
                        "unhealthy_threshold": 2,
                        "interval_millis": 5000,
                        "timeout_millis": 2000,
                    },
                }
            ],
            "service_discovery": {"dns": {"hostname": f"{name}.shop.local"}},
        },
        mesh_name="shop",
        mesh_owner=mesh_owner,
        region=REGION,
        opts=options,
    )
    aws.appmesh.VirtualService(
        f"service-{number}",
        name=f"service-{number}.shop.local",
        spec={"provider": {"virtual_node": {"virtual_node_name": name}}},
        mesh_name="shop",
        mesh_owner=mesh_owner,
        region=REGION,
        opts=pulumi.ResourceOptions(provider=options.provider, depends_on=[node]),
    )


def trust(account: str) -> dict[str, Any]:
    """Who may take the role of an ECS task."""
    condition = {
        "StringEquals": {"aws:SourceAccount": account},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:{REGION}:{account}:*"},
    }
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Condition": condition,
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _policy(arn: str) -> dict[str, Any]:
    action = "appmesh:StreamAggregatedResources"
    statement = {
        "Sid": "ReadOwnConfiguration",
        "Effect": "Allow",
        "Action": action,
        "Resource": arn,
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def registered(program: Any) -> tuple[float, Echo]:
    """Seconds of one run of a program with a mock engine, and what it registered."""
    echo = Echo()
    monitor: Any = mocks.MockMonitor(echo)
    settings.reset_options(project="bench", stack="bench")
    settings.configure(
        mocks.MockSettings(
            monitor=monitor,
            monitor_features=set(monitor.GetDeploymentInfo(empty_pb2.Empty()).supportedFeatures),
            engine=mocks.MockEngine(None),
            project="bench",
            stack="bench",
        )
    )
    start = time.perf_counter()
    asyncio.run(run_in_stack(program))
    return time.perf_counter() - start, echo


def main(content: Callable[[int], str], written: Callable[[int], None]) -> None:
    """Runs one of the two: the mesh file of so many nodes, or the program written by hand."""
    way, size, *count = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "mesh.yaml")
        file.write_text(content(int(size)))
        if way == "meshkit":
            import_module("meshkit.mesh")  # as programs do at their top
        program = {"meshkit": partial(by_meshkit, file), "by-hand": partial(written, int(size))}
        seconds, made = registered(program[way])
    print(len(made.resources) if count else seconds)


if __name__ == "__main__":
    main(mesh_file, by_hand)
