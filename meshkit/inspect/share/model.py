"""A shared mesh as AWS has it: who is let in, who built what, and what becomes of what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.config.suggest import did_you_mean
from meshkit.errors import MeshkitError
from meshkit.topology.leaves import parse_arn
from meshkit.topology.slices import parts

if TYPE_CHECKING:
    from meshkit.inspect.share.built import Admitted, Built
    from meshkit.inspect.share.principals import Shares, State
    from meshkit.inspect.share.quotas import Use
    from meshkit.topology.model import Owner, ResolvedMesh
    from meshkit.topology.slices.part import Part, Ref


@dataclass(frozen=True)
class Standing:
    """One resource, and how it stands to the file and to the share."""

    built: Built
    in_file: bool
    """Whether the file has it, or may have it: a VPC of its account that only a program knows."""
    admitted: Admitted
    """Whether its account is let in."""

    @property
    def orphan(self) -> bool:
        """Whether its account is shut out, and it stays.

        Where nobody can tell whether an account is let in, its resources are not called orphaned.
        """
        return self.built.foreign and self.admitted == "no"


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
class SharedService:
    """A service that its provider is to share with the mesh owner, as the latter sees it."""

    name: str
    provider: Owner
    state: State


@dataclass(frozen=True)
class Absent:
    """A part of the file that is not there."""

    part: Part
    waits_for: tuple[Ref, ...]
    """What comes first and is not there either, as far as is known; none where it is its account's
    turn."""


@dataclass(frozen=True)
class ShareStatus:
    """A shared mesh as AWS has it."""

    mesh: ResolvedMesh
    shares: Shares
    standings: tuple[Standing, ...]
    quotas: tuple[Use, ...]
    services: tuple[SharedService, ...] = ()
    """On VPC Lattice alone, as are the next two."""
    absent: tuple[Absent, ...] = ()
    """What of shares, acceptances, services and associations is not there."""
    untold: tuple[str, ...] = ()
    """What can't be told, and why."""

    @property
    def makers(self) -> tuple[str, ...]:
        """The ids of the accounts that have something in the mesh."""
        return tuple(dict.fromkeys(each.built.resource_owner for each in self.standings))

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
        if account in (*ids.values(), *self.makers) or (
            account in principals and account.isdigit()
        ):
            return (self._account(account),)
        if account in principals:
            let_in = {each.principal for each in self.shares.principals if each.lets_in}
            others = [each for each in self.makers if each not in let_in]
            return tuple(self._account(each) for each in others if each != self.mesh.owner.id)
        known = [*ids, *principals]
        raise MeshkitError(
            f'--leaving: no account or principal "{named}" in the file or the share'
            f"{did_you_mean(named, known)}"
        )

    def _account(self, account: str) -> Leaving:
        labels = {each.id: key for key, each in self.mesh.config.accounts.items()}
        built = [each.built for each in self.standings if each.built.resource_owner == account]
        left = tuple(each for each in built if each.foreign)
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
