"""Translates CloudFormation templates into what they make in App Mesh."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from tests.corpus.original import Made, Original, as_input, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

APP_MESH = "AWS::AppMesh::"


class _Loader(yaml.SafeLoader):
    """YAML with the short forms of the intrinsic functions."""


def _short_form(loader: _Loader, name: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    return {name if name == "Ref" else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _short_form)


class Stack:
    """A template deployed in one account.

    ``parameters`` are the template's own; where AWS makes up an attribute of a resource (the DNS
    name of a load balancer), it stands there under the logical id.
    """

    def __init__(self, template: Path, account: str, parameters: Mapping[str, str]) -> None:
        loaded = yaml.load(template.read_text("utf-8"), _Loader)
        self.resources: dict[str, Any] = loaded["Resources"]
        defaults = {
            name: parameter["Default"]
            for name, parameter in loaded["Parameters"].items()
            if "Default" in parameter
        }
        self.parameters = defaults | dict(parameters)
        self.account = account

    def made(self) -> Original:
        """What the stack makes in App Mesh."""
        found: Original = {}
        for resource in self.resources.values():
            if resource["Type"].startswith(APP_MESH):
                kind = resource["Type"].removeprefix(APP_MESH)
                item = as_input(kind, self.value(resource["Properties"]))
                found[name_of(kind, item)] = Made(self.account, item.get("spec", {}))
        return found

    def properties(self, logical_id: str) -> dict[str, Any]:
        """The properties of one resource."""
        value: dict[str, Any] = self.value(self.resources[logical_id]["Properties"])
        return value

    def value(self, written: Any) -> Any:
        """A value with its intrinsic functions worked out."""
        if isinstance(written, list):
            return [self.value(each) for each in written]
        if not isinstance(written, dict):
            return written
        for name, function in _FUNCTIONS.items():
            if written.keys() == {name}:
                return function(self, written[name])
        return {key: self.value(each) for key, each in written.items()}

    def ref(self, name: str) -> Any:
        return self.parameters[name]

    def sub(self, text: str) -> str:
        return re.sub(r"\$\{([^}]+)\}", lambda hole: str(self.ref(hole[1])), text)

    def get_att(self, path: str) -> Any:
        """An attribute: all those asked for are properties of the same name, or made up."""
        logical_id, _, attribute = path.partition(".")
        if logical_id in self.parameters:
            return self.parameters[logical_id]
        return self.value(self.resources[logical_id]["Properties"][attribute])

    def join(self, written: list[Any]) -> str:
        separator, parts = written
        return str(separator).join(self.value(parts))


_FUNCTIONS: dict[str, Callable[[Stack, Any], Any]] = {
    "Ref": Stack.ref,
    "Fn::Sub": Stack.sub,
    "Fn::GetAtt": Stack.get_att,
    "Fn::Join": Stack.join,
}
