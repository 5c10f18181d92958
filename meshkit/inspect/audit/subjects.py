"""What of a mesh the event of a call is about.

App Mesh names things by members of the request. Others name an ARN, an id that only their service
knows, or, when something is made, its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from meshkit.policy.audit_rules import RECORDER
from meshkit.topology.lattice.compile import compile_lattice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from meshkit.topology.model import ResolvedMesh, ResolvedOperator, WorkloadRole

_NAMES: Final = (
    # The narrower name first: the request of a route names its router too.
    ("route", ("virtualRouterName", "routeName")),
    ("gateway route", ("virtualGatewayName", "gatewayRouteName")),
    ("router", ("virtualRouterName",)),
    ("gateway", ("virtualGatewayName",)),
    ("node", ("virtualNodeName",)),
    ("service", ("virtualServiceName",)),
)
"""What of App Mesh a request names, and by which members."""
_ARN_MEMBERS: Final = (
    "nodeArn",
    "resourceArn",
    "resourceArns",
    "resourceIdentifier",
    "resourceShareArn",
    "resourceShareArns",
    "serviceIdentifier",
    "targetGroupIdentifier",
    "serviceNetworkIdentifier",
    "serviceNetworkServiceAssociationIdentifier",
    "serviceNetworkVpcAssociationIdentifier",
    # Of a trail, which is called by its name or its ARN.
    "name",
)
_OF_SOURCE: Final = {"cloudtrail": "trail", "config": "recorder"}
"""What the requests to a service name, all of which are about one kind of thing."""
_NAME_MEMBERS: Final = ("name", "trailName", "configurationRecorderName")
_KINDS: Final = {
    "CreateResourceShare": "share",
    "CreateService": "service",
    "CreateServiceNetwork": "network",
    "CreateTargetGroup": "target group",
    "DeleteService": "service",
}
"""What the requests, or the answers, of some operations name: only that is told by its name."""

Place = tuple[str, str, str]
"""Account, kind and name of a thing."""


@dataclass(frozen=True)
class Subjects:
    """The things of a mesh by what requests call them."""

    mesh: str
    owner: str
    """Account id of the mesh owner."""
    named: Mapping[Place, str]
    """Labels of roles, shares, the things of VPC Lattice, the trail and the recorder."""
    known: Mapping[str, str]
    """Labels by ARN or id."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label, each once."""
        return tuple(dict.fromkeys((*self.known.values(), *self.named.values())))

    def of(self, event: Mapping[str, Any], learned: Mapping[str, str]) -> str | None:
        """The label of what an event is about, ``None`` for something else.

        ``learned`` are labels by ARNs and ids that earlier events told.
        """
        given = event.get("requestParameters") or {}
        account = str(event.get("recipientAccountId", ""))
        source = str(event.get("eventSource", "")).partition(".")[0]
        if source == "appmesh" and "meshName" in given:
            return self._of_app_mesh(given, account)
        if source == "iam":
            return self.named.get((account, "role", str(given.get("roleName", ""))))
        texts = [*_texts(given), *_texts(event.get("serviceEventDetails") or {})]
        known = (self.known.get(text) or learned.get(text) for text in texts)
        kind = _KINDS.get(str(event.get("eventName", "")), _OF_SOURCE.get(source, ""))
        by_name = (self.named.get((account, kind, name)) for name in _names(event))
        return next(filter(None, (*known, *by_name)), None)

    def _of_app_mesh(self, given: Mapping[str, Any], account: str) -> str | None:
        if given["meshName"] != self.mesh or given.get("meshOwner", account) != self.owner:
            return None
        for label, members in _NAMES:
            names = [given.get(member) for member in members]
            if all(names):
                return f"{label} {'/'.join(map(str, names))}"
        return f"mesh {self.mesh}"


