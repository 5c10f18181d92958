"""Service Quotas of App Mesh: what is in force, and increases, which are granted at once.

Other services have none here. Sources: Service Quotas API reference; the quotas' codes and names
are those of the AWS General Reference, "App Mesh service quotas".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, cast

from moto.moto_api._internal import mock_random
from moto.servicequotas.models import servicequotas_backends

from meshkit.local.services import paging
from meshkit.local.services.appmesh import backend as appmesh
from meshkit.local.services.appmesh import kinds
from meshkit.local.services.clock import now
from meshkit.local.services.dispatch import Call, Handler, ModelBackend, ModelResponse, regional
from meshkit.local.services.errors import ApiError

SERVICE = {"ServiceCode": "appmesh", "ServiceName": "AWS App Mesh"}
NAMES = {
    kinds.MESH.quota_code: "Meshes per account",
    kinds.VIRTUAL_NODE.quota_code: "Virtual nodes per mesh",
    kinds.VIRTUAL_SERVICE.quota_code: "Virtual services per mesh",
    kinds.VIRTUAL_ROUTER.quota_code: "Virtual routers per mesh",
    kinds.ROUTE.quota_code: "Routes per virtual router",
    kinds.BACKENDS_PER_NODE: "Backends per virtual node",
    kinds.VIRTUAL_GATEWAY.quota_code: "Virtual gateways per mesh",
    kinds.GATEWAY_ROUTE.quota_code: "Gateway routes per virtual gateway",
}
PAGE_SIZE = 100


def list_services(call: Call) -> dict[str, Any]:
    """List the services that have quotas."""
    return _page(call, "Services", [SERVICE], "ServiceCode")


def list_quotas(call: Call) -> dict[str, Any]:
    """List the quotas in force."""
    in_force = appmesh.backend(call.account, call.region).quotas
    return _page(call, "Quotas", _quotas(call, in_force), "QuotaCode")


def list_defaults(call: Call) -> dict[str, Any]:
    """List what AWS allows by default."""
    return _page(call, "Quotas", _quotas(call, kinds.DEFAULT_QUOTAS), "QuotaCode")


def get_quota(call: Call) -> dict[str, Any]:
    """Return one quota in force."""
    return {"Quota": _quota(call, appmesh.backend(call.account, call.region).quotas)}


def get_default(call: Call) -> dict[str, Any]:
    """Return one quota as AWS allows it by default."""
    return {"Quota": _quota(call, kinds.DEFAULT_QUOTAS)}


def request_increase(call: Call) -> dict[str, Any]:
    """Raise a quota. AWS looks at such a request for hours or days; here it is granted at once."""
    in_force = appmesh.backend(call.account, call.region).quotas
    quota, wanted = _quota(call, in_force), call.params["DesiredValue"]
    if wanted <= quota["Value"]:
        message = f"{wanted:g} is not more than the quota in force, {quota['Value']:g}."
        raise ApiError("IllegalArgumentException", message)
    in_force[quota["QuotaCode"]] = int(wanted)
    kept = ("ServiceCode", "ServiceName", "QuotaCode", "QuotaName", "QuotaArn", "Unit")
    change = {name: quota[name] for name in kept} | {
        "Id": mock_random.uuid4().hex,
        "DesiredValue": wanted,
        "Status": "APPROVED",
        "Created": now(),
        "LastUpdated": now(),
        "GlobalQuota": False,
    }
    _home(call).changes.append(change)
    return {"RequestedQuota": change}


def get_change(call: Call) -> dict[str, Any]:
    """Return a request for an increase."""
    for change in _home(call).changes:
        if change["Id"] == call.params["RequestId"]:
            return {"RequestedQuota": change}
    raise _unknown(f"The request {call.params['RequestId']} does not exist.")


def list_changes(call: Call) -> dict[str, Any]:
    """List the requests for increases."""
    service = call.params.get("ServiceCode", SERVICE["ServiceCode"])
    found = [each for each in _home(call).changes if each["ServiceCode"] == service]
    return _page(call, "RequestedQuotas", found, "Id")


def _home(call: Call) -> ServiceQuotas:
    backend = regional(servicequotas_backends, call.account, call.region)
    return cast("ServiceQuotas", backend)


def _quota(call: Call, values: dict[str, int]) -> dict[str, Any]:
    for quota in _quotas(call, values):
        if quota["QuotaCode"] == call.params["QuotaCode"]:
            return quota
    raise _unknown(f"The quota {call.params['QuotaCode']} does not exist.")


def _quotas(call: Call, values: dict[str, int]) -> Iterator[dict[str, Any]]:
    service = call.params["ServiceCode"]
    if service != SERVICE["ServiceCode"]:
        raise _unknown(f"The local cloud has no quotas of {service}.")
    place = f"arn:{call.partition}:servicequotas:{call.region}:{call.account}"
    for code, name in NAMES.items():
        yield SERVICE | {
            "QuotaArn": f"{place}:{service}/{code}",
            "QuotaCode": code,
            "QuotaName": name,
            "Value": float(values[code]),
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
        }


def _page(call: Call, member: str, items: Iterable[Mapping[str, Any]], key: str) -> dict[str, Any]:
    limit, token = call.params.get("MaxResults", PAGE_SIZE), call.params.get("NextToken")
    try:
        shown, token = paging.page(items, lambda item: str(item[key]), limit, token)
    except paging.BadTokenError:
        message = "The specified value for NextToken is not valid."
        raise ApiError("InvalidPaginationTokenException", message) from None
    return {member: shown, "NextToken": token}


def _unknown(message: str) -> ApiError:
    return ApiError("NoSuchResourceException", message)


_OPERATIONS: dict[str, Handler] = {
    "ListServices": list_services,
    "ListServiceQuotas": list_quotas,
    "ListAWSDefaultServiceQuotas": list_defaults,
    "GetServiceQuota": get_quota,
    "GetAWSDefaultServiceQuota": get_default,
    "RequestServiceQuotaIncrease": request_increase,
    "GetRequestedServiceQuotaChange": get_change,
    "ListRequestedServiceQuotaChangeHistory": list_changes,
}


class ServiceQuotasResponse(ModelResponse):
    """The requests of Service Quotas."""

    service = "service-quotas"
    invalid_code = "IllegalArgumentException"
    mismatch_code = "IllegalArgumentException"
    handlers: ClassVar = _OPERATIONS


class ServiceQuotas(ModelBackend):
    """The increases that one account asked for in one region."""

    host = "servicequotas"
    response = ServiceQuotasResponse

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.changes: list[dict[str, Any]] = []
