"""A policy document to write policies with: its actions are checked, and it answers requests.

The evaluator and the lists of actions are loaded by who asks: most programs never do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from meshkit.config.role import Statement
from meshkit.errors import MeshkitError
from meshkit.policy.document import Document
from meshkit.policy.roles import added_statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from meshkit.policy.evaluation import Decision, Policy, Request
    from meshkit.policy.typed_findings import PolicyFinding

_ELEMENTS: Final = {
    "Sid": "sid",
    "Effect": "effect",
    "Action": "actions",
    "NotAction": "not_actions",
    "Resource": "resources",
    "NotResource": "not_resources",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes of one request."""

    request: Request
    decision: Decision | None
    """``None`` where the request does not tell enough, or can't be."""
    reason: str
    """One sentence for people."""

    @property
    def allowed(self) -> bool:
        """Whether it surely passes: what can't be decided is never an allow."""
        return self.decision is not None and self.decision.allowed


@dataclass(frozen=True)
class PolicyDocument:
    """A policy of a role or user, as typed statements.

    Actions, resources and conditions are held against the Service Authorization Reference for App
    Mesh, VPC Lattice, RAM, IAM, STS and Organizations; those of other services are taken as they
    are. Texts must be known: a document with an ``Output`` in it can't be judged.
    """

    statements: tuple[Statement, ...]
    name: str = ""
    """What people call it; no part of the document."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "statements", tuple(self.statements))

    @classmethod
    def parse(cls, document: str | Mapping[str, Any], *, name: str = "") -> PolicyDocument:
        """The document of JSON, or of what JSON became.

        Raises ``PolicyError`` where IAM would not take it, or it names principals: those are
        policies of resources.
        """
        from meshkit.policy.evaluation import Policy  # noqa: PLC0415

        policy = Policy.parse(document, name=name)
        return cls(tuple(_typed(each.document, str(each)) for each in policy.statements), name)

    @cached_property
    def findings(self) -> tuple[PolicyFinding, ...]:
        """What is wrong with actions, resources and condition keys, in the order of the document.

        An action or a key that does not exist, a resource of a type that no action of its statement
        takes, an action none of whose resources is of a type that it takes.
        """
        from meshkit.policy.typed_findings import findings_of  # noqa: PLC0415

        return tuple(findings_of(self.statements))

    def require_sound(self) -> PolicyDocument:
        """The document itself. Raises ``MeshkitError`` with every finding, one a line."""
        if self.findings:
            label = f"{self.name}: " if self.name else ""
            raise MeshkitError("\n".join(f"{label}{each}" for each in self.findings))
        return self

    def check(self, requests: Iterable[Request]) -> tuple[Answer, ...]:
        """What comes of each request when this is all that its caller has, in their order."""
        return tuple(self._answer(each) for each in requests)

    def passing(self, requests: Iterable[Request]) -> tuple[Request, ...]:
        """Those of the requests that surely pass."""
        return tuple(each.request for each in self.check(requests) if each.allowed)

    def to_dict(self) -> dict[str, Any]:
        """The document as IAM takes it, the same whatever the order of its parts.

        Raises ``MeshkitError`` when a Sid stands twice.
        """
        return Document(added_statements(self.statements)).to_dict()

    def to_json(self) -> str:
        """Canonical JSON, for the ``policy`` of a Pulumi resource."""
        return Document(added_statements(self.statements)).to_json()

    @cached_property
    def policy(self) -> Policy:
        """What the evaluator takes, for questions with boundaries or control policies as well."""
        from meshkit.policy.evaluation import Policy  # noqa: PLC0415

        return Policy.parse(self.to_dict(), name=self.name)

    def _answer(self, request: Request) -> Answer:
        from meshkit.policy.evaluation import Undecidable, evaluate  # noqa: PLC0415
        from meshkit.policy.evaluation.layers import Layers  # noqa: PLC0415
        from meshkit.policy.typed_findings import request_fault  # noqa: PLC0415

        fault = request_fault(request.action, request.resource)
        if fault:
            return Answer(request, None, fault)
        try:
            decision = evaluate(request, Layers((self.policy,)))
        except Undecidable as error:
            return Answer(request, None, str(error))
        return Answer(request, decision, decision.reason)


def _typed(data: Mapping[str, Any], where: str) -> Statement:
    from meshkit.policy.evaluation import PolicyError  # noqa: PLC0415

    foreign = next((key for key in ("Principal", "NotPrincipal") if key in data), None)
    if foreign:
        raise PolicyError(f"{where}: {foreign} belongs to policies of resources and trust policies")
    given = {_ELEMENTS[key]: value for key, value in data.items() if key in _ELEMENTS}
    conditions = {
        operator: {key: _texts(values) for key, values in keys.items()}
        for operator, keys in data.get("Condition", {}).items()
    }
    try:
        return Statement.model_validate({**given, "conditions": conditions})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise PolicyError(f"{where}: {place}: {first['msg']}") from None


def _texts(values: Any) -> list[str]:
    listed = values if isinstance(values, list | tuple) else [values]
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in listed]
