"""What consumers of a shared mesh may do and make in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.access.parts import mesh_of
from meshkit.inspect.access.references import References, physical_name
from meshkit.inspect.proof.codes import NOT_CARRIED, OWNER_ONLY
from meshkit.inspect.proof.reading import is_about, texts_of
from meshkit.inspect.proof.showing import statement_name, statement_text, subject_text
from meshkit.policy.mesh_actions import ACTIONS, SHARED_ACTIONS
from meshkit.topology.stream import STREAM_ACTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.proof.subject import Granted
    from meshkit.inspect.violation import Violation

OWNERS_TYPES = {
    "aws:appmesh/virtualGateway:VirtualGateway": "virtual gateway",
    "aws:appmesh/gatewayRoute:GatewayRoute": "gateway route",
}
"""What only the owner of a mesh may make in it."""


OWN_TAGS = "appmesh:ListTagsForResource"
"""A consumer may read the tags of what it has made; no share carries that for the rest."""


def owners_work(case: Case) -> Iterator[Violation]:
    """Gateways and their routes that an account makes in the mesh of another."""
    references = References(case.graph)
    for type_, kind in OWNERS_TYPES.items():
        for resource in case.graph.of_type(type_):
            mesh = mesh_of(resource, references)
            if mesh is None or resource.account in (None, mesh[1]):
                continue
            yield OWNER_ONLY.found(
                f"account {resource.account} makes the {kind} {physical_name(resource)} in mesh "
                f"{mesh[0]} of account {mesh[1]}",
                resource=resource.urn,
                place=case.where.of_resource(resource),
                mend=f"Make it with the provider of account {mesh[1]}.",
            )


def uncarried_actions(case: Case) -> Iterator[Violation]:
    """Actions on a shared mesh that roles of consumers are allowed in vain."""
    for subject in case.subjects.values():
        account = subject.identity.account
        for granted in subject.statements():
            if account is None or not _is_about_foreign_mesh(granted, account):
                continue
            excess = sorted(_excess(granted, account))
            if not excess:
                continue
            yield NOT_CARRIED.found(
                f"{statement_name(granted)} allows {subject_text(subject)} {', '.join(excess)} in "
                "a mesh that another account shares with it",
                role=subject.arn,
                statement=statement_text(granted),
                resource=granted.source.resource.urn if granted.source.resource else None,
                place=case.where.of_statement(subject, granted),
                mend=f"Remove {', '.join(excess)} from the statement.",
            )


def _excess(granted: Granted, account: str) -> set[str]:
    statement = granted.statement
    if statement.not_actions:
        return set()
    carried = {*SHARED_ACTIONS, STREAM_ACTION}
    if all(text.split(":", 5)[4:5] == [account] for text in texts_of(statement)):
        carried.add(OWN_TAGS)
    return {action for action in ACTIONS - carried if is_about(statement, action)}


def _is_about_foreign_mesh(granted: Granted, account: str) -> bool:
    """Whether a statement names a mesh of another account, or something in one."""
    if granted.statement.not_resources:
        return False
    return any(_is_foreign(text, account) for text in texts_of(granted.statement))


def _is_foreign(resource: str, account: str) -> bool:
    parts = resource.split(":", 5)
    if len(parts) < 6 or parts[2] != "appmesh" or not parts[5].startswith("mesh/"):
        return False
    mesh, _, owner = parts[5].removeprefix("mesh/").partition("/")[0].partition("@")
    named = owner or parts[4]
    return bool(mesh) and named.isdigit() and named != account
