"""Policies of the people and pipelines that work on a mesh, in tiers that build on each other.

CreateRoute and UpdateRoute are also authorized on the nodes that the route leads to,
CreateVirtualNode on the services it calls, services and gateway routes on what they lead to; making
something with tags is authorized as TagResource as well. Source: Service Authorization Reference,
App Mesh.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, get_args

from meshkit.config.operator import Tier
from meshkit.config.suggest import did_you_mean
from meshkit.errors import MeshkitError
from meshkit.policy.document import Condition, Document, Statement
from meshkit.policy.mesh_actions import ACTIONS, SHARED_ACTIONS
from meshkit.policy.sharing import MeshPlace, sharer_document
from meshkit.topology.targets import route_targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from meshkit.topology.model import ResolvedMesh

TIERS: Final[tuple[Tier, ...]] = get_args(Tier)
"""Each may do what those before it may; the last two only in the mesh owner's account."""

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,255}")
_PLAIN: Final = re.compile(r"[a-z0-9-]+")
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_OWN_KINDS: Final = ("VirtualNode", "VirtualRouter", "Route", "VirtualService")
_GATEWAY_KINDS: Final = ("VirtualGateway", "GatewayRoute")
_TAGS: Final = "appmesh:TagResource", "appmesh:UntagResource"
_SLR: Final = "aws-service-role/appmesh.amazonaws.com/AWSServiceRoleForAppMesh"


@dataclass(frozen=True, kw_only=True)
class OperatorScope:
    """What an operator of one account may touch in one mesh."""

    mesh_arn: str
    """ARN of the mesh, in its owner's account."""
    account: str
    """Id of the account in which the operator works."""
    builders: tuple[str, ...] = ()
    """Ids of the other accounts that build in the mesh, whose parts can be seen and pointed at."""
    routers: tuple[str, ...] = ()
    """Names of the account's routers whose routes the tier ``router`` may change."""
    targets: tuple[str, ...] | None = None
    """ARNs of the nodes that these routes may lead to; ``None`` for every node of the mesh."""
    share_name: str | None = None
    """Name of the share. Default: that of the mesh."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """Tags that everything must carry that the operator changes or makes."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.place.mesh) or not _PLAIN.fullmatch(self.place.region):
            raise MeshkitError(f'"{self.mesh_arn}" is not the ARN of one mesh: give it exactly')
        for id_ in (self.place.owner, self.account, *self.builders):
            if not _ACCOUNT.fullmatch(id_):
                raise MeshkitError(f'"{id_}" is no account: give the 12 digits of its id')
        for name in self.routers:
            if not _NAME.fullmatch(name):
                raise MeshkitError(f'"{name}" is no router: 1 to 255 letters, digits, - and _')
        builders = dict.fromkeys((self.place.owner, self.account, *self.builders))
        object.__setattr__(self, "builders", tuple(builders))

    @property
    def place(self) -> MeshPlace:
        """Where the mesh is."""
        return MeshPlace.of(self.mesh_arn)

    def own(self, *tails: str) -> tuple[str, ...]:
        """ARNs of what the account makes in the mesh."""
        return tuple(self.place.within(self.account, tail) for tail in tails)

    def everyones(self, tail: str) -> tuple[str, ...]:
        """ARNs of what anybody who builds in the mesh makes there."""
        return tuple(self.place.within(each, tail) for each in self.builders)


def scope_of(
    mesh: ResolvedMesh,
    account: str,
    *,
    routers: Iterable[str] | None = None,
    tags: Mapping[str, str] | None = None,
) -> OperatorScope:
    """The scope of an account of a mesh file, by its key there.

    ``routers`` are names of its routers, all by default; the nodes that their routes lead to in the
    file are the targets. Raises ``MeshkitError`` for an account or a router that it has not.
    """
    owner = mesh.owners.get(account)
    if owner is None:
        near = did_you_mean(account, mesh.owners)
        raise MeshkitError(f'account "{account}" owns nothing in the mesh {mesh.name}{near}')
    own = [name for name, router in mesh.routers.items() if router.owner.id == owner.id]
    chosen = tuple(own if routers is None else routers)
    for name in chosen:
        if name not in own:
            raise MeshkitError(
                f'account "{account}" has no router "{name}"{did_you_mean(name, own)}'
            )
    nodes = {
        name: None
        for route in mesh.routes
        if route.router in chosen
        for name in route_targets(route)
    }
    return OperatorScope(
        mesh_arn=mesh.arn,
        account=owner.id,
        builders=tuple(each.id for each in mesh.owners.values()),
        routers=chosen,
        targets=tuple(mesh.nodes[name].arn for name in nodes),
        share_name=mesh.share.name if mesh.share else None,
        tags=tags or {},
    )


def operator_document(tier: Tier, scope: OperatorScope) -> Document:
    """The policy of a tier.

    Raises ``MeshkitError`` for ``owner`` and ``sharer`` in another account than the mesh owner's:
    what they change is the owner's alone.
    """
    if tier not in TIERS:
        raise MeshkitError(f'no tier "{tier}": one of {", ".join(TIERS)}')
    height = TIERS.index(tier)
    if height >= TIERS.index("owner") and scope.account != scope.place.owner:
        raise MeshkitError(
            f"{tier}: the mesh, its gateways and its share are of {scope.place.owner}, the owner "
            f"of the mesh, and not of {scope.account}"
        )
    return Document(
        tuple(statement for each in TIERS[: height + 1] for statement in _STATEMENTS[each](scope))
    )


