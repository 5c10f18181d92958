"""What looks like a fault and is none: the rules keep quiet."""

from typing import Any

import pytest
import yaml

from meshkit.config.deferred import Deferred
from meshkit.topology.check import check

OWNER = {"name": "shop", "region": "eu-west-1", "owner": "111111111111"}
TWO_ACCOUNTS = """
owner: network
accounts:
  network: {id: "111111111111"}
  orders: {id: "222222222222"}
"""
LISTENER = "listeners: [{port: 80, protocol: http}]"
CATALOG = f"catalog: {{{LISTENER}, service_discovery: {{dns: catalog.local}}}}"


def route(body: str, kind: str = "http") -> str:
    """A file with one route to one node."""
    return f"""
nodes:
  {CATALOG.replace("http", kind)}
routers:
  catalog: {{{LISTENER.replace("http", kind)}, routes: {{all: {{{kind}: {{{body}}}}}}}}}
"""


def gateway_route(body: str) -> str:
    """A file with one gateway route."""
    return f"""
services: {{catalog.local: {{}}}}
gateways:
  ingress: {{listeners: [{{port: 8443, protocol: http}}], routes: {{all: {{http: {{{body}}}}}}}}}
"""


def eks(nodes: str, cluster: str = "{oidc_issuer: https://oidc.example/id/1}") -> str:
    """A file with workloads on EKS."""
    return f"""
clusters: {{main: {cluster}}}
defaults: {{workload: {{type: eks, cluster: main, namespace: shop}}}}
nodes: {{{nodes}}}
"""


def codes(text: str, **values: Any) -> set[str]:
    data = {**OWNER, **yaml.safe_load(text)}
    return {finding.code for finding in check(data, values=values).findings} - {"MK901"}


