"""Every example, deployed on the local cloud and given workloads, is confirmed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from moto.eks.models import eks_backends

from meshkit.config.interpolate import OpenValues
from meshkit.inspect.confirm.aws import Accounts
from meshkit.inspect.confirm.kube import Clusters
from meshkit.inspect.confirm.run import confirm
from meshkit.inspect.confirm.texts import Texts
from meshkit.inspect.confirm.workload import Site
from meshkit.local.cloud import Cloud
from meshkit.local.landscape import landscape_of
from meshkit.local.program import run
from meshkit.topology.check import check
from tests.inspect.confirm.conftest import REGION
from tests.inspect.confirm.workloads import Workloads

if TYPE_CHECKING:
    from meshkit.topology.model import ResolvedMesh
    from tests.inspect.confirm.api_server import Cluster

EXAMPLES = Path(__file__).parents[3] / "examples"


def source(name: str) -> Any:
    """The mesh of an example: a file, or what stands in its stack's configuration; or none."""
    file = EXAMPLES / name / "mesh.yaml"
    if file.is_file():
        return file
    stack = EXAMPLES / name / "Pulumi.local.yaml"
    if not stack.is_file():
        return None
    return yaml.safe_load(stack.read_text())["config"].get("meshkit:mesh")


# What VPC Lattice has to confirm is deployed in test_lattice.py.
NAMES = sorted(
    folder.name
    for folder in EXAMPLES.iterdir()
    if source(folder.name) and not folder.name.startswith("lattice-")
)
NAMED = {
    "ec2-fleet": {"api", "worker-a", "worker-b", "edge"},
    "ecs-cross-account": {"yelb-db"},
    "eks-irsa": {"productpage", "reviews"},
}
"""The proxies whose workload the file of their example names to its end."""


def values(cloud: Cloud) -> dict[str, str]:
    """What the programs of the examples fill into their files."""
    acm = cloud.client("acm", "111111111111", REGION)
    found = [each["CertificateArn"] for each in acm.list_certificates()["CertificateSummaryList"]]
    iam = cloud.client("iam", "222222222222")
    providers = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    pipelines = next((each["Arn"] for each in providers), "")
    return {"cluster": "main", "certificate": next(iter(found), ""), "pipelines": pipelines}


def with_clusters(cloud: Cloud, mesh: ResolvedMesh) -> None:
    """Make the clusters of a file that its program does not make, with the issuer of the file."""
    for cluster in mesh.clusters.values():
        eks = cloud.client("eks", cluster.owner.id, REGION)
        if cluster.name not in eks.list_clusters()["clusters"]:
            eks.create_cluster(
                name=cluster.name, roleArn="arn:aws:iam::111111111111:role/r", resourcesVpcConfig={}
            )
            made = eks_backends[cluster.owner.id][REGION].clusters[str(cluster.name)]
            made.identity = {"oidc": {"issuer": f"https://{cluster.issuer}"}}


@pytest.mark.parametrize("name", NAMES)
def test_an_example_with_workloads_is_confirmed(
    name: str, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    cluster.objects.clear()
    given = source(name)
    config = {} if isinstance(given, Path) else {"meshkit:mesh": json.dumps(given)}
    landscape = landscape_of(EXAMPLES / name, config)
    with Cloud(account=landscape.account) as cloud:
        landscape.found()
        assert run(EXAMPLES / name, cloud=cloud).ok
        mesh = check(given, values=OpenValues(values(cloud))).resolve()
        with_clusters(cloud, mesh)
        setup = Workloads(cloud, mesh, cluster)
        setup.place_all()
        arn = f"arn:aws:eks:{REGION}:{next(iter(mesh.owners.values())).id}:cluster/main"
        contexts = dict.fromkeys(mesh.clusters, arn)
        texts = Texts()
        clusters = Clusters(cluster.kubeconfig(tmp_path / "kubeconfig", arn), contexts)
        site = Site(mesh, Accounts(mesh, texts), clusters, texts)

        rows = confirm(site, [*mesh.nodes.values(), *mesh.gateways.values()], workers=1)

    outcomes = {row.endpoint: row.outcome for row in rows}
    proxies = {*mesh.nodes, *mesh.gateways}
    assert outcomes == {
        each: "confirmed" if each in NAMED.get(name, ()) else "in part" for each in proxies
    }, rows
