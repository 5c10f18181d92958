"""What confirmation says of one proxy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["missing", "unknown", "unseen", "note"]
"""Something is wrong; something can't be told; the file names nothing to look at; good to know."""

Outcome = Literal["confirmed", "in part", "missing", "can't tell"]


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing found out about a proxy."""

    kind: Kind
    text: str
    """What is the case, in one line."""
    mend: tuple[str, ...] = ()
    """What mends it: commands to run in their order, or statements to write; each in one line."""
    look: tuple[str, ...] = ()
    """Commands that show more."""
    settling: bool = False
    """Whether it may be gone in a moment: a change in IAM takes a while to be seen everywhere."""


def missing(text: str, *mend: str, settling: bool = False) -> Remark:
    """Something that stands between the proxy and its configuration."""
    return Remark("missing", text, mend, settling=settling)


def absent(text: str, *look: str) -> Remark:
    """Something that is not where the file says, with the command that shows what is there."""
    return Remark("missing", text, look=look)


def unknown(text: str, *look: str) -> Remark:
    """Something that can't be told, with the command by which others can."""
    return Remark("unknown", text, look=look)


def unseen(text: str) -> Remark:
    """A step that was left out, because the file names nothing to look at."""
    return Remark("unseen", text)


def note(text: str, *look: str) -> Remark:
    """Something worth knowing that changes no outcome."""
    return Remark("note", text, look=look)


class CantTellError(Exception):
    """A step that found no answer; its remark says why."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.text)
        self.remark = remark


@dataclass(frozen=True, slots=True)
class Row:
    """What was found out about a workload, or about a network or service of VPC Lattice."""

    endpoint: str
    """Name of the node, gateway, network or service."""
    kind: Literal["virtualNode", "virtualGateway", "network", "service"]
    arn: str
    """Of a network or service that is not there, empty."""
    account: str
    """Key of its account in the file."""
    account_id: str
    compute: str
    """``ecs``, ``irsa``, ``pod-identity``, ``ec2``, ``node-role``, or ``vpc-lattice``."""
    workload: str
    """Where it runs, as far as that is known."""
    role: str | None
    """ARN of the role that the file gives it; ``None`` where only the program knows it."""
    remarks: tuple[Remark, ...]

    @property
    def outcome(self) -> Outcome:
        """What all remarks together say."""
        kinds = {remark.kind for remark in self.remarks}
        for kind, outcome in _OUTCOMES:
            if kind in kinds:
                return outcome
        return "confirmed"

    @property
    def settling(self) -> bool:
        """Whether another look in a moment may say something better."""
        return any(remark.settling for remark in self.remarks)


_OUTCOMES: tuple[tuple[Kind, Outcome], ...] = (
    ("missing", "missing"),
    ("unknown", "can't tell"),
    ("unseen", "in part"),
)
