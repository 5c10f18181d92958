"""The translators that say what an original means, on originals small enough to check by eye."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.corpus import first_controller
from tests.corpus.cloudformation import Stack
from tests.corpus.controller import Cluster, objects
from tests.corpus.original import Made

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNT = "111111111111"

TEMPLATE = """
Parameters:
  Name: {Type: String}
  Port: {Type: Number, Default: 8080}
Resources:
  Registry: {Type: AWS::ServiceDiscovery::Service, Properties: {Name: orders, Vpc: !Ref Unknown}}
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer}
  Node:
    Type: AWS::AppMesh::VirtualNode
    Properties:
      MeshName: !Ref Name
      VirtualNodeName: !Join ["-", [!GetAtt Registry.Name, node]]
      Spec:
        Listeners:
          - PortMapping: {Port: !Sub "${Port}", Protocol: http}
            TLS: {Mode: STRICT, Certificate: {ACM: {CertificateArn: "arn:of:${Name}"}}}
        ServiceDiscovery: {DNS: {Hostname: !GetAtt Balancer.DNSName}}
"""

MANIFEST = """
kind: Namespace
apiVersion: v1
metadata: {name: a, labels: {gateway: of-b}}
---
kind: VirtualNode
apiVersion: appmesh.k8s.aws/v1beta2
metadata: {name: caller, namespace: a}
spec:
  podSelector: {matchLabels: {app: caller}}
  backends:
    - virtualService: {virtualServiceRef: {name: called, namespace: b}}
    - virtualService: {virtualServiceARN: "arn:aws:appmesh:r:2:mesh/m@1/virtualService/far"}
---
kind: VirtualService
apiVersion: appmesh.k8s.aws/v1beta2
metadata: {name: called, namespace: b}
spec: {provider: {virtualRouter: {virtualRouterRef: {name: called}}}}
---
kind: VirtualRouter
apiVersion: appmesh.k8s.aws/v1beta2
metadata: {name: called, namespace: b}
spec:
  awsName: chosen
  listeners: [{portMapping: {port: 80, protocol: tcp}}]
  routes:
    - name: all
      tcpRoute:
        action:
          weightedTargets: [{virtualNodeRef: {name: caller, namespace: a}, weight: 1}]
---
kind: VirtualGateway
apiVersion: appmesh.k8s.aws/v1beta2
metadata: {name: edge, namespace: b}
spec:
  namespaceSelector: {matchLabels: {gateway: of-b}}
  listeners: [{portMapping: {port: 80, protocol: http}}]
---
kind: VirtualGateway
apiVersion: appmesh.k8s.aws/v1beta2
metadata: {name: other, namespace: a}
spec:
  namespaceSelector: {matchLabels: {gateway: of-a}}
  listeners: [{portMapping: {port: 80, protocol: http}}]
---
kind: GatewayRoute
apiVersion: appmesh.k8s.aws/v1beta2
metadata: {name: to-called, namespace: a}
spec:
  httpRoute:
    match: {prefix: $PREFIX}
    action:
      target: {port: 80, virtualService: {virtualServiceRef: {name: called, namespace: b}}}
"""

FIRST_MANIFEST = """
kind: VirtualNode
apiVersion: appmesh.k8s.aws/v1beta1
metadata: {name: node, namespace: a}
spec: {meshName: m, serviceDiscovery: {dns: {hostName: node.a}}}
---
kind: VirtualService
apiVersion: appmesh.k8s.aws/v1beta1
metadata: {name: called.a, namespace: a}
spec:
  meshName: m
  virtualRouter: {name: router, listeners: [{portMapping: {port: 80, protocol: http}}]}
  routes:
    - name: all
      priority: 7
      http:
        match: {prefix: /}
        action: {weightedTargets: [{virtualNodeName: node, weight: 1}]}
"""


def test_a_template_is_spelled_and_typed_as_the_api_has_it(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE, "utf-8")
    made = Stack(template, ACCOUNT, {"Name": "shop", "Balancer": "front.test"}).made()
    tls = {"mode": "STRICT", "certificate": {"acm": {"certificateArn": "arn:of:${Name}"}}}
    listener = {"portMapping": {"port": 8080, "protocol": "http"}, "tls": tls}
    spec = {"listeners": [listener], "serviceDiscovery": {"dns": {"hostname": "front.test"}}}
    assert made == {("VirtualNode", "orders-node"): Made(ACCOUNT, spec)}


def test_a_property_that_the_api_does_not_have_is_an_error(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE.replace("Mode:", "Mood:"), "utf-8")
    with pytest.raises(KeyError, match="mood"):
        Stack(template, ACCOUNT, {"Name": "shop", "Balancer": "front.test"}).made()


def test_the_controller_names_things_and_follows_references(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(MANIFEST, "utf-8")
    made = Cluster(objects([manifest], {"PREFIX": "/"}), ACCOUNT).made()
    backends = [{"virtualService": {"virtualServiceName": name}} for name in ("called.b", "far")]
    target = {"virtualService": {"virtualServiceName": "called.b"}, "port": 80}
    web = {"listeners": [{"portMapping": {"port": 80, "protocol": "http"}}]}
    weighted = [{"virtualNode": "caller_a", "weight": 1}]
    assert {name: each.spec for name, each in made.items()} == {
        ("VirtualNode", "caller_a"): {"backends": backends},
        ("VirtualService", "called.b"): {
            "provider": {"virtualRouter": {"virtualRouterName": "chosen"}}
        },
        ("VirtualRouter", "chosen"): {
            "listeners": [{"portMapping": {"port": 80, "protocol": "tcp"}}]
        },
        ("Route", "chosen", "all"): {"tcpRoute": {"action": {"weightedTargets": weighted}}},
        ("VirtualGateway", "edge_b"): web,
        ("VirtualGateway", "other_a"): web,
        ("GatewayRoute", "edge_b", "to-called_a"): {
            "httpRoute": {"match": {"prefix": "/"}, "action": {"target": target}}
        },
    }


def test_the_first_controller_puts_the_namespace_behind_a_dash(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(FIRST_MANIFEST, "utf-8")
    made = first_controller.made(objects([manifest], {}), ACCOUNT)
    weighted = [{"virtualNode": "node-a", "weight": 1}]
    route = {"match": {"prefix": "/"}, "action": {"weightedTargets": weighted}}
    assert {name: each.spec for name, each in made.items()} == {
        ("VirtualNode", "node-a"): {"serviceDiscovery": {"dns": {"hostname": "node.a"}}},
        ("VirtualService", "called.a"): {
            "provider": {"virtualRouter": {"virtualRouterName": "router-a"}}
        },
        ("VirtualRouter", "router-a"): {
            "listeners": [{"portMapping": {"port": 80, "protocol": "http"}}]
        },
        ("Route", "router-a", "all-a"): {"httpRoute": route, "priority": 7},
    }
