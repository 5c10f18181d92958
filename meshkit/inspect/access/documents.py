"""Policy documents where a graph holds them: inline, in managed policies, in AWS's own."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from meshkit.graph import has_secret, reveal
from meshkit.inspect.access.model import PolicySource
from meshkit.inspect.access.references import physical_name, text
from meshkit.policy.document import VERSION
from meshkit.policy.managed import is_managed_by_aws, managed_statements

if TYPE_CHECKING:
    from meshkit.graph import Resource
    from meshkit.inspect.access.references import References

POLICY = "aws:iam/policy:Policy"
NOT_YET = "its document is known only after the deployment"
HIDDEN = "its document is a secret that is not shown here"


def inline(resource: Resource, key: str, name: str | None = None) -> PolicySource:
    """The document in an input of a resource."""
    return embedded(resource, resource.inputs.get(key), name or physical_name(resource))


def embedded(resource: Resource, value: Any, name: str) -> PolicySource:
    """A document that is a part of a resource's inputs."""
    hidden = has_secret(value)
    document = reveal(value)
    if isinstance(document, (str, dict)) and _is_known(document):
        return PolicySource(name, document, resource=resource, secret=hidden)
    return PolicySource(name, None, HIDDEN if hidden else NOT_YET, resource)


def _is_known(value: Any) -> bool:
    """Whether there is nothing unknown in a value, at any depth."""
    if isinstance(value, dict):
        return all(_is_known(each) for each in value.values())
    if isinstance(value, list):
        return all(_is_known(each) for each in value)
    return value is None or isinstance(value, (str, int, float))


class ManagedPolicies:
    """The managed policies that a program attaches."""

    def __init__(self, references: References) -> None:
        self._references = references

    def attached(self, attachment: Resource, key: str) -> PolicySource:
        """The policy whose ARN is an input of a resource."""
        arn = text(attachment, key)
        if arn is not None:
            return self.of(arn, attachment)
        policy = self._references.dependency(attachment, key, POLICY)
        if policy is not None:
            return inline(policy, "policy")
        return PolicySource(
            attachment.name, None, "which policy it is, is known only after the deployment",
            attachment,
        )  # fmt: skip

    def of(self, arn: str, attachment: Resource) -> PolicySource:
        """The policy with an ARN, attached by a resource."""
        own = self._by_arn.get(arn)
        if own is not None:
            return inline(own, "policy", arn)
        statements = managed_statements(arn)
        if statements is not None:
            return PolicySource(
                arn, {"Version": VERSION, "Statement": statements}, resource=attachment
            )
        known = "AWS has no policy of this name that is known" if is_managed_by_aws(arn) else ""
        return PolicySource(arn, None, known or "its document is not in the program", attachment)

    @cached_property
    def _by_arn(self) -> dict[str, Resource]:
        references = self._references
        return {
            references.iam_arn(each, "policy"): each for each in references.graph.of_type(POLICY)
        }
