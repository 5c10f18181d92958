"""The resources and condition keys of requests to RAM.

Source: Service Authorization Reference, AWS Resource Access Manager.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import product
from typing import Final

from meshkit.local.enforcement.need import Asked, Finder, Need
from meshkit.local.services.errors import ApiError
from meshkit.local.services.ram.backend import all_backends, backend
from meshkit.local.services.ram.resources import shareable_type
from meshkit.local.services.ram.share import RESOURCE, Invitation, Share
from meshkit.policy.evaluation.request import Value

_MEMBERS: Final = (
    *("resourceShareArn", "resourceArn", "permissionArn", "fromPermissionArn"),
    *("toPermissionArn", "resourceShareInvitationArn"),
)
_FILLING: Final = ("CreateResourceShare", "AssociateResourceShare")
_EMPTYING: Final = ("DisassociateResourceShare", "DeleteResourceShare")


def _is_managed_by_aws(arn: str) -> bool:
    return arn.split(":")[4:5] == ["aws"]


_TYPES: Mapping[str, Callable[[str], bool]] = {
    "customer-managed-permission": lambda arn: (
        ":permission/" in arn and not _is_managed_by_aws(arn)
    ),
    "permission": lambda arn: ":permission/" in arn and _is_managed_by_aws(arn),
    "resource-share": lambda arn: ":resource-share/" in arn,
    "resource-share-invitation": lambda arn: ":resource-share-invitation/" in arn,
}


def _find(type_: str, asked: Asked) -> Iterator[str]:
    yield from filter(_TYPES[type_], asked.given(*_MEMBERS))


RESOURCES: Mapping[str, Finder] = {type_: partial(_find, type_) for type_ in _TYPES}


def _share(asked: Asked) -> Share | None:
    arn = asked.params.get("resourceShareArn")
    if arn is None and (invitation := _invitation(asked)) is not None:
        return invitation.share
    return backend(asked.account, asked.region).shares.get(str(arn))


def _invitation(asked: Asked) -> Invitation | None:
    arn = str(asked.params.get("resourceShareInvitationArn"))
    found = (each.invitations.get(arn) for each in all_backends(asked.region))
    return next((each for each in found if each is not None), None)


def tags(arn: str) -> Mapping[str, str] | None:
    """Return the tags of a share; None for what else has some."""
    if not _TYPES["resource-share"](arn):
        return {} if _TYPES["resource-share-invitation"](arn) else None
    share = backend(arn.split(":")[4], arn.split(":")[3]).shares.get(arn)
    return share.tags if share else {}


COMPUTED: Final = frozenset(
    {
        *("ram:allowsexternalprincipals", "ram:requestedallowsexternalprincipals"),
        *("ram:permissionarn", "ram:principal", "ram:requestedresourcetype", "ram:resourcearn"),
        *("ram:resourcesharename", "ram:shareowneraccountid"),
    }
)


def keys(asked: Asked, _: str) -> Mapping[str, Value]:
    """Return the condition keys of RAM that a request has, beside those of what is shared."""
    found: dict[str, Value] = {}
    wanted = asked.params.get("allowExternalPrincipals")
    if asked.name == "CreateResourceShare":
        found["ram:AllowsExternalPrincipals"] = wanted is not False
    if asked.name == "CreateResourceShare" or wanted is not None:
        found["ram:RequestedAllowsExternalPrincipals"] = wanted is not False
    share, invitation = _share(asked), _invitation(asked)
    if share is not None:
        found["ram:ResourceShareName"] = share.name
        found.setdefault("ram:AllowsExternalPrincipals", share.allow_external)
        found |= {f"ram:ResourceTag/{key}": value for key, value in share.tags.items()}
    if invitation is not None:
        found["ram:ShareOwnerAccountId"] = invitation.share.owner
    if permissions := asked.given("permissionArn"):
        found["ram:PermissionArn"] = permissions[0]
    return found


def more(asked: Asked, needs: Iterable[Need]) -> Iterator[Need]:
    """Ask once for each resource and principal, and for the policy of each mesh that is shared.

    A share of a mesh is a policy of the mesh. Source: App Mesh User Guide, working with shared
    meshes. Inferred: which operation asks for which of the three actions.
    """
    arns = asked.given("resourceArns")
    shared = [{"ram:ResourceArn": arn, **_type(arn)} for arn in arns] or [{}]
    among = [{"ram:Principal": each} for each in asked.given("principals")] or [{}]
    for need in needs:
        for resource, principal in product(shared, among):
            yield Need(need.action, need.resource, {**need.keys, **resource, **principal})
    yield from _mesh_policies(asked, arns)


def _type(arn: str) -> dict[str, str]:
    try:
        return {"ram:RequestedResourceType": shareable_type(arn)}
    except ApiError:
        return {}


def _mesh_policies(asked: Asked, arns: list[str]) -> Iterator[Need]:
    if asked.name in _FILLING:
        verbs: tuple[str, ...] = ("Put", "Get", "Delete")
    elif asked.name in _EMPTYING:
        verbs = ("Delete",)
        share = _share(asked)
        if not asked.given("principals", "resourceArns") and share is not None:
            arns = [each.entity for each in share.active(RESOURCE)]
    else:
        return
    for arn in arns:
        if ":appmesh:" in arn:
            yield from (Need(f"appmesh:{verb}MeshPolicy", arn) for verb in verbs)
