"""From a recorded call to the event that CloudTrail makes of it.

Source: CloudTrail User Guide, record contents; which calls are data events: each service's page on
CloudTrail. Event history has management events only.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from moto.utilities.utils import get_partition

from meshkit.local.services.cloudtrail.history import Seen
from meshkit.local.services.cloudtrail.identity import seen_from
from meshkit.local.services.cloudtrail.reading import Read, read

READS: Final = ("Get", "List", "Describe", "Head", "Lookup", "Search", "Simulate", "Decode")
"""How the names of operations begin that change nothing."""
_ASSUME: Final = "AssumeRole"
"""So do those that give credentials of a role; CloudTrail calls them read-only."""
_GLOBAL_SERVICES: Final = frozenset({"iam", "organizations"})
_GLOBAL_REGION: Final = {"aws": "us-east-1", "aws-cn": "cn-north-1"}
"""Region, by partition, of the events of services without regions."""
_DATA: Final = {
    "dynamodb": ("BatchGet", "BatchWrite", "DeleteItem", "GetItem", "PutItem", "Query", "Scan",
                 "Transact", "UpdateItem"),
    "lambda": ("Invoke",),
    "logs": ("PutLogEvents",),
    "monitoring": ("PutMetricData",),
    "s3": ("AbortMultipart", "CompleteMultipart", "CopyObject", "CreateMultipart", "DeleteObject",
           "GetObject", "HeadObject", "ListObjects", "PutObject", "UploadPart"),
    "servicediscovery": ("DiscoverInstances",),
    "sns": ("Publish",),
    "sqs": ("ChangeMessage", "DeleteMessage", "ReceiveMessage", "SendMessage"),
    "xray": ("Put",),
}  # fmt: skip
"""How the names of operations begin, by service, that are data events."""
_TYPES: Final = {
    "alias": "AWS::KMS::Alias",
    "bucket": "AWS::S3::Bucket",
    "gatewayRouteName": "AWS::AppMesh::GatewayRoute",
    "keyId": "AWS::KMS::Key",
    "meshName": "AWS::AppMesh::Mesh",
    "policyArn": "AWS::IAM::Policy",
    "resourceShareArn": "AWS::RAM::ResourceShare",
    "roleArn": "AWS::IAM::Role",
    "roleName": "AWS::IAM::Role",
    "routeName": "AWS::AppMesh::Route",
    "serviceIdentifier": "AWS::VpcLattice::Service",
    "serviceNetworkIdentifier": "AWS::VpcLattice::ServiceNetwork",
    "userName": "AWS::IAM::User",
    "virtualGatewayName": "AWS::AppMesh::VirtualGateway",
    "virtualNodeName": "AWS::AppMesh::VirtualNode",
    "virtualRouterName": "AWS::AppMesh::VirtualRouter",
    "virtualServiceName": "AWS::AppMesh::VirtualService",
}
"""What a request names, by the member that names it. Inferred: AWS lists the resources of some
services only, and does not document of which."""

_GIVEN: Final = {
    ("credentials", "accessKeyId"): "AWS::IAM::AccessKey",
    ("assumedRoleUser", "arn"): "AWS::STS::AssumedRole",
    ("assumedRoleUser", "assumedRoleId"): "AWS::STS::AssumedRole",
}
"""What an answer of STS names: a session is found by its access key."""


@dataclass(frozen=True)
class Event:
    """One event in the history of an account and region."""

    seen: Seen
    record: Mapping[str, Any]
    """As CloudTrail writes it to its log."""

    @property
    def attributes(self) -> Mapping[str, frozenset[str]]:
        """What it can be looked up by; the names are those of `LookupAttributeKey`."""
        found = {
            "AccessKeyId": {str(self.record["userIdentity"].get("accessKeyId", ""))},
            "EventId": {str(self.record["eventID"])},
            "EventName": {str(self.record["eventName"])},
            "EventSource": {str(self.record["eventSource"])},
            "ReadOnly": {str(self.record["readOnly"]).lower()},
            "ResourceName": {each["ResourceName"] for each in self.resources},
            "ResourceType": {each["ResourceType"] for each in self.resources},
            "Username": {self.seen.identity.username},
        }
        return {name: frozenset(values - {""}) for name, values in found.items()}

    @property
    def resources(self) -> list[dict[str, str]]:
        """What the request names, and the session that the answer gives."""
        named = self.record["requestParameters"] or {}
        given = self.record["responseElements"] or {}
        found = [(type_, named.get(member)) for member, type_ in _TYPES.items()]
        found += [
            (type_, (given.get(head) or {}).get(member)) for (head, member), type_ in _GIVEN.items()
        ]
        return [
            {"ResourceType": type_, "ResourceName": name}
            for type_, name in found
            if isinstance(name, str)
        ]

    def to_dict(self) -> dict[str, Any]:
        """The event as `LookupEvents` answers it."""
        one = ("AccessKeyId", "EventId", "EventName", "EventSource", "ReadOnly", "Username")
        attributes = self.attributes
        return {
            **{name: value for name in one for value in attributes[name]},
            "EventTime": self.seen.instant,
            "Resources": self.resources,
            "CloudTrailEvent": json.dumps(self.record, separators=(",", ":")),
        }


def event_of(seen: Seen, account: str, region: str) -> Event | None:
    """Return the event that a call made in an account and region, None where it made none there."""
    own = account == seen.identity.account
    if region != _region(seen) or not (own or seen.service == "sts"):
        return None
    call = read(seen)
    if call is None or call.name.startswith(_DATA.get(seen.service, ())):
        return None
    if not own and account != _assumed_in(call):
        return None
    return Event(seen, _record(seen, call, account, region))


def _region(seen: Seen) -> str:
    if seen.service in _GLOBAL_SERVICES:
        return _GLOBAL_REGION.get(get_partition(seen.region), seen.region)
    return seen.region


def _assumed_in(call: Read) -> str:
    """Return the account of the role that a call takes: it sees the event as well."""
    role = (call.given or {}).get("roleArn")
    if not call.name.startswith(_ASSUME) or not isinstance(role, str) or role.count(":") < 5:
        return ""
    return role.split(":")[4]


def _record(seen: Seen, call: Read, account: str, region: str) -> dict[str, Any]:
    reads = call.name.startswith((*READS, _ASSUME))
    error = {
        "errorCode": call.error.get("Code", ""),
        "errorMessage": call.error.get("Message", ""),
    }
    changed = call.answered if not call.name.startswith(READS) else None
    return {
        "eventVersion": "1.08",
        "userIdentity": seen_from(seen.identity, account, changed or {}),
        "eventTime": seen.instant.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": f"{seen.service}.amazonaws.com",
        "eventName": call.name,
        "awsRegion": region,
        "sourceIPAddress": "127.0.0.1",
        "userAgent": seen.headers.get("user-agent", ""),
        **({name: text for name, text in error.items() if text} if seen.status >= 400 else {}),
        "requestParameters": call.given,
        "responseElements": changed,
        "eventID": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{seen.instant} {seen.number} {account}")),
        "readOnly": reads,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account,
        "eventCategory": "Management",
    }
