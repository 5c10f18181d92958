"""Who may own what in a shared mesh."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.topology import leaves
from meshkit.topology.lattice.sharing import services_shared
from meshkit.topology.rules.wording import both

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding, Path
    from meshkit.config.share import Share
    from meshkit.topology.rules.view import View

GATEWAY_OWNER = Rule(
    "MK301",
    "Only the mesh owner has gateways.",
    "The share of a mesh grants no action on virtual gateways and their routes.",
    "Leave account out, so that the gateway is the mesh owner's.",
    "App Mesh user guide: working with shared meshes",
)
NOT_SHARED = Rule(
    "MK302",
    "An account that owns things in the mesh is among those the mesh is shared with.",
    "Without the share App Mesh answers ForbiddenException to all that the account makes.",
    "Add the account, its organizational unit or the organization to share.principals.",
    "App Mesh user guide: working with shared meshes",
)
NAMESPACE_ACCOUNT = Rule(
    "MK303",
    "The Cloud Map namespace of a node is of the node's own account.",
    "App Mesh looks a Cloud Map service up in the account that made the node.",
    "Use a namespace of the node's account, or discover the node by DNS.",
    "App Mesh user guide: working with shared meshes",
)

RULES = (GATEWAY_OWNER, NOT_SHARED, NAMESPACE_ACCOUNT)


def check_gateways(view: View) -> Iterator[Finding]:
    """Gateways of consumers."""
    owner = view.index.owner_id
    for name, gateway in view.config.gateways.items():
        account = view.id_of(gateway.account)
        if gateway.account and account and owner and account != owner:
            message = (
                f'a gateway can\'t be of account "{gateway.account}": only the mesh owner '
                f'"{view.config.owner}" can have gateways; leave account out'
            )
            yield GATEWAY_OWNER.at(("gateways", name, "account"), message)


def check_shared(view: View) -> Iterator[Finding]:
    """Consumers that the share does not cover, each reported once."""
    if not view.index.partition.mesh_sharing or services_shared(view.config):
        return
    if not (view.whole("data_plane") and view.whole("lattice")):
        return
    for account_id, owned in consumers(view).items():
        if lets_in(view, account_id):
            continue
        key = view.index.account_key(_account_of(view, owned[0]))
        named = key if key == account_id else f"{key} ({account_id})"
        things = both(f"{str(section).removesuffix('s')} {name}" for section, name in owned)
        message = (
            f"account {named} owns {things}, but the mesh is not shared with it; add {key} to "
            "share.principals"
        )
        yield NOT_SHARED.at(owned[0], message)


def lets_in(view: View, account_id: str) -> bool:
    """Whether the mesh is shared with an account, as far as the file can tell."""
    share = view.config.share
    if not view.whole("share") or _may_be_shared_elsewhere(view, share):
        return True
    covered = _covered(view, share)
    return account_id in covered or (ORGANIZATION in covered and not _is_external(view, account_id))


def _is_external(view: View, account_id: str) -> bool:
    accounts = view.config.accounts.values()
    return any(each.external and each.id == account_id for each in accounts)


ORGANIZATION = "organization"


def _may_be_shared_elsewhere(view: View, share: Share | None) -> bool:
    """An adopted share has principals, and an adopted mesh has shares, that the file can't show."""
    if share is None:
        return view.config.mesh.arn is not None
    return share.arn is not None or any(
        view.text(principal) is None for principal in share.principals
    )


def _covered(view: View, share: Share | None) -> set[str]:
    """Ids of accounts the mesh is shared with, and ``ORGANIZATION`` where some can't be told."""
    covered = {view.index.owner_id or ""}
    for principal in share.principals if share else ():
        text = view.text(principal) or ""
        arn = leaves.parse_arn(text)
        if arn is None:
            covered.add(view.id_of(text) or "")
        else:
            covered.add(arn.account if arn.service == "iam" else ORGANIZATION)
    return covered


def consumers(view: View) -> dict[str, list[Path]]:
    """What each account owns; gateways of consumers are a finding of their own."""
    owned: dict[str, list[Path]] = {}
    for section in ("nodes", "routers", "services"):
        for name in getattr(view.config, section):
            account = view.id_of(_account_of(view, (section, name)))
            if account:
                owned.setdefault(account, []).append((section, name))
    return owned


def _account_of(view: View, path: Path) -> str | None:
    section, name = path[0], str(path[1])
    if section == "services":
        return view.index.service_account_key(name)
    account: str | None = getattr(view.config, str(section))[name].account
    return account


def check_namespaces(view: View) -> Iterator[Finding]:
    """Cloud Map namespaces of other accounts."""
    index = view.index
    for name, node in view.config.nodes.items():
        discovery = node.service_discovery
        if discovery is None or discovery.cloud_map is None:
            continue
        key = view.text(discovery.cloud_map.namespace, node.account)
        namespace = view.config.namespaces.get(key or "")
        if namespace is None or not view.whole("namespaces", key or ""):
            continue
        theirs = view.id_of(namespace.account)
        ours = view.account_id("nodes", name, node.account)
        if theirs and ours and theirs != ours:
            message = (
                f'namespace "{key}" is of account {index.account_key(namespace.account)}, the node '
                f"of {index.account_key(node.account)}; use a namespace of the node's account, or "
                "discover it by DNS"
            )
            path = ("nodes", name, "service_discovery", "cloud_map", "namespace")
            yield NAMESPACE_ACCOUNT.at(path, message)


CHECKS = (check_gateways, check_shared, check_namespaces)
