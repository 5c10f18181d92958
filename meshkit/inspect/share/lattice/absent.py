"""What of a shared network is not there, and whose turn it is: from the order of the parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.inspect.confirm.lattice.live import LATTICE
from meshkit.inspect.confirm.remark import CantTellError
from meshkit.inspect.share.lattice.joined import LASTING, SERVICE, VPC, known_vpc, named
from meshkit.inspect.share.lattice.services import is_visible
from meshkit.inspect.share.model import Absent
from meshkit.topology.slices.lattice import lattice_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from meshkit.inspect.confirm.aws import Accounts
    from meshkit.inspect.confirm.texts import Texts
    from meshkit.inspect.share.built import Built
    from meshkit.inspect.share.lattice.services import Visible
    from meshkit.inspect.share.model import SharedService
    from meshkit.inspect.share.principals import Shares
    from meshkit.topology.lattice.model import LatticeMesh
    from meshkit.topology.model import Owner
    from meshkit.topology.slices.part import Ref

Presence = bool | str
"""Whether a part is there, or why that can't be told."""


@dataclass(frozen=True)
class Seen:
    """What is there, as the mesh owner sees it."""

    shares: Shares
    visible: Visible
    services: tuple[SharedService, ...]
    built: tuple[Built, ...]

    @property
    def joined(self) -> frozenset[tuple[str, str]]:
        """Kinds and names of the associations that last."""
        return frozenset((each.kind, each.name) for each in self.built if each.state in LASTING)


def absent(
    lattice: LatticeMesh, seen: Seen, accounts: Accounts, texts: Texts
) -> tuple[tuple[Absent, ...], tuple[str, ...]]:
    """The parts that are not there, and of which nobody can tell. Raises ``CantTellError``."""
    there = dict(_presences(lattice, seen, accounts, texts))
    found = tuple(
        Absent(part, tuple(ref for ref in part.needs if there.get(ref, True) is not True))
        for part in lattice_parts(lattice)
        if there.get(part.ref) is False
    )
    untold = tuple(
        f"{kind} {name}: {why}" for (kind, name), why in there.items() if isinstance(why, str)
    )
    return found, untold


def _presences(
    lattice: LatticeMesh, seen: Seen, accounts: Accounts, texts: Texts
) -> Iterator[tuple[Ref, Presence]]:
    yield from _network_share(lattice, seen.shares)
    yield from _services(lattice, seen, accounts)
    yield from _service_shares(lattice, seen.services)
    for key in lattice.services:
        yield (SERVICE, key), (SERVICE, key) in seen.joined
    for key, association in lattice.associations.items():
        vpc = known_vpc(association, texts)
        told = (VPC, key) in seen.joined
        yield (VPC, key), told if vpc else f"{association.vpc_id} is not known here"


def _network_share(lattice: LatticeMesh, shares: Shares) -> Iterator[tuple[Ref, Presence]]:
    share = lattice.mesh.share
    if share is None:
        return
    wanted = [each for each in shares.principals if each.in_file]
    put_in = all(each.state not in ("not shared", "failed") for each in wanted)
    yield ("share", share.name), bool(shares.arns) and put_in
    let_in = {each.principal for each in wanted if each.lets_in}
    for key, owner in lattice.mesh.owners.items():
        yield ("acceptance", key), owner.id in let_in


def _services(
    lattice: LatticeMesh, seen: Seen, accounts: Accounts
) -> Iterator[tuple[Ref, Presence]]:
    """A service that nobody shared or joined yet, its own account alone can see."""
    unsure: dict[str, Owner] = {}
    for key, service in lattice.services.items():
        if (SERVICE, key) in seen.joined or is_visible(service, seen.visible):
            yield ("service", key), True
        else:
            unsure[service.owner.key] = service.owner
    for provider in unsure.values():
        yield from _of_provider(lattice, provider, accounts, seen.joined)


def _of_provider(
    lattice: LatticeMesh,
    provider: Owner,
    accounts: Accounts,
    joined: Iterable[tuple[str, str]],
) -> Iterator[tuple[Ref, Presence]]:
    theirs = {
        key: each for key, each in lattice.services.items()
        if each.owner.id == provider.id and (SERVICE, key) not in joined
    }  # fmt: skip
    try:
        listed = accounts.of(provider).ask_all(LATTICE, "list_services", "items")
    except CantTellError as error:
        for key in theirs:
            yield ("service", key), str(error)
        return
    there = named(listed, provider.id)
    for key, each in theirs.items():
        yield ("service", key), each.name in there


def _service_shares(
    lattice: LatticeMesh, services: Iterable[SharedService]
) -> Iterator[tuple[Ref, Presence]]:
    states = {each.name: each.state for each in services}
    for key, share in lattice.service_shares.items():
        found = [states[name] for name in share.services]
        yield ("service share", key), "not shared" not in found
        yield ("service acceptance", key), all(each in ("accepted", "shared") for each in found)
