"""ARNs of App Mesh and IAM, computed instead of awaited.

Source: IAM Service Authorization Reference. In a mesh of another account the mesh's segment is
``MESH@OWNER``, and the account is the one that made the resource.
"""

from __future__ import annotations

from dataclasses import dataclass

from meshkit.topology.partition import Partition


@dataclass(frozen=True, slots=True)
class MeshArns:
    """Makes the ARNs of one mesh as seen from each account."""

    partition: Partition
    region: str
    mesh: str
    owner: str
    """Account id of the mesh owner."""

    def mesh_arn(self) -> str:
        """The mesh itself, always in its owner's account."""
        return self._arn(self.owner, "")

    def virtual_node(self, account: str, name: str) -> str:
        """A node made by ``account``."""
        return self._arn(account, f"/virtualNode/{name}")

    def virtual_service(self, account: str, name: str) -> str:
        """A service made by ``account``."""
        return self._arn(account, f"/virtualService/{name}")

    def virtual_router(self, account: str, name: str) -> str:
        """A router made by ``account``."""
        return self._arn(account, f"/virtualRouter/{name}")

    def route(self, account: str, router: str, name: str) -> str:
        """A route of a router made by ``account``."""
        return self._arn(account, f"/virtualRouter/{router}/route/{name}")

    def virtual_gateway(self, account: str, name: str) -> str:
        """A gateway made by ``account``."""
        return self._arn(account, f"/virtualGateway/{name}")

    def gateway_route(self, account: str, gateway: str, name: str) -> str:
        """A route of a gateway made by ``account``."""
        return self._arn(account, f"/virtualGateway/{gateway}/gatewayRoute/{name}")

    def _arn(self, account: str, rest: str) -> str:
        mesh = self.mesh if account == self.owner else f"{self.mesh}@{self.owner}"
        return f"arn:{self.partition.name}:appmesh:{self.region}:{account}:mesh/{mesh}{rest}"


def iam_arn(partition: Partition, account: str, kind: str, path: str, name: str) -> str:
    """ARN of an IAM role, policy or instance profile; ``path`` begins and ends with a slash."""
    return f"arn:{partition.name}:iam::{account}:{kind}{path}{name}"
