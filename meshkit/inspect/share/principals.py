"""With whom a mesh is shared, as RAM has it. Source: RAM API, resource share associations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from meshkit.config.deferred import Deferred
from meshkit.errors import MeshkitError
from meshkit.inspect.confirm.remark import CantTellError
from meshkit.topology.leaves import parse_arn
from meshkit.topology.model import Owner

if TYPE_CHECKING:
    from meshkit.inspect.confirm.aws import Account, Accounts
    from meshkit.inspect.share.built import Admitted
    from meshkit.topology.model import ResolvedMesh

State = Literal["shared", "accepted", "invited", "expired", "rejected", "failed", "not shared"]
"""``shared`` needs no acceptance; the others but the last come from an invitation."""

LETTING_IN = ("shared", "accepted")


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


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares that a mesh is in."""

    arns: tuple[str, ...]
    principals: tuple[PrincipalState, ...]

    def admitted(self, mesh: ResolvedMesh, account: str) -> Admitted:
        """Whether an account is let in, by its id or by the organization it is in."""
        if account == mesh.owner.id:
            return "yes"
        letting_in = [each.principal for each in self.principals if each.state in LETTING_IN]
        if account in letting_in:
            return "yes"
        wider = [each for each in letting_in if not each.isdigit()]
        if not wider:
            return "no"
        if any((arn := parse_arn(each)) and arn.account == account for each in wider):
            return "yes"
        known = {each.id: each for each in mesh.config.accounts.values()}
        if account not in known:
            return "can't tell"
        return "no" if known[account].external else "yes"


def shares_of(mesh: ResolvedMesh, accounts: Accounts) -> Shares:
    """The shares of a mesh and each principal, first those of the file. Raises ``RefusedError``."""
    owner = accounts.of(mesh.owner)
    listed = _associations(owner, "RESOURCE", resourceArn=mesh.arn)
    arns = tuple(
        each["resourceShareArn"]
        for each in listed
        if each["status"] in ("ASSOCIATED", "ASSOCIATING")
    )
    entries = _associations(owner, "PRINCIPAL", resourceShareArns=list(arns)) if arns else []
    wanted = _wanted(mesh)
    found = {each["associatedEntity"]: each for each in entries if _current(each)}
    names = dict.fromkeys((*wanted, *found))
    states = [_state(name, found.get(name), name in wanted, mesh, accounts) for name in names]
    return Shares(arns, tuple(states))


def _wanted(mesh: ResolvedMesh) -> list[str]:
    principals = mesh.share.principals if mesh.share else ()
    return [each for each in principals if not isinstance(each, Deferred)]


def _associations(owner: Account, kind: str, **params: object) -> list[dict[str, str]]:
    return owner.ask_all(
        "ram",
        "get_resource_share_associations",
        "resourceShareAssociations",
        associationType=kind,
        **params,
    )


def _current(entry: dict[str, str]) -> bool:
    return entry["status"] not in ("DISASSOCIATED", "DISASSOCIATING")


def _state(
    principal: str,
    entry: dict[str, str] | None,
    in_file: bool,
    mesh: ResolvedMesh,
    accounts: Accounts,
) -> PrincipalState:
    labels = {each.id: key for key, each in mesh.config.accounts.items()}
    label = labels.get(principal, principal)
    state: State = "not shared"
    note = ""
    if entry is not None and entry["status"] == "ASSOCIATED":
        state = "accepted" if entry.get("external") else "shared"
    elif entry is not None:
        state, note = _invitation(principal, entry, mesh, accounts)
    return PrincipalState(principal, label, state, in_file, note)


_ANSWERS: dict[str, State] = {
    "PENDING": "invited",
    "EXPIRED": "expired",
    "REJECTED": "rejected",
}


def _invitation(
    principal: str, entry: dict[str, str], mesh: ResolvedMesh, accounts: Accounts
) -> tuple[State, str]:
    """What became of an invitation: only the invited account can see that."""
    state: State = "failed" if entry["status"] == "FAILED" else "invited"
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
    answers = [_ANSWERS[each["status"]] for each in received if each["status"] in _ANSWERS]
    return (answers[-1] if answers else state), ""


def require_app_mesh(mesh: ResolvedMesh) -> None:
    """Stops at a mesh of another data plane. Raises ``MeshkitError``."""
    if mesh.config.data_plane != "app-mesh":
        raise MeshkitError(
            f"{mesh.name} is built on {mesh.config.data_plane}: only meshes of app-mesh can be "
            "looked at so far"
        )


def owner_of(mesh: ResolvedMesh, key: str) -> Owner:
    """An account of the file, also one that owns nothing in the mesh."""
    if key in mesh.owners:
        return mesh.owners[key]
    account = mesh.config.accounts[key]
    context = {**mesh.owner.context, "account": account.id}
    return Owner(key, account.id, account, context)
