"""Reading the inputs of resources: texts, and what they refer to."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from meshkit.graph import reveal
from meshkit.topology.partition import AWS, partition_of

if TYPE_CHECKING:
    from meshkit.graph import Graph, Resource


def text(resource: Resource, key: str) -> str | None:
    """A property as text: the input, else the output; ``None`` where neither is known."""
    for values in (resource.inputs, resource.outputs):
        value = reveal(values.get(key))
        if isinstance(value, str) and value:
            return value
    return None


def physical_name(resource: Resource) -> str:
    """The physical name; its name in the stack where that is not known yet."""
    return text(resource, "name") or resource.name


def is_given(resource: Resource, key: str) -> bool:
    """Whether an input is given, known or not."""
    return resource.inputs.get(key) is not None


def own_arn(resource: Resource) -> str | None:
    """The ARN that AWS has given a resource, where that is known."""
    arn = reveal(resource.outputs.get("arn"))
    return arn if isinstance(arn, str) else None


class References:
    """Finds the resources of a graph that others refer to."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def dependency(self, resource: Resource, key: str, type_: str) -> Resource | None:
        """The resource that an unknown input was made from: the only one of a type it depends on.

        A new resource has no id and no ARN before the deployment, but the engine records what each
        input was made from.
        """
        urns = resource.input_dependencies.get(key, resource.dependencies)
        found = [each for each in map(self.graph.get, urns) if each and each.type == type_]
        return found[0] if len(found) == 1 else None

    def is_made_of_others(self, resource: Resource, key: str, type_: str) -> bool:
        """Whether an unknown input was made from resources none of which is of a type."""
        found = list(map(self.graph.get, resource.input_dependencies.get(key, ())))
        return bool(found) and all(each is not None and each.type != type_ for each in found)

    def by_arn(self, arn: str) -> Resource | None:
        """The resource that has an ARN."""
        return self._by_arn.get(arn)

    def by_id(self, id_: str) -> Resource | None:
        """The part of VPC Lattice that has an id, which no other has."""
        return self._by_id.get(id_)

    def partition(self, account: str | None) -> str:
        """The partition of an account, told from any of its resources that has a region."""
        return self._partitions.get(account, AWS.name)

    def iam_arn(self, resource: Resource, kind: str) -> str:
        """ARN of a resource of IAM: AWS's, or as IAM makes it; its name without an account."""
        known = own_arn(resource)
        if known is not None:
            return known
        name, account = physical_name(resource), resource.account
        if account is None:
            return name
        path = text(resource, "path") or "/"
        return f"arn:{self.partition(account)}:iam::{account}:{kind}{path}{name}"

    @cached_property
    def _by_arn(self) -> dict[str, Resource]:
        return {arn: each for each in self.graph if (arn := own_arn(each)) is not None}

    @cached_property
    def _by_id(self) -> dict[str, Resource]:
        found = ((text(each, "id"), each) for each in self.graph if _is_of_lattice(each))
        return {id_: each for id_, each in found if id_ is not None}

    @cached_property
    def _partitions(self) -> dict[str | None, str]:
        found: dict[str | None, str] = {}
        for each in self.graph:
            region: Any = each.region
            if region is not None:
                found.setdefault(each.account, partition_of(region).name)
        return found


def _is_of_lattice(resource: Resource) -> bool:
    return resource.type.startswith("aws:vpclattice/")
