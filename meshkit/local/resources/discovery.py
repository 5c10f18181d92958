"""AWS Cloud Map."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.life import Changed, Life, Reading, Request, Tagging
from meshkit.local.resources.model import Aws, Call, Created, Inputs, ResourceType, at, by_token

TAGGING = Tagging("servicediscovery", {"ResourceARN": "arn"}, path="Tags")


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


def _namespace_life(own: dict[str, str]) -> Life:
    return Life(
        read=Reading(
            Request("servicediscovery", "GetNamespace", {"Id": "id"}),
            result="Namespace",
            properties={"arn": "Arn", "description": "Description", "name": "Name", **own},
        ),
        delete=(Request("servicediscovery", "DeleteNamespace", {"Id": "id"}),),
        tagging=TAGGING,
        imported="{id}",
    )


def _update_service(aws: Aws, _old: Inputs, new: Inputs) -> None:
    inputs = ("description", "dnsConfig", "healthCheckConfig")
    service = {key: new[key] for key in inputs if new.get(key) is not None}
    aws.send("servicediscovery", "UpdateService", {"id": new["id"], "service": service})


TYPES = by_token(
    ResourceType(
        "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
        _private_dns_namespace,
        _namespace_life({"hostedZone": "Properties.DnsProperties.HostedZoneId"}),
    ),
    ResourceType(
        "aws:servicediscovery/httpNamespace:HttpNamespace",
        _http_namespace,
        _namespace_life({"httpName": "Properties.HttpProperties.HttpName"}),
    ),
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
        Life(
            read=Reading(
                Request("servicediscovery", "GetService", {"Id": "id"}),
                result="Service",
                properties={"arn": "Arn", "name": "Name", "namespaceId": "NamespaceId"},
            ),
            updates=(Changed(("description", "dnsConfig", "healthCheckConfig"), _update_service),),
            delete=(Request("servicediscovery", "DeleteService", {"Id": "id"}),),
            tagging=TAGGING,
            steering=frozenset({"forceDestroy"}),
        ),
    ),
)
