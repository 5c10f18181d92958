"""What the role of a proxy is: who may take it, and what it may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.confirm import permissions, trust
from meshkit.inspect.confirm.aws import RefusedError
from meshkit.inspect.confirm.judge import Judge
from meshkit.inspect.confirm.lattice import callers
from meshkit.inspect.confirm.remark import CantTellError, missing, note, unknown
from meshkit.inspect.confirm.role import NOT_THERE, read
from meshkit.policy.evaluation import PolicyError, Undecidable
from meshkit.topology.stream import STREAM_ACTION

if TYPE_CHECKING:
    from meshkit.inspect.confirm.remark import Remark
    from meshkit.inspect.confirm.role import IamRole
    from meshkit.inspect.confirm.workload import Proxy, Seen

PULUMI = "pulumi up --refresh"
"""What makes a role again that the program made and somebody deleted."""


def look(proxy: Proxy, seen: Seen) -> list[Remark]:
    """Look at the role that the file gives a proxy; at what it carries where only that is known."""
    arns = (proxy.role_arn,) if proxy.role_arn else seen.roles
    if not arns:
        text = f"which role {proxy.label} has is known only to the program"
        return [unknown(f"{text}: {proxy.role.arn} can be given by --var")]
    remarks = [remark for arn in arns for remark in _role(proxy, seen, arn)]
    return [*remarks, *_worker_nodes(proxy, seen)]


def _role(proxy: Proxy, seen: Seen, arn: str) -> list[Remark]:
    try:
        role = read(proxy.account, arn)
    except RefusedError as error:
        return [_gone(proxy, arn) if error.code == NOT_THERE else error.remark]
    if role.arn != arn:
        text = f"there is no role {arn}; the one of that name is {role.arn}"
        return [missing(text, *_make(proxy), settling=True)]
    return [
        *trust.look_at_provider(proxy, seen),
        *trust.look(proxy, role, seen),
        *_permissions(proxy, role),
    ]


def _permissions(proxy: Proxy, role: IamRole) -> list[Remark]:
    """What its role lacks: of App Mesh for a proxy, of VPC Lattice for what calls through it."""
    live = proxy.site.live
    return permissions.look(proxy, role) if live is None else callers.look(proxy, role, live)


def _gone(proxy: Proxy, arn: str) -> Remark:
    return missing(f"there is no role {arn}", *_make(proxy), settling=True)


def _make(proxy: Proxy) -> tuple[str, ...]:
    """What makes a role; one that the file adopts is made elsewhere."""
    return () if proxy.role.adopted else (PULUMI,)


def _worker_nodes(proxy: Proxy, seen: Seen) -> list[Remark]:
    """What the worker nodes' role may do beside that of the pods."""
    if proxy.site.live is not None:
        return []  # nobody reads a configuration
    own = f":{proxy.owner.id}:"
    found = [arn for arn in seen.workers if arn != proxy.role_arn and own in arn]
    return [remark for arn in found for remark in _worker_node(proxy, arn)]


def _worker_node(proxy: Proxy, arn: str) -> list[Remark]:
    try:
        role = read(proxy.account, arn)
        if not _reads(proxy, role):
            return []
    except (CantTellError, PolicyError, Undecidable) as error:
        return [note(f"the worker nodes' role {arn} can't be judged: {error}")]
    text = f"the worker nodes' role {role.name} may read the configuration of {proxy.label} as well"
    return [note(f"{text}, and so may every pod on them")]


def _reads(proxy: Proxy, role: IamRole) -> bool:
    judge = Judge(proxy, role, permissions.layers_of(role), {})
    return judge.decided(STREAM_ACTION, proxy.endpoint.arn).allowed
