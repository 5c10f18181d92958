"""Updates that meet a failing cloud, a killed engine, or each other."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import automation as auto

from meshkit.local.plugin import resource
from meshkit.local.providers import Provider
from meshkit.local.resources import TYPES
from tests.engine.harness import Engine, ServedCloud, counts, resources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from multiprocessing.sharedctypes import Synchronized
    from pathlib import Path

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]

NODES = 6
MESH = "aws:appmesh/mesh:Mesh"
NODE = "aws:appmesh/virtualNode:VirtualNode"
ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"
IDS = {
    f"{MESH}::mesh": "shop",
    **{f"{NODE}::node-{number}": f"shop/node-{number}" for number in range(NODES)},
    **{f"{ROLE}::node-{number}": f"node-{number}" for number in range(NODES)},
    **{f"{POLICY}::node-{number}": f"node-{number}:mesh" for number in range(NODES)},
}
NONE: Mapping[str, str] = {}
MADE = 3 + 3 * NODES
"""The stack, its provider, the mesh; for each node itself, its role, the role's policy."""
KILLS = 20
FRESH = multiprocessing.get_context("forkserver")
FRESH.set_forkserver_preload([__name__])
ACCOUNT = "111111111111"
ACTION = "appmesh:StreamAggregatedResources"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def program(
    account: str = ACCOUNT, max_retries: int | None = None, adopt: Mapping[str, str] = NONE
) -> None:
    """A mesh whose nodes have a role and a policy each.

    `adopt` are ids of resources to import, by type and name.
    """

    def here(key: str) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(provider=provider, import_=adopt.get(key))

    role_arn = f"arn:aws:iam::{account}:role/deployer"
    provider = aws.Provider(
        "account",
        region="eu-west-1",
        max_retries=max_retries,
        assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=role_arn)],
    )
    mesh = aws.appmesh.Mesh("mesh", name="shop", opts=here(f"{MESH}::mesh"))
    for number in range(NODES):
        name = f"node-{number}"
        node = aws.appmesh.VirtualNode(
            name, name=name, mesh_name=mesh.name, spec={}, opts=here(f"{NODE}::{name}")
        )
        role = aws.iam.Role(name, name=name, assume_role_policy=TRUST, opts=here(f"{ROLE}::{name}"))
        statement = {"Effect": "Allow", "Action": ACTION, "Resource": node.arn}
        policy = pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [statement]})
        aws.iam.RolePolicy(
            name, name="mesh", role=role.name, policy=policy, opts=here(f"{POLICY}::{name}")
        )


def in_cloud(served: ServedCloud, account: str) -> dict[str, int]:
    appmesh = served.cloud.client("appmesh", account, "eu-west-1")
    meshes = appmesh.list_meshes()["meshes"]
    nodes = [
        node
        for mesh in meshes
        for node in appmesh.list_virtual_nodes(meshName=mesh["meshName"])["virtualNodes"]
    ]
    iam = served.cloud.client("iam", account, "eu-west-1")
    roles = [role["RoleName"] for role in iam.list_roles()["Roles"] if role["Path"] == "/"]
    policies = [
        name for role in roles for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
    ]
    found = {"meshes": meshes, "nodes": nodes, "roles": roles, "policies": policies}
    return {kind: len(each) for kind, each in found.items()}


WHOLE = {"meshes": 1, "nodes": NODES, "roles": NODES, "policies": NODES}
NOTHING = dict.fromkeys(WHOLE, 0)


def test_an_update_completes_through_faults(
    engine: Engine, served: ServedCloud, record_property: Callable[[str, object], None]
) -> None:
    stack = engine.stack(program)
    served.faults.every = 4
    made = counts(stack.up().summary)
    stack.refresh(expect_no_changes=True)
    stack.preview(expect_no_changes=True)
    assert made == {"create": MADE}
    assert in_cloud(served, ACCOUNT) == WHOLE

    stack.destroy()
    assert in_cloud(served, ACCOUNT) == NOTHING
    assert all(served.faults.injected[way] for way in served.faults.WAYS)
    told = ", ".join(f"{number} x {way}" for way, number in served.faults.injected.items())
    record_property("engine", f"faults injected while {MADE} resources came and went: {told}")


def test_an_update_stops_with_the_error_of_aws_and_the_next_one_completes(
    engine: Engine, served: ServedCloud
) -> None:
    stack = engine.stack(partial(program, max_retries=1))
    served.faults.every, served.faults.ways = 2, ("throttling",)
    served.faults.before = lambda number: setattr(served.faults, "every", 1 if number > 8 else 0)
    with pytest.raises(auto.CommandError, match=r"ThrottlingException|Throttling.*Rate exceeded"):
        stack.up()

    served.faults.before = lambda _: None
    served.faults.every = 0
    stack.up()
    stack.preview(expect_no_changes=True)
    assert in_cloud(served, ACCOUNT) == WHOLE


