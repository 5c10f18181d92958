"""From a checked mesh file to the resolved mesh."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from meshkit.errors import ConfigError
from meshkit.topology import rules
from meshkit.topology.arn import MeshArns
from meshkit.topology.audit import resolve_audit
from meshkit.topology.clusters import resolve_clusters
from meshkit.topology.gateway_api import controller_roles
from meshkit.topology.index import Index
from meshkit.topology.lattice.sharing import network_shared
from meshkit.topology.model import (
    Endpoint,
    Owner,
    ResolvedGateway,
    ResolvedGatewayRoute,
    ResolvedMesh,
    ResolvedNode,
    ResolvedRoute,
    ResolvedRouter,
    ResolvedService,
    ResolvedShare,
)
from meshkit.topology.operators import resolve_operators
from meshkit.topology.roles import resolve_roles, role_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from meshkit.config.deferred import Deferred
    from meshkit.config.file import MeshFile
    from meshkit.config.finding import Finding
    from meshkit.config.gateway import Gateway
    from meshkit.config.node import Node
    from meshkit.config.proxy import Proxy
    from meshkit.topology.model import ResolvedOperator, WorkloadRole

Tags = dict[str, "str | Deferred"]
Proxied = TypeVar("Proxied", "Node", "Gateway")


def resolve(config: MeshFile) -> ResolvedMesh:
    """Every name, ARN, owner and edge of a mesh file.

    Raises ``ConfigError`` with all findings when one of them is an error.
    """
    index = Index(config)
    findings = rules.run(index)
    if any(finding.severity == "error" for finding in findings):
        raise ConfigError(findings)
    return resolve_checked(index, findings)


def resolve_checked(index: Index, findings: Sequence[Finding] = ()) -> ResolvedMesh:
    """As ``resolve``, for a file that the rules have passed."""
    return _Resolver(index).mesh(tuple(findings))


class _Resolver:
    """Builds the parts of one mesh; owners are made once and shared."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.config = index.config
        self._owners: dict[str, Owner] = {}
        self.owner = self.owner_of(None)
        self.arns = MeshArns(index.partition, self.config.region, self.config.name, self.owner.id)

    def owner_of(self, account: str | None) -> Owner:
        """The owner behind a key of the file; two keys are never made from one account."""
        key = self.index.account_key(account)
        if key not in self._owners:
            found = self.index.account(key)
            if found is None:
                raise KeyError(key)
            context = {
                "account": found.id,
                "partition": self.index.partition.name,
                "region": self.config.region,
            }
            self._owners[key] = Owner(key, found.id, found, context)
        return self._owners[key]

    def tags(self, own: Mapping[str, str | Deferred]) -> Mapping[str, str | Deferred]:
        """The file's tags with a part's own over them."""
        return {**self.config.tags, **own} if own else self.config.tags

    def mesh(self, findings: tuple[Finding, ...]) -> ResolvedMesh:
        config = self.config
        nodes = {name: self.node(name, node) for name, node in config.nodes.items()}
        gateways = {name: self.gateway(name, each) for name, each in config.gateways.items()}
        endpoints: list[Endpoint] = [*nodes.values(), *gateways.values()]
        roles = resolve_roles(self.index, endpoints)
        clusters = resolve_clusters(self.index, self.owner_of)
        roles |= {each.key: each for each in controller_roles(self.index, clusters)}
        operators = resolve_operators(self.index, self.owner_of)
        audited: list[WorkloadRole | ResolvedOperator] = [*roles.values(), *operators.values()]
        return ResolvedMesh(
            name=config.name,
            arn=self.arns.mesh_arn(),
            region=config.region,
            partition=self.index.partition,
            owner=self.owner,
            arns=self.arns,
            settings=config.mesh,
            tags=self.tags(config.mesh.tags),
            clusters=clusters,
            nodes=nodes,
            routers=self.routers(),
            routes=tuple(self.routes()),
            services=self.services(),
            gateways=gateways,
            gateway_routes=tuple(self.gateway_routes()),
            roles=roles,
            operators=operators,
            share=self.share(),
            audit=resolve_audit(self.index, self.owner_of, audited),
            owners=self._owners,
            config=config,
            findings=findings,
        )

    def node(self, name: str, node: Node) -> ResolvedNode:
        owner = self.owner_of(node.account)
        index = self.index
        return ResolvedNode(
            name,
            owner,
            self.arns.virtual_node(owner.id, name),
            node,
            index.workload(node),
            index.access_log(node),
            index.backend_defaults(node),
            index.tracing(node),
            self.proxy(node.proxy),
            role_key(index.role(node), owner.id, "node", name),
            self.tags(node.tags),
            ("nodes", name),
        )

    def gateway(self, name: str, gateway: Gateway) -> ResolvedGateway:
        owner = self.owner_of(gateway.account)
        index = self.index
        return ResolvedGateway(
            name,
            owner,
            self.arns.virtual_gateway(owner.id, name),
            gateway,
            index.workload(gateway),
            index.access_log(gateway),
            index.backend_defaults(gateway),
            index.tracing(gateway),
            self.proxy(gateway.proxy),
            role_key(index.role(gateway), owner.id, "gateway", name),
            self.tags(gateway.tags),
            ("gateways", name),
        )

    def proxy(self, own: Proxy | None) -> Proxy:
        """The file's proxy settings with a proxy's own over them; lists and ``env`` add up."""
        base = self.config.proxy
        if own is None:
            return base
        update = {key: getattr(own, key) for key in own.model_fields_set}
        update["env"] = {**base.env, **own.env}
        for key in ("egress_ignored_ips", "egress_ignored_ports"):
            update[key] = tuple(dict.fromkeys((*getattr(base, key), *getattr(own, key))))
        return base.model_copy(update=update)

    def routers(self) -> dict[str, ResolvedRouter]:
        found = {}
        for name, router in self.config.routers.items():
            owner = self.owner_of(router.account)
            arn = self.arns.virtual_router(owner.id, name)
            tags = self.tags(router.tags)
            found[name] = ResolvedRouter(name, owner, arn, router, tags, ("routers", name))
        return found

    def routes(self) -> Iterable[ResolvedRoute]:
        for router_name, router in self.config.routers.items():
            owner = self.owner_of(router.account)
            for name, route in router.routes.items():
                arn = self.arns.route(owner.id, router_name, name)
                path = ("routers", router_name, "routes", name)
                tags = self.tags(route.tags)
                yield ResolvedRoute(name, router_name, owner, arn, route, tags, path)

    def services(self) -> dict[str, ResolvedService]:
        found = {}
        for name, service in self.config.services.items():
            owner = self.owner_of(self.index.service_account_key(name))
            arn = self.arns.virtual_service(owner.id, name)
            tags = self.tags(service.tags)
            found[name] = ResolvedService(name, owner, arn, service, tags, ("services", name))
        return found

    def gateway_routes(self) -> Iterable[ResolvedGatewayRoute]:
        for gateway_name, gateway in self.config.gateways.items():
            owner = self.owner_of(gateway.account)
            for name, route in gateway.routes.items():
                arn = self.arns.gateway_route(owner.id, gateway_name, name)
                path = ("gateways", gateway_name, "routes", name)
                tags = self.tags(route.tags)
                yield ResolvedGatewayRoute(name, gateway_name, owner, arn, route, tags, path)

    def share(self) -> ResolvedShare | None:
        share = self.config.share
        if share is None or not network_shared(self.config):
            return None
        principals = dict.fromkeys(self.principal(each) for each in share.principals)
        name = share.name or self.config.name
        return ResolvedShare(name, tuple(principals), share, self.tags(share.tags))

    def principal(self, principal: str | Deferred) -> str | Deferred:
        """A principal as RAM takes it: a key of ``accounts`` becomes the account's id."""
        if not isinstance(principal, str):
            return principal.bind(self.owner.context)
        return self.index.account_id(principal) or principal
