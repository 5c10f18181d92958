"""What is there before a program runs: organization, accounts and raised quotas of its mesh file.

In AWS they exist already. On the local cloud they are made from the same file, so that a share
inside the organization is granted at once and one outside it is not.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from meshkit.config.landing_zone import LandingZoneFile
from meshkit.config.load import read_partial
from meshkit.errors import UnreadableError
from meshkit.local.services.appmesh import kinds
from meshkit.local.services.deployers import make_deployer
from meshkit.local.services.organization import found_account, found_organization, found_unit
from meshkit.local.services.ram.permission_operations import share_with
from meshkit.local.services.service_quotas import SERVICES
from meshkit.local.services.vpclattice import quotas
from meshkit.topology.landing_zone.accounts import named_accounts
from meshkit.topology.landing_zone.units import placed_units
from meshkit.topology.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from meshkit.config.file import MeshFile

FILE_NAME = "mesh.yaml"
ZONE_FILE_NAME = "landing-zone.yaml"
DEFAULT_ACCOUNT = "111111111111"
"""Where a program without a mesh file works."""
STACK_SETS = "member.org.stacksets.cloudformation.amazonaws.com"
"""The service that an organization lets make stacks in its accounts."""
CHOSEN = {"meshkit:mesh", "meshkit:file"}
"""Settings that choose a mesh file."""
ANY_REGION = "us-east-1"
"""Sharing with an organization is turned on for all regions at once."""
QUOTAS = {
    "meshes_per_account": kinds.MESH.quota_code,
    "virtual_nodes_per_mesh": kinds.VIRTUAL_NODE.quota_code,
    "virtual_services_per_mesh": kinds.VIRTUAL_SERVICE.quota_code,
    "virtual_routers_per_mesh": kinds.VIRTUAL_ROUTER.quota_code,
    "routes_per_virtual_router": kinds.ROUTE.quota_code,
    "backends_per_virtual_node": kinds.BACKENDS_PER_NODE,
    "virtual_gateways_per_mesh": kinds.VIRTUAL_GATEWAY.quota_code,
    "gateway_routes_per_virtual_gateway": kinds.GATEWAY_ROUTE.quota_code,
}
"""Code in Service Quotas of each quota of App Mesh that a mesh file may state."""
LATTICE_QUOTAS = {
    "services_per_network": quotas.SERVICE_ASSOCIATIONS.code,
    "vpcs_per_network": quotas.VPC_ASSOCIATIONS.code,
    "listeners_per_service": quotas.LISTENERS.code,
    "rules_per_listener": quotas.RULES.code,
    "target_groups_per_service": quotas.GROUPS_OF_SERVICE.code,
    "target_groups_per_account": quotas.TARGET_GROUPS.code,
}
"""Code of each quota of VPC Lattice that a mesh file may state, for all of its accounts."""


@dataclass(frozen=True)
class RaisedQuota:
    """What AWS allows an account, where a mesh file states a figure."""

    service: str
    account: str
    region: str
    code: str
    limit: int


class Unit(NamedTuple):
    """An organizational unit that a landing zone takes over."""

    id: str
    name: str
    parent: str | None
    """Id of the unit above; ``None`` right below the root."""


class Account(NamedTuple):
    """An account that a landing zone takes over."""

    id: str
    name: str
    email: str
    unit: str | None
    """Id of its unit; ``None`` under the root."""


@dataclass(frozen=True)
class Landscape:
    """The surroundings of a program; the default has one account and no organization."""

    account: str = DEFAULT_ACCOUNT
    """Where callers are who assume no role: the mesh owner's."""
    organization: str | None = None
    management_account: str = ""
    members: tuple[str, ...] = ()
    sharing_enabled: bool = False
    partition: str = "aws"
    quotas: tuple[RaisedQuota, ...] = ()
    units: tuple[Unit, ...] = ()
    """Each after the one above it."""
    accounts: tuple[Account, ...] = ()
    """Members that have a name and a place."""
    managed: bool = False
    """Whether its policies and StackSets are in use, as a landing zone asks."""
    roles: frozenset[str] = frozenset()
    """ARNs of the roles through which programs work in other accounts."""

    def found(self) -> None:
        """Make the organization in the cloud that runs in this process, and raise its quotas."""
        for each in self.quotas:
            SERVICES[each.service].in_force(each.account, each.region)[each.code] = each.limit
        if self.organization is None:
            return
        members = [each for each in self.members if each != self.management_account]
        made = found_organization(
            self.management_account, members, self.organization, self.partition
        )
        for unit in self.units:
            found_unit(made, *unit)
        for account in self.accounts:
            found_account(made, *account)
        if self.sharing_enabled:
            share_with(made, self.partition, ANY_REGION)
        if self.managed:
            made.enable_aws_service_access(ServicePrincipal=STACK_SETS)
            for root in made.list_roots()["Roots"]:
                made.enable_policy_type(RootId=root["Id"], PolicyType="SERVICE_CONTROL_POLICY")

    def found_deployers(self) -> None:
        """Make the roles that the mesh file tells programs to assume, as administrators."""
        for arn in sorted(self.roles):
            make_deployer(arn, self.account, None)


