"""What stands in a mesh of App Mesh, whoever made it.

Source: App Mesh User Guide, working with shared meshes: what consumers made stays when the mesh is
unshared, only the owner can see and delete it, and its proxies get no more configuration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from meshkit.inspect.confirm.aws import Account

Admitted = Literal["yes", "no", "can't tell"]
"""Whether the share lets an account in."""


@dataclass(frozen=True, slots=True)
class Built:
    """One resource in a mesh."""

    kind: str
    """``virtual node``, as AWS calls it."""
    name: str
    """A route's follows that of its router or gateway and a slash."""
    arn: str
    mesh_owner: str
    resource_owner: str
    state: str = "ACTIVE"
    """As AWS has it."""

    @property
    def runs_proxies(self) -> bool:
        """Whether proxies ask for its configuration."""
        return self.kind in ("virtual node", "virtual gateway")

    @property
    def foreign(self) -> bool:
        """Whether a consumer made it."""
        return self.resource_owner != self.mesh_owner


@dataclass(frozen=True, slots=True)
class _Kind:
    label: str
    member: str
    """The member of the API's answers that has its name, without ``Name``."""
    children: tuple[str, str] | None = None
    """Label and member of what is below it."""


_KINDS: Final = (
    _Kind("virtual node", "virtualNode"),
    _Kind("virtual router", "virtualRouter", ("route", "route")),
    _Kind("virtual service", "virtualService"),
    _Kind("virtual gateway", "virtualGateway", ("gateway route", "gatewayRoute")),
)


def everything_built(owner: Account, mesh: str) -> list[Built]:
    """All that stands in a mesh, as its owner sees it. Raises ``RefusedError``."""
    found = []
    for kind in _KINDS:
        for each in _listed(owner, kind.member, mesh):
            name = each[f"{kind.member}Name"]
            found.append(_built(kind.label, name, each))
            if kind.children:
                label, member = kind.children
                within = {f"{kind.member}Name": name}
                found += [
                    _built(label, f"{name}/{child[f'{member}Name']}", child)
                    for child in _listed(owner, member, mesh, **within)
                ]
    return found


def _listed(owner: Account, member: str, mesh: str, **within: str) -> list[dict[str, str]]:
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in member)
    return owner.ask_all("appmesh", f"list_{snake}s", f"{member}s", meshName=mesh, **within)


def _built(kind: str, name: str, entry: dict[str, str]) -> Built:
    return Built(kind, name, entry["arn"], entry["meshOwner"], entry["resourceOwner"])
