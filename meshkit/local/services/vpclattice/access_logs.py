"""Access log subscriptions of services and service networks."""

from __future__ import annotations

from typing import Any

from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.vpclattice.access import own
from meshkit.local.services.vpclattice.backend import home
from meshkit.local.services.vpclattice.kinds import ACCESS_LOG_SUBSCRIPTION, SERVICE_NETWORK
from meshkit.local.services.vpclattice.pages import listing
from meshkit.local.services.vpclattice.policies import with_policies
from meshkit.local.services.vpclattice.refusals import conflict, invalid
from meshkit.local.services.vpclattice.resource import Resource, identified

_DESTINATIONS = ("logs", "s3", "firehose")


def create(call: Call) -> dict[str, Any]:
    """Send access logs to a log group, a bucket or a delivery stream.

    Inferred: a resource has one subscription for each type of destination and of log.
    """
    params = call.params
    resource = with_policies(call, params["resourceIdentifier"])
    log_type = params.get("serviceNetworkLogType")
    if resource.kind is SERVICE_NETWORK:
        log_type = log_type or "SERVICE"
    elif log_type:
        raise invalid("serviceNetworkLogType is for service networks")
    destination = _destination(params["destinationArn"])
    for each in home(call).of(ACCESS_LOG_SUBSCRIPTION, resource.id):
        same_type = each.values.get("serviceNetworkLogType") == log_type
        if same_type and _destination(each.values["destinationArn"]) == destination:
            message = f"{resource.id} has a subscription with such a destination: {each.id}"
            raise conflict(ACCESS_LOG_SUBSCRIPTION, each.id, message)
    values = {
        "resourceId": resource.id,
        "resourceArn": resource.arn,
        "destinationArn": params["destinationArn"],
        "serviceNetworkLogType": log_type,
    }
    made = home(call).add(ACCESS_LOG_SUBSCRIPTION, call, values)
    made.parent = resource.id
    return made.shown()


def get(call: Call) -> dict[str, Any]:
    """Return a subscription."""
    return _own(call).shown()


def list_all(call: Call) -> dict[str, Any]:
    """List the subscriptions of a service or service network, none for one that is not there.

    The API has no error for that.
    """
    named = identified(call.params["resourceIdentifier"])
    return listing(call, home(call).of(ACCESS_LOG_SUBSCRIPTION, named.id))


def update(call: Call) -> dict[str, Any]:
    """Change the destination."""
    subscription = _own(call)
    _destination(call.params["destinationArn"])
    subscription.update(destinationArn=call.params["destinationArn"])
    return subscription.shown()


def delete(call: Call) -> dict[str, Any]:
    """Delete a subscription."""
    home(call).remove(_own(call))
    return {}


OPERATIONS: dict[str, Handler] = {
    "CreateAccessLogSubscription": create,
    "GetAccessLogSubscription": get,
    "ListAccessLogSubscriptions": list_all,
    "UpdateAccessLogSubscription": update,
    "DeleteAccessLogSubscription": delete,
}


def _own(call: Call) -> Resource:
    return own(call, ACCESS_LOG_SUBSCRIPTION)


def _destination(arn: str) -> str:
    """Return the service that takes the logs; raise `ValidationException` for another."""
    service = arn.split(":")[2]
    if service not in _DESTINATIONS:
        raise invalid(f"{arn} is no log group, bucket or delivery stream")
    return service