def landscape_of(program: Path, config: Mapping[str, str]) -> Landscape:
    """The landscape of a program's mesh file: that of its config, else its ``mesh.yaml``.

    Without these it is that of its ``landing-zone.yaml``, else the one on which all mesh files
    below the program's folder agree. A file with faults tells what it can; the program itself
    reports them.
    """
    zone = program / ZONE_FILE_NAME
    if zone.is_file() and not (program / FILE_NAME).exists() and not CHOSEN & config.keys():
        return _zone_landscape(zone)
    meshes = [mesh for mesh in map(_read, _sources(program, config)) if mesh is not None]
    found = {_landscape(mesh) for mesh in meshes}
    common = found.pop() if len(found) == 1 else Landscape()
    return replace(
        common,
        quotas=tuple(quota for mesh in meshes for quota in _quotas(mesh)),
        roles=frozenset(role for mesh in meshes for role in _roles(mesh)),
    )


def _zone_landscape(file: Path) -> Landscape:
    """The organization as it is before: with the units and accounts that are taken over."""
    try:
        zone = read_partial(file, root=LandingZoneFile).config
    except UnreadableError:
        zone = None
    if zone is None:
        return Landscape()
    partition = partition_of(zone.region).name
    placed = placed_units(zone.units)
    ids = {path: each.unit.import_ for path, each in placed.items()}
    units = [
        Unit(id_, placed[path].name, ids.get(placed[path].parent or ""))
        for path, id_ in ids.items()
        if id_
    ]
    accounts = [
        Account(each.account.import_, each.name, each.email or "", ids.get(each.account.unit or ""))
        for each in named_accounts(zone)
        if each.account.import_
    ]
    return Landscape(
        zone.organization.management_account,
        zone.organization.id,
        zone.organization.management_account,
        sharing_enabled=zone.organization.sharing_enabled,
        partition=partition,
        units=tuple(units),
        accounts=tuple(accounts),
        managed=True,
        roles=frozenset(
            f"arn:{partition}:iam::{each.id}:role/{zone.access_role}" for each in accounts
        ),
    )


def _sources(program: Path, config: Mapping[str, str]) -> list[Path] | list[dict[str, Any]]:
    inline, file = config.get("meshkit:mesh"), config.get("meshkit:file")
    if inline is not None:
        with contextlib.suppress(ValueError):
            data = json.loads(inline)
            return [data] if isinstance(data, dict) else []
        return []
    path = program / (file or FILE_NAME)
    if path.is_file():
        return [path]
    return [] if file else list(_candidates(program))


def _candidates(folder: Path) -> Iterator[Path]:
    """The YAML files that may be mesh files: not those of tools, libraries and other programs."""
    for at, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not _is_foreign(Path(at, name))]
        for path in (Path(at, name) for name in files if name.endswith((".yaml", ".yml"))):
            with contextlib.suppress(OSError):
                if b"owner" in path.read_bytes():  # a mesh file has one; parsing takes longer
                    yield path


def _is_foreign(folder: Path) -> bool:
    marks = ("pyvenv.cfg", "Pulumi.yaml")
    return (
        folder.name.startswith(".")
        or folder.name == "node_modules"
        or any((folder / mark).exists() for mark in marks)
    )


def _read(source: Path | Mapping[str, Any]) -> MeshFile | None:
    try:
        return read_partial(source).config
    except UnreadableError:
        return None


def _landscape(mesh: MeshFile) -> Landscape:
    account = _owner(mesh)
    organization = mesh.organization
    if organization is None:
        return Landscape(account)
    members = {each.id: None for each in mesh.accounts.values() if not each.external}
    return Landscape(
        account,
        organization.id,
        organization.management_account,
        tuple(members),
        organization.sharing_enabled,
        partition_of(mesh.region).name,
    )


def _roles(mesh: MeshFile) -> Iterator[str]:
    """The ARNs of the roles that the file tells programs to assume."""
    partition = partition_of(mesh.region).name
    for each in mesh.accounts.values():
        role = each.assume_role
        if role is not None and role.name is not None and _is_account(each.id):
            yield f"arn:{partition}:iam::{each.id}:role/{role.name}"
        elif role is not None and isinstance(role.arn, str):
            yield role.arn


def _owner(mesh: MeshFile) -> str:
    owner = mesh.accounts.get(mesh.owner)
    account = owner.id if owner else mesh.owner
    return account if _is_account(account) else DEFAULT_ACCOUNT


def _is_account(text: str) -> bool:
    return len(text) == 12 and text.isdigit()


def _quotas(mesh: MeshFile) -> Iterator[RaisedQuota]:
    stated, region = mesh.quotas.model_fields_set, mesh.region
    for key in sorted(stated & QUOTAS.keys()):
        limit = getattr(mesh.quotas, key)
        yield RaisedQuota("appmesh", _owner(mesh), region, QUOTAS[key], limit)
    ids = (each.id for each in mesh.accounts.values())
    accounts = {_owner(mesh), *filter(_is_account, ids)}
    for key in sorted(stated & LATTICE_QUOTAS.keys()):
        limit = getattr(mesh.quotas, key)
        for account in sorted(accounts):
            yield RaisedQuota("vpc-lattice", account, region, LATTICE_QUOTAS[key], limit)
