"""The resources of requests to Elastic Load Balancing.

Source: Service Authorization Reference, AWS Elastic Load Balancing V2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from meshkit.local.enforcement import templates
from meshkit.local.enforcement.need import Asked

_SEGMENTS: Final[Mapping[str, str]] = {"application": "app", "gateway": "gwy", "network": "net"}
"""How ARNs name the types of load balancers."""


def resources(asked: Asked) -> Iterator[str]:
    """Return the resources of a request."""
    if asked.name == "CreateLoadBalancer":
        segment = _SEGMENTS.get(asked.params.get("Type", "application"), "*")
        yield asked.arn("elasticloadbalancing", f"loadbalancer/{segment}/{asked.params['Name']}/*")
    elif asked.name == "SetRulePriorities":
        yield from (str(each["RuleArn"]) for each in asked.params["RulePriorities"])
    else:
        yield from templates.resources(asked)
