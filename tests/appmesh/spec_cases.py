"""Specs of every kind: what the file says, and what the API is to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshkit.appmesh.gateway_route import gateway_route_spec
from meshkit.appmesh.mesh import mesh_spec
from meshkit.appmesh.route import route_spec
from meshkit.appmesh.translation import Leaves
from meshkit.appmesh.virtual_gateway import gateway_spec
from meshkit.appmesh.virtual_node import node_spec
from meshkit.appmesh.virtual_router import router_spec
from meshkit.appmesh.virtual_service import service_spec
from meshkit.config.file import Mesh
from meshkit.config.gateway import Gateway
from meshkit.config.gateway_route import GatewayRoute
from meshkit.config.node import Node
from meshkit.config.route import Route
from meshkit.config.router import Router

if TYPE_CHECKING:
    pass

LEAVES = Leaves()
CERTIFICATE = "arn:aws:acm:eu-west-1:111111111111:certificate/1"
AUTHORITY = "arn:aws:acm-pca:eu-west-1:111111111111:certificate-authority/1"


def node(**fields: Any) -> Any:
    made = Node.model_validate(fields)
    return node_spec(made, made.access_log, made.backend_defaults, LEAVES)


def gateway(**fields: Any) -> Any:
    made = Gateway.model_validate(fields)
    return gateway_spec(made, made.access_log, made.backend_defaults, LEAVES)


def route(**fields: Any) -> Any:
    return route_spec(Route.model_validate(fields))


def gateway_route(**fields: Any) -> Any:
    return gateway_route_spec(GatewayRoute.model_validate(fields))


def router(**fields: Any) -> Any:
    return router_spec(Router.model_validate(fields))


def listener(protocol: str, **fields: Any) -> dict[str, Any]:
    return {"port": 8080, "protocol": protocol, **fields}


CLIENT = {
    "enforce": False,
    "ports": [443, 8443],
    "certificate": {"file": {"chain": "/c", "key": "/k"}},
    "validation": {"trust": {"acm": [AUTHORITY]}, "sans": ["a.local", "b.local"]},
}
CLIENT_API = {
    "enforce": False,
    "ports": [443, 8443],
    "certificate": {"file": {"certificateChain": "/c", "privateKey": "/k"}},
    "validation": {
        "trust": {"acm": {"certificateAuthorityArns": [AUTHORITY]}},
        "subjectAlternativeNames": {"match": {"exact": ["a.local", "b.local"]}},
    },
}
SDS = {"certificate": {"sds": "mine"}, "validation": {"trust": {"sds": "theirs"}}}
SDS_API = {
    "certificate": {"sds": {"secretName": "mine"}},
    "validation": {"trust": {"sds": {"secretName": "theirs"}}},
}
TRUST_FILE = {"validation": {"trust": {"file": "/t"}}}
TRUST_FILE_API = {"validation": {"trust": {"file": {"certificateChain": "/t"}}}}
LOG_TEXT = {"path": "/l", "format": {"text": "%X%"}}
LOG_TEXT_API = {"accessLog": {"file": {"path": "/l", "format": {"text": "%X%"}}}}
LOG_JSON = {"path": "/l", "format": {"json": {"k_one": "%A%"}}}
LOG_JSON_API = {
    "accessLog": {"file": {"path": "/l", "format": {"json": [{"key": "k_one", "value": "%A%"}]}}}
}
MAPPING = {"port": 8080, "protocol": "http"}
HEALTH = {"path": "/h", "port": 8080, "healthy_threshold": 3, "unhealthy_threshold": 4,
          "interval_millis": 6000, "timeout_millis": 3000}  # fmt: skip
HEALTH_API = {"protocol": "http", "path": "/h", "port": 8080, "healthyThreshold": 3,
              "unhealthyThreshold": 4, "intervalMillis": 6000, "timeoutMillis": 3000}  # fmt: skip


TLS = [
    listener("http", tls={"mode": "STRICT", "certificate": {"acm": CERTIFICATE}}),
    listener("http", tls={"mode": "PERMISSIVE", **SDS}),
    listener(
        "http",
        tls={
            "mode": "DISABLED",
            "certificate": {"file": {"chain": "/c", "key": "/k"}},
            "validation": {"trust": {"file": "/t"}, "sans": ["x.local"]},
        },
    ),
]
TLS_API = [
    {"portMapping": MAPPING, "tls": tls}
    for tls in (
        {"mode": "STRICT", "certificate": {"acm": {"certificateArn": CERTIFICATE}}},
        {"mode": "PERMISSIVE", **SDS_API},
        {
            "mode": "DISABLED",
            "certificate": {"file": {"certificateChain": "/c", "privateKey": "/k"}},
            "validation": {
                "trust": {"file": {"certificateChain": "/t"}},
                "subjectAlternativeNames": {"match": {"exact": ["x.local"]}},
            },
        },
    )
]


def seconds(value: int) -> dict[str, Any]:
    return {"unit": "s", "value": value}


def pool(protocol: str, **limits: int) -> Any:
    return node(listeners=[listener(protocol, connection_pool=limits)])


def pool_api(protocol: str, **limits: int) -> Any:
    mapping = {"port": 8080, "protocol": protocol}
    return {"listeners": [{"portMapping": mapping, "connectionPool": {protocol: limits}}]}


def timeouts(protocol: str, **fields: str) -> Any:
    return node(listeners=[listener(protocol, timeout=fields)])


def timeouts_api(protocol: str, **fields: Any) -> Any:
    mapping = {"port": 8080, "protocol": protocol}
    return {"listeners": [{"portMapping": mapping, "timeout": {protocol: fields}}]}


HEADERS = [
    {"name": "there"},
    {"name": "a", "exact": "x", "invert": True},
    {"name": "b", "prefix": "x"},
    {"name": "c", "suffix": "x"},
    {"name": "d", "regex": "x.*", "invert": False},
    {"name": "e", "range": {"start": 1, "end": 10}},
]
HEADERS_API = [
    {"name": "there"},
    {"name": "a", "match": {"exact": "x"}, "invert": True},
    {"name": "b", "match": {"prefix": "x"}},
    {"name": "c", "match": {"suffix": "x"}},
    {"name": "d", "match": {"regex": "x.*"}, "invert": False},
    {"name": "e", "match": {"range": {"start": 1, "end": 10}}},
]
QUERIES = [{"name": "there"}, {"name": "q", "exact": ""}]
QUERIES_API = [{"name": "there"}, {"name": "q", "match": {"exact": ""}}]
TARGETS = {"one": 90, "two": 0}
ACTION_API = {
    "weightedTargets": [{"virtualNode": "one", "weight": 90}, {"virtualNode": "two", "weight": 0}]
}
RETRY = {"max_retries": 0, "per_retry_timeout": "1500ms", "http_events": ["server-error"],
         "tcp_events": ["connection-error"]}  # fmt: skip
RETRY_API = {
    "maxRetries": 0,
    "perRetryTimeout": {"unit": "ms", "value": 1500},
    "httpRetryEvents": ["server-error"],
    "tcpRetryEvents": ["connection-error"],
}
HTTP = {
    "match": {"path": {"regex": "/.*"}, "method": "GET", "scheme": "https", "headers": HEADERS,
              "query_parameters": QUERIES, "port": 8080},
    "targets": TARGETS,
    "retry": RETRY,
    "timeout": {"idle": "0s", "per_request": "2s"},
}  # fmt: skip
HTTP_API = {
    "match": {"path": {"regex": "/.*"}, "method": "GET", "scheme": "https",
              "headers": HEADERS_API, "queryParameters": QUERIES_API, "port": 8080},
    "action": ACTION_API,
    "retryPolicy": RETRY_API,
    "timeout": {"idle": seconds(0), "perRequest": seconds(2)},
}  # fmt: skip
TARGET_API = {"target": {"virtualService": {"virtualServiceName": "s.local"}, "port": 80}}
TARGET = {"name": "s.local", "port": 80}

CASES = {
    "mesh-empty": ("MeshSpec", mesh_spec(Mesh()), None),
    "mesh": (
        "MeshSpec",
        mesh_spec(Mesh(egress_filter="ALLOW_ALL", ip_preference="IPv6_PREFERRED")),
        {
            "egressFilter": {"type": "ALLOW_ALL"},
            "serviceDiscovery": {"ipPreference": "IPv6_PREFERRED"},
        },
    ),
    "node-empty": ("VirtualNodeSpec", node(), {}),
    "node-dns": (
        "VirtualNodeSpec",
        node(
            service_discovery={
                "dns": {
                    "hostname": "a.local",
                    "response_type": "ENDPOINTS",
                    "ip_preference": "IPv4_ONLY",
                }
            }
        ),
        {
            "serviceDiscovery": {
                "dns": {
                    "hostname": "a.local",
                    "responseType": "ENDPOINTS",
                    "ipPreference": "IPv4_ONLY",
                }
            }
        },
    ),
    "node-cloud-map": (
        "VirtualNodeSpec",
        node(
            service_discovery={
                "cloud_map": {"namespace": "n", "service": "s", "attributes": {"snake_case": "v"}}
            }
        ),
        {
            "serviceDiscovery": {
                "awsCloudMap": {
                    "namespaceName": "n",
                    "serviceName": "s",
                    "attributes": [{"key": "snake_case", "value": "v"}],
                }
            }
        },
    ),
    "node-backends": (
        "VirtualNodeSpec",
        node(
            backends=["a.local", {"service": "b.local", "client_policy": {"tls": SDS}}],
            backend_defaults={"client_policy": {"tls": CLIENT}},
        ),
        {
            "backends": [
                {"virtualService": {"virtualServiceName": "a.local"}},
                {
                    "virtualService": {
                        "virtualServiceName": "b.local",
                        "clientPolicy": {"tls": SDS_API},
                    }
                },
            ],
            "backendDefaults": {"clientPolicy": {"tls": CLIENT_API}},
        },
    ),
    "node-health": (
        "VirtualNodeSpec",
        node(listeners=[listener("http", health_check=HEALTH)]),
        {"listeners": [{"portMapping": MAPPING, "healthCheck": HEALTH_API}]},
    ),
    "node-health-defaults": (
        "VirtualNodeSpec",
        node(listeners=[listener("http", health_check={})]),
        {
            "listeners": [
                {
                    "portMapping": MAPPING,
                    "healthCheck": {
                        "protocol": "http",
                        "healthyThreshold": 2,
                        "unhealthyThreshold": 2,
                        "intervalMillis": 5000,
                        "timeoutMillis": 2000,
                    },
                }
            ]
        },
    ),
    "node-outliers": (
        "VirtualNodeSpec",
        node(
            listeners=[
                listener(
                    "http",
                    outlier_detection={
                        "max_server_errors": 5,
                        "interval": "10s",
                        "base_ejection_duration": "500ms",
                        "max_ejection_percent": 0,
                    },
                )
            ]
        ),
        {
            "listeners": [
                {
                    "portMapping": MAPPING,
                    "outlierDetection": {
                        "maxServerErrors": 5,
                        "interval": seconds(10),
                        "baseEjectionDuration": {"unit": "ms", "value": 500},
                        "maxEjectionPercent": 0,
                    },
                }
            ]
        },
    ),
    "pool-http": (
        "VirtualNodeSpec",
        pool("http", max_connections=1, max_pending_requests=2),
        pool_api("http", maxConnections=1, maxPendingRequests=2),
    ),
    "pool-http2": (
        "VirtualNodeSpec",
        pool("http2", max_requests=3),
        pool_api("http2", maxRequests=3),
    ),
    "pool-grpc": ("VirtualNodeSpec", pool("grpc", max_requests=3), pool_api("grpc", maxRequests=3)),
    "pool-tcp": (
        "VirtualNodeSpec",
        pool("tcp", max_connections=4),
        pool_api("tcp", maxConnections=4),
    ),
    **{
        f"timeout-{protocol}": (
            "VirtualNodeSpec",
            timeouts(protocol, idle="3s", per_request="2s"),
            timeouts_api(protocol, idle=seconds(3), perRequest=seconds(2)),
        )
        for protocol in ("http", "http2", "grpc")
    },
    "timeout-tcp": (
        "VirtualNodeSpec",
        timeouts("tcp", idle="3s"),
        timeouts_api("tcp", idle=seconds(3)),
    ),
    "node-tls": ("VirtualNodeSpec", node(listeners=TLS), {"listeners": TLS_API}),
    "gateway-tls": ("VirtualGatewaySpec", gateway(listeners=TLS), {"listeners": TLS_API}),
    "gateway-client-sds": (
        "VirtualGatewaySpec",
        gateway(listeners=[MAPPING], backend_defaults={"client_policy": {"tls": SDS}}),
        {
            "listeners": [{"portMapping": MAPPING}],
            "backendDefaults": {"clientPolicy": {"tls": SDS_API}},
        },
    ),
    "gateway-log-text": (
        "VirtualGatewaySpec",
        gateway(listeners=[MAPPING], access_log=LOG_TEXT),
        {"listeners": [{"portMapping": MAPPING}], "logging": LOG_TEXT_API},
    ),
    "gateway-log-json": (
        "VirtualGatewaySpec",
        gateway(listeners=[MAPPING], access_log=LOG_JSON),
        {"listeners": [{"portMapping": MAPPING}], "logging": LOG_JSON_API},
    ),
    "client-trust-file": (
        "VirtualNodeSpec",
        node(backend_defaults={"client_policy": {"tls": TRUST_FILE}}),
        {"backendDefaults": {"clientPolicy": {"tls": TRUST_FILE_API}}},
    ),
    "gateway-client-trust-file": (
        "VirtualGatewaySpec",
        gateway(listeners=[MAPPING], backend_defaults={"client_policy": {"tls": TRUST_FILE}}),
        {
            "listeners": [{"portMapping": MAPPING}],
            "backendDefaults": {"clientPolicy": {"tls": TRUST_FILE_API}},
        },
    ),
    "log-text": ("VirtualNodeSpec", node(access_log=LOG_TEXT), {"logging": LOG_TEXT_API}),
    "log-json": ("VirtualNodeSpec", node(access_log=LOG_JSON), {"logging": LOG_JSON_API}),
    "gateway": (
        "VirtualGatewaySpec",
        gateway(
            listeners=[
                listener(
                    "http",
                    health_check=HEALTH,
                    tls={"mode": "STRICT", **SDS},
                    connection_pool={"max_connections": 1, "max_pending_requests": 2},
                ),
                listener("http2", connection_pool={"max_requests": 1}),
                listener("grpc", connection_pool={"max_requests": 1}),
            ],
            backend_defaults={"client_policy": {"tls": CLIENT}},
            access_log="/dev/stdout",
        ),
        {
            "listeners": [
                {
                    "portMapping": MAPPING,
                    "healthCheck": HEALTH_API,
                    "tls": {"mode": "STRICT", **SDS_API},
                    "connectionPool": {"http": {"maxConnections": 1, "maxPendingRequests": 2}},
                },
                *(
                    {
                        "portMapping": {"port": 8080, "protocol": protocol},
                        "connectionPool": {protocol: {"maxRequests": 1}},
                    }
                    for protocol in ("http2", "grpc")
                ),
            ],
            "backendDefaults": {"clientPolicy": {"tls": CLIENT_API}},
            "logging": {"accessLog": {"file": {"path": "/dev/stdout"}}},
        },
    ),
    "router": (
        "VirtualRouterSpec",
        router(listeners=[MAPPING, {"port": 1, "protocol": "tcp"}]),
        {"listeners": [{"portMapping": MAPPING}, {"portMapping": {"port": 1, "protocol": "tcp"}}]},
    ),
    "route-http": (
        "RouteSpec",
        route(priority=0, http=HTTP),
        {"priority": 0, "httpRoute": HTTP_API},
    ),
    "route-http2": ("RouteSpec", route(http2=HTTP), {"http2Route": HTTP_API}),
    "route-prefix": (
        "RouteSpec",
        route(http={"match": {"prefix": "/"}, "targets": [{"node": "n", "weight": 1, "port": 9}]}),
        {
            "httpRoute": {
                "match": {"prefix": "/"},
                "action": {"weightedTargets": [{"virtualNode": "n", "weight": 1, "port": 9}]},
            }
        },
    ),
    "route-grpc": (
        "RouteSpec",
        route(
            grpc={
                "match": {"service_name": "s", "method_name": "m", "metadata": HEADERS, "port": 1},
                "targets": TARGETS,
                "retry": {**RETRY, "grpc_events": ["cancelled"]},
                "timeout": {"idle": "1s", "per_request": "2s"},
            }
        ),
        {
            "grpcRoute": {
                "match": {
                    "serviceName": "s",
                    "methodName": "m",
                    "metadata": HEADERS_API,
                    "port": 1,
                },
                "action": ACTION_API,
                "retryPolicy": {**RETRY_API, "grpcRetryEvents": ["cancelled"]},
                "timeout": {"idle": seconds(1), "perRequest": seconds(2)},
            }
        },
    ),
    "route-grpc-any": (
        "RouteSpec",
        route(grpc={"match": {}, "targets": TARGETS}),
        {"grpcRoute": {"match": {}, "action": ACTION_API}},
    ),
    "route-tcp": (
        "RouteSpec",
        route(tcp={"match": {"port": 1}, "targets": TARGETS, "timeout": {"idle": "1s"}}),
        {"tcpRoute": {"match": {"port": 1}, "action": ACTION_API, "timeout": {"idle": seconds(1)}}},
    ),
    "service-node": (
        "VirtualServiceSpec",
        service_spec(node="n", router=None),
        {"provider": {"virtualNode": {"virtualNodeName": "n"}}},
    ),
    "service-router": (
        "VirtualServiceSpec",
        service_spec(node=None, router="r"),
        {"provider": {"virtualRouter": {"virtualRouterName": "r"}}},
    ),
    "service-nobody": ("VirtualServiceSpec", service_spec(node=None, router=None), {}),
    **{
        f"gateway-route-{key}": (
            "GatewayRouteSpec",
            gateway_route(
                priority=1000,
                **{
                    key: {
                        "match": {
                            "prefix": "/a/",
                            "hostname": {"suffix": ".x"},
                            "port": 1,
                            "headers": HEADERS,
                            "query_parameters": QUERIES,
                        },
                        "service": TARGET,
                        "rewrite": {"default_target_hostname": "DISABLED", "prefix": "/b/"},
                    }
                },
            ),
            {
                "priority": 1000,
                f"{key}Route": {
                    "match": {
                        "prefix": "/a/",
                        "hostname": {"suffix": ".x"},
                        "port": 1,
                        "headers": HEADERS_API,
                        "queryParameters": QUERIES_API,
                    },
                    "action": {
                        **TARGET_API,
                        "rewrite": {
                            "hostname": {"defaultTargetHostname": "DISABLED"},
                            "prefix": {"value": "/b/"},
                        },
                    },
                },
            },
        )
        for key in ("http", "http2")
    },
    "gateway-route-rewrites": (
        "GatewayRouteSpec",
        gateway_route(
            http={
                "match": {"path": {"exact": "/a"}, "hostname": {"exact": "h"}},
                "service": "s.local",
                "rewrite": {"path": "/b"},
            },
        ),
        {
            "httpRoute": {
                "match": {"path": {"exact": "/a"}, "hostname": {"exact": "h"}},
                "action": {
                    "target": {"virtualService": {"virtualServiceName": "s.local"}},
                    "rewrite": {"path": {"exact": "/b"}},
                },
            }
        },
    ),
    "gateway-route-default-prefix": (
        "GatewayRouteSpec",
        gateway_route(
            http={
                "match": {"prefix": "/"},
                "service": TARGET,
                "rewrite": {"default_prefix": "DISABLED"},
            },
        ),
        {
            "httpRoute": {
                "match": {"prefix": "/"},
                "action": {**TARGET_API, "rewrite": {"prefix": {"defaultPrefix": "DISABLED"}}},
            }
        },
    ),
    "gateway-route-grpc": (
        "GatewayRouteSpec",
        gateway_route(grpc={"match": {"service_name": "s", "port": 1}, "service": TARGET}),
        {"grpcRoute": {"match": {"serviceName": "s", "port": 1}, "action": TARGET_API}},
    ),
}
