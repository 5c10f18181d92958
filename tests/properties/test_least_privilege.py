"""For any valid file, each role may read its own endpoints and no others, and trusts only its own.

What is expected is worked out here from the file's text and AWS's documents, not by meshkit.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings

from meshkit import SharedMesh
from meshkit.topology.check import check
from tests.programs import run_program
from tests.properties.meshes import IDS, ISSUER, OWNER, meshes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.graph import Graph, Resource

STREAM = "appmesh:StreamAggregatedResources"
ROLE = "aws:iam/role:Role"
INLINE = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
XRAY = {"xray:GetSamplingRules", "xray:GetSamplingStatisticSummaries", "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords", "xray:PutTraceSegments"}  # fmt: skip

Key = tuple[str, str]
"""Account id, and a role's shared name or its only endpoint."""


def endpoints(mesh: dict[str, Any]) -> Iterator[tuple[Key, str, dict[str, Any]]]:
    """The role, the ARN and the proxy of every endpoint."""
    for section, kind in (("nodes", "virtualNode"), ("gateways", "virtualGateway")):
        for name, proxy in mesh[section].items():
            account = IDS[proxy["account"]]
            segment = mesh["name"] + ("" if proxy["account"] == OWNER else f"@{IDS[OWNER]}")
            arn = f"arn:aws:appmesh:eu-west-1:{account}:mesh/{segment}/{kind}/{name}"
            yield (account, proxy["role"].get("name", arn)), arn, proxy


def callers(proxy: dict[str, Any]) -> set[str]:
    """Who may take the role of a proxy, as one text for each."""
    workload, account = proxy["workload"], IDS[proxy["account"]]
    if workload["type"] != "eks":
        return {workload["type"]}
    pod = f"{workload['namespace']}:{workload['service_account']}"
    if workload["identity"] == "irsa":
        issuer = (ISSUER + proxy["account"].upper()).removeprefix("https://")
        return {f"{account} {issuer} system:serviceaccount:{pod}"}
    return {f"{account} arn:aws:eks:eu-west-1:{account}:cluster/{proxy['account']} {pod}"}


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def account_of(graph: Graph, resource: Resource) -> str:
    if resource.provider is None:
        return IDS[OWNER]
    # What a provider takes is JSON within a text.
    (account,) = json.loads(graph[resource.provider].inputs["allowedAccountIds"])
    return str(account)


def trusted(statement: dict[str, Any]) -> set[str]:
    """Who may use a statement of a trust policy; fails for one that is wider than its kind."""
    principal, conditions = statement["Principal"], statement.get("Condition", {})
    if principal == {"Service": "ec2.amazonaws.com"}:
        return {"ec2"}
    if principal == {"Service": "ecs-tasks.amazonaws.com"}:
        account = conditions["StringEquals"]["aws:SourceAccount"]
        source = f"arn:aws:ecs:eu-west-1:{account}:*"
        assert conditions["ArnLike"] == {"aws:SourceArn": source}
        return {"ecs"}
    equals = conditions["StringEquals"]
    if "Federated" in principal:
        _, _, _, _, account, provider = principal["Federated"].split(":", 5)
        issuer = provider.removeprefix("oidc-provider/")
        assert set(equals) == {f"{issuer}:aud", f"{issuer}:sub"}
        assert equals[f"{issuer}:aud"] == "sts.amazonaws.com"
        return {f"{account} {issuer} {subject}" for subject in listed(equals[f"{issuer}:sub"])}
    assert principal == {"Service": "pods.eks.amazonaws.com"}
    account, cluster = equals["aws:SourceAccount"], conditions["ArnEquals"]["aws:SourceArn"]
    namespaces = listed(equals["aws:RequestTag/kubernetes-namespace"])
    names = listed(equals["aws:RequestTag/kubernetes-service-account"])
    return {f"{account} {cluster} {space}:{name}" for space in namespaces for name in names}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(mesh=meshes())
def test_a_role_reads_its_own_endpoints_and_trusts_its_own_workloads(mesh: dict[str, Any]) -> None:
    checked = check(mesh, values={})
    assert checked.ok, [str(each) for each in checked.findings]
    graph = run_program(lambda: SharedMesh("mesh", mesh, values={}))

    own: dict[Key, set[str]] = defaultdict(set)
    callers_of: dict[Key, set[str]] = defaultdict(set)
    traced: set[Key] = set()
    for key, arn, proxy in endpoints(mesh):
        own[key].add(arn)
        callers_of[key] |= callers(proxy)
        if proxy["tracing"] == "xray":
            traced.add(key)
    key_of = {frozenset(arns): key for key, arns in own.items()}

    roles = {(account_of(graph, each), each.inputs["name"].lower()): each
             for each in graph.of_type(ROLE)}  # fmt: skip
    assert len(roles) == len(graph.of_type(ROLE)) == len(own), "a name clashes"
    assert not graph.of_type(ATTACHMENT)
    for policy in graph.of_type(INLINE):
        account = account_of(graph, policy)
        role = roles.pop((account, policy.inputs["role"].lower()))
        reads: set[str] = set()
        others: set[str] = set()
        for statement in json.loads(policy.inputs["policy"])["Statement"]:
            assert statement["Effect"] == "Allow"
            actions = set(listed(statement["Action"]))
            if STREAM in actions:
                assert actions == {STREAM}
                reads |= set(listed(statement["Resource"]))
            else:
                others |= actions
        key = key_of[frozenset(reads)]
        assert key[0] == account
        assert others == (XRAY if key in traced else set())
        trust = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
        assert set().union(*map(trusted, trust)) == callers_of[key]
    assert not roles, "a role has no policy"
