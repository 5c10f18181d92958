"""Names in Route 53 and rules of security groups, read back through boto3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from meshkit.local.resources import TYPES
from meshkit.local.resources.model import RefusedError
from tests.local.making import invoke, make

if TYPE_CHECKING:
    from meshkit.local.resources.model import Aws

ZONE = "aws:route53/zone:Zone"
RECORD = "aws:route53/record:Record"
LATTICE = "com.amazonaws.eu-west-1.vpc-lattice"


def records(aws: Aws, zone: str) -> dict[tuple[str, str], Any]:
    listed = aws.call("route53", "ListResourceRecordSets", {"HostedZoneId": zone})
    return {(each["Name"], each["Type"]): each for each in listed["ResourceRecordSets"]}


def test_an_alias_leads_to_a_name_in_another_zone(aws: Aws) -> None:
    zone = make(aws, ZONE, name="example.com").id
    target = {"name": "web.on.aws", "zoneId": "Z1", "evaluateTargetHealth": False}
    name = {"zoneId": zone, "name": "web.example.com"}
    for kind in ("A", "AAAA"):
        made = make(aws, RECORD, **name, type=kind, aliases=[target])
        assert made.id == f"{zone}_web.example.com_{kind}"
        told = records(aws, zone)["web.example.com.", kind]["AliasTarget"]
        assert (told["DNSName"].rstrip("."), told["HostedZoneId"]) == ("web.on.aws", "Z1")


def test_a_record_has_values_and_goes_again(aws: Aws) -> None:
    zone = make(aws, ZONE, name="example.com", vpcs=[{"vpcId": "vpc-1"}, {"vpcId": "vpc-2"}]).id
    found = aws.call("route53", "GetHostedZone", {"Id": zone})
    assert [each["VPCId"] for each in found["VPCs"]] == ["vpc-1", "vpc-2"]
    inputs = {"zoneId": zone, "name": "a.example.com", "type": "TXT", "records": ['"x"'], "ttl": 60}
    make(aws, RECORD, **inputs)
    assert records(aws, zone)["a.example.com.", "TXT"]["TTL"] == 60
    for _ in range(2):  # also where it is gone already
        (delete,) = TYPES[RECORD].life.delete
        delete(aws, inputs)
    assert ("a.example.com.", "TXT") not in records(aws, zone)


def test_the_lists_of_vpc_lattice_are_there(aws: Aws) -> None:
    found = invoke(aws, "getManagedPrefixList", name=LATTICE)
    assert (found["ownerId"], found["addressFamily"]) == ("AWS", "IPv4")
    assert [each["cidr"] for each in found["entries"]] == ["169.254.171.0/24"]
    again = invoke(aws, "getManagedPrefixList", id=found["id"])
    assert again == found
    with pytest.raises(RefusedError, match="0 managed prefix lists match"):
        invoke(aws, "getManagedPrefixList", name="nothing")
