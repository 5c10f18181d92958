"""The policies of whole roles, against tables written from AWS's documents."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from meshkit.config.deferred import Deferred, Hole
from meshkit.policy.document import Document
from meshkit.policy.roles import role_managed_policies, role_statements
from meshkit.topology.model import Endpoint, ResolvedMesh
from tests.policy.samples import listener, mesh, trusting

CERTIFICATE = "arn:aws:acm:eu-west-1:222222222222:certificate/web"
AUTHORITY = "arn:aws:acm-pca:eu-west-1:111111111111:certificate-authority/root"
CONSUMER = "arn:aws:appmesh:eu-west-1:222222222222:mesh/shop@111111111111/virtualNode"
TRACES = [
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
]


def table(resolved: ResolvedMesh, key: str) -> list[tuple[Any, Any]]:
    """Actions and resources of a role's statements."""
    document = Document(role_statements(resolved.roles[key])).to_dict()
    return sorted((each["Action"], each["Resource"]) for each in document["Statement"])


def test_a_plain_node_of_the_owner_reads_its_own_configuration() -> None:
    resolved = mesh(nodes={"web": {}})

    assert table(resolved, "node-web") == [
        (
            "appmesh:StreamAggregatedResources",
            "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/web",
        )
    ]


def test_a_node_of_a_consumer_is_named_with_the_mesh_owner() -> None:
    resolved = mesh(nodes={"web": {"account": "orders"}})

    assert table(resolved, "node-web") == [("appmesh:StreamAggregatedResources", f"{CONSUMER}/web")]


def test_a_node_with_everything() -> None:
    resolved = mesh(
        nodes={
            "web": {
                "account": "orders",
                "listeners": [listener(8443, CERTIFICATE)],
                "backend_defaults": trusting(AUTHORITY),
                "tracing": "xray",
            }
        }
    )

    document = Document(role_statements(resolved.roles["node-web"])).to_dict()
    found = {each["Sid"]: (each["Action"], each["Resource"]) for each in document["Statement"]}
    assert found == {
        "ReadOwnConfiguration": ("appmesh:StreamAggregatedResources", f"{CONSUMER}/web"),
        "ExportListenerCertificates": ("acm:ExportCertificate", CERTIFICATE),
        "ReadTrustedAuthorities": ("acm-pca:GetCertificateAuthorityCertificate", AUTHORITY),
        "WriteTraces": (TRACES, "*"),
    }


def test_a_shared_role_reads_the_configuration_of_its_members_alone() -> None:
    shared = {"account": "orders", "role": {"name": "both"}}
    resolved = mesh(nodes={"a": shared, "b": shared, "c": {"account": "orders"}})

    assert table(resolved, "shared-222222222222-both") == [
        ("appmesh:StreamAggregatedResources", [f"{CONSUMER}/a", f"{CONSUMER}/b"])
    ]


def test_mesh_wide_access_is_the_managed_policy_and_the_rest_stays_exact() -> None:
    node = {"access": "mesh-wide", "listeners": [listener(8443, CERTIFICATE)]}
    resolved = mesh(region="cn-north-1", nodes={"web": node})
    role = resolved.roles["node-web"]

    assert role_managed_policies(role) == ("arn:aws-cn:iam::aws:policy/AWSAppMeshEnvoyAccess",)
    assert table(resolved, "node-web") == [("acm:ExportCertificate", CERTIFICATE)]


def test_added_statements_come_along_with_their_context_bound() -> None:
    bucket = Deferred(("arn:aws:s3:::config-", Hole("context", "account"), "/*"))
    added = {
        "sid": "ReadConfig",
        "actions": "s3:GetObject",
        "resources": bucket,
        "conditions": {
            "StringEquals": {"aws:RequestedRegion": Deferred((Hole("context", "region"),))}
        },
    }
    policy = Deferred(("arn:", Hole("context", "partition"), ":iam::aws:policy/ReadOnlyAccess"))
    options = {"statements": [added], "managed_policies": [policy, policy]}
    resolved = mesh(nodes={"web": {"account": "orders", "role": options}})
    role = resolved.roles["node-web"]

    (statement,) = (each for each in role_statements(role) if each.sid == "ReadConfig")
    assert statement.to_dict() == {
        "Sid": "ReadConfig",
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::config-222222222222/*",
        "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    }
    assert statement.origin == (("nodes", "web", "role", "statements", 0),)
    assert role_managed_policies(role) == ("arn:aws:iam::aws:policy/ReadOnlyAccess",)


def test_deny_and_the_negated_elements_are_kept() -> None:
    added = {"effect": "Deny", "not_actions": ["appmesh:*", "xray:*"], "not_resources": "arn:x"}
    resolved = mesh(nodes={"web": {"role": {"statements": [added]}}})

    document = Document(role_statements(resolved.roles["node-web"])).to_dict()
    assert {
        "Effect": "Deny",
        "NotAction": ["appmesh:*", "xray:*"],
        "NotResource": "arn:x",
    } in document["Statement"]


names = st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True)
accounts = st.sampled_from(["network", "orders"])


@given(
    st.dictionaries(names, accounts, min_size=1, max_size=8),
    st.sets(names, max_size=3),
    st.data(),
)
def test_no_role_reads_an_endpoint_that_is_not_its_own(
    nodes: dict[str, str], gateways: set[str], data: st.DataObject
) -> None:
    sharing = {name: data.draw(st.booleans()) for name in nodes}
    resolved = mesh(
        nodes={
            name: {"account": account, **({"role": {"name": "shared"}} if sharing[name] else {})}
            for name, account in nodes.items()
        },
        gateways={name: {"listeners": [listener()]} for name in gateways},
    )
    endpoints: list[Endpoint] = [*resolved.nodes.values(), *resolved.gateways.values()]

    for role in resolved.roles.values():
        own = {endpoint.arn for endpoint in role.endpoints}
        patterns = [str(text) for each in role_statements(role) for text in each.resources]
        # As IAM matches: a star stands for anything, a question mark for one character.
        covered = {
            endpoint.arn
            for endpoint in endpoints
            if any(fnmatchcase(endpoint.arn, pattern.replace("[", "[[]")) for pattern in patterns)
        }
        assert covered == own
