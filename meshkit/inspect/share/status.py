"""Who is let into a mesh, who built what, what is orphaned, and in which order to leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.config.suggest import did_you_mean
from meshkit.errors import MeshkitError
from meshkit.inspect.confirm.remark import CantTellError
from meshkit.inspect.share.admission import admitted
from meshkit.inspect.share.built import everything_built, orphaned
from meshkit.inspect.share.principals import require_app_mesh, shares_of
from meshkit.inspect.share.quotas import uses
from meshkit.topology.leaves import parse_arn
from meshkit.topology.slices import parts

if TYPE_CHECKING:
    from meshkit.inspect.confirm.aws import Accounts
    from meshkit.inspect.share.built import Admitted, Built
    from meshkit.inspect.share.principals import Shares
    from meshkit.inspect.share.quotas import Use
    from meshkit.topology.model import ResolvedMesh
    from meshkit.topology.slices.part import Part


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
    led_by: tuple[Part, ...]
    """What others have in the file that leads to what the account owns: it goes first."""
    principals: tuple[str, ...]
    """What lets the account in by its id."""
    wide: tuple[str, ...]
    """The organization and the units that let it in if it is in them."""


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
            if each.in_file and not each.lets_in and each.state != "can't tell"
        )

    def leaving(self, named: str) -> tuple[Leaving, ...]:
        """What would be orphaned if a principal were no longer let in.

        ``named`` is an account, by its key in the file or its id, or the ARN of a principal: then
        it is one entry for each account that has built something and is no principal itself.

        Raises ``MeshkitError`` for what is neither in the file nor in the mesh or its share, and
        for the mesh owner.
        """
        ids = {key: each.id for key, each in self.mesh.config.accounts.items()}
        principals = [each.principal for each in self.shares.principals]
        account = ids.get(named, named)
        if account == self.mesh.owner.id:
            raise MeshkitError(f"--leaving {named}: the mesh is its own; only others can leave")
        if account in (*ids.values(), *self.admitted) or (
            account in principals and account.isdigit()
        ):
            return (self._account(account),)
        if account in principals:
            let_in = {each.principal for each in self.shares.principals if each.lets_in}
            others = [each for each in self.admitted if each not in let_in]
            return tuple(self._account(each) for each in others if each != self.mesh.owner.id)
        known = [*ids, *principals]
        raise MeshkitError(
            f'--leaving: no account or principal "{named}" in the file or the share'
            f"{did_you_mean(named, known)}"
        )

    def _account(self, account: str) -> Leaving:
        labels = {each.id: key for key, each in self.mesh.config.accounts.items()}
        built = [each.built for each in self.standings if each.built.resource_owner == account]
        left = orphaned(built, {})
        silent = tuple(each for each in left if each.runs_proxies)
        in_file = tuple(parts(self.mesh))
        theirs = {part.ref for part in in_file if part.owner.id == account}
        led_by = tuple(
            part for part in in_file if part.owner.id != account and theirs & set(part.needs)
        )
        label = labels.get(account, account)
        return Leaving(account, label, left, silent, led_by, *self._ways(account))

    def _ways(self, account: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        letting_in = [each.principal for each in self.shares.principals if each.lets_in]
        arns = [(each, arn) for each in letting_in if (arn := parse_arn(each)) is not None]
        roles = [each for each, arn in arns if arn.service == "iam" and arn.account == account]
        listed = self.mesh.config.accounts.values()
        outside = any(each.external and each.id == account for each in listed)
        wide = () if outside else (each for each, arn in arns if arn.service == "organizations")
        return (*(each for each in letting_in if each == account), *roles), tuple(wide)


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
    found = {account: admitted(account, shares, mesh, accounts) for account in makers}
    left = set(orphaned(built, found))
    wanted = {part.ref for part in parts(mesh)}
    standings = tuple(
        Standing(each, (each.kind, each.name) in wanted, each in left) for each in built
    )
    return ShareStatus(mesh, shares, standings, found, uses(built, shares, mesh.config.quotas))