def update(
    account: str, project: str, options: Mapping[str, Any], root: str, engine: Synchronized[int]
) -> None:
    """Run an update in a process of its own, and tell the process of its engine."""

    class Told(subprocess.Popen[Any]):
        def __init__(self, *args: Any, **keywords: Any) -> None:
            super().__init__(*args, **keywords)
            engine.value = self.pid

    subprocess.Popen = Told  # type: ignore[misc]
    workspace = auto.LocalWorkspaceOptions(**options, pulumi_command=auto.PulumiCommand(root=root))
    auto.select_stack("local", project, partial(program, account), opts=workspace).up()


def test_a_killed_engine_loses_nothing_and_makes_nothing_twice(
    engine: Engine,
    served: ServedCloud,
    record_property: Callable[[str, object], None],
) -> None:
    stack = engine.stack(program)
    served.faults.restart()
    requests: list[int] = []
    served.faults.before = requests.append
    stack.up()
    assert len(requests) >= KILLS, "too few for so many different moments"

    killed = adopted = torn = 0
    for kill in range(KILLS):
        moment = 1 + kill * len(requests) // KILLS
        account = f"{200000000000 + kill}"
        stack = engine.stack(partial(program, account), f"kill{kill}")
        killed += up_killed_at(engine, account, f"kill{kill}", moment)
        torn += restored(engine, f"kill{kill}")
        stack.cancel()
        found = unheard_of(stack, served, account)
        adopted += len(found)
        stack.up(program=partial(program, account, adopt=found))
        stack.preview(expect_no_changes=True)
        assert in_cloud(served, account) == WHOLE, f"killed at request {moment}"
    assert killed == KILLS
    record_property(
        "engine",
        f"{killed} kills over {len(requests)} requests: {adopted} creates without an answer "
        f"imported, {torn} torn checkpoints restored, 0 lost, 0 made twice",
    )


def up_killed_at(engine: Engine, account: str, project: str, moment: int) -> bool:
    """Run an update whose engine dies at a request; the cloud still carries that one out.

    The program dies with its engine, as it does in the hands of users. Here it would live
    on, and spoil the connections of the next engine that gets the same port.
    """
    options = {"env_vars": engine.environment, "work_dir": str(engine.folder / "work" / project)}
    pid = FRESH.Value("i")
    running = FRESH.Process(
        target=update, args=(account, project, options, str(engine.folder / "root"), pid)
    )
    hit = threading.Event()

    def kill(number: int) -> None:
        if number == moment:
            os.kill(pid.value, signal.SIGKILL)
            running.kill()
            hit.set()

    faults = engine.served.faults
    faults.restart()
    faults.before = kill
    running.start()
    running.join()
    faults.before = lambda _: None
    faults.wait_for_silence()
    return hit.is_set()


def restored(engine: Engine, project: str) -> bool:
    """Mend what the file backend had begun to write: the checkpoint, or its description."""
    checkpoint = engine.folder / "state" / ".pulumi" / "stacks" / project / "local.json"
    description = checkpoint.with_name("local.json.attrs")
    torn = [path for path in (checkpoint, description) if path.exists() and not whole(path)]
    for path in torn:
        path.unlink()
    if checkpoint in torn:
        shutil.copy(f"{checkpoint}.bak", checkpoint)
    return bool(torn)


def whole(path: Path) -> bool:
    try:
        json.loads(path.read_text("utf-8"))
    except ValueError:
        return False
    return True


def unheard_of(stack: auto.Stack, served: ServedCloud, account: str) -> dict[str, str]:
    """Forget pending creates, and return what the cloud has all the same: by type and name.

    Only the user can know that the cloud carried a create out whose answer got lost.
    """
    stack.refresh(clear_pending_creates=True)
    known = {urn.split("::", 2)[2] for urn in resources(stack)}
    here = Provider(account, "eu-west-1").aws(served.cloud)
    return {
        key: id_
        for key, id_ in IDS.items()
        if key not in known and resource.read(TYPES[key.split("::")[0]], here, id_, {}, {})
    }


def test_a_second_update_at_the_same_time_is_refused(engine: Engine, served: ServedCloud) -> None:
    first = engine.stack(program)
    under_way, go_on = threading.Event(), threading.Event()

    def wait(_: int) -> None:
        under_way.set()
        go_on.wait(60)

    served.faults.before = wait
    outcome: list[Any] = []
    running = threading.Thread(target=lambda: outcome.append(first.up()))
    running.start()
    assert under_way.wait(60)
    second = Engine(engine.binary, engine.folder, served).stack(program)
    try:
        with pytest.raises(auto.ConcurrentUpdateError):
            second.up()
    finally:
        go_on.set()
        running.join()
    assert counts(outcome[0].summary) == {"create": MADE}
