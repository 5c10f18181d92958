"""meshStack's connectors and the roles they take, as far as a program declares them.

Only what is exactly as the components make it is declared: a key, a statement or a caller more is
none of theirs.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from meshkit.errors import MeshkitError
from meshkit.graph import reveal
from meshkit.policy.meshstack import EXTERNAL_ID, is_connector_document
from meshkit.policy.operator_trust import AccountTrust

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from meshkit.graph import Graph, Resource
    from meshkit.inspect.access import Access, PolicySource
    from meshkit.inspect.proof.subject import Granted, Subject
    from meshkit.topology.model import ResolvedMesh

ACCESS_KEY = "aws:iam/accessKey:AccessKey"
CONNECTOR = "meshkit:index:MeshStackConnector"
MEMBER_ACCESS = "meshkit:index:MemberAccessRole"


@dataclass(frozen=True)
class Connector:
    """The user or role of a connector."""

    subject: Subject
    others: tuple[PolicySource, ...]
    """Its policies that are not the one of meshStack's documentation."""
    keys: frozenset[str]
    """URNs of the access keys that the component makes."""


@dataclass(frozen=True)
class MeshStack:
    """All that a program declares of meshStack."""

    connectors: tuple[Connector, ...]
    members: Mapping[str, str]
    """URN of the component, by the ARN of each role that a connector alone may take."""

    def has_key(self, urn: str) -> bool:
        """Whether an access key is one of a connector that has no other right."""
        return any(urn in each.keys for each in self.connectors if not each.others)

    def grants(self, subject: Subject, granted: Granted) -> bool:
        """Whether a statement is of a policy that a connector is given in a member account."""
        component = self.members.get(subject.arn)
        source = granted.source.resource
        return component is not None and source is not None and source.parent == component

    def trusts(self, subject: Subject) -> bool:
        """Whether a role is one that a connector alone may take."""
        return subject.arn in self.members


def meshstack_of(
    graph: Graph, access: Access, subjects: Mapping[str, Subject], meshes: Sequence[ResolvedMesh]
) -> MeshStack:
    """What a program declares of meshStack."""
    connectors = tuple(
        _connector(component, subject, access)
        for component in graph.of_type(CONNECTOR)
        for subject in _made_by(component, subjects)
    )
    callers = {each.subject.arn for each in connectors}
    accounts = {
        mesh.config.organization.management_account
        for mesh in meshes
        if mesh.config.organization is not None
    }
    return MeshStack(
        connectors,
        {
            subject.arn: component.urn
            for component in graph.of_type(MEMBER_ACCESS)
            for subject in _made_by(component, subjects)
            if _is_closed(subject, callers, accounts)
        },
    )


def _made_by(component: Resource, subjects: Mapping[str, Subject]) -> Iterator[Subject]:
    for subject in subjects.values():
        made = subject.identity.resource
        if made is not None and made.parent == component.urn:
            yield subject


def _connector(component: Resource, subject: Subject, access: Access) -> Connector:
    account = subject.identity.account or ""
    others = tuple(
        source
        for source in subject.identity.policies
        # What a policy says that is not known yet is an open question.
        if source.document is not None
        and not (_is_below(component, source) and is_connector_document(_data(source), account))
    )
    keys = {
        each.resource.name: each.resource.urn
        for each in access.keys
        if each.resource.type == ACCESS_KEY
        and each.resource.parent == component.urn
        and (each.holder, each.account) == (subject.identity.name, subject.identity.account)
    }
    return Connector(subject, others, frozenset(_in_use(component, keys, access)))


def _in_use(component: Resource, keys: Mapping[str, str], access: Access) -> Iterator[str]:
    """The key in use, and the one before it while it is rotated."""
    by_number = {
        int(match[1]): urn
        for name, urn in keys.items()
        if (match := re.fullmatch(rf"{re.escape(component.name)}-key-([1-9][0-9]*)", name))
    }
    told = reveal(component.outputs.get("accessKeyId"))
    ids = {each.resource.urn: reveal(each.resource.outputs.get("id")) for each in access.keys}
    known = [number for number, urn in by_number.items() if told and ids[urn] == told]
    current = known[0] if known else max(by_number, default=0)
    yield from (urn for number, urn in by_number.items() if number in (current, current - 1))


def _is_below(component: Resource, source: PolicySource) -> bool:
    return source.resource is not None and source.resource.parent == component.urn


def _data(source: PolicySource) -> Any:
    document = source.document
    return json.loads(document) if isinstance(document, str) else document


def _is_closed(subject: Subject, connectors: set[str], accounts: set[str]) -> bool:
    """Whether a connector alone may take a role, and only with the external id.

    That is one of the program; where it is in another program, one of the management account.
    """
    source = subject.identity.trust
    if source is None or source.document is None:
        return False
    try:
        (statement,) = _data(source)["Statement"]
        caller = statement["Principal"]["AWS"]
        ids = statement["Condition"]["StringEquals"][EXTERNAL_ID]
        given = [ids] if isinstance(ids, str) else ids
        wanted = AccountTrust(principals=[caller], external_ids=given).document().to_dict()
    except (KeyError, TypeError, ValueError, MeshkitError):
        return False
    if [statement] != wanted["Statement"] or caller.endswith(":root"):
        return False
    account = caller.split(":")[4]
    return caller in connectors if connectors else account in (accounts or {account})
