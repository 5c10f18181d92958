"""Look-ups over a mesh file that the rules and the resolver share.

Works on a file with faults as well: what can't be told is ``None``.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from meshkit.config.accounts import Account
from meshkit.config.operator import OperatorOptions
from meshkit.config.role import Role
from meshkit.config.workload import EcsWorkload
from meshkit.topology.partition import Partition, partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.access_log import AccessLog
    from meshkit.config.file import MeshFile
    from meshkit.config.finding import Path
    from meshkit.config.gateway import Gateway
    from meshkit.config.gateway_api import GatewayApi
    from meshkit.config.node import Node
    from meshkit.config.operator import Operator
    from meshkit.config.tls import BackendDefaults
    from meshkit.config.workload import Access, Tracing, Workload


class Index:
    """A mesh file with its defaults applied and its names looked up."""

    def __init__(self, config: MeshFile) -> None:
        self.config = config

    @cached_property
    def partition(self) -> Partition:
        """The partition of the file's region."""
        return partition_of(self.config.region)

    @cached_property
    def owner_id(self) -> str | None:
        """Account id of the mesh owner."""
        return self.account_id(None)

    def account_key(self, account: str | None) -> str:
        """The key of an account; one not named is the mesh owner's."""
        return account or self.config.owner

    def account(self, key: str | None) -> Account | None:
        """An account by key, or by its 12-digit id where the file has no entry for it."""
        key = self.account_key(key)
        found = self.config.accounts.get(key)
        if found is None and len(key) == 12 and key.isascii() and key.isdigit():
            return Account(id=key)
        return found

    def account_id(self, key: str | None) -> str | None:
        """The id of an account, ``None`` when there is no such account."""
        account = self.account(key)
        return account.id if account else None

    def service_account_key(self, name: str) -> str:
        """The account that makes a service: its own, else its provider's, else the owner's."""
        service = self.config.services[name]
        provider = self.config.nodes.get(service.node or "") or self.config.routers.get(
            service.router or ""
        )
        return self.account_key(service.account or (provider.account if provider else None))

    def proxies(self) -> Iterator[tuple[Path, str, Node | Gateway]]:
        """Everything that runs a proxy: each node, then each gateway, with its path and name."""
        for name, node in self.config.nodes.items():
            yield ("nodes", name), name, node
        for name, gateway in self.config.gateways.items():
            yield ("gateways", name), name, gateway

    def workload(self, proxy: Node | Gateway) -> Workload:
        """The workload of a node or gateway; what it leaves open comes from the defaults.

        With no default either, it is an ECS task.
        """
        default = self.config.defaults.workload
        own = proxy.workload
        if own is None:
            return default or self._plain_workload
        if default is None or default.type != own.type:
            return own
        return default.model_copy(update={key: getattr(own, key) for key in own.model_fields_set})

    def role(self, proxy: Node | Gateway) -> Role:
        """The role options of a node or gateway over those of the defaults."""
        default = self.config.defaults.role
        own = proxy.role
        if own is None or default is None:
            return own or default or self._plain_role
        update = {key: getattr(own, key) for key in own.model_fields_set}
        update["tags"] = {**default.tags, **own.tags}
        return default.model_copy(update=update)

    def operator_role(self, operator: Operator | GatewayApi) -> OperatorOptions:
        """The role options of an operator or a controller over those of the defaults.

        The defaults name no role.
        """
        default, own = self.config.defaults.role, operator.role
        if default is None:
            return own
        shared = OperatorOptions.model_fields.keys() - {"name"}
        update = {key: getattr(default, key) for key in shared - own.model_fields_set}
        update["tags"] = {**default.tags, **own.tags}
        return own.model_copy(update=update)

    def access(self, proxy: Node | Gateway) -> Access:
        """Whether a proxy reads its own configuration only."""
        return proxy.access or self.config.defaults.access or "exact"

    def tracing(self, proxy: Node | Gateway) -> Tracing:
        """The tracer of a proxy."""
        return proxy.tracing or self.config.defaults.tracing or "none"

    def access_log(self, proxy: Node | Gateway) -> AccessLog | None:
        """Where a proxy logs requests."""
        return proxy.access_log or self.config.defaults.access_log

    def backend_defaults(self, proxy: Node | Gateway) -> BackendDefaults | None:
        """The client policy of a proxy's backends."""
        return proxy.backend_defaults or self.config.defaults.backend_defaults

    # Made when they are asked for: the first of a model takes milliseconds.

    @cached_property
    def _plain_workload(self) -> Workload:
        return EcsWorkload(type="ecs")

    @cached_property
    def _plain_role(self) -> Role:
        return Role()
