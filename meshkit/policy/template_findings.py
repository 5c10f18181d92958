"""What is wrong with a CloudFormation template of roles: its structure and its policies.

Source: CloudFormation User Guide, template anatomy; IAM User Guide, JSON policy elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml

from meshkit.errors import MeshkitError
from meshkit.policy.role_template import require_size
from meshkit.policy.typed import PolicyDocument

_SAMPLES: Final = {
    "AWS::AccountId": "000000000000",
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::URLSuffix": "amazonaws.com",
}
"""Stand for what CloudFormation fills in."""
_HOLE: Final = re.compile(r"\$\{(!?)([^}]*)\}")
_IDENTITY: Final = ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::IAM::RolePolicy")


class _Loader(yaml.SafeLoader):
    """YAML with the short forms of intrinsic functions, and without aliases."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """A node. CloudFormation has no aliases, of which few lines can make very much."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("CloudFormation takes no aliases: write the value out")
        return super().compose_node(parent, index)


def _short_form(loader: _Loader, name: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]  # the last kind
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


def _as_text(loader: _Loader, node: yaml.ScalarNode) -> Any:
    return loader.construct_scalar(node)


_Loader.add_multi_constructor("!", _short_form)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _as_text)
"""The version of a policy, 2012-10-17, is text."""


def template_findings(text: str) -> Iterator[str]:
    """What is wrong, each in one line with its place in the template."""
    try:
        require_size(text)
        template = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except (MeshkitError, yaml.YAMLError, RecursionError) as error:
        yield " ".join(str(error).split()) or "it is nested too deep"
        return
    resources = template.get("Resources") if isinstance(template, Mapping) else None
    if not isinstance(resources, Mapping) or not resources:
        yield "Resources: a template has a mapping of at least one resource"
        return
    for name, resource in resources.items():
        for message in _resource(resource):
            yield f"Resources.{name}: {message}"


def _resource(resource: Any) -> Iterator[str]:
    type_ = resource.get("Type") if isinstance(resource, Mapping) else None
    if not isinstance(type_, str):
        yield 'the key "Type" is missing'
        return
    properties = resource.get("Properties", {})
    if not isinstance(properties, Mapping):
        yield "Properties: a mapping is wanted"
    elif type_ == "AWS::IAM::Role":
        yield from _role(properties)
    elif type_ in _IDENTITY:
        yield from _policy(properties.get("PolicyDocument"), "PolicyDocument")


def _role(properties: Mapping[str, Any]) -> Iterator[str]:
    yield from _trust(properties.get("AssumeRolePolicyDocument"))
    policies = properties.get("Policies", [])
    if not isinstance(policies, list):
        yield "Policies: a list is wanted"
        return
    for number, each in enumerate(policies):
        document = each.get("PolicyDocument") if isinstance(each, Mapping) else None
        yield from _policy(document, f"Policies[{number}].PolicyDocument")


def _trust(document: Any) -> Iterator[str]:
    statements = document.get("Statement") if isinstance(document, Mapping) else None
    if not statements:
        yield "AssumeRolePolicyDocument: a document with a Statement is wanted"
        return
    for each in statements if isinstance(statements, list) else [statements]:
        if not isinstance(each, Mapping):
            yield "AssumeRolePolicyDocument: a statement is a mapping"
        elif _is_open(each):
            yield "AssumeRolePolicyDocument: everybody may take the role: name the principal"


def _is_open(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, Mapping) else principal
    everybody = "*" in (named if isinstance(named, list) else [named])
    return everybody and statement.get("Effect") == "Allow" and not statement.get("Condition")


def _policy(document: Any, place: str) -> Iterator[str]:
    try:
        typed = PolicyDocument.parse(_sampled(document) if document else {})
    except MeshkitError as error:
        yield f"{place}: {' '.join(str(error).split())}"
        return
    for finding in typed.findings:
        yield f"{place}: {finding}"


def _sampled(value: Any) -> Any:
    """The data with samples in place of functions; where nothing can be told, anything."""
    if isinstance(value, list):
        return [_sampled(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    if len(value) == 1:
        ((function, argument),) = value.items()
        if function == "Fn::Sub":
            pattern = argument[0] if isinstance(argument, list) else argument
            return _HOLE.sub(_sample, str(pattern))
        if function == "Ref" or str(function).startswith("Fn::"):
            return _SAMPLES.get(str(argument), "*")
    return {key: _sampled(each) for key, each in value.items()}


def _sample(hole: re.Match[str]) -> str:
    return f"${{{hole[2]}}}" if hole[1] else _SAMPLES.get(hole[2], "*")