def subjects_of(mesh: ResolvedMesh, learned: Mapping[str, str]) -> Subjects:
    """The things of a resolved mesh; ``learned`` are labels by ids that AWS made up."""
    return Subjects(mesh.name, mesh.owner.id, named(mesh), {**dict(_known(mesh)), **learned})


def named(mesh: ResolvedMesh) -> dict[Place, str]:
    """Labels of what of a mesh has no ARN that can be told beforehand, and of its roles."""
    roles: list[WorkloadRole | ResolvedOperator] = [
        *mesh.roles.values(),
        *mesh.operators.values(),
    ]
    found: dict[Place, str] = {
        (role.owner.id, "role", role.name): f"role {role.name}" for role in roles if role.name
    }
    if mesh.share is not None:
        found[mesh.owner.id, "share", mesh.share.name] = f"share {mesh.share.name}"
    if mesh.config.data_plane == "vpc-lattice":
        found |= dict(_named_of_lattice(mesh))
    if mesh.audit is not None:
        account, spec = mesh.audit.owner.id, mesh.audit.spec
        found[account, "trail", mesh.audit.name] = f"trail {mesh.audit.name}"
        recorder = spec.recorder.name if spec.recorder else RECORDER
        if spec.config:
            found[account, "recorder", recorder] = f"recorder {recorder}"
    return found


def _named_of_lattice(mesh: ResolvedMesh) -> Iterator[tuple[Place, str]]:
    lattice = compile_lattice(mesh)
    yield (mesh.owner.id, "network", lattice.network), f"network {mesh.name}"
    for share in lattice.service_shares.values():
        yield (share.owner.id, "share", share.name), f"share {share.name}"
    for key, service in lattice.services.items():
        yield (service.owner.id, "service", service.name), f"service {key}"
        for group in service.groups.values():
            yield (service.owner.id, "target group", group.name), f"node {group.node}"


def _known(mesh: ResolvedMesh) -> Iterator[tuple[str, str]]:
    if mesh.config.data_plane == "app-mesh":
        yield mesh.arn, f"mesh {mesh.name}"
        yield from ((each.arn, f"node {each.name}") for each in mesh.nodes.values())
        yield from ((each.arn, f"gateway {each.name}") for each in mesh.gateways.values())
        yield from ((each.arn, f"router {each.name}") for each in mesh.routers.values())
        yield from ((each.arn, f"service {each.name}") for each in mesh.services.values())
        yield from ((each.arn, f"route {each.router}/{each.name}") for each in mesh.routes)
        yield from (
            (each.arn, f"gateway route {each.gateway}/{each.name}") for each in mesh.gateway_routes
        )
    if mesh.audit is not None:
        audit = mesh.audit
        head = f"arn:{mesh.partition.name}:cloudtrail:{mesh.region}:{audit.owner.id}:trail/"
        existing = audit.spec.trail.arn if audit.spec.trail else None
        arn = existing if isinstance(existing, str) else f"{head}{audit.name}"
        yield arn, f"trail {audit.name}"


def answered(event: Mapping[str, Any]) -> tuple[str, ...]:
    """ARN and id of what an event made, by which later ones call it."""
    told = event.get("responseElements") or {}
    share = told.get("resourceShare") or {}
    texts = (told.get("arn"), told.get("id"), share.get("resourceShareArn"))
    return tuple(text for text in texts if isinstance(text, str))


def _names(event: Mapping[str, Any]) -> Iterator[str]:
    """What a request, or its answer, calls something by name."""
    asked = event.get("requestParameters") or {}
    nested = asked.get("configurationRecorder") or {}
    for told in (asked, nested, event.get("responseElements") or {}):
        yield from (told[member] for member in _NAME_MEMBERS if isinstance(told.get(member), str))


def _texts(given: Mapping[str, Any]) -> Iterator[str]:
    for member in _ARN_MEMBERS:
        value = given.get(member)
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from _only_texts(value)


def _only_texts(values: Iterable[object]) -> Iterator[str]:
    return (value for value in values if isinstance(value, str))
