"""What a picture of a mesh shows, as plain values; how it looks is decided elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["gateway", "node", "router", "service", "account"]
Tls = Literal["", "TLS", "mTLS"]


@dataclass(frozen=True, slots=True)
class Group:
    """An account."""

    key: str
    name: str
    """Its name in the file; empty where only the id is known."""
    id: str

    @property
    def label(self) -> str:
        """Name and id."""
        return f"{self.name} {self.id}".strip()


@dataclass(frozen=True, slots=True)
class Member:
    """One of many in a box that stands for a whole account."""

    name: str
    kind: Kind
    note: str
    """What there is to say of it, in one line."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the mesh; a whole account in a picture by accounts."""

    key: str
    kind: Kind
    group: str
    name: str
    details: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    """The virtual services of its own account that it provides; they stand on it."""
    compute: str = ""
    """ECS, EKS or EC2, where it is known."""
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """Traffic from one box to another."""

    source: str
    target: str
    service: str = ""
    """The service of the target that is called; empty where a router or service hands on."""
    label: str = ""
    tls: Tls = ""
    calls: int = 1
    """How many calls it stands for."""
    both: bool = False
    """Whether calls go the other way as well."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """With whom the mesh is shared."""

    name: str
    principals: tuple[str, ...]
    external: bool
    """Whether principals outside the organization are allowed."""


@dataclass(frozen=True)
class Picture:
    """One mesh."""

    mesh: str
    owner: str
    """Name and id of the account that owns the mesh."""
    region: str
    groups: tuple[Group, ...]
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    sharing: Sharing | None = None
    providers: tuple[str, ...] = ()
    """The accounts that share services of VPC Lattice with the mesh owner."""

    @cached_property
    def by_key(self) -> Mapping[str, Box]:
        """The boxes by their keys."""
        return {box.key: box for box in self.boxes}

    @cached_property
    def group_names(self) -> Mapping[str, str]:
        """What each account is called: its name, else its id."""
        return {group.key: group.name or group.id for group in self.groups}

    @property
    def title(self) -> str:
        """The mesh and its owner in one line."""
        return f"Mesh {self.mesh}, owned by {self.owner}"

    @property
    def subtitle(self) -> str:
        """The share in one line."""
        told = [self.region]
        if self.sharing is not None:
            told.append(f"shared with {', '.join(self.sharing.principals) or 'nobody'}")
        if self.providers:
            told.append(f"with services of {', '.join(self.providers)}")
        return ", ".join(told if len(told) > 1 else (*told, "not shared"))

    def calls(self) -> tuple[Edge, ...]:
        """The edges by which a node or gateway calls a service."""
        return tuple(edge for edge in self.edges if edge.service)
