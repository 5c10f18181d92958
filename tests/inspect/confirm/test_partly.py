"""What confirmation says where it can look at a part only, or at nothing."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from moto.eks.models import eks_backends

from meshkit.config.workload import EcsWorkload
from meshkit.errors import MeshkitError
from meshkit.inspect.confirm.aws import Accounts
from meshkit.inspect.confirm.kube import Clusters
from meshkit.inspect.confirm.run import Watcher, confirm
from meshkit.inspect.confirm.texts import Texts
from meshkit.inspect.confirm.workload import Site
from meshkit.topology.check import check
from tests.inspect.confirm.conftest import CLUSTER_ARN, MESH
from tests.inspect.confirm.test_broken import put, without_policies

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from meshkit.inspect.confirm.remark import Row
    from tests.inspect.confirm.workloads import Workloads

SECRET = "the-external-secret"
_CLIENT: Any = BaseClient


def look(shop: Workloads, name: str, kubeconfig: Path | None = None, **contexts: str) -> Row:
    texts = Texts()
    clusters = Clusters(kubeconfig, contexts)
    site = Site(shop.mesh, Accounts(shop.mesh, texts), clusters, texts)
    (row,) = confirm(site, [shop[name]], workers=1)
    return row


def said(row: Row, kind: str) -> str:
    return "\n".join(
        line
        for each in row.remarks
        if each.kind == kind
        for line in (each.text, *each.mend, *each.look)
    )


def refuse(monkeypatch: pytest.MonkeyPatch, *operations: str, code: str = "AccessDenied") -> None:
    """Let AWS refuse some operations."""
    call = _CLIENT._make_api_call

    def refusing(client: Any, operation: str, params: Any) -> Any:
        if operation in operations:
            message = f"User is not authorized to perform: {operation}"
            raise ClientError({"Error": {"Code": code, "Message": message}}, operation)
        return call(client, operation, params)

    monkeypatch.setattr(_CLIENT, "_make_api_call", refusing)


@pytest.mark.parametrize(
    ("name", "workload", "text"),
    [
        ("catalog", "{type: ecs}", "which role its tasks carry: the file names no ECS service"),
        ("catalog", "{type: ecs, task_family: catalog}", "only the newest of catalog"),
        ("ingress", "{type: ec2}", "which role its instances carry: the file names no tags"),
    ],
)
def test_a_workload_that_the_file_does_not_name_is_confirmed_in_part(
    name: str, workload: str, text: str, shop: Workloads, tmp_path: Path
) -> None:
    shop.place(name)
    before = {
        "catalog": "{type: ecs, cluster: shop, service: catalog, task_family: catalog}",
        "ingress": "{type: ec2, tags: {app: ingress}}",
    }[name]
    assert before in MESH
    file = tmp_path / "partly.yaml"
    file.write_text(MESH.replace(before, workload))
    shop.mesh = check(file).resolve()

    row = look(shop, name)

    assert (row.outcome, {each.kind for each in row.remarks}) == ("in part", {"unseen"})
    assert text in said(row, "unseen")


def test_a_role_that_lacks_something_is_missing_although_the_workload_is_not_named(
    shop: Workloads,
) -> None:
    node = shop.mesh.nodes["catalog"]
    bare = replace(node, workload=EcsWorkload(type="ecs"))
    shop.mesh = replace(shop.mesh, nodes={**shop.mesh.nodes, "catalog": bare})
    without_policies(shop, "catalog")

    assert look(shop, "catalog").outcome == "missing"


def test_without_a_context_for_the_cluster_the_commands_that_tell_are_shown(
    shop: Workloads, kubeconfig: Path, cluster: Any
) -> None:
    cluster.kubeconfig(kubeconfig, "minikube")

    row = look(shop, "storefront", kubeconfig)

    assert row.outcome == "can't tell"
    told = said(row, "unknown")
    assert "no context of the kubeconfig leads to cluster main" in told
    assert "aws eks update-kubeconfig --name main --region eu-west-1" in told
    assert f"kubectl --context {CLUSTER_ARN} --namespace shop describe deployment" in told
    assert cluster.asked == []


def test_a_context_is_found_by_the_address_of_the_cluster(
    shop: Workloads, kubeconfig: Path, cluster: Any
) -> None:
    shop.place("storefront")
    eks_backends["222222222222"]["eu-west-1"].clusters["main"].endpoint = cluster.url
    cluster.kubeconfig(kubeconfig, "mine")

    assert look(shop, "storefront", kubeconfig).outcome == "confirmed"


def test_a_cluster_that_is_not_there_any_more_is_no_answer(
    shop: Workloads, kubeconfig: Path, cluster: Any
) -> None:
    kubeconfig.write_text(kubeconfig.read_text().replace(cluster.url, "http://127.0.0.1:1"))

    row = look(shop, "storefront", kubeconfig)

    assert row.outcome == "can't tell"
    assert f"the cluster of context {CLUSTER_ARN} gives no answer" in said(row, "unknown")


def test_a_context_that_is_named_is_taken(shop: Workloads, kubeconfig: Path, cluster: Any) -> None:
    shop.place("storefront")
    cluster.kubeconfig(kubeconfig, "minikube")

    assert look(shop, "storefront", kubeconfig, main="minikube").outcome == "confirmed"


@pytest.mark.parametrize("text", ["{clusters: [{name: a}]}", "{clusters: 1}", "{", "contexts: [1]"])
def test_a_kubeconfig_that_is_none_is_one_line(
    text: str, shop: Workloads, kubeconfig: Path
) -> None:
    kubeconfig.write_text(text)
    with pytest.raises(MeshkitError, match=r"^/.*/kubeconfig: not a kubeconfig$"):
        look(shop, "storefront", kubeconfig)


def test_pods_are_found_by_any_kind_of_selector(
    shop: Workloads, kubeconfig: Path, cluster: Any
) -> None:
    shop.place("storefront")
    expressions = [
        {"key": "app", "operator": "In", "values": ["storefront", "other"]},
        {"key": "app", "operator": "NotIn", "values": ["other"]},
        {"key": "app", "operator": "Exists"},
        {"key": "old", "operator": "DoesNotExist"},
    ]
    cluster.deployment("shop", "storefront", "storefront", matchExpressions=expressions)
    cluster.env_of("shop", "storefront").pop()

    row = look(shop, "storefront", kubeconfig)

    assert "pod storefront-0 was started before" in said(row, "missing")


def test_a_pod_that_is_ending_does_not_count(
    shop: Workloads, kubeconfig: Path, cluster: Any
) -> None:
    shop.place("storefront")
    cluster.env_of("shop", "storefront").pop()
    pod = cluster.objects["/api/v1/namespaces/shop/pods/storefront-0"]
    pod["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"

    row = look(shop, "storefront", kubeconfig)

    assert row.outcome == "confirmed"
    assert "no pod of deployment shop/storefront runs now" in said(row, "note")


def test_what_comes_from_the_environment_is_never_shown(
    shop: Workloads, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLUSTER", "secret-cluster")
    file = tmp_path / "hidden.yaml"
    file.write_text(MESH.replace("cluster: shop, service", 'cluster: "${env.CLUSTER}", service'))
    shop.mesh = check(file).resolve()

    row = look(shop, "catalog")

    assert "there is no active ECS service catalog in cluster ${env.CLUSTER}" in said(
        row, "missing"
    )
    assert "secret-cluster" not in repr(row)


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_cluster_that_refuses_is_no_answer(
    status: int, shop: Workloads, kubeconfig: Path, cluster: Any
) -> None:
    shop.place("storefront")
    cluster.status = status

    row = look(shop, "storefront", kubeconfig)

    assert row.outcome == "can't tell"
    assert f"gives no answer: {status}" in said(row, "unknown")


def test_the_role_of_the_worker_nodes_is_looked_at_beside_that_of_the_pod(
    shop: Workloads, confirmed: Callable[..., dict[str, Row]]
) -> None:
    shop.place("storefront")
    shop.aws("iam", "storefront").attach_role_policy(
        RoleName="worker-nodes", PolicyArn="arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess"
    )

    row = confirmed("storefront")["storefront"]

    assert row.outcome == "confirmed"
    assert "role worker-nodes may read the configuration of node storefront" in said(row, "note")


def test_a_simulation_that_is_not_allowed_is_noted_and_no_failure(
    shop: Workloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.place("catalog")
    refuse(monkeypatch, "SimulatePrincipalPolicy")

    row = look(shop, "catalog")

    assert row.outcome == "confirmed"
    note = said(row, "note")
    assert "not simulated by IAM: can't ask AWS, iam:SimulatePrincipalPolicy: AccessDenied" in note
    assert "aws iam simulate-principal-policy --policy-source-arn" in note


def test_what_the_policies_allow_and_the_simulation_refuses_is_missing(
    shop: Workloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.place("catalog")
    call = _CLIENT._make_api_call

    def organization(client: Any, operation: str, params: Any) -> Any:
        answer = call(client, operation, params)
        for result in answer.get("EvaluationResults", ()):
            result["EvalDecision"] = "implicitDeny"
            for each in result.get("ResourceSpecificResults", ()):
                each["EvalResourceDecision"] = "implicitDeny"
            result["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": False}
        return answer

    monkeypatch.setattr(_CLIENT, "_make_api_call", organization)

    row = look(shop, "catalog")

    assert row.outcome == "missing"
    assert "finds a service control policy of the organization" in said(row, "missing")


def test_what_only_the_request_has_is_open_even_where_iam_allows_it(shop: Workloads) -> None:
    shop.place("catalog")
    denied = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    elsewhere = {"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}
    put(shop, "catalog", denied | elsewhere)

    row = look(shop, "catalog")

    assert row.outcome == "can't tell"
    told = said(row, "unknown")
    assert "whether role shop-catalog-" in told
    assert "it depends on aws:SourceVpc, which only the request has" in told


@pytest.mark.parametrize(
    ("operation", "command"),
    [
        ("GetRole", "aws iam get-role --role-name shop-catalog-"),
        ("ListRolePolicies", "aws iam list-role-policies --role-name shop-catalog-"),
        (
            "DescribeServices",
            "aws ecs describe-services --cluster shop --services catalog --region",
        ),
        (
            "DescribeTaskDefinition",
            "aws ecs describe-task-definition --task-definition arn:",
        ),
    ],
)
def test_a_call_that_is_refused_is_shown_as_a_command(
    operation: str, command: str, shop: Workloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.place("catalog")
    refuse(monkeypatch, operation)

    row = look(shop, "catalog")

    assert row.outcome == "can't tell"
    assert command in said(row, "unknown")


def test_an_account_without_a_way_in_is_told_and_no_secret_is_shown(
    shop: Workloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "AssumeRole")

    row = look(shop, "storefront")

    assert row.outcome == "can't tell"
    told = said(row, "unknown")
    assert (
        "no way into account orders (222222222222) by arn:aws:iam::222222222222:role/deploy" in told
    )
    assert "aws sts assume-role --role-arn arn:aws:iam::222222222222:role/deployer" in told
    assert SECRET not in repr(row)


def test_the_external_id_of_the_file_is_given_to_sts(
    shop: Workloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []
    call = _CLIENT._make_api_call

    def watched(client: Any, operation: str, params: Any) -> Any:
        given.extend([params.get("ExternalId")] if operation == "AssumeRole" else [])
        return call(client, operation, params)

    monkeypatch.setattr(_CLIENT, "_make_api_call", watched)

    look(shop, "storefront")

    assert given == [SECRET]


def test_an_external_id_that_nobody_set_is_asked_for(
    shop: Workloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EXTERNAL_ID")

    told = said(look(shop, "storefront"), "unknown")

    assert "external_id is ${env.EXTERNAL_ID}, not known here: set EXTERNAL_ID" in told


def test_own_credentials_serve_where_the_role_of_the_file_can_not_be_taken(
    shop: Workloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.place("ingress")
    refuse(monkeypatch, "AssumeRole")

    assert look(shop, "ingress").outcome == "confirmed"


def test_no_credentials_at_all_is_one_line(
    shop: Workloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(MeshkitError, match=r"^no way to AWS: .*credentials.* name a --profile$"):
        Accounts(shop.mesh, Texts())


class Seen(Watcher):
    """Mends the mesh while confirmation waits."""

    def __init__(self, mend: Callable[[], Any]) -> None:
        self._mend = mend
        self.waited: list[str] = []
        self.counts: list[tuple[int, int]] = []

    def looked(self, done: int, total: int) -> None:
        self.counts.append((done, total))

    def waiting(self, rows: tuple[Row, ...], seconds: float) -> None:
        self.waited += [row.endpoint for row in rows]
        assert 0 < seconds <= 30
        self._mend()


def waiting(shop: Workloads, watcher: Watcher, wait: float) -> dict[str, Row]:
    texts = Texts()
    site = Site(shop.mesh, Accounts(shop.mesh, texts), Clusters(), texts)
    chosen = [shop["catalog"], shop["prices"]]
    rows = confirm(site, chosen, wait=wait, watcher=watcher, workers=1)
    return {row.endpoint: row for row in rows}


def test_what_iam_does_not_show_yet_is_looked_at_again(
    shop: Workloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    shop.place("catalog")
    shop.place("prices")
    without_policies(shop, "catalog")
    arn = shop["catalog"].arn
    allow = {"Effect": "Allow", "Action": "appmesh:StreamAggregatedResources", "Resource": arn}
    watcher = Seen(lambda: put(shop, "catalog", allow))

    rows = waiting(shop, watcher, 30)

    assert [row.outcome for row in rows.values()] == ["confirmed", "confirmed"]
    assert list(rows) == ["catalog", "prices"]
    assert watcher.waited == ["catalog"]
    assert watcher.counts == [(1, 2), (2, 2), (1, 1)]
    assert slept == [2.0]


def test_nothing_is_waited_for_that_waiting_does_not_mend(
    shop: Workloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: pytest.fail("waited"))
    shop.place("catalog")
    shop.place("prices")
    shop.redefine("catalog", role=None)

    rows = waiting(shop, Watcher(), 30)

    assert [row.outcome for row in rows.values()] == ["missing", "confirmed"]


def test_without_time_to_wait_it_is_said_at_once(
    shop: Workloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: pytest.fail("waited"))
    without_policies(shop, "catalog")

    assert waiting(shop, Watcher(), 0)["catalog"].outcome == "missing"


def test_without_its_extra_kubernetes_is_what_can_not_be_told(
    shop: Workloads, kubeconfig: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "kubernetes", None)

    row = look(shop, "storefront", kubeconfig)

    assert row.outcome == "can't tell"
    assert "pip install 'meshkit[kubernetes]'" in said(row, "unknown")
