"""One need of a proxy, judged by the policies of its role and by IAM's simulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from meshkit.inspect.confirm.arns import difference
from meshkit.inspect.confirm.commands import document
from meshkit.inspect.confirm.remark import Remark
from meshkit.policy.document import VERSION
from meshkit.policy.evaluation import Caller, Request, Undecidable, evaluate
from meshkit.policy.roles import envoy_access_arn
from meshkit.topology.stream import STREAM_ACTION, covers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from meshkit.inspect.confirm.role import IamRole
    from meshkit.inspect.confirm.simulation import Verdict, Verdicts
    from meshkit.inspect.confirm.workload import Proxy
    from meshkit.policy.evaluation import Decision, Layers


_Mend = Literal["simulate", "take", "add", "grant"]
"""Ask IAM, take a statement out of a policy, add one to a policy, give the role one more."""


@dataclass(frozen=True, slots=True)
class Need:
    """Actions that a proxy must be allowed, on resources that are all known."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why an action is not allowed. Actions with equal refusals are told together."""

    kind: Literal["missing", "unknown"]
    why: str
    mend: _Mend
    policy: str = ""
    """The policy to mend."""
    statement: str = ""
    """The statement of it that refuses."""


@dataclass(frozen=True, slots=True)
class Judge:
    """A role, and all that is known of the requests that it will make."""

    proxy: Proxy
    role: IamRole
    layers: Layers
    context: Mapping[str, str | bool | tuple[str, ...]]

    def remarks(self, need: Need, verdicts: Verdicts) -> Iterator[Remark]:
        """What is wrong with a need, by the policies and by what IAM said."""
        for resource in need.resources:
            found: dict[_Refusal, list[str]] = {}
            for action in need.actions:
                refusal = self._refusal(action, resource, verdicts.get((action, resource)))
                if refusal is not None:
                    found.setdefault(refusal, []).append(action)
            for refusal, actions in found.items():
                yield self._told(refusal, actions, resource)

    def decided(self, action: str, resource: str) -> Decision:
        """What the role's policies say. Raises ``Undecidable``."""
        request = Request(action, resource, Caller(self.role.arn), self.context, complete=False)
        return evaluate(request, self.layers)

    def _refusal(self, action: str, resource: str, verdict: Verdict | None) -> _Refusal | None:
        try:
            decision = self.decided(action, resource)
        except Undecidable as error:
            sure = verdict is not None and verdict.allowed and not verdict.lacking
            return None if sure else _open(str(error), verdict)
        if not decision.allowed:
            return self._refused(decision, action, resource, verdict)
        if verdict is None or verdict.allowed:
            return None
        return _open("", verdict)

    def _refused(
        self, decision: Decision, action: str, resource: str, verdict: Verdict | None
    ) -> _Refusal:
        why = decision.reason.replace(f"{action} on {resource}", "it")
        if verdict is not None and verdict.allowed:
            return _Refusal("unknown", f"{why}; but IAM's simulation allows it", "simulate")
        if decision.statement is not None:
            statement = document(decision.statement.document)
            return _Refusal("missing", why, "take", decision.policy, statement)
        if decision.layer == "boundary":
            return _Refusal("missing", why, "add", decision.policy)
        near = "; ".join(self._near(action, resource))
        return _Refusal("missing", f"{why}; {near}" if near else why, "grant")

    def _near(self, action: str, resource: str) -> Iterator[str]:
        """What the role's policies allow that was perhaps meant for the resource."""
        for policy in self.layers.identity:
            for statement in policy.statements:
                about = any(covers(each, action) for each in statement.actions)
                if statement.effect == "Allow" and about and not statement.not_actions:
                    for each in statement.resources or ():
                        told = difference(resource, each.text)
                        yield f"allowed is {each.text}{f', but {told}' if told else ''}"

    def _told(self, refusal: _Refusal, actions: list[str], resource: str) -> Remark:
        asked = f"{', '.join(actions)} on {resource}: {refusal.why}"
        if refusal.kind == "unknown":
            text = f"whether role {self.role.name} may {asked}"
        else:
            text = f"role {self.role.name} may not {asked}"
        if refusal.mend == "simulate":
            look = self._simulate(actions, resource)
            return Remark(refusal.kind, text, look=(look,), settling=True)
        mend = self._mend(refusal, {"Effect": "Allow", "Action": actions, "Resource": resource})
        return Remark(refusal.kind, text, mend=(mend,), settling=True)

    def _mend(self, refusal: _Refusal, wanted: dict[str, Any]) -> str:
        """What makes the policies allow what the wanted statement does."""
        if refusal.mend == "take":
            return f"take out of the {refusal.policy}: {refusal.statement}"
        if refusal.mend == "add":
            return f"add to the {refusal.policy}: {document(wanted)}"
        return self._grant(wanted)

    def _simulate(self, actions: list[str], resource: str) -> str:
        return self.proxy.account.command(
            "iam",
            "simulate_principal_policy",
            PolicySourceArn=self.role.arn,
            ActionNames=actions,
            ResourceArns=[resource],
        )

    def _grant(self, wanted: dict[str, Any]) -> str:
        """The command that gives the role one more policy."""
        account, mesh = self.proxy.account, self.proxy.site.mesh
        if self.proxy.role.access == "mesh-wide" and STREAM_ACTION in wanted["Action"]:
            arn = envoy_access_arn(mesh.partition.name)
            params = {"RoleName": self.role.name, "PolicyArn": arn}
            return account.command("iam", "attach_role_policy", **params)
        return account.command(
            "iam",
            "put_role_policy",
            RoleName=self.role.name,
            PolicyName=f"{mesh.name}-{self.proxy.endpoint.name}"[:_LONGEST_NAME],
            PolicyDocument=document({"Version": VERSION, "Statement": [wanted]}),
        )


def _open(doubt: str, verdict: Verdict | None) -> _Refusal:
    """A refusal of IAM's where the policies do not refuse, or where neither tells."""
    if verdict is None:
        return _Refusal("unknown", f"it can't be decided: {doubt}", "simulate")
    if verdict.lacking:
        keys = ", ".join(verdict.lacking)
        return _Refusal("unknown", f"it depends on {keys}, which only the request has", "simulate")
    return _Refusal("missing", f"IAM's simulation finds {verdict.why}", "simulate")


_LONGEST_NAME = 128
"""Of an inline policy. Source: IAM API, PutRolePolicy."""
