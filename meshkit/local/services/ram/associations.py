"""Putting principals and resources into a share, and taking them out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.moto_api._internal import mock_random

from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.errors import ApiError
from meshkit.local.services.organization import organization_of, same_organization
from meshkit.local.services.ram import quotas
from meshkit.local.services.ram.backend import (
    backend,
    find_share,
    organization_sharing,
    own_share,
)
from meshkit.local.services.ram.lifetime import only_leavable
from meshkit.local.services.ram.pages import page
from meshkit.local.services.ram.permissions import default_permission
from meshkit.local.services.ram.principals import Principal, parse_principal
from meshkit.local.services.ram.resources import require_own_resource, shareable_type
from meshkit.local.services.ram.share import PRINCIPAL, RESOURCE, Association, Invitation, Share

# AWS's answer, seen in terraform-provider-aws issue 7769.
_INSIDE_ONLY = (
    "The resource you are attempting to share can only be shared within your AWS Organization. "
    "This error may also occur if you have not enabled sharing with your AWS organization, "
    "or that onboarding process is still in progress."
)


def add_to_share(call: Call, share: Share) -> list[dict[str, Any]]:
    """Add the call's `resourceArns` and `principals`; all of them are checked before any is added.

    Returns the associations as answers show them.
    """
    quotas.check_call(call)
    resources = call.params.get("resourceArns", [])
    principals = [parse_principal(text) for text in call.params.get("principals", [])]
    if call.params.get("sources"):
        message = "Sources are for shares with a service principal, which no mesh can have."
        raise ApiError("InvalidParameterException", message)
    for arn in resources:
        require_own_resource(call, arn)
    external = [_is_external(principal, share, call) for principal in principals]
    new = _new(share, PRINCIPAL, [principal.text for principal in principals])
    ram = backend(call.account, call.region)
    quotas.check_associations(ram, share, RESOURCE, len(_new(share, RESOURCE, resources)))
    quotas.check_associations(ram, share, PRINCIPAL, len(new))
    invited = [p for p, outside in zip(principals, external, strict=True) if outside]
    quotas.check_invitations(ram, len({principal.text for principal in invited} & new))
    added = [_add_resource(share, arn, call) for arn in resources]
    for principal, outside in zip(principals, external, strict=True):
        added.append(_add_principal(share, principal, outside=outside, call=call))
    return [share.shown_association(each) for each in added]


def associate(call: Call) -> dict[str, Any]:
    """Add principals and resources to a share of the caller."""
    return {"resourceShareAssociations": add_to_share(call, own_share(call))}


def disassociate(call: Call) -> dict[str, Any]:
    """Take principals and resources out of a share; a consumer may take out itself alone."""
    share = find_share(call, call.params["resourceShareArn"])
    keys = [(RESOURCE, arn) for arn in call.params.get("resourceArns", [])]
    keys += [(PRINCIPAL, text) for text in call.params.get("principals", [])]
    found = [_live_association(share, key) for key in keys]
    if share.owner != call.account:
        _require_leaving(call, share, found)
    for association in found:
        association.become("DISASSOCIATED")
        _drop_invitations(share, association)
    return {"resourceShareAssociations": [share.shown_association(each) for each in found]}


def get_associations(call: Call) -> dict[str, Any]:
    """List the associations of one type in the caller's own shares."""
    kind = call.params["associationType"]
    # The wording of these two is AWS's, as moto has recorded it.
    if kind == PRINCIPAL and "resourceArn" in call.params:
        message = "You cannot specify a resource ARN when the association type is PRINCIPAL."
        raise ApiError("InvalidParameterException", message)
    if kind == RESOURCE and "principal" in call.params:
        message = "You cannot specify a principal when the association type is RESOURCE."
        raise ApiError("InvalidParameterException", message)
    shares = backend(call.account, call.region).shares
    for arn in call.params.get("resourceShareArns", []):
        if arn not in shares:
            raise ApiError("UnknownResourceException", f"ResourceShare {arn} could not be found.")
    chosen = call.params.get("resourceShareArns") or shares
    entity = call.params.get("resourceArn") or call.params.get("principal")
    wanted = [
        shares[arn].shown_association(each)
        for arn in chosen
        for each in shares[arn].associations.values()
        if each.kind == kind
        and entity in (None, each.entity)
        and call.params.get("associationStatus") in (None, each.status)
    ]
    key = "resourceShareAssociations"
    return page(call, key, wanted, lambda e: f"{e['resourceShareArn']} {e['associatedEntity']}")


