"""Amazon VPC Lattice.

What replaces and what updates is as in the Terraform provider that the official one wraps, with
two of its traps: a changed priority of a rule is never sent, and an auth policy that is moved to
another resource stays on the first one too.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from meshkit.local.resources.life import Changed, Life, Reading, Request, Tagging, Update
from meshkit.local.resources.model import (
    Aws,
    Call,
    Create,
    Created,
    Inputs,
    ResourceType,
    by_token,
    plain,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVICE = "vpc-lattice"
IMPLIED: Mapping[str, Any] = {
    "caseSensitive": False,
    "enabled": True,
    "healthCheckIntervalSeconds": 30,
    "healthCheckTimeoutSeconds": 5,
    "healthyThresholdCount": 5,
    "httpCode": "200",
    "ipAddressType": "IPV4",
    "lambdaEventStructureVersion": "V1",
    "path": "/",
    "protocol": "HTTP",
    "protocolVersion": "HTTP1",
    "unhealthyThresholdCount": 2,
    "value": "200",
    "weight": 100,
}
"""What the official provider, or AWS, fills in where a program says nothing."""


def _call(operation: str, id_: str = "id", **outputs: str) -> Call:
    return Call(SERVICE, operation, id=id_, outputs={"arn": "arn", **outputs})


def _request(operation: str, **members: str) -> Request:
    return Request(SERVICE, operation, members)


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _life(kind: str, member: str, properties: Mapping[str, str], **more: Any) -> Life:
    """Return the life of a kind that AWS describes and deletes by its id."""
    return Life(
        read=Reading(
            _request(f"Get{kind}", **{member: "id"}),
            properties={"arn": "arn", **properties},
        ),
        delete=(_request(f"Delete{kind}", **{member: "id"}),),
        tagging=TAGGING,
        implied=IMPLIED,
        **more,
    )


def _with_dns(create: Call) -> Create:
    """Return a create whose DNS name is a list of one, as the official provider has it."""

    def run(aws: Aws, inputs: Inputs) -> Created:
        made = create(aws, inputs)
        return Created(made.id, {**made.outputs, "dnsEntries": [made.outputs["dnsEntries"]]})

    return run


def _listener(aws: Aws, inputs: Inputs) -> Created:
    sent = {name: inputs[name] for name in inputs if name != "serviceArn"}
    sent["serviceIdentifier"] = inputs.get("serviceArn") or inputs.get("serviceIdentifier")
    made = aws.send(SERVICE, "CreateListener", sent)
    names = {"serviceIdentifier": made["serviceId"], "listenerIdentifier": made["id"]}
    found = aws.call(SERVICE, "GetListener", names)
    outputs = {
        "arn": found["arn"],
        "createdAt": plain(found["createdAt"]),
        "lastUpdatedAt": plain(found["lastUpdatedAt"]),
        "listenerId": found["id"],
        "port": found["port"],
        "serviceArn": found["serviceArn"],
        "serviceIdentifier": inputs.get("serviceIdentifier") or found["serviceId"],
    }
    return Created(f"{found['serviceId']}/{found['id']}", outputs)


def _rule(aws: Aws, inputs: Inputs) -> Created:
    sent = {**inputs, "match": _cased(inputs["match"])}
    made = aws.send(SERVICE, "CreateRule", sent)
    id_ = f"{inputs['serviceIdentifier']}/{inputs['listenerIdentifier']}/{made['id']}"
    return Created(id_, {"arn": made["arn"], "ruleId": made["id"]})


def _change_rule(aws: Aws, _old: Inputs, new: Inputs) -> None:
    names = {
        "serviceIdentifier": new["serviceIdentifier"],
        "listenerIdentifier": new["listenerIdentifier"],
        "ruleIdentifier": new["ruleId"],
    }
    changed = {"action": new["action"], "match": _cased(new["match"])}
    aws.send(SERVICE, "UpdateRule", {**names, **changed})


def _cased(match: Inputs) -> dict[str, Any]:
    """Return a match that says whether case counts: not, where the program says nothing."""
    http = dict(match["httpMatch"])
    if http.get("pathMatch"):
        http["pathMatch"] = {"caseSensitive": False, **http["pathMatch"]}
    if http.get("headerMatches"):
        http["headerMatches"] = [{"caseSensitive": False, **each} for each in http["headerMatches"]]
    return {"httpMatch": http}


def _change_health_check(aws: Aws, _old: Inputs, new: Inputs) -> None:
    check = (new.get("config") or {}).get("healthCheck")
    if check:
        sent = {"targetGroupIdentifier": new["id"], "healthCheck": check}
        aws.send(SERVICE, "UpdateTargetGroup", sent)


def _attachment(aws: Aws, inputs: Inputs) -> Created:
    answer = aws.call(SERVICE, "RegisterTargets", _targets(inputs))
    target = answer["successful"][0]
    id_ = f"{inputs['targetGroupIdentifier']}/{target['id']}/{target.get('port', 0)}"
    return Created(id_, {"target": target})


def _attached(aws: Aws, properties: Inputs) -> dict[str, Any] | None:
    found = aws.call(SERVICE, "ListTargets", _targets(properties))["items"]
    return (
        {"target": {key: found[0][key] for key in ("id", "port") if key in found[0]}}
        if (found and found[0]["status"] != "DRAINING")
        else None
    )


def _detach(aws: Aws, properties: Inputs) -> None:
    aws.call(SERVICE, "DeregisterTargets", _targets(properties))


def _targets(properties: Inputs) -> dict[str, Any]:
    target = properties["target"]
    port = {"port": int(target["port"])} if target.get("port") else {}
    group = properties["targetGroupIdentifier"]
    return {"targetGroupIdentifier": group, "targets": [{"id": target["id"], **port}]}


def _auth_policy(aws: Aws, inputs: Inputs) -> Created:
    _put_auth_policy(aws, inputs, inputs)
    return Created(inputs["resourceIdentifier"], {})


def _put_auth_policy(aws: Aws, _old: Inputs, new: Inputs) -> None:
    # The API takes no newlines.
    policy = json.dumps(json.loads(new["policy"]), separators=(",", ":"))
    request = {"resourceIdentifier": new["resourceIdentifier"], "policy": policy}
    aws.call(SERVICE, "PutAuthPolicy", request)


TAGGING = Tagging(SERVICE, {"resourceArn": "arn"})
LISTENER = {"serviceIdentifier": "serviceIdentifier", "listenerIdentifier": "listenerId"}
RULE = {
    "serviceIdentifier": "serviceIdentifier",
    "listenerIdentifier": "listenerIdentifier",
    "ruleIdentifier": "ruleId",
}
AUTH_POLICY = {"resourceIdentifier": "resourceIdentifier"}
RESOURCE_POLICY = {"resourceArn": "resourceArn"}
ASSOCIATION = "serviceNetworkServiceAssociationIdentifier"
VPC_ASSOCIATION = "serviceNetworkVpcAssociationIdentifier"
ASSOCIATED = _same("createdBy", "status")

TYPES = by_token(
    ResourceType(
        "aws:vpclattice/serviceNetwork:ServiceNetwork",
        _call("CreateServiceNetwork", authType="authType"),
        _life(
            "ServiceNetwork",
            "serviceNetworkIdentifier",
            _same("authType", "name"),
            updates=(
                Update(
                    _request("UpdateServiceNetwork", serviceNetworkIdentifier="id"), ("authType",)
                ),
            ),
            computed=frozenset({"authType"}),
        ),
    ),
    ResourceType(
        "aws:vpclattice/service:Service",
        _with_dns(
            _call(
                "CreateService",
                authType="authType",
                dnsEntries="dnsEntry",
                idleTimeoutSeconds="idleTimeoutSeconds",
                status="status",
            )
        ),
        _life(
            "Service",
            "serviceIdentifier",
            {
                **_same("authType", "certificateArn", "customDomainName", "idleTimeoutSeconds"),
                **_same("name", "status"),
                "dnsEntries": "dnsEntry",
            },
            updates=(
                Update(
                    _request("UpdateService", serviceIdentifier="id"),
                    ("authType", "certificateArn", "idleTimeoutSeconds"),
                    empty={"certificateArn": ""},
                ),
            ),
            computed=frozenset({"authType", "idleTimeoutSeconds"}),
        ),
    ),
    ResourceType(
        "aws:vpclattice/listener:Listener",
        _listener,
        Life(
            read=Reading(
                Request(SERVICE, "GetListener", LISTENER),
                properties={
                    **_same("arn", "createdAt", "defaultAction", "lastUpdatedAt", "name", "port"),
                    **_same("protocol", "serviceArn"),
                    "listenerId": "id",
                    "serviceIdentifier": "serviceId",
                },
            ),
            delete=(Request(SERVICE, "DeleteListener", LISTENER),),
            updates=(Update(Request(SERVICE, "UpdateListener", LISTENER), ("defaultAction",)),),
            tagging=TAGGING,
            imported="{serviceIdentifier}/{listenerId}",
            computed=frozenset({"port", "serviceArn", "serviceIdentifier"}),
            identifiers=frozenset({"serviceIdentifier"}),
            implied=IMPLIED,
        ),
    ),
    ResourceType(
        "aws:vpclattice/listenerRule:ListenerRule",
        _rule,
        Life(
            read=Reading(
                Request(SERVICE, "GetRule", RULE),
                properties={**_same("action", "arn", "match", "name", "priority"), "ruleId": "id"},
            ),
            delete=(Request(SERVICE, "DeleteRule", RULE),),
            updates=(Changed(("action", "match"), _change_rule),),
            tagging=TAGGING,
            imported="{serviceIdentifier}/{listenerIdentifier}/{ruleId}",
            steering=frozenset({"priority"}),
            identifiers=frozenset({"listenerIdentifier", "serviceIdentifier"}),
            implied=IMPLIED,
        ),
    ),
    ResourceType(
        "aws:vpclattice/targetGroup:TargetGroup",
        _call("CreateTargetGroup", status="status"),
        _life(
            "TargetGroup",
            "targetGroupIdentifier",
            _same("config", "name", "status", "type"),
            updates=(Changed(("config",), _change_health_check),),
            fixed=frozenset(
                f"config.{name}"
                for name in (
                    "ipAddressType",
                    "lambdaEventStructureVersion",
                    "port",
                    "protocol",
                    "protocolVersion",
                    "vpcIdentifier",
                )
            ),
        ),
    ),
    ResourceType(
        "aws:vpclattice/targetGroupAttachment:TargetGroupAttachment",
        _attachment,
        Life(read=Reading(_attached, properties=_same("target")), delete=(_detach,)),
        autoname=None,
        tagged=False,
    ),
    ResourceType(
        "aws:vpclattice/serviceNetworkServiceAssociation:ServiceNetworkServiceAssociation",
        _with_dns(
            _call(
                "CreateServiceNetworkServiceAssociation",
                **ASSOCIATED,
                customDomainName="customDomainName",
                dnsEntries="dnsEntry",
            )
        ),
        _life(
            "ServiceNetworkServiceAssociation",
            ASSOCIATION,
            {
                **ASSOCIATED,
                "customDomainName": "customDomainName",
                "dnsEntries": "dnsEntry",
                "serviceIdentifier": "serviceId",
                "serviceNetworkIdentifier": "serviceNetworkId",
            },
            identifiers=frozenset({"serviceIdentifier", "serviceNetworkIdentifier"}),
        ),
        autoname=None,
    ),
    ResourceType(
        "aws:vpclattice/serviceNetworkVpcAssociation:ServiceNetworkVpcAssociation",
        _call("CreateServiceNetworkVpcAssociation", **ASSOCIATED),
        _life(
            "ServiceNetworkVpcAssociation",
            VPC_ASSOCIATION,
            {
                **ASSOCIATED,
                **_same("dnsOptions", "privateDnsEnabled", "securityGroupIds"),
                "serviceNetworkIdentifier": "serviceNetworkId",
                "vpcIdentifier": "vpcId",
            },
            updates=(
                Update(
                    _request("UpdateServiceNetworkVpcAssociation", **{VPC_ASSOCIATION: "id"}),
                    ("dnsOptions", "privateDnsEnabled", "securityGroupIds"),
                ),
            ),
            identifiers=frozenset({"serviceNetworkIdentifier"}),
        ),
        autoname=None,
    ),
    ResourceType(
        "aws:vpclattice/authPolicy:AuthPolicy",
        _auth_policy,
        Life(
            read=Reading(
                Request(SERVICE, "GetAuthPolicy", AUTH_POLICY), properties=_same("policy")
            ),
            delete=(Request(SERVICE, "DeleteAuthPolicy", AUTH_POLICY),),
            updates=(Changed(("policy", "resourceIdentifier"), _put_auth_policy),),
            imported="{resourceIdentifier}",
            steering=frozenset({"state"}),
        ),
        autoname=None,
        tagged=False,
    ),
    ResourceType(
        "aws:vpclattice/resourcePolicy:ResourcePolicy",
        Call(SERVICE, "PutResourcePolicy", id="{resourceArn}"),
        Life(
            read=Reading(
                Request(SERVICE, "GetResourcePolicy", RESOURCE_POLICY), properties=_same("policy")
            ),
            delete=(Request(SERVICE, "DeleteResourcePolicy", RESOURCE_POLICY),),
            updates=(Update(Request(SERVICE, "PutResourcePolicy", RESOURCE_POLICY), ("policy",)),),
            imported="{resourceArn}",
        ),
        autoname=None,
        tagged=False,
    ),
    ResourceType(
        "aws:vpclattice/accessLogSubscription:AccessLogSubscription",
        _call(
            "CreateAccessLogSubscription",
            resourceArn="resourceArn",
            serviceNetworkLogType="serviceNetworkLogType",
        ),
        _life(
            "AccessLogSubscription",
            "accessLogSubscriptionIdentifier",
            {
                **_same("destinationArn", "resourceArn", "serviceNetworkLogType"),
                "resourceIdentifier": "resourceId",
            },
            computed=frozenset({"serviceNetworkLogType"}),
            identifiers=frozenset({"resourceIdentifier"}),
        ),
        autoname=None,
    ),
)
