"""The rights in a shared mesh over what is there already: seen, changed, tagged and deleted.

Three accounts make the same parts with components; one of them loses the share then. After that
each of four accounts goes over each part with the calls that a stack makes for it, and ends as the
row of the local cloud's own table says.
"""

from __future__ import annotations

import copy
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pulumi
import pulumi_aws as aws
import pytest
from botocore.exceptions import ClientError

import meshkit
from meshkit.local.cloud import Cloud
from meshkit.local.plugin import resource
from meshkit.local.program import run
from meshkit.local.providers import Provider
from meshkit.local.resources import INVOKES, TYPES
from meshkit.local.services.appmesh.backend import backend as meshes_of
from tests.local.services.test_rights import ACTORS, CONSUMER_KINDS, OUTCOMES, OWNER_KINDS, ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.graph import Resource

REGION = "eu-west-1"
OWNER, LEAVER = ACTORS["owner"], ACTORS["ex-consumer"]
MESH = f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/shop"
CREATORS = {"o": OWNER, "c": ACTORS["consumer"], "x": LEAVER}
HOME = {"listeners": [{"port": 8080, "protocol": "http"}]}
TAGGED = {"tags": {"team": "shop"}}
VERBS = ("describe", "update", "delete")
PORT, OTHER_PORT = 8080, 8081
"""The edit that a stack brings: another port of a listener, or another prefix of a route."""


def listeners(port: int) -> list[dict[str, Any]]:
    return [{"port": port, "protocol": "http"}]


def token(kind: str) -> str:
    """Return the type of a kind, as `aws:appmesh/virtualNode:VirtualNode`."""
    name = "".join(each.title() for each in kind.split("_"))
    return f"aws:appmesh/{name[0].lower()}{name[1:]}:{name}"


def look_up(kind: str) -> str:
    """Return the data source of a kind, as `aws:appmesh/getVirtualNode:getVirtualNode`."""
    name = token(kind).rpartition(":")[2]
    return f"aws:appmesh/get{name}:get{name}"


def parts(creator: str, port: int) -> None:
    """Make every kind of part that the account may, under its own provider."""
    account = CREATORS[creator]
    role = f"arn:aws:iam::{account}:role/deployer"
    caller = aws.Provider(creator, region=REGION, assume_roles=[{"role_arn": role}])
    opts = pulumi.ResourceOptions(provider=caller)
    mesh = "shop" if account == OWNER else meshkit.SharedMeshRef("shop", owner=OWNER)
    free, used, home = f"{creator}-free", f"{creator}-used", f"{creator}-home"
    spec = {"listeners": listeners(port)}
    first = [
        meshkit.VirtualNode(used, meshkit.VirtualNodeArgs(mesh=mesh, spec={}), opts),
        meshkit.VirtualRouter(home, meshkit.VirtualRouterArgs(mesh=mesh, spec=HOME), opts),
    ]
    node = {**spec, "service_discovery": {"dns": "a.local"}}
    meshkit.VirtualNode(free, meshkit.VirtualNodeArgs(mesh=mesh, spec=node), opts)
    meshkit.VirtualRouter(free, meshkit.VirtualRouterArgs(mesh=mesh, spec=spec), opts)
    then = pulumi.ResourceOptions(provider=caller, depends_on=first)
    route = {"http": {"match": {"prefix": f"/{port}"}, "targets": {used: 1}}}
    meshkit.Route(free, meshkit.RouteArgs(mesh=mesh, router=home, spec=route), then)
    provider: dict[str, Any] = {"node": used} if port == PORT else {"router": home}
    meshkit.VirtualService(free, meshkit.VirtualServiceArgs(mesh=mesh, **provider), then)
    if account == OWNER:
        gateways(then, port)


def gateways(then: pulumi.ResourceOptions, port: int) -> None:
    """Make what the owner alone may."""
    used = meshkit.VirtualServiceArgs(mesh="shop", node="o-used")
    front = meshkit.VirtualGatewayArgs(mesh="shop", spec=HOME)
    first = [
        meshkit.VirtualService("o-used", used, then),
        meshkit.VirtualGateway("o-front", front, then),
    ]
    free = meshkit.VirtualGatewayArgs(mesh="shop", spec={"listeners": listeners(port)})
    meshkit.VirtualGateway("o-free", free, then)
    spec = {"http": {"match": {"prefix": f"/{port}"}, "service": "o-used"}}
    route = meshkit.GatewayRouteArgs(mesh="shop", gateway="o-front", spec=spec)
    later = pulumi.ResourceOptions(depends_on=first)
    meshkit.GatewayRoute("o-free", route, pulumi.ResourceOptions.merge(then, later))


