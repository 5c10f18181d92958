"""Virtual services. Source: API VirtualServiceSpec."""

from typing import ClassVar

from meshkit.config.lattice import ServiceOnLattice
from meshkit.config.types import Label, Name, OneOf, Tags


class Service(OneOf):
    """A virtual service, provided by a node, by a router, or by nobody yet."""

    one_of: ClassVar[tuple[str, ...]] = ("node", "router")
    required: ClassVar[bool] = False

    account: Label | None = None
    """Default: its provider's account, or else the mesh owner."""
    node: Name | None = None
    """A key of ``nodes``."""
    router: Name | None = None
    """A key of ``routers``."""
    lattice: ServiceOnLattice | None = None
    tags: Tags = {}
