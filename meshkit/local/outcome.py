"""What comes of running a program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from meshkit.graph import Graph

if TYPE_CHECKING:
    from collections.abc import Mapping

OUTPUT = "output"


@dataclass(frozen=True)
class Failure:
    """What went wrong, told without a traceback.

    For a resource that AWS refused: its URN, type and name, the AWS error code, and as `place` the
    `file:line` that asked for it. For a fault of the program those are empty but for the code, and
    the message begins with file and line. Each error in a mesh file is a failure of its own, with
    the code of its rule.
    """

    message: str
    code: str = ""
    urn: str = ""
    type: str = ""
    name: str = ""
    place: str = ""


@dataclass(frozen=True)
class Skipped:
    """A resource, or a stack output (type `output`), that needed something which failed."""

    urn: str
    type: str
    name: str
    reason: str


@dataclass(frozen=True)
class Message:
    """What a program said through `pulumi.log`: `severity` is info, warning or error.

    The warnings about a mesh file are among them.
    """

    severity: str
    text: str


@dataclass(frozen=True)
class Run:
    """What came of a program, in the order in which the program registered it.

    `graph` holds what was created, `refused` what AWS would not create, `outputs` are the stack's
    (secrets as `meshkit.graph.Secret`), `seconds` is the time it took.
    """

    project: str
    stack: str
    graph: Graph
    outputs: Mapping[str, Any]
    failures: tuple[Failure, ...]
    skipped: tuple[Skipped, ...]
    messages: tuple[Message, ...]
    seconds: float
    refused: Graph = field(default_factory=Graph)

    @property
    def ok(self) -> bool:
        """Tell whether everything was created and the program came to its end."""
        return not self.failures and not self.skipped
