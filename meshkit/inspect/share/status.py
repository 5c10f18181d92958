"""Who is let into a mesh, who built what, what is orphaned, and in which order to leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.errors import MeshkitError
from meshkit.inspect.confirm.remark import CantTellError
from meshkit.inspect.share.built import everything_built, orphaned
from meshkit.inspect.share.principals import require_app_mesh, shares_of
from meshkit.inspect.share.quotas import uses
from meshkit.topology.slices import parts

if TYPE_CHECKING:
    from meshkit.inspect.confirm.aws import Accounts
    from meshkit.inspect.share.built import Admitted, Built
    from meshkit.inspect.share.principals import Shares
    from meshkit.inspect.share.quotas import Use
    from meshkit.topology.model import ResolvedMesh


@dataclass(frozen=True)
class Standing:
    """One resource, and how it stands to the file and to the share."""

    built: Built
    in_file: bool
    orphan: bool
    """Whether its account is shut out: it stays, its proxies get no configuration."""


@dataclass(frozen=True)
class Leaving:
    """What becomes of a consumer's resources when it is no longer let in."""

    account: str
    label: str
    orphans: tuple[Built, ...]
    """They stay, and only the mesh owner can see and delete them."""
    silent: tuple[Built, ...]
    """Those of which proxies receive no configuration any more."""


@dataclass(frozen=True)
class ShareStatus:
    """A shared mesh as AWS has it."""

    mesh: ResolvedMesh
    shares: Shares
    standings: tuple[Standing, ...]
    admitted: dict[str, Admitted]
    """By the id of each account that built something."""
    quotas: tuple[Use, ...]

    @property
    def orphans(self) -> tuple[Built, ...]:
        """What accounts made that are shut out."""
        return tuple(each.built for each in self.standings if each.orphan)

    @property
    def missing(self) -> tuple[str, ...]:
        """The principals of the file that are not let in."""
        return tuple(
            each.label
            for each in self.shares.principals
            if each.in_file and each.state not in ("shared", "accepted")
        )

    def leaving(self, account: str) -> Leaving:
        """What would be orphaned if an account, by id, were no longer let in."""
        labels = {each.id: key for key, each in self.mesh.config.accounts.items()}
        without = {key: each for key, each in self.admitted.items() if key != account}
        built = [each.built for each in self.standings if each.built.resource_owner == account]
        left = orphaned(built, without)
        silent = tuple(each for each in left if each.runs_proxies)
        return Leaving(account, labels.get(account, account), left, silent)


def status(mesh: ResolvedMesh, accounts: Accounts) -> ShareStatus:
    """Asks AWS, as the mesh owner and where that tells more as the consumers.

    Raises ``MeshkitError`` where the owner's account can't be asked, or there is no such mesh.
    """
    require_app_mesh(mesh)
    try:
        built = everything_built(accounts.of(mesh.owner), mesh.name)
        shares = shares_of(mesh, accounts)
    except CantTellError as error:
        raise MeshkitError(str(error)) from None
    makers = dict.fromkeys(each.resource_owner for each in built)
    admitted = {account: shares.admitted(mesh, account) for account in makers}
    left = set(orphaned(built, admitted))
    wanted = {part.ref for part in parts(mesh)}
    standings = tuple(
        Standing(each, (each.kind, each.name) in wanted, each in left) for each in built
    )
    return ShareStatus(
        mesh, shares, standings, admitted, uses(built, shares.principals, mesh.config.quotas)
    )