def _viewer(scope: OperatorScope) -> tuple[Statement, ...]:
    known = ACTIONS if scope.account == scope.place.owner else SHARED_ACTIONS
    reading = [
        each for each in sorted(known) if each.startswith(("appmesh:Describe", "appmesh:List"))
    ]
    told = ("appmesh:ListMeshes", "appmesh:ListTagsForResource")
    seen = (scope.place.arn, *scope.everyones("*"))
    return (
        _allow("ListMeshes", ("appmesh:ListMeshes",), ("*",)),
        _allow("SeeTheMesh", tuple(each for each in reading if each not in told), seen),
        # The tags of a shared mesh are told to nobody but the account that set them.
        _allow("SeeOwnTags", ("appmesh:ListTagsForResource",), _tagged_things(scope)),
    )


def _router(scope: OperatorScope) -> tuple[Statement, ...]:
    if not scope.routers:
        return ()
    routes = scope.own(*(f"virtualRouter/{name}/route/*" for name in scope.routers))
    targets = scope.everyones("virtualNode/*") if scope.targets is None else scope.targets
    leading = _allow("LeadRoutesToTargets", ("appmesh:UpdateRoute",), targets) if targets else None
    changing = _allow("ShiftTraffic", ("appmesh:UpdateRoute",), routes, *_carried(scope))
    return (changing, leading) if leading else (changing,)


def _deployer(scope: OperatorScope) -> tuple[Statement, ...]:
    own = scope.own("virtualNode/*", "virtualRouter/*", "virtualService/*")
    return (
        *_keeping("Own", _OWN_KINDS, own, scope),
        _allow(
            "LeadToNodes",
            ("appmesh:CreateRoute", "appmesh:UpdateRoute"),
            scope.everyones("virtualNode/*"),
        ),
        _allow(
            "LeadServicesToOwn",
            ("appmesh:CreateVirtualService", "appmesh:UpdateVirtualService"),
            scope.own("virtualNode/*", "virtualRouter/*"),
        ),
        _allow("CallServices", ("appmesh:CreateVirtualNode",), scope.everyones("virtualService/*")),
    )


def _owner(scope: OperatorScope) -> tuple[Statement, ...]:
    place = scope.place
    service_role = f"arn:{place.partition}:iam::{place.owner}:role/{_SLR}"
    return (
        *_keeping("Mesh", ("Mesh",), (place.arn,), scope),
        *_keeping("Gateways", _GATEWAY_KINDS, scope.own("virtualGateway/*"), scope),
        _allow(
            "LeadGatewaysToServices",
            ("appmesh:CreateGatewayRoute", "appmesh:UpdateGatewayRoute"),
            scope.everyones("virtualService/*"),
        ),
        # App Mesh makes its role with the first mesh of the account.
        _allow(
            "MakeServiceRole",
            ("iam:CreateServiceLinkedRole",),
            (service_role,),
            Condition("StringEquals", "iam:AWSServiceName", ("appmesh.amazonaws.com",)),
        ),
    )


def _sharer(scope: OperatorScope) -> tuple[Statement, ...]:
    name = scope.share_name or scope.place.mesh
    return sharer_document(scope.mesh_arn, name).statements


_STATEMENTS: Final[Mapping[Tier, Callable[[OperatorScope], tuple[Statement, ...]]]] = {
    "viewer": _viewer,
    "router": _router,
    "deployer": _deployer,
    "owner": _owner,
    "sharer": _sharer,
}
"""What each tier adds."""


def _keeping(
    what: str, kinds: tuple[str, ...], resources: tuple[str, ...], scope: OperatorScope
) -> tuple[Statement, ...]:
    """Making, changing, tagging and deleting of some kinds; with the tags of the scope, if any."""
    making = tuple(f"appmesh:Create{kind}" for kind in kinds)
    changing = tuple(f"appmesh:{verb}{kind}" for verb in ("Update", "Delete") for kind in kinds)
    if not scope.tags:
        return (_allow(f"Keep{what}", (*making, *changing, *_TAGS), resources),)
    carried, given = _carried(scope), _given(scope)
    kept = Condition("ForAllValues:StringNotEquals", "aws:TagKeys", tuple(scope.tags))
    unmarked = (Condition("Null", f"aws:ResourceTag/{key}", ("true",)) for key in scope.tags)
    tag, untag = ((each,) for each in _TAGS)
    return (
        _allow(f"Make{what}", making, resources, *given),
        # A thing is tagged as it is made, when it has no tags yet. One that has others' tags is
        # not to be claimed, nor one's own to be given away.
        _allow(f"TagNew{what}", tag, resources, *given, *unmarked),
        _allow(f"Tag{what}", tag, resources, *carried, *_given(scope, "StringEqualsIfExists")),
        _allow(f"Untag{what}", untag, resources, *carried, kept),
        _allow(f"Keep{what}", changing, resources, *carried),
    )


def _carried(scope: OperatorScope) -> tuple[Condition, ...]:
    return tuple(
        Condition("StringEquals", f"aws:ResourceTag/{key}", (value,))
        for key, value in scope.tags.items()
    )


def _given(scope: OperatorScope, operator: str = "StringEquals") -> tuple[Condition, ...]:
    return tuple(
        Condition(operator, f"aws:RequestTag/{key}", (value,)) for key, value in scope.tags.items()
    )


def _tagged_things(scope: OperatorScope) -> tuple[str, ...]:
    own = scope.own("*")
    return (scope.place.arn, *own) if scope.account == scope.place.owner else own


def _allow(
    sid: str, actions: tuple[str, ...], resources: tuple[str, ...], *conditions: Condition
) -> Statement:
    return Statement(sid=sid, actions=actions, resources=resources, conditions=conditions)