OPERATIONS: dict[str, Handler] = {
    "AssociateResourceShare": associate,
    "DisassociateResourceShare": disassociate,
    "GetResourceShareAssociations": get_associations,
}


def _is_external(principal: Principal, share: Share, call: Call) -> bool:
    """Return whether a principal needs an invitation; raise where the share can't take it."""
    if principal.form == "service":
        # Inferred: no resource type of the local cloud can be shared with a service.
        message = f"Principal ID {principal.text} is a service; the resources can't have one."
        raise ApiError("InvalidParameterException", message)
    organization = organization_of(call.account, call.partition)
    inside = organization is not None and organization_sharing(_management(organization))
    if principal.account is None:
        _require_own_organization(principal, organization)
        if not inside:
            raise ApiError("OperationNotPermittedException", _INSIDE_ONLY)
        return False
    together = same_organization(call.account, principal.account, call.partition)
    external = principal.account != call.account and not (inside and together)
    if external and not share.allow_external:
        raise ApiError("OperationNotPermittedException", _INSIDE_ONLY)
    return external


def _management(organization: Any) -> str:
    return str(organization.org.master_account_id)


def _require_own_organization(principal: Principal, organization: Any) -> None:
    """Raise `UnknownResourceException` in the words that moto has recorded from AWS."""
    if organization is not None and organization.org.id == principal.organization:
        units = {unit.id for unit in organization.ou}
        if principal.unit is None or principal.unit in units:
            return
    if principal.unit:
        what = f"OrganizationalUnit {principal.unit} in unknown organization"
    else:
        what = f"Organization {principal.organization}"
    raise ApiError("UnknownResourceException", f"{what} could not be found.")


def _add_resource(share: Share, arn: str, call: Call) -> Association:
    resource_type = shareable_type(arn)
    if resource_type not in share.permissions:
        share.permissions[resource_type] = default_permission(resource_type, call.partition)
    return _add(share, Association(RESOURCE, arn))


def _add_principal(share: Share, principal: Principal, *, outside: bool, call: Call) -> Association:
    status = "ASSOCIATING" if outside else "ASSOCIATED"
    wanted = Association(PRINCIPAL, principal.text, external=outside, status=status)
    association = _add(share, wanted)
    if outside and association is wanted:
        arn = f"arn:{call.partition}:ram:{call.region}:{share.owner}"
        invitation = Invitation(
            arn=f"{arn}:resource-share-invitation/{mock_random.uuid4()}",
            share=share,
            principal=principal.text,
            receiver=str(principal.account),
        )
        backend(share.owner, call.region).invitations[invitation.arn] = invitation
    return association


def _add(share: Share, wanted: Association) -> Association:
    """Put an association in; one that is already there stays as it is (inferred)."""
    key = (wanted.kind, wanted.entity)
    present = share.associations.get(key)
    if present and _is_live(present):
        return present
    share.associations[key] = wanted
    return wanted


def _new(share: Share, kind: str, entities: Iterable[str]) -> set[str]:
    """Return those that the share does not have yet."""
    return {each for each in entities if not _is_live(share.associations.get((kind, each)))}


def _is_live(association: Association | None) -> bool:
    return association is not None and association.status in ("ASSOCIATING", "ASSOCIATED")


def _live_association(share: Share, key: tuple[str, str]) -> Association:
    association = share.associations.get(key)
    if association is None or association.status == "DISASSOCIATED":
        message = f"{key[1]} is not associated with {share.arn}."  # inferred
        raise ApiError("UnknownResourceException", message)
    return association


def _require_leaving(call: Call, share: Share, found: list[Association]) -> None:
    """Raise unless the caller, invited from outside, leaves the share it had accepted.

    RAM user guide, "Leaving a resource share": accounts of the organization can't leave, and
    nobody leaves a share with a mesh. The code is the one that Terraform's accepter expects.
    """
    if not all(each.external and each.entity == call.account for each in found):
        message = f"You can't take others than your own account out of {share.arn}."
        raise ApiError("OperationNotPermittedException", message)
    if not only_leavable(share):
        message = f"{share.arn} has resources of a type whose shares can't be left."
        raise ApiError("OperationNotPermittedException", message)


def _drop_invitations(share: Share, association: Association) -> None:
    """Withdraw the open invitation of a principal that was taken out (inferred)."""
    region = share.arn.split(":")[3]
    invitations = backend(share.owner, region).invitations
    for arn, invitation in list(invitations.items()):
        mine = invitation.share is share and invitation.principal == association.entity
        if mine and invitation.status == "PENDING":
            del invitations[arn]
