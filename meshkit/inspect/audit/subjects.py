"""What of a mesh the event of a call is about.

App Mesh names things by members of the request. Others name an ARN, or an id that only their
service knows, which `learned` adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from meshkit.topology.model import ResolvedMesh

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
    "serviceNetworkIdentifier",
    "name",
    "configurationRecorderName",
)


@dataclass(frozen=True)
class Subjects:
    """The things of a mesh by what requests call them."""

    mesh: str
    owner: str
    """Account id of the mesh owner."""
    roles: Mapping[str, str]
    """Labels by the physical name of a role."""
    known: Mapping[str, str]
    """Labels by ARN or id."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label, each once."""
        return tuple(dict.fromkeys((*self.known.values(), *self.roles.values())))

    def of(self, event: Mapping[str, Any]) -> str | None:
        """The label of what an event is about, ``None`` for something else."""
        given = event.get("requestParameters") or {}
        source = str(event.get("eventSource", "")).partition(".")[0]
        if source == "appmesh" and "meshName" in given:
            return self._of_app_mesh(given, str(event.get("recipientAccountId", "")))
        if source == "iam":
            return self.roles.get(given.get("roleName", ""))
        details = event.get("serviceEventDetails") or {}
        texts = [*_texts(given), *_texts(details)]
        if source == "ram" and given.get("name"):
            # A share that is being made has no ARN yet.
            texts.append(f"share:{given['name']}")
        return next((self.known[text] for text in texts if text in self.known), None)

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
    return Subjects(
        mesh.name,
        mesh.owner.id,
        {role.name: f"role {role.name}" for role in mesh.roles.values() if role.name},
        {**dict(_known(mesh)), **learned},
    )


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
    if mesh.share is not None:
        yield f"share:{mesh.share.name}", f"share {mesh.share.name}"
    if mesh.audit is not None:
        audit, region = mesh.audit, mesh.region
        head = f"arn:{mesh.partition.name}:cloudtrail:{region}:{audit.owner.id}:trail/"
        existing = audit.spec.trail.arn if audit.spec.trail else None
        arn = existing if isinstance(existing, str) else f"{head}{audit.name}"
        yield from ((name, f"trail {audit.name}") for name in (audit.name, arn))


def _texts(given: Mapping[str, Any]) -> Iterator[str]:
    for member in _ARN_MEMBERS:
        value = given.get(member)
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from _only_texts(value)


def _only_texts(values: Iterable[object]) -> Iterator[str]:
    return (value for value in values if isinstance(value, str))
