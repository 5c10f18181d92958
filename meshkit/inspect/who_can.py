"""Who may do something to a resource, of all roles and users of a program."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from meshkit.errors import MeshkitError
from meshkit.inspect.calling import asks_for, refusal, resource_of, service_names
from meshkit.inspect.proof.checks.unknowns import FOREIGN_TYPES
from meshkit.inspect.proof.reading import is_about, request_context
from meshkit.inspect.proof.showing import statement_name
from meshkit.inspect.proof.subject import Granted
from meshkit.inspect.refusal import doubt_text
from meshkit.policy.document import VERSION
from meshkit.policy.evaluation import Caller, Policy, Request, Undecidable, evaluate
from meshkit.policy.lattice import CONNECT, INVOKE
from meshkit.policy.managed import SERVICES, is_managed_by_aws
from meshkit.policy.mesh_actions import SHARED_ACTIONS
from meshkit.policy.typed_findings import request_fault
from meshkit.topology.stream import STREAM_ACTION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from meshkit.config.finding import Location
    from meshkit.inspect.access import Share
    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.proof.lattice.ways import Way
    from meshkit.inspect.proof.subject import Subject
    from meshkit.policy.evaluation import Decision

MEMBERSHIPS = (
    "aws:iam/groupMembership:GroupMembership",
    "aws:iam/userGroupMembership:UserGroupMembership",
)
"""What puts users into groups."""

Answer = Literal["yes", "if the resource allows it", "can't tell"]


@dataclass(frozen=True, slots=True)
class Holder:
    """One who may do it, or of whom that is open."""

    arn: str
    answer: Answer
    reason: str
    granted: Granted | None = None
    """The statement that allows it."""
    place: Location | None = None
    """Where that statement was asked for."""


_ANYBODY = Holder(
    "anybody without an identity",
    "can't tell",
    "TLS is handed on, so no role is asked: the auth policies name VPCs and ports",
)


def who_can(case: Case, action: str, resource: str) -> tuple[Holder, ...]:
    """Those who may do an action on a resource, in the order of the program.

    A service of VPC Lattice that the program makes may go by its name. A resource is of the account
    in its ARN. Of a resource of another account, what a program knows is the share of a mesh; else
    the resource's own policy has to allow it as well. A proxy reads only configurations of its own
    account's endpoints, whatever its role says. Of a service of VPC Lattice in the program all
    layers are asked, for the path of the resource or, without one, for any that policies tell
    apart. Raises ``MeshkitError`` for an action that its service has not, or that is not made on
    such a resource, and for a name that no service has.
    """
    resource = resource_of(case, action, resource)
    # A service may be named without a path.
    fault = request_fault(action, f"{resource}/*" if action.lower() == INVOKE.lower() else resource)
    if fault:
        raise MeshkitError(fault)
    if action.lower() == CONNECT.lower() and resource in service_names(case).values():
        return (_ANYBODY,)
    holders = (
        _holder(case, subject, action, resource)
        for subject in case.subjects.values()
        if subject.identity.kind != "group"
    )
    return (*(holder for holder in holders if holder is not None), *_unplaced(case))


def _unplaced(case: Case) -> Iterator[Holder]:
    """What may let somebody do anything, without the program telling whom or what."""
    for unknown in case.access.unknowns:
        resource = case.graph.get(unknown.resource)
        if resource is not None and resource.type.startswith("aws:iam/"):
            yield Holder(unknown.subject, "can't tell", f"not known: {unknown.message}")
    for resource in case.graph:
        if resource.custom and resource.type.startswith(FOREIGN_TYPES):
            reason = f"what {resource.type} grants is not looked at"
            yield Holder(resource.name, "can't tell", reason)


def _holder(case: Case, subject: Subject, action: str, resource: str) -> Holder | None:
    ways = case.calls.ways_to(resource) if action.lower() == INVOKE.lower() else ()
    if ways:
        return _caller(case, subject, ways, resource)
    account = subject.identity.account
    region, owner = _whereabouts(resource)
    foreign = owner not in ("", account)
    if foreign and action.lower() == STREAM_ACTION.lower():
        return None
    context = request_context(owner or account or "", region) if region else {}
    request = Request(action, resource, Caller(subject.arn), context, complete=False)
    layers = subject.layers
    shared = _shared(case, account, resource) if foreign else None
    if shared is not None:
        layers = replace(layers, resource=shared, same_account=False)
    try:
        decision = evaluate(request, layers)
    except Undecidable as error:
        return Holder(subject.arn, "can't tell", doubt_text(subject, error))
    if not decision.allowed:
        unknown = _unknown(case, subject, action)
        if resource == "*" and decision.outcome == "implicit-deny":
            unknown = _on_some(subject, action) or unknown
        return Holder(subject.arn, "can't tell", unknown) if unknown else None
    granted = _granted(subject, decision)
    place = case.where.of_statement(subject, granted) if granted else None
    if foreign and shared is None:
        reason = f"{decision.reason}; {resource} is of account {owner}"
        return Holder(subject.arn, "if the resource allows it", reason, granted, place)
    return Holder(subject.arn, "yes", decision.reason, granted, place)


def _caller(case: Case, subject: Subject, ways: Sequence[Way], resource: str) -> Holder | None:
    """Whether somebody may call a service of the program, by all layers that decide on it."""
    doubts: list[str] = []
    for way, ask in ((each, ask) for each in ways for ask in asks_for(each, resource)):
        try:
            gate = refusal(case, subject, way, ask)
        except Undecidable as error:
            doubts.append(doubt_text(subject, error))
            continue
        if gate is None and not way.open:
            return Holder(subject.arn, "yes", f"caller, network and service let {ask} pass")
        if gate is None:
            doubts.append("an auth policy is not known")
        elif gate.layer == "identity" and subject.unknowns:
            doubts.append(f"not known: {subject.unknowns[0].message}")
    return Holder(subject.arn, "can't tell", doubts[0]) if doubts else None


def _on_some(subject: Subject, action: str) -> str | None:
    """Which statement allows on some resources what nothing allows on all of them."""
    found = (each for each in subject.statements() if is_about(each.statement, action))
    granted = next(found, None)
    if granted is None:
        return None
    return f"on some resources, perhaps, by {statement_name(granted)}: name one"


def _unknown(case: Case, subject: Subject, action: str) -> str | None:
    """What is not known of somebody's policies, and may allow what the known ones do not."""
    if subject.unknowns:
        return f"not known: {subject.unknowns[0].message}"
    if not subject.identity.made:
        return "the program only attaches to it; what else it has is not known"
    if action.partition(":")[0].lower() not in SERVICES:
        of_aws = (each.name for each in subject.identity.policies if is_managed_by_aws(each.name))
        name = next(of_aws, None)
        if name is not None:
            return f"of {name} only what it says about a mesh is known"
    if subject.identity.kind == "user" and any(map(case.graph.of_type, MEMBERSHIPS)):
        return "users of the program are in groups, whose policies are not counted as theirs"
    return None


def _granted(subject: Subject, decision: Decision) -> Granted | None:
    return next(
        (each for each in subject.statements() if each.statement is decision.statement), None
    )


def _whereabouts(resource: str) -> tuple[str, str]:
    """Region and account of an ARN, as far as it has them."""
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return "", ""
    return parts[3], parts[4] if parts[4].isdigit() else ""


def _shared(case: Case, account: str | None, resource: str) -> Policy | None:
    """What the shares of the resource's mesh allow an account, as a policy of the resource."""
    meshes = [mesh for share in case.access.shares for mesh in _meshes(share, account)]
    found = [mesh for mesh in meshes if resource == mesh or resource.startswith(f"{mesh}/")]
    if account is None or not found:
        return None
    statement = {
        "Sid": "Share",
        "Effect": "Allow",
        "Principal": {"AWS": account},
        "Action": sorted(SHARED_ACTIONS),
        "Resource": [*found, *(f"{mesh}/*" for mesh in found)],
    }
    return Policy.parse({"Version": VERSION, "Statement": statement}, name="share")


def _meshes(share: Share, account: str | None) -> Iterator[str]:
    if any(principal.id == account for principal in share.principals):
        yield from share.meshes