MATCH = "match: {prefix: /}"
SILENT = {
    "an account by its id": 'nodes: {a: {account: "111111111111"}}',
    "a namespace in a file without namespaces": (
        f"nodes: {{a: {{{LISTENER}, "
        "service_discovery: {cloud_map: {namespace: n, service: s}}}}"
    ),
    "a node that nobody has to discover, on VPC Lattice": (
        'data_plane: vpc-lattice\naccounts: {network: {id: "111111111111", vpc_id: vpc-1}}\n'
        f"nodes: {{a: {{{LISTENER}}}}}"
    ),
    "a gateway of the owner by its id": (
        f'{TWO_ACCOUNTS}gateways: {{g: {{account: "111111111111", '
        "listeners: [{port: 8443, protocol: http}]}}"
    ),
    "a consumer within the organization shared with": (
        f"{TWO_ACCOUNTS}organization: "
        '{id: o-exampleorg, management_account: "999999999999", sharing_enabled: true}\n'
        "share: {principals: ["
        '"arn:aws:organizations::999999999999:organization/o-exampleorg"]}\n'
        "nodes: {a: {account: orders}}"
    ),
    "a consumer of an adopted share": (
        f"{TWO_ACCOUNTS}share: {{arn: 'arn:aws:ram:eu-west-1:111111111111:resource-share/1'}}\n"
        "nodes: {a: {account: orders}}"
    ),
    "a consumer of an adopted mesh": (
        f"{TWO_ACCOUNTS}mesh: {{arn: 'arn:aws:appmesh:eu-west-1:111111111111:mesh/shop'}}\n"
        "nodes: {a: {account: orders}}"
    ),
    "a tcp health check on an http listener": (
        "nodes: {a: {listeners: [{port: 80, protocol: http, health_check: {protocol: tcp}}], "
        "service_discovery: {dns: a.local}}}"
    ),
    "outlier detection over DNS endpoints": (
        "nodes: {a: {listeners: [{port: 80, protocol: http, outlier_detection: {max_server_errors: "
        "5, interval: 10s, base_ejection_duration: 10s, max_ejection_percent: 50}}], "
        "service_discovery: {dns: {hostname: a.local, response_type: ENDPOINTS}}}}"
    ),
    "a lone weight": route(f"{MATCH}, targets: {{catalog: 1}}"),
    "a retry whose time is just enough": route(
        f"{MATCH}, targets: {{catalog: 100}}, timeout: {{per_request: 4s}}, "
        "retry: {max_retries: 2, per_retry_timeout: 2000ms, http_events: [server-error]}"
    ),
    "a retry without a limit on the request": route(
        f"{MATCH}, targets: {{catalog: 100}}, timeout: {{per_request: 0s}}, "
        "retry: {max_retries: 9, per_retry_timeout: 9s, http_events: [server-error]}"
    ).replace("protocol: http}]", "protocol: http, timeout: {per_request: 0s}}]", 1),
    "a timeout raised on both sides": route(
        f"{MATCH}, targets: {{catalog: 100}}, timeout: {{idle: 600s}}"
    ).replace("protocol: http}]", "protocol: http, timeout: {idle: 600s}}]", 1),
    "a timeout below the default": route(
        f"{MATCH}, targets: {{catalog: 100}}, timeout: {{per_request: 10s}}"
    ),
    "a tcp route without a match": route("targets: {catalog: 100}", "tcp"),
    "the same node on two ports": """
nodes:
  a:
    listeners: [{port: 80, protocol: http}, {port: 81, protocol: http}]
    service_discovery: {dns: a.local}
routers:
  a:
    listeners: [{port: 80, protocol: http}]
    routes:
      all:
        http:
          match: {prefix: /}
          targets: [{node: a, weight: 50, port: 80}, {node: a, weight: 50, port: 81}]
""",
    "a gateway route by host name": gateway_route(
        "match: {hostname: {suffix: .shop.example}}, service: catalog.local"
    ),
    "a prefix rewritten to a prefix": gateway_route(
        "match: {prefix: /books/}, service: catalog.local, rewrite: {prefix: /v2/}"
    ),
    "a prefix kept as it is": gateway_route(
        "match: {prefix: /books}, service: catalog.local, rewrite: {default_prefix: DISABLED}"
    ),
    "two http backends on one port": f"""
nodes:
  a: {{backends: [b.local, c.local]}}
  b: {{{LISTENER}, service_discovery: {{dns: b.local}}}}
  c: {{{LISTENER}, service_discovery: {{dns: c.local}}}}
services: {{b.local: {{node: b}}, c.local: {{node: c}}}}
""",
    "ALLOW_ALL without backends": "mesh: {egress_filter: ALLOW_ALL}\nnodes: {a: {}}",
    "a wildcard that is not enforced": (
        "nodes: {a: {backend_defaults: {client_policy: {tls: {enforce: false, "
        "validation: {trust: {file: /ca.pem}, sans: ['*.shop.local']}}}}}}"
    ),
    "a SPIFFE id": (
        "nodes: {a: {backend_defaults: {client_policy: {tls: "
        "{validation: {trust: {file: /ca.pem}, sans: ['spiffe://shop/catalog']}}}}}}"
    ),
    "SDS on EKS": eks(
        "a: {workload: {type: eks, service_account: a}, backend_defaults: {client_policy: {tls: "
        "{validation: {trust: {sds: ca}}}}}}"
    ),
    "an authority of another account": (
        "nodes: {a: {backend_defaults: {client_policy: {tls: {validation: {trust: {acm: "
        "['arn:aws:acm-pca:eu-west-1:222222222222:certificate-authority/1']}}}}}}}"
    ),
    "an adopted role with statements to attach": (
        "nodes: {a: {role: {arn: 'arn:aws:iam::111111111111:role/team/a', attach: true, "
        "statements: [{actions: 's3:GetObject', resources: 'arn:aws:s3:::a/*'}]}}}"
    ),
    "a default role's path beside an adopted role": (
        "defaults: {role: {path: /mesh/}}\n"
        "nodes: {a: {role: {arn: 'arn:aws:iam::111111111111:role/a'}}}"
    ),
    "a shared role with the defaults' options": (
        "defaults: {role: {path: /mesh/}}\nnodes: {a: {role: {name: r}}, b: {role: {name: r}}}"
    ),
    "a managed policy of AWS": (
        "nodes: {a: {role: {managed_policies: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess']}}}"
    ),
    "Pod Identity without an issuer": eks(
        "a: {workload: {type: eks, identity: pod-identity, service_account: a}}", "{}"
    ),
    "Pod Identity with a new image": eks(
        "a: {workload: {type: eks, identity: pod-identity, service_account: a}, "
        "proxy: {image: 'x/aws-appmesh-envoy:v1.34.13.0-prod'}}"
    ),
    "one role for one service account": eks(
        "a: {workload: {type: eks, service_account: s}, role: {name: r}}, "
        "b: {workload: {type: eks, service_account: s}, role: {name: r}}"
    ),
    "the tracer chosen twice alike": (
        "nodes: {a: {tracing: xray, proxy: {env: {ENABLE_ENVOY_XRAY_TRACING: '1'}}}}"
    ),
    "a tracer switched off": (
        "nodes: {a: {tracing: xray, proxy: {env: {ENABLE_ENVOY_JAEGER_TRACING: '0'}}}}"
    ),
    "an action that knows no resources": (
        "nodes: {a: {role: {statements: [{actions: [cloudwatch:PutMetricData], resources: '*'}]}}}"
    ),
    "a denied wildcard": (
        "nodes: {a: {role: {statements: [{effect: Deny, actions: 'iam:*', resources: '*'}]}}}"
    ),
    "the proxy's own configuration granted again": (
        "nodes: {a: {role: {statements: [{actions: 'appmesh:StreamAggregatedResources', resources: "
        "'arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/a'}]}}}"
    ),
    "the configuration of one's partner in a shared role": (
        "nodes: {a: {role: {name: r, statements: &s "
        "[{actions: 'appmesh:StreamAggregatedResources', "
        "resources: 'arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/b'}]}}, "
        "b: {role: {name: r, statements: *s}}}"
    ),
    "external principals allowed, and none there": (
        "share: {principals: [], allow_external_principals: true}"
    ),
    "a session of 12 hours": (
        "accounts: {a: {id: '222222222222', assume_role: {name: r, duration: 12h}}}"
    ),
    "a function of another name, or of an ARN with an alias": (
        "data_plane: vpc-lattice\nnodes: {a: {workload: {type: lambda, function: a}}, "
        "b: {workload: {type: lambda, "
        "function: 'arn:aws:lambda:eu-west-1:111111111111:function:b:live'}}}"
    ),
    "a function behind a service, whose account needs no VPC": (
        "data_plane: vpc-lattice\nnodes: {a: {workload: {type: lambda}, "
        "listeners: [{port: 80, protocol: http}]}}\nservices: {a.shop.local: {node: a}}"
    ),
    "nodes of one function with one role": (
        "data_plane: vpc-lattice\nnodes: {a: &n {workload: {type: lambda, function: f}, "
        "role: {name: r}}, b: *n}"
    ),
    "an ARN that fits each partition": (
        "region: cn-north-1\nnodes: {a: {role: {permissions_boundary: "
        "'arn:${partition}:iam::${account}:policy/b'}}}"
    ),
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT.keys())
def test_no_finding_for(text: str) -> None:
    assert codes(text) == set()


