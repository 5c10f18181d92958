"""What is joined to the service network of a mesh, whoever made the association.

Source: VPC Lattice user guide, share your entities: an association stays, and calls pass through
it, when what it joins is shared no more; the owner of the network sees and may delete it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from meshkit.inspect.confirm.lattice.live import LATTICE
from meshkit.inspect.confirm.remark import CantTellError
from meshkit.inspect.share.built import Built
from meshkit.topology.leaves import parse_arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.inspect.confirm.aws import Account
    from meshkit.inspect.confirm.texts import Texts
    from meshkit.topology.lattice.model import LatticeMesh, VpcAssociation

SERVICE: Final = "service association"
VPC: Final = "VPC association"
LASTING: Final = ("ACTIVE", "CREATE_IN_PROGRESS")
"""States of an association that is there, or soon will be."""


def find_network(owner: Account, lattice: LatticeMesh) -> str | None:
    """ARN of the service network of a mesh. Raises ``RefusedError``."""
    listed = owner.ask_all(LATTICE, "list_service_networks", "items")
    return named(listed, lattice.mesh.owner.id).get(lattice.network)


def named(listed: list[dict[str, Any]], account: str) -> dict[str, str]:
    """ARNs by name of what an account owns: a list has what others share, too."""
    return {each["name"]: each["arn"] for each in listed if account_of(each["arn"]) == account}


def account_of(arn: str) -> str:
    """The account of a resource."""
    parts = parse_arn(arn)
    return parts.account if parts else ""


def everything_joined(
    owner: Account, lattice: LatticeMesh, network: str, texts: Texts
) -> list[Built]:
    """All associations of a network, as its owner sees them. Raises ``RefusedError``."""
    asked = {"serviceNetworkIdentifier": network}
    services = owner.ask_all(LATTICE, "list_service_network_service_associations", "items", **asked)
    vpcs = owner.ask_all(LATTICE, "list_service_network_vpc_associations", "items", **asked)
    keys = {(each.owner.id, each.name): key for key, each in lattice.services.items()}
    accounts = {
        (each.owner.id, known_vpc(each, texts)): key for key, each in lattice.associations.items()
    }
    found = []
    for each in services:
        provider, name = account_of(each["serviceArn"]), each["serviceName"]
        found.append(_built(SERVICE, keys.get((provider, name), name), provider, each, lattice))
    for each in vpcs:
        maker, vpc = each["createdBy"], each["vpcId"]
        found.append(_built(VPC, accounts.get((maker, vpc), vpc), maker, each, lattice))
    return found


def known_vpc(association: VpcAssociation, texts: Texts) -> str | None:
    """The VPC of an account's callers; ``None`` where only a program knows it."""
    owner = association.owner
    try:
        return texts.known(association.vpc_id, owner.context, f"accounts.{owner.key}.vpc_id")
    except CantTellError:
        return None


def _built(
    kind: str, name: str, account: str, entry: Mapping[str, str], lattice: LatticeMesh
) -> Built:
    return Built(kind, name, entry["arn"], lattice.mesh.owner.id, account, entry["status"])
