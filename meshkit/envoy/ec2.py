"""The proxy on an EC2 instance, as user data.

Source: App Mesh User Guide, getting started with EC2.
"""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Any

from meshkit.envoy.environment import environment
from meshkit.envoy.image import public_image
from meshkit.envoy.proxy import EGRESS_PORT, INGRESS_PORT, METADATA_ADDRESSES, known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.envoy.proxy import EnvoyProxy

INGRESS_CHAIN = "APPMESH_INGRESS"
EGRESS_CHAIN = "APPMESH_EGRESS"


def user_data(proxy: EnvoyProxy) -> str:
    """A script that runs the proxy in Docker and, for a node, redirects the traffic to it.

    The instance needs Docker and iptables. The image comes from the public registry, which asks for
    no permission, unless the settings name another.
    """
    redirection = () if proxy.gateway else (*_ingress(proxy), *_egress(proxy))
    return "\n".join(("#!/bin/bash", "set -euo pipefail", _run(proxy), *redirection)) + "\n"


def metadata_options() -> dict[str, Any]:
    """Metadata options of the instance: IMDSv2 only.

    One hop is enough, since the proxy is in the network of the host.
    """
    return {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1}


def _run(proxy: EnvoyProxy) -> str:
    settings = proxy.settings
    image = public_image(fips=bool(settings.fips)) if settings.image is None else settings.image
    user = () if proxy.gateway else ("--user", str(proxy.user))
    words = ["docker", "run", "--detach", "--name", "envoy", "--restart", "always"]
    words += ["--network", "host", "--ulimit", "nofile=15000:15000", *user]
    for key, value in environment(proxy).items():
        words += ["--env", quote(f"{key}={value}")]
    return " ".join((*words, quote(known(image))))


def _ingress(proxy: EnvoyProxy) -> Iterator[str]:
    """What comes in on the application's ports goes to the proxy."""
    if not proxy.ports:
        return
    yield f"iptables -t nat -N {INGRESS_CHAIN}"
    for port in dict.fromkeys(proxy.ports):
        yield (
            f"iptables -t nat -A {INGRESS_CHAIN} -p tcp --dport {port} "
            f"-j REDIRECT --to-port {INGRESS_PORT}"
        )
    yield (
        f"iptables -t nat -A PREROUTING -p tcp -m addrtype ! --src-type LOCAL -j {INGRESS_CHAIN}"
    )


def _egress(proxy: EnvoyProxy) -> Iterator[str]:
    """What the application sends goes to the proxy; what the proxy itself sends does not."""
    yield f"iptables -t nat -N {EGRESS_CHAIN}"
    yield f"iptables -t nat -A {EGRESS_CHAIN} -m owner --uid-owner {proxy.user} -j RETURN"
    for port in dict.fromkeys(proxy.egress_ignored_ports):
        yield f"iptables -t nat -A {EGRESS_CHAIN} -p tcp --dport {port} -j RETURN"
    for address in proxy.egress_ignored_ips(METADATA_ADDRESSES):
        yield f"iptables -t nat -A {EGRESS_CHAIN} -p tcp -d {quote(address)} -j RETURN"
    yield f"iptables -t nat -A {EGRESS_CHAIN} -p tcp -j REDIRECT --to-port {EGRESS_PORT}"
    yield (f"iptables -t nat -A OUTPUT -p tcp -m addrtype ! --dst-type LOCAL -j {EGRESS_CHAIN}")
