"""What events of CloudTrail say, in the forms in which AWS writes them."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.inspect.audit.deeds import deeds
from meshkit.inspect.audit.subjects import Subjects

OWN = "111111111111"
NODE = f"arn:aws:appmesh:eu-west-1:{OWN}:mesh/shop/virtualNode/web"
SHARE = f"arn:aws:ram:eu-west-1:{OWN}:resource-share/1"
SUBJECTS = Subjects(
    "shop",
    OWN,
    {"shop-web-12345678": "role shop-web-12345678"},
    {NODE: "node web", SHARE: "share shop", "share:shop": "share shop"},
)
SESSION = {
    "type": "AssumedRole",
    "principalId": "AROAEXAMPLE:ann",
    "arn": f"arn:aws:sts::{OWN}:assumed-role/night-shift/ann",
    "accountId": OWN,
    "accessKeyId": "ASIAEXAMPLE",
}
EVENT: dict[str, Any] = {
    "eventVersion": "1.08",
    "userIdentity": SESSION,
    "eventTime": "2026-11-22T12:00:00Z",
    "eventSource": "appmesh.amazonaws.com",
    "eventName": "UpdateRoute",
    "awsRegion": "eu-west-1",
    "requestParameters": {
        "meshName": "shop",
        "virtualRouterName": "api",
        "routeName": "all",
        "spec": {},
    },
    "readOnly": False,
    "eventID": "1",
    "eventType": "AwsApiCall",
    "recipientAccountId": OWN,
}


def told(**changed: Any) -> Any:
    (found,) = deeds([{**EVENT, **changed}], SUBJECTS)
    return found


def connection(status: str, reason: str = "") -> dict[str, Any]:
    """The form of a proxy's connection, which CloudTrail tells as a service event."""
    return {
        "userIdentity": {**SESSION, "invokedBy": "appmesh.amazonaws.com"},
        "eventName": "StreamAggregatedResources",
        "requestParameters": None,
        "eventType": "AwsServiceEvent",
        "serviceEventDetails": {
            "connectionId": "7e489977",
            "nodeArn": NODE,
            "eventStatus": status,
            "failureReason": reason,
        },
    }


def test_a_change_names_the_role_its_session_and_the_route() -> None:
    deed = told()
    assert (deed.who, deed.session) == ("role night-shift", "ann")
    assert (deed.action, deed.resource) == ("appmesh:UpdateRoute", "route api/all")
    assert (deed.outcome, deed.reads) == ("done", False)


@pytest.mark.parametrize(
    ("given", "resource"),
    [
        ({"meshName": "shop"}, "mesh shop"),
        ({"meshName": "shop", "virtualNodeName": "web"}, "node web"),
        ({"meshName": "shop", "virtualRouterName": "api"}, "router api"),
        ({"meshName": "shop", "virtualServiceName": "web.local"}, "service web.local"),
        (
            {"meshName": "shop", "virtualGatewayName": "in", "gatewayRouteName": "r"},
            "gateway route in/r",
        ),
        ({"resourceArn": NODE, "tags": []}, "node web"),
    ],
)
def test_requests_of_app_mesh_name_things(given: dict[str, str], resource: str) -> None:
    assert told(requestParameters=given).resource == resource


@pytest.mark.parametrize(
    "given",
    [
        {"meshName": "other"},
        {"meshName": "shop", "meshOwner": "222222222222"},
        None,
        {"clientToken": "t"},
    ],
)
def test_another_mesh_is_no_business_of_the_file(given: dict[str, str] | None) -> None:
    assert deeds([{**EVENT, "requestParameters": given}], SUBJECTS) == ()


def test_a_mesh_of_the_same_name_in_a_consumer_s_account_is_another() -> None:
    event = {**EVENT, "recipientAccountId": "222222222222"}
    assert deeds([event], SUBJECTS) == ()
    shared = {**EVENT["requestParameters"], "meshOwner": OWN}
    (deed,) = deeds([{**event, "requestParameters": shared}], SUBJECTS)
    assert deed.account == "222222222222"


def test_a_proxy_that_is_refused_is_a_denial() -> None:
    reason = f"Unauthorized to perform appmesh:StreamAggregatedResources for {NODE}."
    deed = told(**connection("ConnectionTerminated", reason))
    assert (deed.resource, deed.outcome, deed.error) == ("node web", "denied", reason)


def test_a_proxy_that_connects_or_ends_in_order_is_none() -> None:
    for status in ("ConnectionEstablished", "ConnectionGracefullyTerminated"):
        deed = told(**connection(status))
        assert (deed.outcome, deed.reads) == ("done", True)
    assert told(**connection("ConnectionTerminated", "Internal error")).outcome == "failed"


def test_a_refused_call_is_a_denial_and_another_error_a_failure() -> None:
    denied = told(errorCode="AccessDeniedException", errorMessage="User is not\n authorized")
    assert (denied.outcome, denied.error) == (
        "denied",
        "AccessDeniedException: User is not authorized",
    )
    assert told(errorCode="ConflictException").outcome == "failed"


def test_changes_of_roles_and_shares_are_told() -> None:
    role = {"roleName": "shop-web-12345678", "policyName": "p"}
    changed = told(
        eventSource="iam.amazonaws.com", eventName="PutRolePolicy", requestParameters=role
    )
    assert changed.resource == "role shop-web-12345678"
    for given in ({"name": "shop"}, {"resourceShareArn": SHARE}, {"resourceShareArns": [SHARE]}):
        shared = told(eventSource="ram.amazonaws.com", eventName="Any", requestParameters=given)
        assert shared.resource == "share shop"


@pytest.mark.parametrize(
    ("identity", "who"),
    [
        ({"type": "IAMUser", "userName": "ann"}, "user ann"),
        ({"type": "Root"}, "root"),
        ({"type": "AWSService", "invokedBy": "ram.amazonaws.com"}, "service ram.amazonaws.com"),
        ({"type": "WebIdentityUser"}, "service WebIdentityUser"),
        ({}, "service ?"),
    ],
)
def test_others_than_roles_are_told_too(identity: dict[str, str], who: str) -> None:
    deed = told(userIdentity=identity)
    assert (deed.who, deed.session) == (who, "")


def test_deeds_are_in_the_order_of_time() -> None:
    later = {**EVENT, "eventTime": "2026-11-22T13:00:00Z", "eventID": "0"}
    assert [deed.event for deed in deeds([later, EVENT], SUBJECTS)] == ["1", "0"]
