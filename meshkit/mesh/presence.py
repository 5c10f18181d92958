"""Whether what a slice builds on is there, so that slices deployed out of order stop at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import pulumi
import pulumi_aws as aws

from meshkit.errors import MeshkitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from meshkit.mesh.accounts import Providers
    from meshkit.topology.model import Owner
    from meshkit.topology.slices import Kind, MeshSlice
    from meshkit.topology.slices.part import Ref

T = TypeVar("T")

LOOKUPS: Final[Mapping[Kind, str]] = {
    "virtual node": "get_virtual_node",
    "virtual router": "get_virtual_router",
    "virtual service": "get_virtual_service",
    "virtual gateway": "get_virtual_gateway",
}
"""The function of ``pulumi_aws.appmesh`` that looks a part up by its name."""

ACCESS: Final = ("mesh", "share", "acceptance")
"""What makes the mesh visible to an account; one look at the mesh tells of all three."""

ABSENT: Final = ("NotFound", "couldn't find", "empty result")
CLOSED: Final = (*ABSENT, "Forbidden", "AccessDenied")
LISTED_AT_MOST: Final = 10
OTHERS_TAGS: Final = "listing tags"
"""The lookup asks for tags last, and nobody may list those of another account's resource."""


class LookUpError(Exception):
    """A lookup gave no answer; the text says why."""


def check_share_arn(chosen: MeshSlice, given: pulumi.Input[str] | None) -> None:
    """Stops where an invitation is to be accepted and nothing tells to which share.

    RAM lists a share to the invited account only once it has accepted.

    Raises ``MeshkitError``.
    """
    share = chosen.mesh.share
    if not chosen.accepting or share is None or chosen.share is not None:
        return
    if given is None and share.spec.arn is None:
        names = " and ".join(chosen.accepting)
        raise MeshkitError(
            f"{names} accepts the invitation to the share, and its ARN is not in the file: pass "
            'share_arn=pulumi.StackReference("…").get_output("share_arn") with the share_arn of '
            "the mesh owner's stack, or accept by hand and set share.accept: false"
        )


def check_presence(chosen: MeshSlice, providers: Providers, parent: pulumi.Resource) -> None:
    """Looks for what the slice needs and does not make.

    In a preview, where what is missing may come before the deployment, it only warns.

    Raises ``MeshkitError`` naming everything that is missing.
    """
    if chosen.whole or not chosen.needs:
        return
    try:
        missing = list(_closed(chosen, providers, parent)) or list(
            _absent(chosen, providers, parent)
        )
    except LookUpError as error:
        missing = []
        stop_or_warn(f"{chosen}: {error}", parent)
    if missing:
        stop_or_warn(missing_report(chosen, missing), parent)


def stop_or_warn(message: str, parent: pulumi.Resource) -> None:
    """Raises ``MeshkitError``; in a preview it warns."""
    if not pulumi.runtime.is_dry_run():
        raise MeshkitError(message)
    pulumi.log.warn(message, parent)


def _closed(chosen: MeshSlice, providers: Providers, parent: pulumi.Resource) -> Iterator[Ref]:
    """What keeps the mesh closed to the accounts of the slice."""
    mesh = chosen.mesh
    needs = set(chosen.needs)
    for owner in chosen.owners.values():
        own = {ref for part in chosen.parts if part.owner.key == owner.key for ref in part.needs}
        for ref in sorted(own & needs):
            if ref[0] not in ACCESS:
                continue
            if ref[0] == "share" and any(part.kind == "acceptance" for part in chosen.parts):
                continue  # closed until it is accepted
            found = _found(
                "get_mesh", CLOSED, asking(owner, providers, parent),
                name=mesh.name, mesh_owner=mesh.owner.id, region=mesh.region,
            )  # fmt: skip
            if not found:
                yield ref


def _absent(chosen: MeshSlice, providers: Providers, parent: pulumi.Resource) -> Iterator[Ref]:
    """The parts of other slices that are not there."""
    mesh = chosen.mesh
    owner = mesh.owners.get(chosen.account or "", mesh.owner)
    options = asking(owner, providers, parent)
    foreign = {} if owner.id == mesh.owner.id else {"mesh_owner": mesh.owner.id}
    for kind, name in chosen.needs:
        function = LOOKUPS.get(kind)
        if function is None:
            continue
        found = _found(
            function, ABSENT, options,
            name=name, mesh_name=mesh.name, region=mesh.region, **foreign,
        )  # fmt: skip
        if not found:
            yield kind, name


def asking(owner: Owner, providers: Providers, parent: pulumi.Resource) -> pulumi.InvokeOptions:
    """For a lookup by an account."""
    return pulumi.InvokeOptions(parent=parent, provider=providers.get(owner.key))


def _found(
    function: str, absent: tuple[str, ...], options: pulumi.InvokeOptions, **named: Any
) -> bool:
    """Whether a lookup of App Mesh finds what is named.

    Raises ``LookUpError`` when it can't be told.
    """
    try:
        return looked_up(getattr(aws.appmesh, function), absent, options, **named) is not None
    except LookUpError as error:
        if OTHERS_TAGS in str(error):
            return True
        raise


def looked_up(
    function: Callable[..., T], absent: tuple[str, ...], options: pulumi.InvokeOptions, **named: Any
) -> T | None:
    """What a lookup finds; ``absent`` are the marks of an answer that finds nothing.

    Raises ``LookUpError`` when it can't be told.
    """
    try:
        return function(**named, opts=options)
    except Exception as error:  # the SDK raises a bare Exception for a failed lookup
        told = " ".join(str(error).split())
        if any(mark in told for mark in absent) and OTHERS_TAGS not in told:
            return None
        what = next(iter(named.values()))
        raise LookUpError(f"can't tell whether {what} is there: {told}") from error


def missing_report(chosen: MeshSlice, missing: list[Ref]) -> str:
    """What is not there, and what to deploy first."""
    from meshkit.topology.slices import plan  # noqa: PLC0415 - only where something is missing

    planned = plan(chosen.mesh).slices
    home = {part.ref: each.name for each in planned for part in each.parts}
    shown = [_shown(chosen, ref) for ref in missing[:LISTED_AT_MOST]]
    if len(missing) > LISTED_AT_MOST:
        shown.append(f"{len(missing) - LISTED_AT_MOST} more")
    needed = {home[ref] for ref in missing if ref in home}
    first = [each.name for each in planned if each.name in needed]
    mend = f"; deploy {' and '.join(first)} first" if first else ""
    return f"{chosen}: not there yet: {', '.join(shown)}{mend} (meshkit share plan tells the order)"


def _shown(chosen: MeshSlice, ref: Ref) -> str:
    kind, name = ref
    texts = {
        "share": f'a share of mesh "{chosen.mesh.name}" that lets {chosen.account or "all"} in',
        "acceptance": f'the acceptance by {name} of the share of mesh "{chosen.mesh.name}"',
    }
    return texts.get(kind, f'{kind} "{name}"')
