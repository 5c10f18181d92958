"""Who took a role: the person, pipeline or role that began a session of it.

The event of STS that begins a session names the access key that it gives, with which every call of
the session is made. Source: CloudTrail User Guide, userIdentity element; IAM User Guide, logging
IAM and STS API calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from meshkit.inspect.audit.callers import caller_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.audit.lookup import EventHistory
    from meshkit.inspect.audit.model import Deed
    from meshkit.topology.model import ResolvedMesh

_HOME: Final = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""Where the events of IAM, and of the endpoint of STS without a region, are, by partition."""
_OF_AWS: Final = ":assumed-role/AWSServiceRoleFor"


def home_region(mesh: ResolvedMesh) -> str:
    """The region in which services without regions tell their events."""
    return _HOME.get(mesh.partition.name, mesh.region)


class Sessions:
    """The sessions of roles; CloudTrail is asked once for each."""

    def __init__(self, mesh: ResolvedMesh, history: EventHistory) -> None:
        self._owners = {owner.id: owner for owner in mesh.owners.values()}
        self._regions = tuple(dict.fromkeys(_regions(mesh)))
        self._history = history
        self._begun: dict[tuple[str, str], dict[str, Any] | None] = {}

    def taken_by(self, deed: Deed) -> tuple[str, ...]:
        """Who took the role, who took that one's role, and so on, as far as the events tell.

        The events of STS are in the account of the role, and in that of who took it. Nothing where
        neither is of the mesh file. Raises ``MeshkitError`` where an account can't be asked.
        """
        if ":assumed-role/" not in deed.caller or _OF_AWS in deed.caller:
            return ()
        return tuple(self._takers(deed.key, deed.caller.split(":")[4]))

    def _takers(self, key: str, account: str) -> Iterator[str]:
        asked = set[str]()
        while key and key not in asked:
            asked.add(key)
            event = self._beginning(key, account)
            if event is None:
                return
            who, session = caller_of(event)
            yield f"{who} ({session})" if session else who
            identity = event["userIdentity"]
            key, account = identity.get("accessKeyId", ""), identity.get("accountId", "")

    def _beginning(self, key: str, account: str) -> dict[str, Any] | None:
        """The event that began a session, from the account that is told by whom."""
        event = self._event(key, account)
        identity = event["userIdentity"] if event else {}
        if identity.get("type") == "AWSAccount":
            return self._event(key, identity.get("accountId", "")) or event
        return event

    def _event(self, key: str, account: str) -> dict[str, Any] | None:
        if (key, account) not in self._begun:
            found = (each for each in self._named(key, account) if _given_key(each) == key)
            self._begun[key, account] = next(found, None)
        return self._begun[key, account]

    def _named(self, key: str, account: str) -> Iterator[dict[str, Any]]:
        owner = self._owners.get(account)
        if owner is None:
            return
        for region in self._regions:
            yield from self._history.events(owner, region, "ResourceName", key)


def _regions(mesh: ResolvedMesh) -> Iterator[str]:
    """Where people and pipelines sign in."""
    yield mesh.region
    yield home_region(mesh)
    for operator in mesh.operators.values():
        permission_set = operator.spec.trust.permission_set
        if permission_set is not None and permission_set.region is not None:
            yield permission_set.region


def _given_key(event: dict[str, Any]) -> str | None:
    credentials = (event.get("responseElements") or {}).get("credentials") or {}
    key: str | None = credentials.get("accessKeyId")
    return key
