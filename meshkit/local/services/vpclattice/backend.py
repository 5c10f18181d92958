"""The state of VPC Lattice in one account and region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, cast

from moto.vpclattice.models import vpclattice_backends

from meshkit.local.services.dispatch import Call, ModelBackend, regional
from meshkit.local.services.vpclattice.kinds import Kind
from meshkit.local.services.vpclattice.quotas import QUOTAS
from meshkit.local.services.vpclattice.refusals import conflict
from meshkit.local.services.vpclattice.resource import (
    Resource,
    build_arn,
    identified,
    new_id,
)
from meshkit.local.services.vpclattice.tags import checked


class VpcLatticeBackend(ModelBackend):
    """The resources that one account created in one region.

    `targets` holds the registered targets of each target group by id and port. `quotas` maps
    quota codes to limits and may be raised, as AWS does on request.
    """

    host = "vpc-lattice"

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.resources: defaultdict[Kind, dict[str, Resource]] = defaultdict(dict)
        self.targets: defaultdict[str, dict[tuple[str, int | None], str]] = defaultdict(dict)
        self.quotas = {quota.code: quota.limit for quota in QUOTAS}

    def of(self, kind: Kind, parent: str = "") -> list[Resource]:
        """Return the resources of a kind, or those of them with this parent."""
        found = self.resources[kind].values()
        return [each for each in found if not parent or each.parent == parent]

    def add(
        self,
        kind: Kind,
        call: Call,
        values: dict[str, Any],
        parent: Resource | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Resource:
        """Create a resource of the caller, by default with the tags that the request has."""
        id_ = new_id(kind)
        tail = f"{kind.segment}/{id_}"
        made = Resource(
            kind=kind,
            id=id_,
            arn=f"{parent.arn}/{tail}" if parent else build_arn(call, tail),
            owner=call.account,
            values={name: value for name, value in values.items() if value is not None},
            tags=checked(call.params.get("tags", {}) if tags is None else tags),
            parent=parent.id if parent else "",
        )
        self.resources[kind][id_] = made
        return made

    def require_free_name(self, kind: Kind, name: str, parent: str = "") -> None:
        """Raise `ConflictException` (inferred) for a name that a sibling has."""
        if any(each.values["name"] == name for each in self.of(kind, parent)):
            raise conflict(kind, name, f"{kind.label} with name {name} already exists")

    def remove(self, resource: Resource) -> None:
        """Drop a resource and all that is deleted with it."""
        del self.resources[resource.kind][resource.id]
        for kind in list(self.resources):
            for child in self.of(kind, resource.id):
                self.remove(child)


def backend(account: str, region: str) -> VpcLatticeBackend:
    """Return the VPC Lattice of an account in a region."""
    return cast("VpcLatticeBackend", regional(vpclattice_backends, account, region))


def home(call: Call) -> VpcLatticeBackend:
    """Return the caller's VPC Lattice."""
    return backend(call.account, call.region)


def everywhere(kind: Kind, region: str) -> Iterator[Resource]:
    """Return the resources of a kind in all accounts."""
    for account in list(vpclattice_backends):
        if region in list(vpclattice_backends[account].keys()):
            yield from list(backend(account, region).resources[kind].values())


def exists(arn: str) -> bool:
    """Return whether a resource with this ARN exists; RAM asks before it shares one."""
    named = identified(arn)
    if named.account is None or named.region is None:
        return False
    kinds = backend(named.account, named.region).resources.values()
    return any(named.id in found and found[named.id].arn == arn for found in kinds)
