"""AWS Cloud Map."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.model import Aws, Call, Created, Inputs, ResourceType, at, by_token


def _namespace(aws: Aws, inputs: Inputs, operation: str) -> dict[str, Any]:
    """Create a namespace, which AWS does behind an operation id, and return it."""
    sent = {key: value for key, value in inputs.items() if key != "tags" or value}
    started = aws.send("servicediscovery", operation, sent)
    request = {"OperationId": started["OperationId"]}
    done = aws.call("servicediscovery", "GetOperation", request)["Operation"]
    id_ = done["Targets"]["NAMESPACE"]
    namespace: dict[str, Any] = aws.call("servicediscovery", "GetNamespace", {"Id": id_})[
        "Namespace"
    ]
    return namespace


def _private_dns_namespace(aws: Aws, inputs: Inputs) -> Created:
    namespace = _namespace(aws, inputs, "CreatePrivateDnsNamespace")
    zone = at(namespace, "Properties.DnsProperties.HostedZoneId")
    return Created(namespace["Id"], {"arn": namespace["Arn"], "hostedZone": zone})


def _http_namespace(aws: Aws, inputs: Inputs) -> Created:
    namespace = _namespace(aws, inputs, "CreateHttpNamespace")
    return Created(namespace["Id"], {"arn": namespace["Arn"], "httpName": inputs["name"]})


TYPES = by_token(
    ResourceType(
        "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace", _private_dns_namespace
    ),
    ResourceType("aws:servicediscovery/httpNamespace:HttpNamespace", _http_namespace),
    ResourceType(
        "aws:servicediscovery/service:Service",
        Call(
            "servicediscovery",
            "CreateService",
            result="Service",
            id="Id",
            ignored=frozenset({"forceDestroy"}),
            outputs={"arn": "Arn"},
        ),
    ),
)
