"""The walkthroughs of the corpus: the original's files, the mesh file that says the same."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.corpus import first_controller
from tests.corpus.cloudformation import Stack
from tests.corpus.controller import Cluster, objects
from tests.corpus.original import Made, Original, as_spec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HERE = Path(__file__).parent
CORPUS = Path(os.environ.get("MESHKIT_CORPUS", HERE.parents[2] / "shared" / "corpus"))
REGION = "eu-west-1"
FIRST, SECOND = "111111111111", "222222222222"

Values = dict[str, "str | int"]


@dataclass(frozen=True)
class Walkthrough:
    """One state of one walkthrough."""

    folder: str
    values: Mapping[str, str | int]
    """Of the original's parameters, by which the mesh file calls them too."""
    translate: Callable[[Path, Mapping[str, str]], Original]
    """From the folder of the original and its parameters to what it makes."""
    file: str = "mesh.yaml"
    runtime: frozenset[str] = frozenset()
    """Values that a program learns only while it runs."""

    state: str = ""
    """Where one file stands for several states: which one this is."""

    def __str__(self) -> str:
        return "-".join(filter(None, (self.folder, Path(self.file).stem, self.state)))

    @property
    def mesh_file(self) -> Path:
        return HERE / self.folder / self.file

    def original(self) -> Original:
        """What the original makes in App Mesh."""
        parameters = {name: str(value) for name, value in self.values.items()}
        return self.translate(CORPUS / self.folder, parameters)


def _stack(template: str) -> Callable[[Path, Mapping[str, str]], Original]:
    return lambda folder, parameters: Stack(folder / template, FIRST, parameters).made()


def _cluster(manifest: str) -> Callable[[Path, Mapping[str, str]], Original]:
    return lambda folder, parameters: Cluster(
        objects([folder / manifest], parameters), FIRST
    ).made()


def _first_controller(folder: Path, parameters: Mapping[str, str]) -> Original:
    found = objects([folder / "v1beta1_manifest.yaml.template"], parameters)
    return first_controller.made(found, FIRST)


def _mesh(name: str) -> Original:
    """A mesh that a walkthrough makes by the command line, with nothing set."""
    return {("Mesh", name): Made(FIRST, {})}


def _cross_account(folder: Path, parameters: Mapping[str, str]) -> Original:
    primary = Stack(folder / "primary-account_mesh.yaml", FIRST, parameters)
    [(_, mesh)] = [name for name in primary.made() if name[0] == "Mesh"]
    shared = {**parameters, "MeshName": mesh, "MeshOwner": FIRST}
    secondary = Stack(folder / "secondary-account_mesh.yaml", SECOND, shared)
    return primary.made() | secondary.made()


def _cross_account_updated(folder: Path, parameters: Mapping[str, str]) -> Original:
    """After ``aws appmesh update-route`` with the walkthrough's input."""
    made = _cross_account(folder, parameters)
    [route] = [name for name in made if name[0] == "Route"]
    update = json.loads((folder / "updated-route.json").read_text("utf-8"))
    return made | {route: Made(FIRST, as_spec("Route", update["spec"]))}


def _ecs_cross_account(folder: Path, parameters: Mapping[str, str]) -> Original:
    backend = Stack(folder / "account_backend_appmesh_resources.yml", FIRST, parameters)
    frontend = Stack(folder / "account_frontend_appmesh_resources.yml", SECOND, parameters)
    return _mesh(parameters["MeshName"]) | backend.made() | frontend.made()


def _eks_cross_account(folder: Path, _parameters: Mapping[str, str]) -> Original:
    """The placeholder of a foreign service stands for its ARN, put in by hand."""
    mesh = "am-multi-account-mesh"
    arn = f"arn:aws:appmesh:{REGION}:{SECOND}:mesh/{mesh}@{FIRST}/virtualService/yelb-appserver"
    frontend = objects([folder / "mesh_yelb-ui.yaml"], {})
    [placeholder] = [
        backend["virtualService"]
        for each in frontend
        for backend in each["spec"].get("backends", [])
    ]
    placeholder["virtualServiceARN"] = arn
    files = [folder / f"mesh_yelb-{name}.yaml" for name in ("appserver", "db", "redis")]
    backend = objects(files, {})
    return _mesh(mesh) | Cluster(frontend, FIRST).made() | Cluster(backend, SECOND).made()


