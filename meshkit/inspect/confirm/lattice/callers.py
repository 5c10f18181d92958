"""Whether a workload's role may make the calls that its file declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.confirm.commands import document
from meshkit.inspect.confirm.permissions import layers_of
from meshkit.inspect.confirm.remark import missing, unknown, unseen
from meshkit.inspect.proof.lattice.asking import instance
from meshkit.policy.document import Document
from meshkit.policy.evaluation import Caller, PolicyError, Request, Undecidable, evaluate
from meshkit.policy.lattice import INVOKE, caller_statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.confirm.lattice.live import LiveLattice
    from meshkit.inspect.confirm.remark import Remark
    from meshkit.inspect.confirm.role import IamRole
    from meshkit.inspect.confirm.workload import Proxy
    from meshkit.policy.evaluation import Layers
    from meshkit.topology.lattice.model import Call


def look(proxy: Proxy, role: IamRole, live: LiveLattice) -> list[Remark]:
    """Say which of its declared calls a role's own policies do not allow."""
    try:
        layers = layers_of(role)
    except PolicyError as error:
        command = proxy.account.command("iam", "list_role_policies", RoleName=role.name)
        return [unknown(f"{role.name}: {error}", command)]
    return list(_calls(proxy, role, live, layers))


def _calls(proxy: Proxy, role: IamRole, live: LiveLattice, layers: Layers) -> Iterator[Remark]:
    for call in live.lattice.calls:
        if call.role != proxy.role.key or not live.lattice.services[call.service].knows_callers:
            continue
        arn = live.services.get(call.service)
        if arn is None or live.network is None:
            yield unseen(f"whether it may call {call.service}, which is not there")
            continue
        yield from _call(proxy, role, (call, arn, live), layers)


def _call(
    proxy: Proxy, role: IamRole, told: tuple[Call, str, LiveLattice], layers: Layers
) -> Iterator[Remark]:
    call, arn, live = told
    for method in call.methods or ("GET",):
        for path in call.paths or ("/*",):
            context = {
                "aws:PrincipalType": "AssumedRole",
                "vpc-lattice-svcs:RequestMethod": method,
                "vpc-lattice-svcs:RequestPath": instance(path),
                "vpc-lattice-svcs:ServiceArn": arn,
                "vpc-lattice-svcs:ServiceNetworkArn": str(live.network),
            }
            asked = Request(
                INVOKE, f"{arn}{instance(path)}", Caller(role.arn), context, complete=False
            )
            try:
                decision = evaluate(asked, layers)
            except Undecidable as error:
                yield unknown(f"whether it may call {call.service}: {error}")
                return
            if not decision.allowed:
                text = f"it may not call {call.service} ({method} {path}): {decision.reason}"
                yield missing(text, *_mend(proxy, role, live), settling=True)
                return


def _mend(proxy: Proxy, role: IamRole, live: LiveLattice) -> Iterator[str]:
    """The command that gives the role what the file asks for."""
    own = live.lattice.mesh.roles[proxy.role.key]
    wanted = Document(caller_statements(live.lattice, own, live.arns))
    if not wanted.deferred():
        yield proxy.account.command(
            "iam", "put_role_policy",
            RoleName=role.name, PolicyName="InvokeBackends",
            PolicyDocument=document(wanted.to_dict()),
        )  # fmt: skip
