"""Whether a role may do what its proxy needs: by its policies, and by IAM's own simulation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.confirm.judge import Judge, Need
from meshkit.inspect.confirm.remark import note, unknown, unseen
from meshkit.inspect.confirm.simulation import simulate
from meshkit.policy.evaluation import Layers, Policy, PolicyError
from meshkit.policy.permissions import PERMISSIONS, needs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.confirm.remark import Remark
    from meshkit.inspect.confirm.role import IamRole, RolePolicy
    from meshkit.inspect.confirm.workload import Proxy

Context = dict[str, "str | bool | tuple[str, ...]"]


def look(proxy: Proxy, role: IamRole) -> list[Remark]:
    """Say what of its needs a proxy's role does not allow."""
    remarks = list(_open_needs(proxy))
    try:
        layers = layers_of(role)
    except PolicyError as error:
        command = proxy.account.command("iam", "list_role_policies", RoleName=role.name)
        return [*remarks, unknown(f"{role.name}: {error}", command)]
    context = _context(proxy, role)
    refused: dict[str, Remark] = {}
    for need in needs(proxy):
        verdicts = simulate(proxy.account, role.arn, need.actions, need.resources, context)
        if not isinstance(verdicts, dict):
            told = f"not simulated by IAM: {verdicts.remark.text}"
            refused[verdicts.code] = note(told, *verdicts.remark.look)
            verdicts = {}
        remarks += Judge(proxy, role, layers, context).remarks(need, verdicts)
    return [*remarks, *refused.values()]


def layers_of(role: IamRole) -> Layers:
    """The policies of a role, as they are evaluated. Raises ``PolicyError``."""
    return Layers(
        identity=tuple(_parsed(each) for each in role.policies),
        boundary=_parsed(role.boundary) if role.boundary else None,
    )


def needs(proxy: Proxy) -> Iterator[Need]:
    """What a proxy needs, as far as its resources are known here."""
    found = needs_of(proxy.endpoint)
    for permission in PERMISSIONS:
        filled = [
            proxy.site.texts.filled(wanted.arn, proxy.owner.context)
            for wanted in getattr(found, permission.key)
        ]
        arns = tuple(dict.fromkeys(each for each in filled if isinstance(each, str)))
        if arns:
            yield Need(permission.actions, arns)


def _open_needs(proxy: Proxy) -> Iterator[Remark]:
    """What could not be looked at, because only the program knows the resource."""
    found = needs_of(proxy.endpoint)
    for permission in PERMISSIONS:
        for wanted in getattr(found, permission.key):
            filled = proxy.site.texts.filled(wanted.arn, proxy.owner.context)
            if not isinstance(filled, str):
                given = ", ".join(f"--var {hole.name}=…" for hole in filled.holes)
                actions = ", ".join(permission.actions)
                yield unseen(f"{actions} on {filled}, which is not known here: give {given}")


def _parsed(policy: RolePolicy) -> Policy:
    return Policy.parse(policy.document, name=policy.label)


def _context(proxy: Proxy, role: IamRole) -> Context:
    """The condition keys of a proxy's requests that are known beforehand."""
    texts = {
        key: proxy.site.texts.filled(value, proxy.owner.context)
        for key, value in proxy.endpoint.tags.items()
    }
    return {
        "aws:RequestedRegion": proxy.site.mesh.region,
        "aws:SecureTransport": True,
        **{f"aws:PrincipalTag/{key}": value for key, value in role.tags.items()},
        **{f"aws:ResourceTag/{key}": text for key, text in texts.items() if isinstance(text, str)},
    }
