"""Functions that a program makes with a role of the mesh, registered behind its services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.config.deferred import Deferred
from meshkit.errors import MeshkitError
from meshkit.inputs import as_text, checked_input
from meshkit.lattice.targets import function_fault, register_target
from meshkit.topology.functions import function_of, parse_function

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from meshkit.lattice.registration import RegisteredService
    from meshkit.topology.lattice.model import LatticeMesh
    from meshkit.topology.model import ResolvedNode


@dataclass(frozen=True)
class FunctionTargets:
    """Where the function of a node is to be registered."""

    prefix: str
    lattice: LatticeMesh
    services: Mapping[str, RegisteredService]
    """Those of the slice."""
    opts: pulumi.ResourceOptions

    def register(self, node: ResolvedNode, function_arn: pulumi.Input[str]) -> None:
        """Registers the function with every target group of the node.

        Raises ``MeshkitError`` where the node has none to fill.
        """
        groups = [
            (key, group)
            for key in self.services
            for group in self.lattice.services[key].groups.values()
            if group.node == node.name and group.type == "LAMBDA" and group.target is None
        ]
        if not groups:
            raise MeshkitError(
                f"nodes.{node.name} takes no function: it is no lambda workload behind a service "
                "made here, or the file gives the ARN of its function"
            )
        target = _checked(node, function_arn)
        for key, group in groups:
            made = self.services[key].groups[group.key]
            name = f"{self.prefix}-target-{group.key}.{key}"
            register_target(name, group, made, target, self.lattice.mesh.region, self.opts)


def _checked(node: ResolvedNode, function_arn: pulumi.Input[str]) -> pulumi.Input[str]:
    owner, wanted = node.owner, function_of(node)

    def fault(text: str) -> str | None:
        wrong = function_fault(text, owner.id, owner.context["region"])
        parsed = parse_function(text)
        if wrong or parsed is None or wanted in (None, parsed.name):
            return wrong
        return f'"{text}" is not the function {wanted} of the file; correct one'

    text = as_text(function_arn)
    found = fault(text) if not isinstance(text, Deferred) else None
    if found:
        raise MeshkitError(f"nodes.{node.name}: {found}")
    return checked_input(text, owner.context, fault)
