"""From the identities of a program to subjects: policies parsed, layers put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.errors import MeshkitError
from meshkit.inspect.proof.subject import Declared, Subject
from meshkit.inspect.violation import Unknown
from meshkit.policy.document import VERSION
from meshkit.policy.evaluation import Layers, Policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from meshkit.inspect.access import Access, ControlPolicy, Identity, PolicySource
    from meshkit.inspect.proof.lattice.declared import DeclaredLattice
    from meshkit.topology.model import ResolvedMesh

FULL_ACCESS = Policy.parse(
    {"Version": VERSION, "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
    name="FullAWSAccess",
)
"""The service control policy that Organizations attaches to everything by itself."""

NOTHING = Policy(())
"""What a policy of AWS says about a mesh that is about other things."""


class Subjects:
    """Makes the subjects of a program."""

    def __init__(
        self,
        access: Access,
        meshes: Sequence[ResolvedMesh],
        files: Sequence[DeclaredLattice] = (),
    ) -> None:
        self._access = access
        self._parsed: dict[str, Policy] = {}
        self._declared = _declared_roles(meshes, files)
        self._exempt = {
            mesh.config.organization.management_account
            for mesh in meshes
            if mesh.config.organization is not None
        }

    def all(self) -> Iterator[Subject]:
        """Every identity as a subject, in the order of the program."""
        return map(self._subject, self._access.identities)

    def _subject(self, identity: Identity) -> Subject:
        unknowns: list[Unknown] = []
        policies = tuple(self._known(identity, identity.policies, unknowns))
        layers = Layers(
            identity=tuple(policy for _, policy in policies),
            boundary=self._one(identity, identity.boundary, unknowns),
            scps=self._guardrails(identity, unknowns),
        )
        complete = identity.made and not unknowns
        key = (identity.account or "", identity.name.lower())
        return Subject(
            identity=identity,
            declared=tuple(self._declared.get(key, ())) if identity.kind == "role" else (),
            policies=policies,
            trust=self._one(identity, identity.trust, unknowns),
            layers=layers,
            complete=complete,
            unknowns=tuple(unknowns),
        )

    def _one(
        self, identity: Identity, source: PolicySource | None, unknowns: list[Unknown]
    ) -> Policy | None:
        sources = () if source is None else (source,)
        return next((policy for _, policy in self._known(identity, sources, unknowns)), None)

    def _known(
        self, identity: Identity, sources: Iterable[PolicySource], unknowns: list[Unknown]
    ) -> Iterator[tuple[PolicySource, Policy]]:
        """The policies whose documents are known; the others go to ``unknowns``."""
        for source in sources:
            if is_silent(source):
                yield source, NOTHING
                continue
            try:
                yield source, self._policy(source)
            except MeshkitError as error:
                urn = source.resource.urn if source.resource else None
                message = f"what policy {source.name} says: {error}"
                unknowns.append(Unknown(identity.arn, message, urn))

    def _policy(self, source: PolicySource) -> Policy:
        document = source.document
        known = self._parsed.get(document) if isinstance(document, str) else None
        policy = known or policy_of(source)
        if isinstance(document, str):
            self._parsed[document] = policy
        return policy

    def _guardrails(
        self, identity: Identity, unknowns: list[Unknown]
    ) -> tuple[tuple[Policy, ...], ...]:
        """The service control policies of an identity's account, beside the one always there."""
        account = identity.account
        if account is None or account in self._exempt:
            return ()
        found: list[Policy] = []
        for guardrail in self._access.control_policies:
            applies = self._applies(guardrail, account)
            attached = f"service control policy {guardrail.policy.name} is attached"
            if applies is None:
                message = f"whether account {account} is in {guardrail.target}, to which {attached}"
                unknowns.append(Unknown(identity.arn, message, guardrail.resource.urn))
            elif applies and self._may_manage(account, guardrail):
                message = (
                    f"whether account {account}, from which {attached} to {guardrail.target}, is "
                    "the management account, which none limits: name it in the mesh file"
                )
                unknowns.append(Unknown(identity.arn, message, guardrail.resource.urn))
            elif applies:
                found += (p for _, p in self._known(identity, (guardrail.policy,), unknowns))
        return ((FULL_ACCESS, *found),) if found else ()

    def _may_manage(self, account: str, guardrail: ControlPolicy) -> bool:
        """Whether an account may be the management account, for all that the mesh files say.

        None but that one and those it delegates to attach service control policies.
        """
        return not self._exempt and guardrail.resource.account == account

    def _applies(self, guardrail: ControlPolicy, account: str) -> bool | None:
        """Whether an account is below a guardrail's target; ``None`` where that can't be told."""
        at = account
        while at != guardrail.target:
            if at.startswith("r-"):
                return False
            if guardrail.target.startswith("r-"):
                return True
            if guardrail.target.isdigit():
                return False
            parent = self._access.parents.get(at)
            if parent is None:
                return None
            at = parent
        return True


def policy_of(source: PolicySource) -> Policy:
    """The policy of a source. Raises ``MeshkitError`` telling why there is none."""
    if source.document is None:
        raise MeshkitError(source.missing)
    try:
        return Policy.parse(source.document)
    except MeshkitError as error:
        told = "" if source.secret else f": {error}"
        raise MeshkitError(f"its document is none that IAM takes{told}") from None


def is_silent(source: PolicySource) -> bool:
    """Whether it is a policy of AWS that says nothing about what a mesh uses."""
    return isinstance(source.document, dict) and source.document.get("Statement") == []


def _declared_roles(
    meshes: Iterable[ResolvedMesh], files: Iterable[DeclaredLattice]
) -> dict[tuple[str, str], list[Declared]]:
    """The roles of mesh files by account and name in lower case, as IAM tells names apart."""
    on_lattice = {id(file.mesh): file for file in files}
    found: dict[tuple[str, str], list[Declared]] = {}
    for mesh in meshes:
        file = on_lattice.get(id(mesh))
        roles = mesh.roles if file is None else file.lattice.mesh.roles
        for role in roles.values():
            if role.name is not None:
                key = (role.owner.id, role.name.lower())
                found.setdefault(key, []).append(Declared(mesh, role, file))
    return found
