"""What events of CloudTrail say, in the forms in which AWS writes them."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.inspect.audit.deeds import deeds
from meshkit.inspect.audit.subjects import Subjects

OWN = "111111111111"
NODE = f"arn:aws:appmesh:eu-west-1:{OWN}:mesh/shop/virtualNode/web"
SHARE = f"arn:aws:ram:eu-west-1:{OWN}:resource-share/1"
TRAIL = f"arn:aws:cloudtrail:eu-west-1:{OWN}:trail/shop-audit"
SUBJECTS = Subjects(
    "shop",
    OWN,
    {
        (OWN, "role", "shop-web-12345678"): "role shop-web-12345678",
        (OWN, "share", "shop"): "share shop",
        (OWN, "service", "shop-api"): "service api.local",
        (OWN, "target group", "shop-api"): "node api",
        (OWN, "trail", "shop-audit"): "trail shop-audit",
        (OWN, "recorder", "default"): "recorder default",
    },
    {NODE: "node web", SHARE: "share shop", TRAIL: "trail shop-audit"},
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
    for name, given in (
        ("CreateResourceShare", {"name": "shop"}),
        ("AssociateResourceShare", {"resourceShareArn": SHARE}),
        ("AcceptAny", {"resourceShareArns": [SHARE]}),
    ):
        shared = told(eventSource="ram.amazonaws.com", eventName=name, requestParameters=given)
        assert shared.resource == "share shop"


@pytest.mark.parametrize(
    ("source", "name", "given", "resource"),
    [
        ("cloudtrail", "StopLogging", {"name": "shop-audit"}, "trail shop-audit"),
        ("cloudtrail", "StopLogging", {"name": TRAIL}, "trail shop-audit"),
        ("cloudtrail", "PutEventSelectors", {"trailName": "shop-audit"}, "trail shop-audit"),
        (
            "config",
            "StopConfigurationRecorder",
            {"configurationRecorderName": "default"},
            "recorder default",
        ),
        (
            "config",
            "PutConfigurationRecorder",
            {"configurationRecorder": {"name": "default"}},
            "recorder default",
        ),
    ],
)
def test_who_meddles_with_the_audit_is_told(
    source: str, name: str, given: dict[str, Any], resource: str
) -> None:
    deed = told(eventSource=f"{source}.amazonaws.com", eventName=name, requestParameters=given)
    assert deed.resource == resource


def test_a_name_counts_in_its_account_and_for_its_kind_alone() -> None:
    share = {"eventSource": "ram.amazonaws.com", "requestParameters": {"name": "shop"}}
    role = {
        "eventSource": "iam.amazonaws.com",
        "requestParameters": {"roleName": "shop-web-12345678"},
    }
    made = {"eventName": "CreateResourceShare", "recipientAccountId": "222222222222"}
    others = ({**share, "eventName": "CreatePermission"}, {**share, **made}, {**role, **made})
    assert deeds([{**EVENT, **each} for each in others], SUBJECTS) == ()


def lattice(number: int, name: str, given: Any, answered: Any = None) -> dict[str, Any]:
    return {
        **EVENT,
        "eventSource": "vpc-lattice.amazonaws.com",
        "eventID": str(number),
        "eventName": name,
        "requestParameters": given,
        "responseElements": answered,
    }


def test_things_of_vpc_lattice_are_known_by_what_their_creation_answered() -> None:
    service, network = "svc-1", "sn-other"
    found = deeds(
        (
            lattice(6, "DeleteService", {"serviceIdentifier": service}),
            lattice(5, "DeleteTargetGroup", {"targetGroupIdentifier": "tg-1"}),
            lattice(
                4,
                "DeleteServiceNetworkServiceAssociation",
                {"serviceNetworkServiceAssociationIdentifier": "snsa-1"},
            ),
            lattice(
                3,
                "CreateServiceNetworkServiceAssociation",
                {"serviceIdentifier": service, "serviceNetworkIdentifier": network},
                {"id": "snsa-1", "arn": "arn:snsa-1"},
            ),
            lattice(2, "CreateTargetGroup", {"name": "shop-api"}, {"id": "tg-1"}),
            lattice(1, "CreateService", {"name": "shop-api"}, {"id": service, "arn": "arn:svc"}),
        ),
        SUBJECTS,
    )
    assert [deed.resource for deed in found] == [
        "service api.local",
        "node api",
        "service api.local",
        "service api.local",
        "node api",
        "service api.local",
    ]


def test_a_deleted_service_is_known_by_the_name_in_the_answer() -> None:
    event = lattice(1, "DeleteService", {"serviceIdentifier": "svc-9"}, {"name": "shop-api"})
    (deed,) = deeds([event], SUBJECTS)
    assert deed.resource == "service api.local"
    assert deeds([{**event, "responseElements": {"name": "other"}}], SUBJECTS) == ()


@pytest.mark.parametrize(
    ("identity", "who"),
    [
        ({"type": "IAMUser", "userName": "ann"}, "user ann"),
        ({"type": "Root"}, "root"),
        ({"type": "AWSService", "invokedBy": "ram.amazonaws.com"}, "service ram.amazonaws.com"),
        ({"type": "AWSAccount", "accountId": "222222222222"}, "account 222222222222"),
        (
            {"type": "FederatedUser", "arn": f"arn:aws:sts::{OWN}:federated-user/bob"},
            "federated user bob",
        ),
        (
            {
                "type": "WebIdentityUser",
                "userName": "repo:acme/shop",
                "identityProvider": f"arn:aws:iam::{OWN}:oidc-provider/ci.example/id",
            },
            "repo:acme/shop of ci.example/id",
        ),
        (
            {"type": "WebIdentityUser", "userName": "ann", "identityProvider": "accounts.example"},
            "ann of accounts.example",
        ),
        ({"type": "SAMLUser"}, "? of ?"),
        (
            {"type": "IdentityCenterUser", "onBehalfOf": {"userId": "94e8-1"}},
            "Identity Center user 94e8-1",
        ),
        ({"type": "Unknown"}, "service Unknown"),
        ({}, "service ?"),
    ],
)
def test_others_than_roles_are_told_too(identity: dict[str, str], who: str) -> None:
    deed = told(userIdentity=identity)
    assert (deed.who, deed.session) == (who, "")


def test_the_source_of_a_session_is_told() -> None:
    context = {"sourceIdentity": "ann@example.org"}
    assert told(userIdentity={**SESSION, "sessionContext": context}).source_identity == (
        "ann@example.org"
    )
    assert told().source_identity == ""


def test_deeds_are_in_the_order_of_time() -> None:
    later = {**EVENT, "eventTime": "2026-11-22T13:00:00Z", "eventID": "0"}
    told_first = {**EVENT, "eventID": "2"}
    found = deeds([told_first, EVENT, later], SUBJECTS)
    assert [deed.event for deed in found] == ["1", "2", "0"]
