"""Mesh files of any size, for measuring."""

from __future__ import annotations

MESH_LIMIT = 1000
"""Nodes in one mesh of the sample; the quota is raised in the file."""

HEAD = """\
name: {name}
region: eu-west-1
owner: network
organization: {{id: o-exampleorg1, management_account: "999999999999", sharing_enabled: true}}
accounts:
  network: {{id: "111111111111", assume_role: {{name: deployer}}}}
  orders: {{id: "222222222222", assume_role: {{name: deployer}}}}
share: {{principals: [orders]}}
quotas: {{virtual_nodes_per_mesh: {nodes}, virtual_services_per_mesh: {nodes}}}
nodes:
"""

NODE = """\
  node-{i}:
    account: {account}
    workload: {{type: ecs}}
    listeners: [{{port: 8080, protocol: http, health_check: {{path: /healthz}}}}]
    service_discovery: {{dns: node-{i}.shop.local}}
    backends: [service-{a}.shop.local, service-{b}.shop.local]
"""

SERVICE = "  service-{i}.shop.local: {{node: node-{i}}}\n"


def mesh_file(nodes: int, name: str = "shop") -> str:
    """A mesh of ``nodes`` nodes in two accounts, each with a service and two backends."""
    parts = [HEAD.format(name=name, nodes=max(nodes, 200))]
    for i in range(nodes):
        account = ("network", "orders")[i % 2]
        a, b = (i + 1) % nodes, (i + 7) % nodes
        parts.append(NODE.format(i=i, account=account, a=a, b=b))
    parts.append("services:\n")
    parts.extend(SERVICE.format(i=i) for i in range(nodes))
    return "".join(parts)


def mesh_files(nodes: int) -> list[str]:
    """As many meshes as ``nodes`` nodes need."""
    full, rest = divmod(nodes, MESH_LIMIT)
    sizes = [MESH_LIMIT] * full + ([rest] if rest else [])
    return [mesh_file(size, f"shop-{number}") for number, size in enumerate(sizes)]
