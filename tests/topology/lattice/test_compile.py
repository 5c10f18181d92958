"""A mesh file as VPC Lattice takes it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshkit.topology.lattice.model import HeaderMatch, RuleMatch, Weighted
from tests.topology.lattice.meshes import HTTP, compiled, node, route, routed


def test_a_node_behind_a_service_needs_a_listener_and_one_target_group() -> None:
    lattice = compiled(nodes={"a": node()}, services={"a.local": {"node": "a"}})
    (service,) = lattice.services.values()
    (listener,) = service.listeners
    assert (listener.name, listener.port, listener.protocol) == ("http-8080", 8080, "HTTP")
    assert listener.rules == ()
    assert listener.default == (Weighted("a.8080", 1),)
    (group,) = service.groups.values()
    assert (group.type, group.protocol, group.protocol_version) == ("IP", "HTTP", "HTTP1")


def test_a_node_behind_two_services_is_in_a_target_group_of_each() -> None:
    lattice = compiled(nodes={"a": node()}, services={"x": {"node": "a"}, "y": {"node": "a"}})
    names = [group.name for each in lattice.services.values() for group in each.groups.values()]
    assert len(set(names)) == 2


def test_routes_become_rules_in_the_order_in_which_app_mesh_tries_them() -> None:
    routes = {
        "all": route("/"),
        "longest": route("/items/new"),
        "items": route("/items"),
        "posts": route("/items", method="POST"),
        "whole": {"http": {"match": {"path": {"exact": "/items"}}, "targets": {"a": 1}}},
        "late": route("/very/long/path/with/a/priority", priority=9),
        "first": route("/x", priority=0),
    }
    (listener,) = compiled(**routed(routes)).services["web"].listeners
    assert [(each.route, each.priority) for each in listener.rules] == [
        ("first", 1), ("late", 2), ("longest", 3), ("whole", 4), ("posts", 5), ("items", 6),
    ]  # fmt: skip
    assert listener.default == (Weighted("a.8080", 100),)


def test_a_route_behind_one_that_takes_everything_has_no_rule() -> None:
    routes = {"all": route("/", priority=1), "never": route("/x", "b", priority=2)}
    service = compiled(**routed(routes)).services["web"]
    assert service.listeners[0].rules == ()
    assert list(service.groups) == ["a.8080"]


def test_without_a_route_for_everything_the_rest_gets_404() -> None:
    (listener,) = compiled(**routed({"items": route("/items")})).services["web"].listeners
    assert [each.route for each in listener.rules] == ["items"]
    assert listener.default == ()


def test_weights_carry_over_and_zero_stays_zero() -> None:
    split = {"http": {"match": {"prefix": "/"}, "targets": {"a": 100, "b": 0}}}
    (listener,) = compiled(**routed({"split": split})).services["web"].listeners
    assert listener.default == (Weighted("a.8080", 100), Weighted("b.8080", 0))


def test_method_headers_and_path_make_one_match() -> None:
    matched = route(
        "/items",
        method="GET",
        headers=[{"name": "X-Beta", "exact": "Yes"}, {"name": "env", "prefix": "dev"}],
    )
    (listener,) = compiled(**routed({"beta": matched})).services["web"].listeners
    assert listener.rules[0].match == RuleMatch(
        method="GET",
        prefix="/items",
        headers=(HeaderMatch("X-Beta", exact="Yes"), HeaderMatch("env", prefix="dev")),
    )


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ({"service_name": "shop.Items"}, RuleMatch(prefix="/shop.Items/")),
        (
            {"service_name": "shop.Items", "method_name": "Get"},
            RuleMatch(path="/shop.Items/Get"),
        ),
        ({"metadata": [{"name": "k", "exact": "v"}]}, RuleMatch(headers=(HeaderMatch("k", "v"),))),
    ],
)
def test_grpc_names_become_paths(match: dict[str, Any], expected: RuleMatch) -> None:
    grpc = {"grpc": {"match": match, "targets": {"a": 1}}}
    (listener,) = compiled(**routed({"one": grpc}, "grpc")).services["web"].listeners
    assert listener.protocol == "HTTPS"
    assert [each.match for each in listener.rules] == [expected]


INEXACT: list[dict[str, Any]] = [
    {"path": {"regex": "/items/.*"}},
    {"path": {"exact": "/a b"}},
    {"prefix": "/" + "a" * 200},
    {"prefix": "/", "scheme": "https"},
    {"prefix": "/", "query_parameters": [{"name": "q"}]},
    {"prefix": "/", "headers": [{"name": "h"}]},
    {"prefix": "/", "headers": [{"name": "h", "suffix": "x"}]},
    {"prefix": "/", "headers": [{"name": "h", "regex": "x"}]},
    {"prefix": "/", "headers": [{"name": "h", "range": {"start": 1, "end": 2}}]},
    {"prefix": "/", "headers": [{"name": "h", "exact": "x", "invert": True}]},
    {"prefix": "/", "headers": [{"name": "h", "exact": "x" * 201}]},
    {"prefix": "/", "headers": [{"name": f"h{n}", "exact": "x"} for n in range(6)]},
]


@pytest.mark.parametrize("match", INEXACT, ids=str)
def test_a_match_that_lattice_cannot_say_leaves_its_route_out(match: dict[str, Any]) -> None:
    routes = {
        "exact": route("/items"),
        "inexact": {"http": {"match": match, "targets": {"b": 1}}},
    }
    service = compiled(**routed(routes)).services["web"]
    (listener,) = service.listeners
    assert [each.route for each in listener.rules] == ["exact"]
    assert listener.default == ()
    assert list(service.groups) == ["a.8080"]


def test_a_route_belongs_to_the_listener_of_its_port() -> None:
    mesh = routed({"one": route("/", port=8080), "two": route("/", "b", port=9090)})
    mesh["routers"]["web"]["listeners"] = [HTTP, {"port": 9090, "protocol": "http"}]
    one, two = compiled(**mesh).services["web"].listeners
    assert (one.port, one.default) == (8080, (Weighted("a.8080", 100),))
    assert (two.port, two.default) == (9090, (Weighted("b.8080", 100),))


@pytest.mark.parametrize(
    ("workload", "kind", "addresses"),
    [
        ({"type": "ecs"}, "IP", "IPV6"),
        ({"type": "eks"}, "IP", "IPV6"),
        ({"type": "ec2"}, "INSTANCE", None),
        ({"type": "lambda"}, "LAMBDA", None),
    ],
)
def test_targets_are_what_the_workload_has(
    workload: dict[str, str], kind: str, addresses: str | None
) -> None:
    lattice = compiled(
        mesh={"ip_preference": "IPv6_ONLY"},
        nodes={"a": node(workload=workload)},
        services={"a": {"node": "a"}},
    )
    (group,) = lattice.services["a"].groups.values()
    assert (group.type, group.ip_address_type) == (kind, addresses)


def health(check: dict[str, Any] | None, protocol: str = "http") -> Any:
    listener = {"port": 8080, "protocol": protocol}
    a = node() | {"listeners": [listener if check is None else {**listener, "health_check": check}]}
    lattice = compiled(nodes={"a": a}, services={"a": {"node": "a"}})
    (group,) = lattice.services["a"].groups.values()
    return group.health_check


def test_a_health_check_is_in_whole_seconds_rounded_up() -> None:
    check = health({"path": "/ok", "interval_millis": 5001, "timeout_millis": 2000})
    assert (check.path, check.interval, check.timeout) == ("/ok", 6, 2)


@pytest.mark.parametrize(("check", "protocol"), [(None, "http"), ({}, "grpc")])
def test_what_can_not_be_checked_by_http_is_not_checked(
    check: dict[str, Any] | None, protocol: str
) -> None:
    assert health(check, protocol) is None


def test_a_grpc_workload_with_an_http_check_is_checked() -> None:
    assert health({"protocol": "http2", "path": "/ok"}, "grpc").protocol_version == "HTTP2"


def tls(mode: str) -> dict[str, Any]:
    certificate = {"file": {"chain": "/c", "key": "/k"}}
    return {**HTTP, "tls": {"mode": mode, "certificate": certificate}}


@pytest.mark.parametrize(
    ("mode", "protocol"), [("STRICT", "HTTPS"), ("PERMISSIVE", "HTTPS"), ("DISABLED", "HTTP")]
)
def test_a_service_whose_nodes_speak_tls_is_called_by_https(mode: str, protocol: str) -> None:
    a = node() | {"listeners": [tls(mode)]}
    lattice = compiled(nodes={"a": a}, services={"a": {"node": "a"}})
    assert [each.protocol for each in lattice.services["a"].listeners] == [protocol]


def test_plain_tcp_has_no_service_and_nobody_calls_it() -> None:
    lattice = compiled(
        nodes={"db": node("tcp"), "web": {"backends": ["db"]}}, services={"db": {"node": "db"}}
    )
    assert lattice.services == {}
    assert lattice.calls == ()


def test_tcp_that_carries_tls_is_handed_on() -> None:
    passed = {"passthrough": True, "domain": "db.example.com"}
    lattice = compiled(
        nodes={"db": node("tcp")}, services={"db": {"node": "db", "lattice": passed}}
    )
    service = lattice.services["db"]
    assert [each.protocol for each in service.listeners] == ["TLS_PASSTHROUGH"]
    assert service.domain == "db.example.com"
    assert service.listeners[0].default == (Weighted("db.8080", 1),)
    assert service.groups["db.8080"].protocol == "TCP"
    assert service.groups["db.8080"].protocol_version is None


@pytest.mark.parametrize(
    ("idle", "expected"), [("300s", 300), ("60000ms", 60), ("59s", None), ("61500ms", None)]
)
def test_an_idle_timeout_that_is_one_for_all_carries_over(idle: str, expected: int | None) -> None:
    one = route("/")
    one["http"]["timeout"] = {"idle": idle}
    assert compiled(**routed({"one": one})).services["web"].idle_timeout == expected


def test_idle_timeouts_that_differ_leave_the_service_its_own() -> None:
    one, two = route("/x"), route("/y")
    one["http"]["timeout"], two["http"]["timeout"] = {"idle": "100s"}, {"idle": "200s"}
    assert compiled(**routed({"one": one, "two": two})).services["web"].idle_timeout is None


def test_backends_are_calls_of_the_role_once_for_each_service() -> None:
    shared = {"role": {"name": "shared"}}
    lattice = compiled(
        nodes={
            "a": node(),
            "b": {"backends": ["a.local"], **shared},
            "c": {"backends": [{"service": "a.local", "methods": ["GET"], "paths": ["/x*"]},
                               "a.local"], **shared},
        },
        services={"a.local": {"node": "a"}},
    )  # fmt: skip
    calls = [(each.role, each.service, each.methods, each.paths) for each in lattice.calls]
    assert calls == [
        ("shared-111111111111-shared", "a.local", (), ()),
        ("shared-111111111111-shared", "a.local", ("GET",), ("/x*",)),
    ]
    assert lattice.calls[0].origin == (("nodes", "b", "backends", 0), ("nodes", "c", "backends", 1))


def test_a_gateway_calls_the_services_of_its_routes() -> None:
    lattice = compiled(
        nodes={"a": node()},
        services={"a.local": {"node": "a"}},
        gateways={
            "in": {
                "listeners": [HTTP],
                "routes": {"r": {"http": {"match": {"prefix": "/"}, "service": "a.local"}}},
            }
        },
    )
    assert [(each.role, each.service) for each in lattice.calls] == [("gateway-in", "a.local")]


def test_only_the_vpcs_of_callers_join_the_network() -> None:
    lattice = compiled(
        accounts={
            "network": {"id": "111111111111", "vpc_id": "vpc-1"},
            "calling": {"id": "222222222222", "vpc_id": "vpc-2"},
        },
        lattice={"security_groups": {"calling": ["sg-1"]}},
        nodes={"a": node(), "b": {"account": "calling", "backends": ["a.local"]}},
        services={"a.local": {"node": "a"}},
    )
    (association,) = lattice.associations.values()
    assert (association.owner.key, association.vpc_id) == ("calling", "vpc-2")
    assert association.security_groups == ("sg-1",)


PRIORITIES = st.one_of(st.none(), st.integers(0, 1000))


@given(st.dictionaries(st.from_regex(r"[a-zA-Z]{1,4}", fullmatch=True), PRIORITIES, max_size=8))
def test_priorities_are_dense_and_keep_the_order_of_the_file(found: dict[str, int | None]) -> None:
    routes = {name: route(f"/{name}", priority=each) for name, each in found.items()}
    (listener,) = compiled(**routed(routes)).services["web"].listeners
    assert [each.priority for each in listener.rules] == [*range(1, len(routes) + 1)]
    stated = [found[each.route] for each in listener.rules]
    assert stated == sorted(stated, key=lambda each: 1001 if each is None else each)
    assert [each.name for each in listener.rules] == [
        f"priority-{place}" for place in range(1, len(routes) + 1)
    ]


def test_what_a_target_group_cannot_change_in_place_is_in_its_name() -> None:
    def name(workload: str = "ecs", protocol: str = "http", vpc: str = "vpc-1") -> str:
        lattice = compiled(
            accounts={"network": {"id": "111111111111", "vpc_id": vpc}},
            nodes={"a": node(protocol, workload={"type": workload})},
            services={"a": {"node": "a"}},
        )
        (group,) = lattice.services["a"].groups.values()
        return group.name

    names = {name(), name("ec2"), name(protocol="http2"), name(vpc="vpc-2")}
    assert len(names) == 4
    assert {each.rpartition("-")[0] for each in names} == {"a-8080"}


def test_only_the_listener_that_leads_to_tls_speaks_https() -> None:
    tls = {"mode": "STRICT", "certificate": {"file": {"chain": "/c", "key": "/k"}}}
    ports = [HTTP, {"port": 8443, "protocol": "http", "tls": tls}]
    both = node()
    both["listeners"] = ports
    routes = {
        str(port): {
            "http": {
                "match": {"prefix": "/", "port": port},
                "targets": [{"node": "a", "weight": 100, "port": port}],
            }
        }
        for port in (8080, 8443)
    }
    lattice = compiled(
        accept_losses=["listener-tls"],
        nodes={"a": both},
        routers={
            "web": {"listeners": [HTTP, {"port": 8443, "protocol": "http"}], "routes": routes}
        },
        services={"direct": {"node": "a"}, "routed": {"router": "web"}},
    )
    for service in lattice.services.values():
        assert [(each.port, each.protocol) for each in service.listeners] == [
            (8080, "HTTP"),
            (8443, "HTTPS"),
        ]


def test_a_router_that_hands_tls_on_to_nobody_has_no_service() -> None:
    lattice = compiled(
        nodes={"db": node("tcp")},
        routers={"db": {"listeners": [{"port": 9000, "protocol": "tcp"}], "routes": {}}},
        services={"db": {"router": "db", "lattice": {"domain": "a.bc", "passthrough": True}}},
    )
    assert lattice.services == {}


@pytest.mark.parametrize("prefix", ["/a?b=c", "/a#b"])
def test_a_path_that_no_request_has_is_not_said_on_vpc_lattice(prefix: str) -> None:
    assert compiled(**routed({"one": route(prefix)})).services["web"].listeners[0].rules == ()


def test_pods_behind_a_load_balancer_are_not_the_controllers() -> None:
    balancer = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/a/50dc6c49"
    pods = {"type": "eks", "cluster": "main", "namespace": "shop", "service_account": "a"}
    lattice = compiled(
        clusters={"main": {"gateway_api": {"identity": "pod-identity"}}},
        nodes={
            "a": node(workload={**pods, "identity": "pod-identity"}, lattice={"alb": balancer}),
            "b": node(workload={**pods, "identity": "pod-identity", "service_account": "b"}),
        },
        services={"a": {"node": "a"}, "b": {"node": "b"}},
    )
    assert lattice.services["a"].controller is None
    assert lattice.services["b"].controller == "main"
    (group,) = lattice.services["a"].groups.values()
    assert (group.type, group.target) == ("ALB", balancer)