class World(NamedTuple):
    """A cloud with the parts of three accounts, and what an edit of their programs brings."""

    cloud: Cloud
    made: dict[tuple[str, str], Resource]
    edited: dict[tuple[str, str], Resource]


def share_with_all(cloud: Cloud) -> str:
    cloud.client("appmesh", OWNER).create_mesh(meshName="shop")
    ram = cloud.client("ram", OWNER)
    others = [account for account in CREATORS.values() if account != OWNER]
    made = ram.create_resource_share(name="shop", resourceArns=[MESH], principals=others)
    for account in others:
        theirs = cloud.client("ram", account)
        (invitation,) = theirs.get_resource_share_invitations()["resourceShareInvitations"]
        theirs.accept_resource_share_invitation(
            resourceShareInvitationArn=invitation["resourceShareInvitationArn"]
        )
    return str(made["resourceShare"]["resourceShareArn"])


def registered(cloud: Cloud, port: int) -> dict[tuple[str, str], Resource]:
    """Run the programs of all three; return what they registered, by type and name."""
    found: dict[tuple[str, str], Resource] = {}
    for creator in CREATORS:
        done = run(partial(parts, creator, port), cloud=cloud)
        assert (done.failures, done.skipped) == ((), ())
        found |= {(each.type, each.inputs.get("name", "")): each for each in done.graph}
    return found


@pytest.fixture(scope="module")
def built() -> Iterator[World]:
    with Cloud(account=OWNER, region=REGION) as before:
        share_with_all(before)
        edited = registered(before, OTHER_PORT)
    with Cloud(account=OWNER, region=REGION) as cloud:
        share = share_with_all(cloud)
        made = registered(cloud, PORT)
        ram = cloud.client("ram", OWNER)
        ram.disassociate_resource_share(resourceShareArn=share, principals=[LEAVER])
        yield World(cloud, made, edited)


@pytest.fixture
def world(built: World) -> Iterator[World]:
    """The same for each test, whatever the one before changed."""
    meshes = meshes_of(OWNER, REGION)
    saved = copy.deepcopy(meshes.store)
    yield built
    meshes.store = saved


def ask(world: World, actor: str, verb: str, kind: str, name: str) -> None:
    """Make the calls of a stack of the actor: to look the part up, or with it in its state."""
    type_, made = TYPES[token(kind)], world.made[token(kind), name]
    here = Provider(ACTORS[actor], REGION).aws(world.cloud)
    id_ = str(made.outputs["id"])
    if verb == "describe":
        found = INVOKES[look_up(kind)](here, {**made.inputs, "meshOwner": OWNER})
        assert found["arn"] == made.outputs["arn"]
    elif verb == "delete":
        resource.delete(type_, here, id_, made.outputs)
    else:
        inputs = (
            {**made.inputs, **TAGGED} if verb == "tag" else world.edited[token(kind), name].inputs
        )
        resource.update(type_, here, id_, inputs, (made.inputs, made.outputs))


def rows_of_parts() -> Iterator[tuple[str, str, str, str, str | None]]:
    """Yield actor, verb, kind, name and refusal, of the rows about a part that is there."""
    for row in ROWS:
        verb, _, kind = row.operation.partition("_")
        if verb not in VERBS or kind not in (*CONSUMER_KINDS, *OWNER_KINDS):
            continue
        name = next(each for each in row.names.values() if str(each).endswith("-free"))
        for actor, letter in zip(ACTORS, row.outcomes, strict=True):
            yield actor, verb, kind, name, OUTCOMES[letter]


@pytest.mark.parametrize(("actor", "verb", "kind", "name", "refusal"), list(rows_of_parts()))
def test_a_stack_has_the_rights_of_its_account(
    world: World, actor: str, verb: str, kind: str, name: str, refusal: str | None
) -> None:
    if refusal is None:
        ask(world, actor, verb, kind, name)
    else:
        with pytest.raises(ClientError, match=refusal):
            ask(world, actor, verb, kind, name)


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("creator", CREATORS)
def test_tags_are_those_of_who_made_the_part(world: World, creator: str, actor: str) -> None:
    """Reading, setting and removing: an update of tags does all three."""
    may = ACTORS[actor] == CREATORS[creator] != LEAVER

    if may:
        ask(world, actor, "tag", "virtual_node", f"{creator}-free")
    else:
        with pytest.raises(ClientError, match="ForbiddenException"):
            ask(world, actor, "tag", "virtual_node", f"{creator}-free")
