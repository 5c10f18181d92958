"""Whether every role of a mesh can be written at all, before anything is registered."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from meshkit.config.finding import Rule
from meshkit.errors import ConfigError, MeshkitError
from meshkit.policy.lattice import (
    AUTH_POLICY_LIMIT,
    caller_statements,
    network_policy,
    sample_arns,
    service_policy,
    unknown_arns,
)
from meshkit.policy.lattice_targets import group_arn, infrastructure_policies
from meshkit.policy.mesh_operators import operator_policy, operator_trust
from meshkit.policy.roles import role_managed_policies, role_statements
from meshkit.policy.size import check_inline, check_trust, fit
from meshkit.policy.trust import trust_of
from meshkit.topology import rules
from meshkit.topology.check import Checked, check, in_order
from meshkit.topology.lattice.compile import compile_lattice
from meshkit.topology.lattice.limits import LIMIT_RULES, over_limits
from meshkit.topology.slices.lattice import task_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from meshkit.config.finding import Finding
    from meshkit.config.load import Source
    from meshkit.policy.document import Statement
    from meshkit.topology.lattice.model import LatticeMesh
    from meshkit.topology.model import ResolvedMesh, ResolvedOperator, WorkloadRole

ROLE_FITS = Rule(
    "MK723",
    "The policies of a role, its own statements among them, fit what IAM takes of one role.",
    "IAM takes 10,240 characters of inline policies, 10 attached policies of 6,144 and 2,048 of a "
    "trust policy, and refuses a policy in which a Sid stands twice.",
    "Give fewer proxies one role, or shorten and rename the statements that the file adds. For the "
    "role with which ECS registers tasks, move services to other accounts or put load balancers "
    "before tasks.",
    "IAM User Guide: IAM and AWS STS quotas; JSON policy elements: Sid",
)
AUTH_POLICY_FITS = Rule(
    "MK960",
    "The auth policies of services and of the service network have at most 10 KB.",
    "VPC Lattice takes no longer one, and the quota can't be raised.",
    "Give callers a role in common, limit fewer of them to methods and paths, or split the "
    "service; share the network with the organization.",
    "VPC Lattice user guide: quotas",
)
OPERATOR_FITS = Rule(
    "MK749",
    "The policy of an operator's tier and the trust in who takes its role fit what IAM takes.",
    "IAM takes 10,240 characters of inline policies of a role, and 2,048 of a trust policy.",
    "Name fewer routers, subjects or principals; give the others an operator of their own.",
    "IAM User Guide: IAM and AWS STS quotas",
)
RULES = (*rules.RULES, ROLE_FITS, OPERATOR_FITS, AUTH_POLICY_FITS, *LIMIT_RULES)
"""Every rule: those of the file, and that what is made of it can be written."""


def check_file(
    source: Source, *, values: Mapping[str, Any] | None = None, called: str | None = None
) -> Checked:
    """Reads a mesh file and finds all its faults, those of the policies made from it too.

    Arguments and errors are those of ``topology.check.check``.
    """
    checked = check(source, values=values, called=called)
    if not checked.ok:
        return checked
    found = unfitting(checked.resolve(), checked)
    return replace(checked, findings=in_order((*checked.findings, *found), called))


def resolved(
    source: Source, *, values: Mapping[str, Any] | None = None, called: str | None = None
) -> ResolvedMesh:
    """The resolved mesh of a file that has no fault, nor any in the policies made from it.

    Raises ``ConfigError`` with all findings when there is an error, and ``UnreadableError``.
    """
    checked = check(source, values=values, called=called)
    mesh = checked.resolve()
    if found := unfitting(mesh, checked):
        raise ConfigError(in_order((*checked.findings, *found), called))
    return mesh


def unfitting(mesh: ResolvedMesh, checked: Checked) -> tuple[Finding, ...]:
    """A finding for everything made of the mesh that fits no limit of AWS, with its place."""
    found = _on_lattice(mesh) if mesh.config.data_plane == "vpc-lattice" else _on_app_mesh(mesh)
    return tuple(replace(each, location=checked.locate(each.path)) for each in found)


def _on_app_mesh(mesh: ResolvedMesh) -> Iterator[Finding]:
    yield from _unfitting_roles(mesh, role_statements)
    for operator in mesh.operators.values():
        fault = _fault(partial(_check_operator, mesh, operator))
        if fault:
            yield OPERATOR_FITS.at(operator.path, fault)


def _check_operator(mesh: ResolvedMesh, operator: ResolvedOperator) -> None:
    check_trust(operator_trust(mesh, operator).document())
    check_inline(operator_policy(mesh, operator))


def _on_lattice(mesh: ResolvedMesh) -> Iterator[Finding]:
    lattice = compile_lattice(mesh)
    arns = unknown_arns(lattice)
    yield from _unfitting_roles(lattice.mesh, lambda role: caller_statements(lattice, role, arns))
    yield from _unfitting_registration(lattice)
    yield from over_limits(lattice)
    samples = sample_arns(lattice)
    network = (("name",), "the service network", network_policy(lattice, samples))
    services = (
        (each.path, "the service", service_policy(lattice, each, samples))
        for each in lattice.services.values()
    )
    for path, what, document in (network, *services):
        length = len(document.to_json()) if document and not document.deferred() else 0
        if length > AUTH_POLICY_LIMIT:
            message = (
                f"the auth policy of {what} has {length} characters, VPC Lattice takes "
                f"{AUTH_POLICY_LIMIT}; give callers a role in common, or limit fewer of them"
            )
            yield AUTH_POLICY_FITS.at(path, message)


def _unfitting_registration(lattice: LatticeMesh) -> Iterator[Finding]:
    for account, groups in task_groups(lattice).items():
        arns = [group_arn(lattice.mesh, service.owner, group) for service, group in groups]
        fault = _fault(partial(infrastructure_policies, arns))
        if fault:
            message = f"ECS registers tasks in {len(groups)} target groups by one role: {fault}"
            yield ROLE_FITS.at(("accounts", account), message)


def _unfitting_roles(
    mesh: ResolvedMesh, statements_of: Callable[[WorkloadRole], tuple[Statement, ...]]
) -> Iterator[Finding]:
    for role in mesh.roles.values():
        fault = _fault(partial(_check_role, role, mesh, statements_of)) if role.attach else None
        if fault:
            yield ROLE_FITS.at(role.path, fault)


def _check_role(
    role: WorkloadRole,
    mesh: ResolvedMesh,
    statements_of: Callable[[WorkloadRole], tuple[Statement, ...]],
) -> None:
    fit(statements_of(role), attached=len(role_managed_policies(role)))
    if not role.adopted:
        check_trust(trust_of(role, mesh))


def _fault(check_of: Callable[[], object]) -> str | None:
    try:
        check_of()
    except MeshkitError as error:
        return str(error)
    return None
