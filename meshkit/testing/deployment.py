"""A deployed program, and what a test may ask of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from meshkit.config.suggest import did_you_mean
from meshkit.policy.evaluation import Policy
from meshkit.testing.actions import require_action
from meshkit.testing.errors import Unanswerable
from meshkit.testing.program import Program
from meshkit.testing.questions import decide, require_named
from meshkit.testing.snapshot import compare, policies_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshkit.graph import Graph
    from meshkit.local.cloud import Cloud
    from meshkit.local.outcome import Run
    from meshkit.policy.evaluation import Decision
    from meshkit.policy.evaluation.request import Value
    from meshkit.topology.model import ResolvedMesh


class Deployment:
    """What a program made, and questions about it.

    A role is given by its ARN, its physical name, its name in the stack, or the name of a node or
    gateway whose role it is; an action as ``service:Action``; a resource as its ARN, or ``*`` for
    an action on none in particular. What the program gives no answer to raises ``Unanswerable``:
    an unknown role, an action that does not exist, a policy or condition key that is not known.
    """

    def __init__(self, result: Run, cloud: Cloud, meshes: Sequence[ResolvedMesh]) -> None:
        self.run = result
        """What came of the run: warnings, outputs, time."""
        self.cloud = cloud
        """The local cloud, for another program beside this one; it ends with the ``with`` block."""
        self._program = Program(result.graph, meshes)

    @property
    def graph(self) -> Graph:
        """Every resource with its inputs and outputs."""
        return self.run.graph

    @property
    def outputs(self) -> Mapping[str, Any]:
        """The stack's outputs; secrets are ``meshkit.graph.Secret``."""
        return self.run.outputs

    @property
    def meshes(self) -> tuple[ResolvedMesh, ...]:
        """The mesh files of the program."""
        return self._program.meshes

    def client(self, service: str, account: str | None = None, region: str | None = None) -> Any:
        """A boto3 client.

        ``account`` is an id or a name of the mesh file, by default the caller's; ``region`` is by
        default that of the mesh.
        """
        mesh = self.meshes[0] if self.meshes else None
        id_ = None if account is None else self._account(account)
        return self.cloud.client(service, id_, region or (mesh.region if mesh else None))

    def role(self, name: str) -> str:
        """ARN of a role."""
        return self._program.role(name).arn

    def endpoint(self, name: str) -> str:
        """ARN of the node or gateway of a name."""
        return self._program.endpoint(name)

    def assert_can(
        self,
        role: str,
        action: str,
        resource: str,
        *,
        context: Mapping[str, Value] | None = None,
        resource_policy: str | Mapping[str, Any] | None = None,
        known: bool = False,
    ) -> None:
        """Fails unless the role may do it.

        ``context`` are condition keys beside region, account and transport; one that decides and is
        not given raises ``Unanswerable``. ``resource_policy`` is that of the resource, needed where
        it is another account's. ``known`` says that the action exists though meshkit does not know
        it.
        """
        __tracebackhide__ = True
        decision = self._decide(role, action, resource, context, resource_policy, known=known)
        if not decision.allowed:
            raise AssertionError(f"{self.role(role)} can't: {decision.reason}")

    def assert_cannot(
        self,
        role: str,
        action: str,
        resource: str,
        *,
        context: Mapping[str, Value] | None = None,
        resource_policy: str | Mapping[str, Any] | None = None,
        known: bool = False,
    ) -> None:
        """Fails if the role may do it; the parameters are those of ``assert_can``.

        With ``*``, no statement may allow the action on any resource.
        """
        __tracebackhide__ = True
        decision = self._decide(role, action, resource, context, resource_policy, known=known)
        if decision.allowed:
            raise AssertionError(f"{self.role(role)} can: {decision.reason}")
        if resource == "*" and decision.outcome != "explicit-deny":
            require_named(self._program.role(role), action)

    def assert_least_privilege(self, *roles: str) -> None:
        """Fails unless the proof holds: roles may do what is declared for them, and nothing else.

        Without ``roles`` for the whole program, trust and share included; then there must be a role
        of a proxy. Raises ``Unanswerable`` where something can't be told.
        """
        __tracebackhide__ = True
        proof = self._program.prove()
        arns = [self.role(name) for name in roles]
        chosen = arns or [arn for arn in proof.roles if proof.expected.get(arn)]
        found = [each for each in proof.violations if not arns or each.role in arns]
        if found:
            lines = [f"{each.code} {each.message}. {each.mend}" for each in found]
            raise AssertionError("\n".join(["not least privilege:", *lines]))
        if proof.unknowns:
            lines = [f"{each.subject}: {each.message}" for each in proof.unknowns]
            raise Unanswerable("\n".join(["this can't be told:", *lines]))
        empty = [arn for arn in chosen if not proof.expected.get(arn)]
        if empty or not chosen:
            which = ", ".join(empty) or "the program"
            raise AssertionError(f"nothing is declared for any proxy by {which}: nothing is proven")

    def assert_policies_match(self, path: Path | str) -> None:
        """Fails unless all roles have the trust and the policies that a snapshot has.

        The snapshot is JSON for people to review. ``pytest --meshkit-update`` writes it anew.
        """
        __tracebackhide__ = True
        roles = self._program.roles
        if not roles:
            raise AssertionError("the program has no roles: there is nothing to compare")
        compare(policies_of(roles), Path(path))

    def _decide(
        self,
        role: str,
        action: str,
        resource: str,
        context: Mapping[str, Value] | None,
        resource_policy: str | Mapping[str, Any] | None,
        *,
        known: bool,
    ) -> Decision:
        subject = self._program.role(role)
        if not known:
            require_action(action)
        self._program.require_resource(resource)
        policy = None if resource_policy is None else Policy.parse(resource_policy, name="given")
        return decide(subject, action, resource, context=context or {}, resource_policy=policy)

    def _account(self, account: str) -> str:
        if account.isdigit() and len(account) == 12:
            return account
        names = {key: each.id for mesh in self.meshes for key, each in mesh.config.accounts.items()}
        if account not in names:
            raise Unanswerable(f'no account "{account}"{did_you_mean(account, names)}')
        return names[account]
