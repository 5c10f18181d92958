"""Asks CloudTrail for the events of the accounts of a mesh.

CloudTrail keeps 90 days of them without any trail, tells of a call after some minutes, and answers
two questions a second. Source: CloudTrail API Reference, LookupEvents.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from meshkit.errors import MeshkitError
from meshkit.inspect.confirm.remark import CantTellError
from meshkit.topology.lattice.compile import compile_lattice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from meshkit.inspect.confirm.aws import Account, Accounts
    from meshkit.topology.model import Owner, ResolvedMesh

_SOURCES: Final = {
    "app-mesh": ("appmesh", "ram"),
    "vpc-lattice": ("vpc-lattice", "ram"),
}
"""Services, by data plane, whose events are of the mesh's region."""
_AUDIT: Final = ("cloudtrail", "config")
_GLOBAL: Final = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""Where the events of IAM are, by partition."""
_PAUSE: Final = 0.5
"""Seconds between two questions."""
_MOST: Final = 400
"""Pages of one service in one account: 20,000 events."""


@dataclass(frozen=True)
class Period:
    """When the events happened."""

    start: datetime
    end: datetime


def events(
    mesh: ResolvedMesh, accounts: Accounts, period: Period, *, patient: bool
) -> Iterator[dict[str, Any]]:
    """Every event of the services that a mesh is made of, account by account.

    ``patient`` keeps to the rate that AWS allows. Raises ``MeshkitError`` where an account can't
    be asked, and where there are too many events.
    """
    home = _GLOBAL.get(mesh.partition.name, mesh.region)
    sources = _SOURCES[mesh.config.data_plane] + (_AUDIT if mesh.audit else ())
    for owner in mesh.owners.values():
        account = _account(accounts, owner)
        for source in sources:
            yield from _told(account, source, period, patient=patient)
        yield from _told(account.in_region(home), "iam", period, patient=patient)


def learned(mesh: ResolvedMesh, accounts: Accounts) -> dict[str, str]:
    """Labels of the things whose ARNs or ids AWS made up, as the owner's account lists them."""
    found: dict[str, str] = {}
    if mesh.share is not None:
        account = _account(accounts, mesh.owner)
        asked = {"resourceOwner": "SELF", "name": mesh.share.name}
        for share in _all(account, "ram", "get_resource_shares", "resourceShares", asked):
            found[share["resourceShareArn"]] = f"share {mesh.share.name}"
    if mesh.config.data_plane == "vpc-lattice":
        lattice = compile_lattice(mesh)
        names = {each.name: key for key, each in lattice.services.items()}
        for owner in mesh.owners.values():
            account = _account(accounts, owner)
            for each in _all(account, "vpc-lattice", "list_services", "items", {}):
                if each["name"] in names:
                    label = f"service {names[each['name']]}"
                    found |= {each["arn"]: label, each["id"]: label}
            for each in _all(account, "vpc-lattice", "list_service_networks", "items", {}):
                if each["name"] == lattice.network:
                    label = f"network {mesh.name}"
                    found |= {each["arn"]: label, each["id"]: label}
    return found


def _all(
    account: Account, service: str, operation: str, member: str, asked: dict[str, Any]
) -> list[Any]:
    try:
        return account.ask_all(service, operation, member, **asked)
    except CantTellError as error:
        raise MeshkitError(str(error)) from None


def _account(accounts: Accounts, owner: Owner) -> Account:
    try:
        return accounts.of(owner)
    except CantTellError as error:
        raise MeshkitError(str(error)) from None


def _told(
    account: Account, source: str, period: Period, *, patient: bool
) -> Iterator[dict[str, Any]]:
    wanted = {"AttributeKey": "EventSource", "AttributeValue": f"{source}.amazonaws.com"}
    asked: dict[str, Any] = {
        "LookupAttributes": [wanted],
        "StartTime": period.start,
        "EndTime": period.end,
    }
    for _ in range(_MOST):
        try:
            answer = account.ask("cloudtrail", "lookup_events", **asked)
        except CantTellError as error:
            raise MeshkitError(str(error)) from None
        yield from (json.loads(each["CloudTrailEvent"]) for each in answer["Events"])
        if "NextToken" not in answer:
            return
        asked["NextToken"] = answer["NextToken"]
        if patient:
            time.sleep(_PAUSE)
    msg = f"more than {_MOST * 50} events of {source} in {account.region}: give a later --since"
    raise MeshkitError(msg)
