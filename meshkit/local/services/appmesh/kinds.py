"""The seven kinds of App Mesh resources, as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of resource.

    `name` is its segment in ARNs and its member in answers, `plural` the member of a list.
    `quota` is how many AWS allows by default, under one parent (a mesh: in one account and
    region), and `quota_code` its code in Service Quotas.
    """

    name: str
    plural: str
    parent: Kind | None
    quota_code: str
    quota: int

    @property
    def label(self) -> str:
        """The kind's name in operations and error messages, such as VirtualNode."""
        return self.name[0].upper() + self.name[1:]

    @property
    def lineage(self) -> Iterator[Kind]:
        """The kinds from the mesh down to this one."""
        if self.parent:
            yield from self.parent.lineage
        yield self


# Source of the quotas: the App Mesh user guide, "App Mesh service quotas".
MESH = Kind("mesh", "meshes", None, "L-AC861A39", 15)
VIRTUAL_NODE = Kind("virtualNode", "virtualNodes", MESH, "L-E043DFB4", 200)
VIRTUAL_SERVICE = Kind("virtualService", "virtualServices", MESH, "L-DA7495A7", 200)
VIRTUAL_ROUTER = Kind("virtualRouter", "virtualRouters", MESH, "L-50F6C35A", 200)
ROUTE = Kind("route", "routes", VIRTUAL_ROUTER, "L-BB90B7FF", 50)
VIRTUAL_GATEWAY = Kind("virtualGateway", "virtualGateways", MESH, "L-87E74146", 3)
GATEWAY_ROUTE = Kind("gatewayRoute", "gatewayRoutes", VIRTUAL_GATEWAY, "L-F6F26D09", 10)

KINDS = (
    MESH,
    VIRTUAL_NODE,
    VIRTUAL_SERVICE,
    VIRTUAL_ROUTER,
    ROUTE,
    VIRTUAL_GATEWAY,
    GATEWAY_ROUTE,
)

BACKENDS_PER_NODE = "L-8775AB18"

DEFAULT_QUOTAS = {kind.quota_code: kind.quota for kind in KINDS} | {BACKENDS_PER_NODE: 50}
