"""Meshes to draw: small ones by hand, large ones and wicked ones by rule."""

from __future__ import annotations

from typing import Any, Final

from meshkit.inspect.diagram.picture import Box, Edge, Group, Picture, Sharing
from meshkit.topology.check import check
from meshkit.topology.model import ResolvedMesh

WICKED: Final = "<script>alert(1)</script>\"];%% #quot; `x` --> ${y} & \x01 ]]> 漢字 &lt;\nend 'z'"
"""A name that means something to HTML, SVG, CSS, Mermaid and terminals."""
TRUST: Final = {"validation": {"trust": {"file": "/ca.pem"}}}
ACCOUNTS: Final = ("network", "orders", "billing")


def shop(**changes: Any) -> ResolvedMesh:
    """A gateway, two routes of a canary, five nodes, a service of nobody, in three accounts."""
    listener = {"port": 8080, "protocol": "http"}
    found = {"service_discovery": {"dns": "a.shop.local"}, "listeners": [listener]}
    data: dict[str, Any] = {
        "name": "shop",
        "region": "eu-west-1",
        "owner": "network",
        "organization": {
            "id": "o-exampleorg1",
            "management_account": "999999999999",
            "sharing_enabled": True,
        },
        "accounts": {
            name: {"id": str(number) * 12, "assume_role": {"name": "deployer"}}
            for number, name in enumerate(ACCOUNTS, start=1)
        },
        "share": {"principals": ["orders", "billing"]},
        "nodes": {
            "storefront": {
                "account": "orders",
                **found,
                "workload": {"type": "ec2"},
                "backends": [
                    "catalog.shop.local",
                    {"service": "stock.shop.local", "client_policy": {"tls": TRUST}},
                ],
            },
            "catalog-v1": {"account": "billing", **found},
            "catalog-v2": {"account": "billing", **found},
            "stock": {
                "account": "billing",
                "service_discovery": {"dns": "a.shop.local"},
                "listeners": [
                    {
                        **listener,
                        "tls": {
                            "mode": "STRICT",
                            "certificate": {"file": {"chain": "/c.pem", "key": "/k.pem"}},
                        },
                    }
                ],
            },
            "client": {"backends": ["storefront.shop.local", "nobody.shop.local"]},
        },
        "routers": {
            "catalog": {
                "account": "billing",
                "listeners": [listener],
                "routes": {
                    "canary": {
                        "http": {
                            "match": {"prefix": "/"},
                            "targets": {"catalog-v1": 90, "catalog-v2": 10},
                        }
                    }
                },
            }
        },
        "services": {
            "storefront.shop.local": {"node": "storefront"},
            "catalog.shop.local": {"router": "catalog"},
            "stock.shop.local": {"node": "stock", "account": "network"},
            "nobody.shop.local": {},
        },
        "gateways": {
            "ingress": {
                "listeners": [{"port": 8443, "protocol": "http"}],
                "routes": {
                    name: {"http": {"match": {"prefix": path}, "service": "storefront.shop.local"}}
                    for name, path in (("all", "/"), ("images", "/images"))
                },
            }
        },
        **changes,
    }
    return check(data).resolve()


def chain(nodes: int, accounts: int) -> Picture:
    """A mesh in which every node calls the next two and the one four before, in all accounts."""
    boxes, edges = [], []
    for number in range(nodes):
        service = f"service-{number}.shop.local"
        key = f"node/service-with-a-name-{number}"
        boxes.append(
            Box(
                key,
                "node",
                f"account-{number % accounts}",
                f"service-with-a-name-{number}",
                ("node on ECS", "http 8080"),
                (service,),
                "ECS",
            )
        )
        for step in (1, 2, -4):
            if 0 <= number + step < nodes:
                called = number + step
                edges.append(
                    Edge(
                        key,
                        f"node/service-with-a-name-{called}",
                        f"service-{called}.shop.local",
                        tls="TLS" if step == 2 else "",
                    )
                )
    groups = tuple(
        Group(f"account-{number}", f"account-{number}", f"{number:012d}")
        for number in range(accounts)
    )
    return Picture("large", groups[0].label, "eu-west-1", groups, tuple(boxes), tuple(edges))


def wicked() -> Picture:
    """A picture in which every text is wicked."""
    details = (WICKED, WICKED)
    return Picture(
        WICKED,
        WICKED,
        WICKED,
        (Group("one", WICKED, WICKED), Group("two", "end", "end")),
        (
            Box(f"node/{WICKED}", "node", "one", WICKED, details, (WICKED, "graph")),
            Box("router/end", "router", "two", "end", details),
            Box("gateway/graph", "gateway", "one", "graph", details),
            Box("service/x", "service", "nowhere", WICKED),
        ),
        (
            Edge(f"node/{WICKED}", "router/end", WICKED, tls="TLS"),
            Edge("router/end", f"node/{WICKED}", label=WICKED),
            Edge("router/end", "service/x", label=WICKED),
            Edge("gateway/graph", f"node/{WICKED}", WICKED),
        ),
        Sharing(WICKED, (WICKED, WICKED), external=True),
    )