def test_values_of_the_program_are_left_for_when_they_resolve() -> None:
    text = """
accounts: {orders: {id: "222222222222", assume_role: {arn: "${var.X}"}}}
mesh: {arn: "${var.X}"}
share: {principals: ["${var.X}"], arn: "${var.X}"}
clusters: {main: {oidc_issuer: "${var.X}", oidc_provider: {arn: "${var.X}"}}}
namespaces: {n: {arn: "${var.X}"}}
nodes:
  a:
    account: orders
    role: {arn: "${var.X}"}
    listeners: [{port: 80, protocol: http, tls: {mode: STRICT, certificate: {acm: "${var.X}"}}}]
    service_discovery: {cloud_map: {namespace: "${var.X}", service: a}}
  b:
    account: orders
    role: {permissions_boundary: "${var.X}", managed_policies: ["${var.X}"]}
    backend_defaults: {client_policy: {tls: {validation: {trust: {acm: ["${var.X}"]}}}}}
"""
    assert codes(text, X=Deferred.of(None, "X")) == set()


def test_values_bound_to_the_account_are_checked_in_it() -> None:
    text = """
defaults: {role: {permissions_boundary: "arn:${partition}:iam::222222222222:policy/b"}}
nodes: {a: {}}
"""
    assert codes(text) == {"MK709"}
