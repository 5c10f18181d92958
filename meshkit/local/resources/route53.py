"""Amazon Route 53: hosted zones and their records."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from meshkit.local.resources.life import (
    Changed,
    Life,
    Properties,
    Reading,
    Request,
    Tagging,
    Update,
)
from meshkit.local.resources.model import Aws, Created, Inputs, ResourceType, at, by_token

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVICE = "route53"
ZONE = {"Id": "id"}


class _ZoneTagging(Tagging):
    """Route 53 adds and removes tags by one operation."""

    def _send(self, aws: Aws, operation: str, properties: Properties, tags: Properties) -> None:
        added = [{"Key": key, "Value": value} for key, value in tags.items()]
        changed = {"AddTags": added} if operation == self.add else {"RemoveTagKeys": list(tags)}
        named = {"ResourceType": "hostedzone", "ResourceId": properties["id"]}
        aws.call(SERVICE, "ChangeTagsForResource", {**named, **changed})


TAGGING = _ZoneTagging(
    SERVICE, {"ResourceType": "=hostedzone", "ResourceId": "id"}, path="ResourceTagSet.Tags"
)


def _zone(aws: Aws, inputs: Inputs) -> Created:
    request: dict[str, Any] = {"Name": inputs["name"], "CallerReference": str(uuid.uuid4())}
    vpcs = [
        {"VPCId": each["vpcId"], "VPCRegion": each.get("vpcRegion") or aws.region}
        for each in inputs.get("vpcs", ())
    ]
    config = {"Comment": inputs["comment"], "PrivateZone": bool(vpcs)}
    first = {"VPC": vpcs[0]} if vpcs else {}
    made = aws.call(SERVICE, "CreateHostedZone", {**request, "HostedZoneConfig": config, **first})
    id_ = made["HostedZone"]["Id"].rpartition("/")[2]
    for vpc in vpcs[1:]:
        aws.call(SERVICE, "AssociateVPCWithHostedZone", {"HostedZoneId": id_, "VPC": vpc})
    if inputs["tags"]:
        TAGGING.change(aws, {"id": id_}, {}, inputs["tags"])
    servers = at(made, "DelegationSet.NameServers") or []
    return Created(
        id_,
        {
            "arn": f"arn:{aws.partition}:route53:::hostedzone/{id_}",
            "nameServers": servers,
            "primaryNameServer": servers[0] if servers else "",
            "zoneId": id_,
        },
    )


def _record(aws: Aws, inputs: Inputs) -> Created:
    action = "UPSERT" if inputs.get("allowOverwrite") else "CREATE"
    _change(aws, action, inputs)
    id_ = f"{inputs['zoneId']}_{inputs['name']}_{inputs['type']}"
    return Created(id_, {"fqdn": inputs["name"].rstrip(".")})


def _change(aws: Aws, action: str, inputs: Properties) -> None:
    change = {"Action": action, "ResourceRecordSet": _record_set(inputs)}
    batch = {"HostedZoneId": inputs["zoneId"], "ChangeBatch": {"Changes": [change]}}
    aws.call(SERVICE, "ChangeResourceRecordSets", batch)


def _record_set(inputs: Properties) -> dict[str, Any]:
    found: dict[str, Any] = {"Name": inputs["name"], "Type": inputs["type"]}
    if inputs.get("aliases"):
        (alias,) = inputs["aliases"]
        target = {"DNSName": alias["name"], "HostedZoneId": alias["zoneId"]}
        healthy = bool(alias["evaluateTargetHealth"])
        return {**found, "AliasTarget": {**target, "EvaluateTargetHealth": healthy}}
    values = [{"Value": each} for each in inputs.get("records") or ()]
    return {**found, "TTL": int(inputs["ttl"]), "ResourceRecords": values}


def _found(aws: Aws, properties: Properties) -> dict[str, Any] | None:
    """Return a record as Pulumi has it, None where the zone has no such."""
    name, kind = properties["name"].rstrip("."), properties["type"]
    start = {"StartRecordName": name, "StartRecordType": kind, "MaxItems": "1"}
    listed = aws.call(
        SERVICE, "ListResourceRecordSets", {"HostedZoneId": properties["zoneId"], **start}
    )
    for each in listed["ResourceRecordSets"]:
        if (each["Name"].rstrip("."), each["Type"]) == (name, kind):
            return {"name": name, "type": kind, "fqdn": name, **_told(each)}
    return None


def _told(found: Mapping[str, Any]) -> dict[str, Any]:
    alias = found.get("AliasTarget")
    if alias is None:
        values = [each["Value"] for each in found["ResourceRecords"]]
        return {"records": values, "ttl": found["TTL"]}
    return {
        "aliases": [
            {
                "evaluateTargetHealth": alias["EvaluateTargetHealth"],
                "name": alias["DNSName"].rstrip("."),
                "zoneId": alias["HostedZoneId"],
            }
        ]
    }


def _delete_record(aws: Aws, properties: Properties) -> None:
    if _found(aws, properties) is not None:
        _change(aws, "DELETE", properties)


TYPES = by_token(
    ResourceType(
        "aws:route53/zone:Zone",
        _zone,
        Life(
            read=Reading(
                Request(SERVICE, "GetHostedZone", ZONE),
                result="HostedZone",
                properties={"comment": "Config.Comment"},
            ),
            updates=(Update(Request(SERVICE, "UpdateHostedZoneComment", ZONE), ("comment",)),),
            delete=(Request(SERVICE, "DeleteHostedZone", ZONE),),
            tagging=TAGGING,
            steering=frozenset({"forceDestroy"}),
        ),
        defaults={"comment": "Managed by Pulumi", "forceDestroy": False},
        regional=False,
    ),
    ResourceType(
        "aws:route53/record:Record",
        _record,
        Life(
            read=Reading(
                _found,
                properties={
                    each: each for each in ("aliases", "fqdn", "name", "records", "ttl", "type")
                },
            ),
            updates=(
                Changed(
                    ("aliases", "records", "ttl"),
                    lambda aws, _old, new: _change(aws, "UPSERT", new),
                ),
            ),
            delete=(_delete_record,),
            imported="{zoneId}_{name}_{type}",
            steering=frozenset({"allowOverwrite"}),
        ),
        autoname=None,
        tagged=False,
        regional=False,
    ),
)
