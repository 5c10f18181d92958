"""With whom a mesh is shared, as RAM has it. Source: RAM API, resource share associations."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from meshkit.config.deferred import Deferred
from meshkit.inspect.confirm.remark import CantTellError
from meshkit.topology.model import Owner

if TYPE_CHECKING:
    from meshkit.inspect.confirm.aws import Account, Accounts
    from meshkit.topology.model import ResolvedMesh

State = Literal[
    "shared",
    "accepted",
    "invited",
    "expired",
    "rejected",
    "failed",
    "suspended",
    "not shared",
    "can't tell",
]
"""``shared`` needs no acceptance; those from ``accepted`` to ``rejected`` tell of an invitation."""


@dataclass(frozen=True, slots=True)
class PrincipalState:
    """One principal of the share, or of the file."""

    principal: str
    """Account id or ARN, as RAM has it."""
    label: str
    """The account's key in the file, else the principal."""
    state: State
    in_file: bool
    note: str = ""
    """What can't be told of it."""

    @property
    def lets_in(self) -> bool:
        """Whether its accounts can build in the mesh."""
        return self.state in ("shared", "accepted")


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares that a mesh is in."""

    arns: tuple[str, ...]
    principals: tuple[PrincipalState, ...]
    fullest: tuple[str, int] = ("", 0)
    """The share with most principals, and how many."""
    pending_invitations: int = 0
    """Those of the owner's account to any of its shares: they have one quota."""


def shares_of(mesh: ResolvedMesh, arn: str, accounts: Accounts) -> Shares:
    """The shares that a mesh, or its network, is in and each principal, first those of the file.

    Raises ``RefusedError``.
    """
    owner = accounts.of(mesh.owner)
    listed = _associations(owner, "RESOURCE", resourceArn=arn)
    arns = tuple(
        each["resourceShareArn"]
        for each in listed
        if each["status"] in ("ASSOCIATED", "ASSOCIATING")
    )
    everywhere = _associations(owner, "PRINCIPAL")
    entries = sorted((each for each in everywhere if each["resourceShareArn"] in arns), key=_rank)
    wanted = _wanted(mesh)
    found = {each["associatedEntity"]: each for each in entries}
    names = dict.fromkeys((*wanted, *(name for name in found if _current(found[name]))))
    states = [_state(name, found.get(name), name in wanted, mesh, accounts) for name in names]
    counts = Counter(each["resourceShareArn"] for each in entries if _current(each))
    pending = [
        each for each in everywhere if each["status"] == "ASSOCIATING" and each.get("external")
    ]
    fullest = counts.most_common(1) or [("", 0)]
    states += _late(mesh)
    return Shares(arns, tuple(states), fullest[0], len(pending))


def _wanted(mesh: ResolvedMesh) -> list[str]:
    principals = mesh.share.principals if mesh.share else ()
    return [each for each in principals if not isinstance(each, Deferred)]


def _late(mesh: ResolvedMesh) -> list[PrincipalState]:
    """The principals of the file that only a program knows."""
    principals = mesh.share.principals if mesh.share else ()
    late = [str(each) for each in principals if isinstance(each, Deferred)]
    note = "only a program knows it"
    return [PrincipalState(each, each, "can't tell", True, note) for each in late]


def _associations(owner: Account, kind: str, **params: object) -> list[dict[str, Any]]:
    return owner.ask_all(
        "ram",
        "get_resource_share_associations",
        "resourceShareAssociations",
        associationType=kind,
        **params,
    )


_RANKS: Final = (
    "DISASSOCIATED",
    "DISASSOCIATING",
    "FAILED",
    "SUSPENDED",
    "ASSOCIATING",
    "ASSOCIATED",
)
"""From what lets in least; a principal of several shares is let in by the best of them."""


def _rank(entry: dict[str, Any]) -> int:
    return _RANKS.index(entry["status"]) if entry["status"] in _RANKS else 0


def _current(entry: dict[str, Any]) -> bool:
    return entry["status"] not in ("DISASSOCIATED", "DISASSOCIATING")


def _state(
    principal: str,
    entry: dict[str, Any] | None,
    in_file: bool,
    mesh: ResolvedMesh,
    accounts: Accounts,
) -> PrincipalState:
    labels = {each.id: key for key, each in mesh.config.accounts.items()}
    label = labels.get(principal, principal)
    state: State = "not shared"
    note = ""
    if entry is not None:
        state = _STATES.get(entry["status"], "not shared")
        if entry.get("external"):
            state, note = _invitation(principal, entry, state, mesh, accounts)
    return PrincipalState(principal, label, state, in_file, note)


_STATES: Final[dict[str, State]] = {
    "ASSOCIATED": "shared",
    "ASSOCIATING": "invited",
    "FAILED": "failed",
    "SUSPENDED": "suspended",
    "SUSPENDING": "suspended",
    "RESTORING": "suspended",
}
_ANSWERS: Final[dict[str, State]] = {
    "PENDING": "invited",
    "EXPIRED": "expired",
    "REJECTED": "rejected",
}


def _invitation(
    principal: str, entry: dict[str, Any], state: State, mesh: ResolvedMesh, accounts: Accounts
) -> tuple[State, str]:
    """What became of an invitation: only the invited account can see that."""
    if state == "shared":
        return "accepted", ""
    key = next((key for key, each in mesh.config.accounts.items() if each.id == principal), None)
    if key is None:
        return state, "whether the invitation has expired, only that account can see"
    try:
        received = accounts.of(owner_of(mesh, key)).ask_all(
            "ram", "get_resource_share_invitations", "resourceShareInvitations",
            resourceShareArns=[entry["resourceShareArn"]],
        )  # fmt: skip
    except CantTellError as error:
        return state, f"whether the invitation has expired can't be told: {error}"
    return answer_to(received, state), ""


def answer_to(received: list[dict[str, Any]], state: State) -> State:
    """What became of the last of an account's invitations; ``state`` where there is none."""
    last = max(received, key=lambda each: each["invitationTimestamp"], default={"status": ""})
    return _ANSWERS.get(last["status"], state)


def owner_of(mesh: ResolvedMesh, key: str) -> Owner:
    """An account of the file, also one that owns nothing in the mesh."""
    if key in mesh.owners:
        return mesh.owners[key]
    account = mesh.config.accounts[key]
    context = {**mesh.owner.context, "account": account.id}
    return Owner(key, account.id, account, context)