PROJECT: Values = {"ProjectName": "color"}
PODS: Values = {"MESH_NAME": "colors", "APP_NAMESPACE": "demo"}
CLOUD_MAP_PODS: Values = {**PODS, "CLOUDMAP_NAMESPACE": "demo.pvt.aws.local"}
TWO_ACCOUNTS: Values = {"ProjectName": "shared", "ConsumerAccountId": SECOND}
BASICS: Values = {
    "ProjectName": "basics",
    "ContainerPort": 8080,
    "PublicLoadBalancer": "front-1.eu-west-1.elb.amazonaws.com",
}
TLS: Values = {
    "MeshName": "tls",
    "ServicesDomain": "tls.local",
    "CertificateArn": f"arn:aws:acm:{REGION}:{FIRST}:certificate/0ea21bf4",
    "CertificateAuthorityArn": f"arn:aws:acm-pca:{REGION}:{FIRST}:certificate-authority/6f4fb3a1",
}
V1BETA2 = _cluster("v1beta2_manifest.yaml.template")

WALKTHROUGHS = (
    Walkthrough("howto-cross-account", {**TWO_ACCOUNTS, "Backend": "backend-1-vn"}, _cross_account),
    Walkthrough(
        "howto-cross-account",
        {**TWO_ACCOUNTS, "Backend": "backend-2-vn"},
        _cross_account_updated,
        state="updated",
    ),
    Walkthrough(
        "ecs-cross-account",
        {"MeshName": "yelb", "ProjectName": "am-ecs-multi-account", "MeshOwner": FIRST},
        _ecs_cross_account,
    ),
    Walkthrough("eks-app-mesh-multi-account", {}, _eks_cross_account),
    Walkthrough(
        "fargate",
        {"AppMeshMeshName": "colorapp", "ServicesDomain": "demo.local"},
        lambda folder, parameters: (
            _mesh(parameters["AppMeshMeshName"])
            | _stack("appmesh-colorapp.yaml")(folder, parameters)
        ),
    ),
    Walkthrough("howto-http-headers", PROJECT, _stack("app.yaml")),
    Walkthrough(
        "howto-ecs-basics",
        BASICS,
        _stack("deploy_2-meshify.yaml"),
        runtime=frozenset({"PublicLoadBalancer"}),
    ),
    Walkthrough(
        "howto-ecs-basics",
        BASICS,
        _stack("deploy_3-routing.yaml"),
        file="routing.yaml",
        runtime=frozenset({"PublicLoadBalancer"}),
    ),
    Walkthrough(
        "tls-with-acm",
        TLS,
        _stack("mesh_mesh.yaml"),
        runtime=frozenset({"CertificateArn", "CertificateAuthorityArn"}),
    ),
    Walkthrough("howto-grpc", PROJECT, _stack("mesh.yaml")),
    Walkthrough(
        "howto-k8s-mtls-file-based", {**PODS, "FRONT_APP_CA_CERT": "ca_1_ca_2_bundle.pem"}, V1BETA2
    ),
    Walkthrough("howto-k8s-outlier-detection", CLOUD_MAP_PODS, V1BETA2),
    Walkthrough("howto-k8s-timeout-policy", CLOUD_MAP_PODS, V1BETA2),
    Walkthrough("howto-k8s-multiple-listeners", {}, _cluster("manifest.yaml")),
    Walkthrough("howto-k8s-http-headers", PODS, V1BETA2),
    Walkthrough("howto-k8s-http-headers", PODS, _first_controller, file="v1beta1.yaml"),
    Walkthrough("howto-k8s-ingress-gateway", PODS, V1BETA2),
)
