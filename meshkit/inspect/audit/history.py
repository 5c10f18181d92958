"""Asks CloudTrail for the events of the accounts of a mesh.

CloudTrail keeps 90 days of them without any trail, and tells of a call after some minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from meshkit.errors import MeshkitError
from meshkit.inspect.audit.lookup import account_of
from meshkit.inspect.audit.sessions import home_region
from meshkit.inspect.audit.subjects import named
from meshkit.inspect.confirm.remark import CantTellError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.audit.lookup import EventHistory, Period
    from meshkit.inspect.confirm.aws import Account, Accounts
    from meshkit.topology.model import ResolvedMesh

_SOURCES: Final = {
    "app-mesh": ("appmesh", "ram"),
    "vpc-lattice": ("vpc-lattice", "ram"),
}
"""Services, by data plane, whose events are of the mesh's region."""
_AUDIT: Final = ("cloudtrail", "config")


class _Lists(NamedTuple):
    """A call that lists things of one kind."""

    service: str
    operation: str
    member: str
    keys: tuple[str, ...]
    asked: dict[str, str]


_LISTS: Final = {
    "share": _Lists(
        "ram",
        "get_resource_shares",
        "resourceShares",
        ("resourceShareArn",),
        {"resourceOwner": "SELF"},
    ),
    "network": _Lists("vpc-lattice", "list_service_networks", "items", ("arn", "id"), {}),
    "service": _Lists("vpc-lattice", "list_services", "items", ("arn", "id"), {}),
    "target group": _Lists("vpc-lattice", "list_target_groups", "items", ("arn", "id"), {}),
}
"""What lists the things whose ARNs can't be told beforehand, by their kind."""


def events(mesh: ResolvedMesh, history: EventHistory, period: Period) -> Iterator[dict[str, Any]]:
    """Every event of the services that a mesh is made of, account by account.

    Raises ``MeshkitError`` where an account can't be asked, and where there are too many events.
    """
    regional = _SOURCES[mesh.config.data_plane] + (_AUDIT if mesh.audit else ())
    sources = [*((each, mesh.region) for each in regional), ("iam", home_region(mesh))]
    for owner in mesh.owners.values():
        for source, region in sources:
            host = f"{source}.amazonaws.com"
            yield from history.events(owner, region, "EventSource", host, period)


def learned(mesh: ResolvedMesh, accounts: Accounts) -> dict[str, str]:
    """Labels of the things whose ARNs or ids AWS made up, as the accounts list them.

    Raises ``MeshkitError`` where an account can't be asked.
    """
    found: dict[str, str] = {}
    labels = named(mesh)
    for owner in mesh.owners.values():
        account = account_of(accounts, owner)
        for kind, lists in _LISTS.items():
            if any(place[:2] == (owner.id, kind) for place in labels):
                for each in _listed(account, lists):
                    label = labels.get((owner.id, kind, each["name"]))
                    if label is not None:
                        found |= {each[key]: label for key in lists.keys}
    return found


def _listed(account: Account, lists: _Lists) -> list[Any]:
    try:
        return account.ask_all(lists.service, lists.operation, lists.member, **lists.asked)
    except CantTellError as error:
        raise MeshkitError(str(error)) from None
