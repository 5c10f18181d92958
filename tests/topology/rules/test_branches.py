"""Rules with several ways to break them: each way is found, beyond the golden case."""

import pytest

from tests.topology.rules.test_silence import (
    LISTENER,
    MATCH,
    TWO_ACCOUNTS,
    codes,
    eks,
    gateway_route,
    route,
)

ORGANIZATION = (
    'organization: {id: o-exampleorg, management_account: "999999999999", sharing_enabled: true}\n'
)
STREAM = "appmesh:StreamAggregatedResources"

FOUND = {
    "a connection to an unknown account": (
        "connectivity: [{between: ['111111111111', nowhere], via: peering}]",
        {"MK204"},
    ),
    "a default cluster, once": (
        (
            "defaults: {workload: {type: eks, cluster: none, namespace: n, service_account: s}}\n"
            "nodes: {a: {role: {name: r}}, b: {role: {name: r}}}"
        ),
        {"MK205"},
    ),
    "a consumer without any share": (f"{TWO_ACCOUNTS}nodes: {{a: {{account: orders}}}}", {"MK302"}),
    "an external consumer behind the organization": (
        TWO_ACCOUNTS.replace('"222222222222"', '"222222222222", external: true')
        + ORGANIZATION
        + "share: {principals: ["
        '"arn:aws:organizations::999999999999:organization/o-exampleorg"]}\n'
        "nodes: {a: {account: orders}}",
        {"MK302"},
    ),
    "a consumer of a shared role's account": (
        (
            f"{TWO_ACCOUNTS}share: {{principals: ['arn:aws:iam::333333333333:role/r']}}\n"
            "nodes: {a: {account: orders}}"
        ),
        {"MK302", "MK802"},
    ),
    "tags of a role": (
        "tags: {" + ", ".join(f"t{place}: a" for place in range(50)) + "}\n"
        "defaults: {role: {tags: {u: a}}}\nnodes: {a: {}}",
        {"MK408"},
    ),
    "aws: in capitals, on a route": (
        route(f"{MATCH}, targets: {{catalog: 100}}") + "tags: {AWS:x: y}",
        {"MK409"},
    ),
    "a pool without what it needs": (
        (
            "nodes: {a: {listeners: [{port: 80, protocol: http, connection_pool: "
            "{max_pending_requests: 1}}], service_discovery: {dns: a.local}}}"
        ),
        {"MK506"},
    ),
    "a gateway's pool": (
        (
            "gateways: {g: {listeners: [{port: 8443, protocol: grpc, connection_pool: "
            "{max_connections: 1}}]}}"
        ),
        {"MK506"},
    ),
    "an admin port that was moved": (
        (
            f"proxy: {{admin_port: 80}}\n"
            f"nodes: {{a: {{{LISTENER}, service_discovery: {{dns: a.local}}}}}}"
        ),
        {"MK509"},
    ),
    "a gateway's several listeners": (
        gateway_route(f"{MATCH}, service: catalog.local").replace(
            "[{port: 8443", "[{port: 8080, protocol: http}, {port: 8443"
        ),
        {"MK522"},
    ),
    "a gateway's port without a listener": (
        gateway_route("match: {prefix: /, port: 1}, service: catalog.local"),
        {"MK523"},
    ),
    "a gateway target's port": (
        gateway_route(f"{MATCH}, service: {{name: catalog.local, port: 1}}").replace(
            "catalog.local: {}", "catalog.local: {router: r}"
        )
        + f"routers: {{r: {{{LISTENER}}}}}",
        {"MK525"},
    ),
    "a target without a listener": (
        (
            "nodes: {a: {}}\nrouters: {r: {listeners: [{port: 80, protocol: http}], "
            "routes: {all: {http: {match: {prefix: /}, targets: {a: 100}}}}}}"
        ),
        {"MK526"},
    ),
    "retries beyond App Mesh's own limit": (
        route(
            f"{MATCH}, targets: {{catalog: 100}}, "
            "retry: {max_retries: 4, per_retry_timeout: 4s, tcp_events: [connection-error]}"
        ),
        {"MK531"},
    ),
    "a timeout that is switched off": (
        route(f"{MATCH}, targets: {{catalog: 100}}, timeout: {{idle: 0s}}"),
        {"MK532"},
    ),
    "a range in a gateway": (
        gateway_route(
            "match: {prefix: /, headers: [{name: a, range: {start: 2, end: 1}}]}, "
            "service: catalog.local"
        ),
        {"MK534"},
    ),
    "a reserved exact path": (
        gateway_route("match: {path: {exact: /aws-app-mesh/x}}, service: catalog.local"),
        {"MK542"},
    ),
    "a prefix rewrite of a path": (
        gateway_route("match: {path: {exact: /x}}, service: catalog.local, rewrite: {prefix: /y/}"),
        {"MK543"},
    ),
    "a default prefix without a prefix": (
        gateway_route(
            "match: {hostname: {exact: a}}, service: catalog.local, "
            "rewrite: {default_prefix: DISABLED}"
        ),
        {"MK543"},
    ),
    "a prefix rewritten to one without a slash": (
        gateway_route("match: {prefix: /x/}, service: catalog.local, rewrite: {prefix: /y}"),
        {"MK544"},
    ),
    "SDS in the defaults": (
        (
            "nodes: {a: {}}\ndefaults: "
            "{backend_defaults: {client_policy: {tls: {validation: {trust: {sds: ca}}}}}}"
        ),
        {"MK605"},
    ),
    "statements on a role that is not attached": (
        (
            "nodes: {a: {role: {arn: 'arn:aws:iam::111111111111:role/a', attach: false, "
            "statements: [{actions: 's3:GetObject', resources: 'arn:aws:s3:::a/*'}]}}}"
        ),
        {"MK703"},
    ),
    "access that differs in a shared role": (
        "nodes: {a: {role: {name: r}}, b: {role: {name: r}, access: mesh-wide}}",
        {"MK707", "MK716"},
    ),
    "a managed policy of another account": (
        "nodes: {a: {role: {managed_policies: ['arn:aws:iam::222222222222:policy/a']}}}",
        {"MK709"},
    ),
    "an adopted provider of another issuer": (
        (
            "clusters: {main: {oidc_issuer: https://oidc.example/id/1, oidc_provider: "
            "{arn: 'arn:aws:iam::111111111111:oidc-provider/oidc.example/id/2'}}}"
        ),
        {"MK713"},
    ),
    "two roles of one Pod Identity": (
        eks(
            "a: {workload: {type: eks, identity: pod-identity, service_account: s}}, "
            "b: {workload: {type: eks, identity: pod-identity, service_account: s}}"
        ),
        {"MK714"},
    ),
    "an old image of the file": (
        "proxy: {image: 'x/aws-appmesh-envoy:v1.30.1.0-prod'}\n"
        + eks("a: {workload: {type: eks, identity: pod-identity, service_account: s}}"),
        {"MK717"},
    ),
    "static credentials": ("proxy: {env: {AWS_SECRET_ACCESS_KEY: x}}", {"MK718"}),
    "two tracers by variable": (
        (
            "proxy: {env: {ENABLE_ENVOY_XRAY_TRACING: '1', ENABLE_ENVOY_DATADOG_TRACING: 'true'}}\n"
            "nodes: {a: {}}"
        ),
        {"MK719"},
    ),
    "all actions but some": (
        "nodes: {a: {role: {statements: [{not_actions: 'iam:*', resources: 'arn:aws:s3:::a/*'}]}}}",
        {"MK721"},
    ),
    "all actions on everything": (
        "nodes: {a: {role: {statements: [{actions: '*', resources: '*'}]}}}",
        {"MK722"},
    ),
    "another node's configuration": (
        (
            f"nodes: {{b: {{}}, a: {{role: {{statements: [{{actions: '{STREAM}', resources: "
            "'arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/b'}]}}}"
        ),
        {"MK722"},
    ),
    "every node's configuration, by other words": (
        "nodes: {a: {role: {statements: [{not_actions: 'iam:*', not_resources: 'a'}]}}}",
        {"MK722"},
    ),
    "an organization the file does not state": (
        "share: {principals: ['arn:aws:organizations::999999999999:organization/o-exampleorg']}",
        {"MK803"},
    ),
    "a management account that differs": (
        ORGANIZATION
        + "share: {principals: ['arn:aws:organizations::888888888888:organization/o-exampleorg']}",
        {"MK803"},
    ),
    "an ARN that is no principal": (
        "share: {principals: ['arn:aws:s3:::bucket']}",
        {"MK801"},
    ),
    "an external account": (
        TWO_ACCOUNTS.replace('"222222222222"', '"222222222222", external: true')
        + ORGANIZATION
        + "share: {principals: [orders]}",
        {"MK805"},
    ),
    "accounts while sharing is disabled": (
        ORGANIZATION.replace("true", "false") + "share: {principals: ['222222222222']}",
        {"MK805"},
    ),
    "a session that is too short": (
        "accounts: {a: {id: '222222222222', assume_role: {name: r, duration: 14m59s}}}",
        {"MK810"},
    ),
    "a name that meshkit makes for another": (
        "nodes: {a: {}, b: {role: {name: shop-a-d645bd62}}}",
        {"MK706"},
    ),
    "a role that is made for one and adopted for another": (
        (
            "nodes: {a: {}, b: {role: {attach: true, "
            "arn: 'arn:aws:iam::111111111111:role/shop-a-d645bd62'}}}"
        ),
        {"MK706"},
    ),
    "a role that is named by one and adopted by another": (
        (
            "nodes: {a: {role: {name: web}}, b: {role: {attach: true, "
            "arn: 'arn:aws:iam::111111111111:role/web'}}}"
        ),
        {"MK706"},
    ),
    "a policy of AWS that is wide": (
        (
            "nodes: {a: {role: {managed_policies: "
            "['arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess']}}}"
        ),
        {"MK716"},
    ),
    "a statement without resources": (
        "nodes: {a: {role: {statements: [{actions: 's3:GetObject'}]}}}",
        {"MK108"},
    ),
    "a statement with resources and not_resources": (
        (
            "nodes: {a: {role: {statements: "
            "[{actions: 's3:GetObject', resources: 'a', not_resources: 'b'}]}}}"
        ),
        {"MK108"},
    ),
    "two providers for one issuer": (
        (
            "clusters: {a: {oidc_issuer: https://oidc.eks/id/1}, "
            "b: {oidc_issuer: https://oidc.eks/id/1}}"
        ),
        {"MK713"},
    ),
    "one service account by two entries of a cluster": (
        (
            "clusters: {x: {}, y: {name: x}}\n"
            "defaults: {workload: {type: eks, identity: pod-identity, namespace: shop, "
            "service_account: web}}\n"
            "nodes: {a: {workload: {cluster: x}}, b: {workload: {cluster: y}}}"
        ),
        {"MK714"},
    ),
    "a cluster's name that is a pattern": (
        "clusters: {x: {name: 'main*'}}",
        {"MK106"},
    ),
    "an issuer that is a pattern": (
        "clusters: {x: {oidc_issuer: 'https://oidc.eks/id/*'}}",
        {"MK713"},
    ),
    "a permission that is none": (
        "share: {permissions: ['arn:aws:iam::aws:policy/a']}",
        {"MK812"},
    ),
    "an invitation to an adopted share that a person accepts": (
        (
            f"{TWO_ACCOUNTS}share: {{arn: 'arn:aws:ram:eu-west-1:111111111111:resource-share/1', "
            "principals: [orders], accept: false}\nnodes: {a: {account: orders}}"
        ),
        {"MK815"},
    ),
    "options of an adopted share": (
        "share: {arn: 'arn:aws:ram:eu-west-1:111111111111:resource-share/1', name: shop}",
        {"MK814"},
    ),
    "VPC Lattice in China": ("data_plane: vpc-lattice\nregion: cn-north-1", {"MK902"}),
    "quotas and provider limits on VPC Lattice": (
        "data_plane: vpc-lattice\nquotas: {virtual_nodes_per_mesh: 1}\nnodes: {a: {}, b: {}}",
        set(),
    ),
    "two accounts in China": (
        f"{TWO_ACCOUNTS}region: cn-north-1\nnodes: {{a: {{account: orders}}}}",
        {"MK903"},
    ),
    "metadata and rewrite of a grpc gateway route": (
        gateway_route(
            "match: {service_name: a, metadata: [{name: b}]}, service: catalog.local, "
            "rewrite: {default_target_hostname: DISABLED}"
        ).replace("http", "grpc"),
        {"MK911"},
    ),
}


@pytest.mark.parametrize(("text", "expected"), FOUND.values(), ids=FOUND.keys())
def test_found(text: str, expected: set[str]) -> None:
    assert codes(text) == expected
