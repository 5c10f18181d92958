from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.loaders import Loader

import meshkit
from meshkit.inspect.confirm.aws import Accounts
from meshkit.inspect.confirm.kube import Clusters
from meshkit.inspect.confirm.run import confirm
from meshkit.inspect.confirm.texts import Texts
from meshkit.inspect.confirm.workload import Site
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from meshkit.topology.check import check
from tests.inspect.confirm import api_server
from tests.inspect.confirm.workloads import Workloads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from meshkit.inspect.confirm.remark import Row

REGION = "eu-west-1"
OWNER = "111111111111"
ORDERS = "222222222222"
CLUSTER_ARN = f"arn:aws:eks:{REGION}:{ORDERS}:cluster/main"
MESH = """
name: shop
region: eu-west-1
owner: network
accounts:
  network: {id: "111111111111", assume_role: {name: deployer}}
  orders: {id: "222222222222", assume_role: {name: deployer, external_id: "${env.EXTERNAL_ID}"}}
  billing: {id: "333333333333", assume_role: {name: deployer}}
clusters:
  main: {account: orders, oidc_issuer: "${var.issuer}"}
share: {principals: [orders, billing], allow_external_principals: true}
defaults:
  role: {path: /mesh/}
nodes:
  storefront:
    account: orders
    workload: &pods
      type: eks
      cluster: main
      namespace: shop
      service_account: storefront
      deployment: storefront
    listeners: &http [{port: 8080, protocol: http}]
    service_discovery: {dns: storefront.shop.local}
    tracing: xray
  cart:
    account: orders
    workload: {<<: *pods, service_account: cart, deployment: cart, identity: pod-identity}
    listeners: *http
    service_discovery: {dns: cart.shop.local}
  batch:
    account: orders
    workload: {<<: *pods, service_account: batch, deployment: batch, identity: node-role}
    listeners: *http
    service_discovery: {dns: batch.shop.local}
  catalog:
    account: billing
    workload: {type: ecs, cluster: shop, service: catalog, task_family: catalog}
    listeners: *http
    service_discovery: {dns: catalog.shop.local}
  prices:
    account: billing
    workload: {type: ecs, cluster: shop, service: prices, task_family: prices}
    listeners: *http
    service_discovery: {dns: prices.shop.local}
services:
  storefront.shop.local: {node: storefront}
  catalog.shop.local: {node: catalog}
gateways:
  ingress:
    workload: {type: ec2, tags: {app: ingress}}
    listeners: [{port: 8443, protocol: http}]
    routes:
      shop: {http: {match: {prefix: /}, service: storefront.shop.local}}
"""


@pytest.fixture(autouse=True)
def _nothing_loaded_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every session would load the models of the services anew, every cloud moto's images."""
    monkeypatch.setattr("botocore.session.create_loader", lambda _path: _LOADER)
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")


_LOADER = Loader()


@pytest.fixture(scope="module")
def cluster() -> Iterator[api_server.Cluster]:
    """A Kubernetes API server; each test fills it anew."""
    with api_server.serving() as serving:
        yield serving


@pytest.fixture
def mesh_file(tmp_path: Path) -> Path:
    file = tmp_path / "mesh.yaml"
    file.write_text(MESH)
    return file


@pytest.fixture
def kubeconfig(cluster: api_server.Cluster, tmp_path: Path) -> Path:
    return cluster.kubeconfig(tmp_path / "kubeconfig", CLUSTER_ARN)


@pytest.fixture
def shop(
    cluster: api_server.Cluster, mesh_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workloads]:
    """The mesh of MESH, deployed; the test places the workloads."""
    monkeypatch.setenv("EXTERNAL_ID", "the-external-secret")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    cluster.objects.clear()
    cluster.asked.clear()
    cluster.status = 200
    with Cloud(account=OWNER, region=REGION) as cloud:
        described = cloud.client("eks", ORDERS, REGION).create_cluster(
            name="main", roleArn=f"arn:aws:iam::{ORDERS}:role/eks", resourcesVpcConfig={}
        )
        issuer = described["cluster"]["identity"]["oidc"]["issuer"]
        made = run(
            lambda: meshkit.SharedMesh("shop", str(mesh_file), values={"issuer": issuer}),
            cloud=cloud,
        )
        assert made.ok, made.failures
        yield Workloads(cloud, check(mesh_file).resolve(), cluster)


@pytest.fixture
def confirmed(shop: Workloads, kubeconfig: Path) -> Callable[..., dict[str, Row]]:
    """Confirm the mesh, or some nodes and gateways of it; rows by their names."""

    def look(*names: str, **options: float) -> dict[str, Row]:
        texts = Texts()
        site = Site(shop.mesh, Accounts(shop.mesh, texts), Clusters(kubeconfig), texts)
        chosen = names or (*shop.mesh.nodes, *shop.mesh.gateways)
        rows = confirm(site, [shop[name] for name in chosen], workers=1, **options)  # type: ignore[arg-type]
        return {row.endpoint: row for row in rows}

    return look
