"""A call to a service: whether it is allowed, or which layer refuses it, and where it goes.

Sources: VPC Lattice user guide, "Control access to VPC Lattice services using auth policies", and
Service Authorization Reference, "Actions, resources, and condition keys for Amazon VPC Lattice
Services".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from moto.iam.models import iam_backends

from meshkit.errors import MeshkitError
from meshkit.local.services.vpclattice.backend import backend, everywhere
from meshkit.local.services.vpclattice.decision import Refusal, refusal
from meshkit.local.services.vpclattice.facts import Facts
from meshkit.local.services.vpclattice.kinds import (
    LISTENER,
    SERVICE,
    SERVICE_ASSOCIATION,
    SERVICE_NETWORK,
    VPC_ASSOCIATION,
    Kind,
)
from meshkit.local.services.vpclattice.resource import Resource, identified
from meshkit.local.services.vpclattice.routing import Route, route

Layer = Literal["association", "listener", "identity", "boundary", "scp", "network", "service"]

_MOST: Final = 3
"""Names that are proposed in place of an unknown one."""


class InvocationError(MeshkitError):
    """A call that can't be tried: something in it is unknown, or has more than one meaning."""


@dataclass(frozen=True)
class Invocation:
    """A call. `caller` is the name of a role, the ARN of a role or user, None where nobody signs.

    `service` and `network` are an id, an ARN, a name or, of a service, a domain name. `network` and
    `port` are needed where there are several. `path` may have a query. `vpc` is where the caller
    is; without it, the only VPC of the caller's account in the network. `context` has condition
    keys that the local cloud can't know, such as `aws:SourceIp`.
    """

    service: str
    caller: str | None = None
    method: str = "GET"
    path: str = "/"
    headers: Mapping[str, str] = field(default_factory=dict)
    network: str | None = None
    vpc: str | None = None
    port: int | None = None
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What becomes of a call. `layer` is what refused it, None where nothing did."""

    allowed: bool
    layer: Layer | None
    reason: str
    service: str
    """The ARN of the service."""
    network: str | None = None
    """The ARN of the service network that it goes through."""
    route: Route | None = None


def invoke(invocation: Invocation, region: str) -> Verdict:
    """Tell what becomes of a call.

    Raises `InvocationError`, and `Undecidable` where a policy asks for what the call does not tell.
    """
    if not invocation.path.startswith("/"):
        msg = f"a path begins with a slash: {invocation.path!r}"
        raise InvocationError(msg)
    service = _named(SERVICE, invocation.service, region)
    networks = _networks(service, region)
    if not networks:
        return _refused("association", f"{service.arn} is in no service network", service)
    network = _network(invocation, networks, region)
    if isinstance(network, str):
        return _refused("association", network, service)
    listener = _listener(invocation, service, region)
    if isinstance(listener, str):
        return _refused("listener", listener, service, network)
    caller = invocation.caller and _caller(invocation.caller)
    facts = Facts(
        service=service,
        network=network,
        caller=caller,
        listener=listener,
        method=invocation.method,
        path=invocation.path,
        headers={name.lower(): value for name, value in invocation.headers.items()},
        vpc=_vpc(invocation.vpc, caller, network, region),
        context=invocation.context,
    )
    found = refusal(facts)
    if isinstance(found, Refusal):
        return _refused(found.layer, found.reason, service, network)
    here = backend(service.owner, region)
    path = invocation.path.partition("?")[0]
    leads = route(here, listener, invocation.method, path, facts.headers)
    return Verdict(True, None, found, service.arn, network.arn, leads)


def _refused(
    layer: Layer, reason: str, service: Resource, network: Resource | None = None
) -> Verdict:
    return Verdict(False, layer, reason, service.arn, network.arn if network else None)


def _caller(text: str) -> str:
    if re.fullmatch(r"arn:[^:]+:iam::\d{12}:(?:role|user)/.+", text):
        return text
    roles = [
        role
        for account in list(iam_backends)
        for iam in list(dict.values(iam_backends[account]))
        for role in iam.roles.values()
    ]
    found = [role.arn for role in roles if role.name == text]
    if len(found) == 1:
        return str(found[0])
    like = "" if found else _like(text, (role.name for role in roles))
    msg = f"{len(found)} roles have the name {text!r}: give the ARN of a role or user{like}"
    raise InvocationError(msg)


def _named(kind: Kind, text: str, region: str) -> Resource:
    id_ = identified(text).id
    there = list(everywhere(kind, region))
    found = [each for each in there if id_ in _names(each)]
    like = "" if found else _like(text, (each.values["name"] for each in there))
    return _only(found, f"{kind.label} {text}{like}", "give its ARN")


def _like(text: str, names: Iterable[str]) -> str:
    """Name what holds the text: a part of a mesh is there by a longer name than in its file."""
    part = re.sub(r"[^a-z0-9]+", "-", text.lower())
    found = sorted(name for name in names if part in name.lower())[:_MOST]
    return f" (did you mean {' or '.join(found)}?)" if found else ""


def _names(resource: Resource) -> tuple[str | None, ...]:
    values = resource.values
    domain = values.get("dnsEntry", {}).get("domainName")
    return resource.id, values["name"], domain, values.get("customDomainName")


def _only(found: list[Resource], what: str, how: str) -> Resource:
    if len(found) == 1:
        return found[0]
    if not found:
        msg = f"there is no {what}"
        raise InvocationError(msg)
    arns = ", ".join(sorted(each.arn for each in found))
    msg = f"there are {len(found)} of {what}: {how}: {arns}"
    raise InvocationError(msg)


def _networks(service: Resource, region: str) -> dict[str, Resource]:
    """Return the service networks that a service is in, by id."""
    ids = {
        each.values["serviceNetworkId"]
        for each in everywhere(SERVICE_ASSOCIATION, region)
        if each.values["serviceId"] == service.id
    }
    return {each.id: each for each in everywhere(SERVICE_NETWORK, region) if each.id in ids}


def _network(
    invocation: Invocation, networks: Mapping[str, Resource], region: str
) -> Resource | str:
    """Return the network that a call goes through, or why there is none."""
    if invocation.vpc:
        joined = _of_vpcs(region, vpc=invocation.vpc)
        if not joined:
            return f"VPC {invocation.vpc} is in no service network"
        id_ = joined[0].values["serviceNetworkId"]
        if id_ not in networks:
            return f"VPC {invocation.vpc} is in {id_}, where the service is not"
        return networks[id_]
    if invocation.network:
        network = _named(SERVICE_NETWORK, invocation.network, region)
        return networks.get(network.id, f"the service is not in {network.arn}")
    return _only(list(networks.values()), "network with the service", "choose one, or a VPC")


def _of_vpcs(region: str, **wanted: str) -> list[Resource]:
    names = {"vpc": "vpcId", "network": "serviceNetworkId", "account": "createdBy"}
    return [
        each
        for each in everywhere(VPC_ASSOCIATION, region)
        if all(each.values[names[name]] == value for name, value in wanted.items())
    ]


def _vpc(
    vpc: str | None, caller: str | None, network: Resource, region: str
) -> tuple[str, str] | None:
    """Return the caller's VPC and its owner, None where that is not known."""
    if vpc:
        found = _of_vpcs(region, vpc=vpc)
    elif caller:
        found = _of_vpcs(region, network=network.id, account=caller.split(":")[4])
    else:
        found = _of_vpcs(region, network=network.id)
    return (found[0].values["vpcId"], found[0].owner) if len(found) == 1 else None


def _listener(invocation: Invocation, service: Resource, region: str) -> Resource | str:
    """Return the listener that a call reaches, or why there is none."""
    listeners = backend(service.owner, region).of(LISTENER, service.id)
    if not listeners:
        return f"{service.arn} has no listener"
    ports = {each.values["port"]: each for each in listeners}
    if invocation.port is None and len(ports) > 1:
        choice = ", ".join(map(str, sorted(ports)))
        msg = f"the service listens on several ports: choose one: {choice}"
        raise InvocationError(msg)
    port = invocation.port or next(iter(ports))
    return ports.get(port, f"{service.arn} does not listen on port {port}")
