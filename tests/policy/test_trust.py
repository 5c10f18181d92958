"""Trust policies: who may take a role, for each compute and partition."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.config.deferred import Deferred, Hole
from meshkit.errors import MeshkitError
from meshkit.policy.document import Document
from meshkit.policy.trust import Place, by_namespace, irsa_statement, place_of, trust_of
from tests.policy import golden
from tests.policy.samples import ISSUER, mesh, pods


def trust(key: str, **parts: Any) -> dict[str, Any]:
    resolved = mesh(**parts)
    return trust_of(resolved.roles[key], resolved).to_dict()


@pytest.mark.parametrize("compute", golden.COMPUTE)
@pytest.mark.parametrize("partition", golden.REGIONS)
def test_trust_is_as_reviewed(partition: str, compute: str) -> None:
    assert golden.trust(partition, compute) == golden.path(partition, compute).read_text("utf-8")


def test_the_golden_files_are_those_of_the_cases() -> None:
    expected = {golden.path(each, kind) for each in golden.REGIONS for kind in golden.COMPUTE}

    assert set(golden.FOLDER.glob("trust-*.json")) == expected


@pytest.mark.parametrize(
    ("functions", "sources"),
    [
        (["web"], ["web", "web:*"]),
        (["web", "arn:aws:lambda:eu-west-1:222222222222:function:jobs:live"],
         ["jobs", "jobs:*", "web", "web:*"]),
        (["web", None], ["*"]),
    ],
)  # fmt: skip
def test_a_role_of_functions_is_for_those_that_the_file_names(
    functions: list[str | None], sources: list[str]
) -> None:
    role = {"account": "orders", "role": {"name": "shared"}}
    nodes = {
        f"n{number}": {**role, "workload": {"type": "lambda", "function": each}}
        for number, each in enumerate(functions)
    }
    (statement,) = trust("shared-222222222222-shared", nodes=nodes)["Statement"]
    head = "arn:aws:lambda:eu-west-1:222222222222:function:"
    found = statement["Condition"]["ArnLike"]["aws:SourceArn"]
    listed = found if isinstance(found, list) else [found]
    assert sorted(listed) == [f"{head}{each}" for each in sources]
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": "222222222222"}
    assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_service_accounts_of_two_clusters_are_told_apart() -> None:
    shared = {"account": "orders", "role": {"name": "both"}}
    document = trust(
        "shared-222222222222-both",
        nodes={
            "a": {**shared, "workload": pods("main", "shop", "a")},
            "b": {**shared, "workload": pods("second", "shop", "b")},
        },
    )

    found = {
        each["Principal"]["Federated"].rpartition("/id/")[2]: each["Condition"]["StringEquals"]
        for each in document["Statement"]
    }
    assert found == {
        "EXAMPLE": {
            f"{ISSUER}:aud": "sts.amazonaws.com",
            f"{ISSUER}:sub": "system:serviceaccount:shop:a",
        },
        "EXAMPLE2": {
            f"{ISSUER}2:aud": "sts.amazonaws.com",
            f"{ISSUER}2:sub": "system:serviceaccount:shop:b",
        },
    }


def test_pod_identity_never_crosses_namespaces_with_names() -> None:
    shared = {"account": "orders", "role": {"name": "both"}}
    document = trust(
        "shared-222222222222-both",
        nodes={
            "a": {**shared, "workload": pods("main", "one", "a", identity="pod-identity")},
            "b": {**shared, "workload": pods("main", "two", "b", identity="pod-identity")},
        },
    )

    tags = "aws:RequestTag/kubernetes-"
    found = [
        (
            each["Condition"]["StringEquals"][f"{tags}namespace"],
            each["Condition"]["StringEquals"][f"{tags}service-account"],
        )
        for each in document["Statement"]
    ]
    assert sorted(found) == [("one", "a"), ("two", "b")]


def test_nobody_is_trusted_without_a_service_account() -> None:
    nodes = {"web": {"account": "orders", "workload": {"type": "eks", "cluster": "main"}}}

    with pytest.raises(MeshkitError, match="no service account may take it"):
        trust("node-web", nodes=nodes)


def test_irsa_needs_an_issuer() -> None:
    with pytest.raises(MeshkitError, match=r"clusters\.bare has no oidc_issuer"):
        trust("node-web", clusters={"bare": {}}, nodes={"web": {"workload": pods("bare")}})


@pytest.mark.parametrize("scheme", ["", "https://"])
def test_an_issuer_known_only_at_run_time_is_written_without_its_scheme(scheme: str) -> None:
    head = "arn:aws:iam::111111111111:oidc-provider/"
    provider = Deferred((head, Hole("value", "ISSUER")))
    document = Document((irsa_statement(provider, by_namespace([("shop", "web")])),))

    filled = document.map(
        lambda text: text if isinstance(text, str) else text.fill(lambda _: scheme + ISSUER)
    )

    (statement,) = filled.to_dict()["Statement"]
    assert statement["Principal"] == {"Federated": head + ISSUER}
    assert statement["Condition"]["StringEquals"].keys() == {f"{ISSUER}:aud", f"{ISSUER}:sub"}


@pytest.mark.parametrize("name", ["*", "we?", "${aws:username}"])
def test_a_service_account_is_never_a_pattern(name: str) -> None:
    provider = f"arn:aws:iam::111111111111:oidc-provider/{ISSUER}"

    with pytest.raises(MeshkitError, match="exact"):
        irsa_statement(provider, by_namespace([("shop", name)])).to_dict()


def test_the_place_of_proxies_comes_from_their_arns() -> None:
    consumer = "arn:aws-cn:appmesh:cn-north-1:222222222222:mesh/shop@111111111111/virtualNode/a"
    gateway = "arn:aws-cn:appmesh:cn-north-1:222222222222:mesh/own/virtualGateway/in"

    assert place_of([consumer, gateway]) == Place("aws-cn", "cn-north-1", "222222222222")


@pytest.mark.parametrize(
    "arns",
    [
        [],
        ["arn:aws:appmesh:eu-west-1:111111111111:mesh/shop"],
        ["arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualRouter/r"],
        ["arn:aws:appmesh:eu-west-1:*:mesh/shop/virtualNode/a"],
        [
            "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/a",
            "arn:aws:appmesh:eu-west-1:222222222222:mesh/shop@111111111111/virtualNode/b",
        ],
    ],
)
def test_arns_that_name_no_single_place_are_refused(arns: list[str]) -> None:
    with pytest.raises(MeshkitError):
        place_of(arns)
