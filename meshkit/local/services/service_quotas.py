"""Service Quotas of App Mesh and VPC Lattice: what is in force, and increases, granted at once.

Other services have none here. Sources: Service Quotas API reference; the codes and names of App
Mesh's quotas are those of the AWS General Reference, "App Mesh service quotas".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from moto.moto_api._internal import mock_random
from moto.servicequotas.models import servicequotas_backends

from meshkit.local.services import paging
from meshkit.local.services.appmesh import backend as appmesh
from meshkit.local.services.appmesh import kinds
from meshkit.local.services.clock import now
from meshkit.local.services.dispatch import Call, Handler, ModelBackend, ModelResponse, regional
from meshkit.local.services.errors import ApiError
from meshkit.local.services.vpclattice import backend as lattice
from meshkit.local.services.vpclattice import quotas as lattice_quotas


@dataclass(frozen=True)
class Quotas:
    """The quotas of one service: their names and defaults by code, and those in force."""

    service: str
    names: Mapping[str, str]
    defaults: Mapping[str, int]
    in_force: Callable[[str, str], dict[str, int]]


APP_MESH = Quotas(
    "AWS App Mesh",
    {
        kinds.MESH.quota_code: "Meshes per account",
        kinds.VIRTUAL_NODE.quota_code: "Virtual nodes per mesh",
        kinds.VIRTUAL_SERVICE.quota_code: "Virtual services per mesh",
        kinds.VIRTUAL_ROUTER.quota_code: "Virtual routers per mesh",
        kinds.ROUTE.quota_code: "Routes per virtual router",
        kinds.BACKENDS_PER_NODE: "Backends per virtual node",
        kinds.VIRTUAL_GATEWAY.quota_code: "Virtual gateways per mesh",
        kinds.GATEWAY_ROUTE.quota_code: "Gateway routes per virtual gateway",
    },
    kinds.DEFAULT_QUOTAS,
    lambda account, region: appmesh.backend(account, region).quotas,
)
LATTICE = Quotas(
    "Amazon VPC Lattice",
    {quota.code: quota.name for quota in lattice_quotas.QUOTAS},
    {quota.code: quota.limit for quota in lattice_quotas.QUOTAS},
    lambda account, region: lattice.backend(account, region).quotas,
)
SERVICES = {"appmesh": APP_MESH, "vpc-lattice": LATTICE}
PAGE_SIZE = 100


def list_services(call: Call) -> dict[str, Any]:
    """List the services that have quotas."""
    return _page(call, "Services", map(_service, SERVICES), "ServiceCode")


def list_quotas(call: Call) -> dict[str, Any]:
    """List the quotas in force."""
    return _page(call, "Quotas", _quotas(call, _in_force(call)), "QuotaCode")


def list_defaults(call: Call) -> dict[str, Any]:
    """List what AWS allows by default."""
    return _page(call, "Quotas", _quotas(call, _known(call).defaults), "QuotaCode")


def get_quota(call: Call) -> dict[str, Any]:
    """Return one quota in force."""
    return {"Quota": _quota(call, _in_force(call))}


def get_default(call: Call) -> dict[str, Any]:
    """Return one quota as AWS allows it by default."""
    return {"Quota": _quota(call, _known(call).defaults)}


def request_increase(call: Call) -> dict[str, Any]:
    """Raise a quota. AWS looks at such a request for hours or days; here it is granted at once."""
    in_force = _in_force(call)
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
    service = call.params.get("ServiceCode")
    found = [each for each in _home(call).changes if service in (None, each["ServiceCode"])]
    return _page(call, "RequestedQuotas", found, "Id")


def _home(call: Call) -> ServiceQuotas:
    backend = regional(servicequotas_backends, call.account, call.region)
    return cast("ServiceQuotas", backend)


def _service(code: str) -> dict[str, str]:
    return {"ServiceCode": code, "ServiceName": SERVICES[code].service}


def _known(call: Call) -> Quotas:
    service = call.params["ServiceCode"]
    if service not in SERVICES:
        raise _unknown(f"The local cloud has no quotas of {service}.")
    return SERVICES[service]


def _in_force(call: Call) -> dict[str, int]:
    return _known(call).in_force(call.account, call.region)


def _quota(call: Call, values: Mapping[str, int]) -> dict[str, Any]:
    for quota in _quotas(call, values):
        if quota["QuotaCode"] == call.params["QuotaCode"]:
            return quota
    raise _unknown(f"The quota {call.params['QuotaCode']} does not exist.")


def _quotas(call: Call, values: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    service = call.params["ServiceCode"]
    place = f"arn:{call.partition}:servicequotas:{call.region}:{call.account}"
    for code, name in _known(call).names.items():
        yield _service(service) | {
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
