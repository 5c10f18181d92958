"""Quotas of App Mesh and VPC Lattice: asked for through Service Quotas, they hold there."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from meshkit.local.services.service_quotas import SERVICES
from tests.local.services.conftest import CONSUMER, OWNER, REGION, Cloud

GATEWAYS = {"ServiceCode": "appmesh", "QuotaCode": "L-87E74146"}


def make_gateway(cloud: Cloud, name: str) -> None:
    listener = {"portMapping": {"port": 80, "protocol": "http"}}
    cloud("appmesh", OWNER).create_virtual_gateway(
        meshName="m", virtualGatewayName=name, spec={"listeners": [listener]}
    )


def test_an_increase_lets_app_mesh_make_more(cloud: Cloud) -> None:
    cloud("appmesh", OWNER).create_mesh(meshName="m")
    for number in range(3):
        make_gateway(cloud, f"g{number}")
    with pytest.raises(ClientError, match="LimitExceededException"):
        make_gateway(cloud, "g3")
    quotas = cloud("service-quotas", OWNER)

    asked = quotas.request_service_quota_increase(**GATEWAYS, DesiredValue=4)["RequestedQuota"]

    assert asked["Status"] == "APPROVED"
    make_gateway(cloud, "g3")
    assert quotas.get_service_quota(**GATEWAYS)["Quota"]["Value"] == 4
    assert quotas.get_aws_default_service_quota(**GATEWAYS)["Quota"]["Value"] == 3
    other = cloud("service-quotas", CONSUMER)
    assert other.get_service_quota(**GATEWAYS)["Quota"]["Value"] == 3


def test_an_increase_lets_vpc_lattice_make_more(cloud: Cloud) -> None:
    lattice, quota = cloud("vpc-lattice"), {"ServiceCode": "vpc-lattice", "QuotaCode": "L-D64E952E"}
    service = lattice.create_service(name="catalog")["id"]

    def listen(port: int) -> None:
        action = {"fixedResponse": {"statusCode": 404}}
        lattice.create_listener(
            serviceIdentifier=service,
            name=f"http-{port}",
            protocol="HTTP",
            port=port,
            defaultAction=action,
        )

    listen(80)
    listen(81)
    with pytest.raises(ClientError, match="ServiceQuotaExceededException") as raised:
        listen(82)
    assert dict(raised.value.response)["quotaCode"] == "L-D64E952E"
    cloud("service-quotas").request_service_quota_increase(**quota, DesiredValue=3)
    listen(82)


@pytest.mark.parametrize("service", SERVICES)
def test_every_quota_that_a_service_keeps_can_be_asked_for(cloud: Cloud, service: str) -> None:
    quotas = SERVICES[service]
    assert set(quotas.names) == set(quotas.defaults) == set(quotas.in_force(OWNER, REGION))
    shown = cloud("service-quotas").list_service_quotas(ServiceCode=service)["Quotas"]
    assert {each["QuotaCode"]: each["Value"] for each in shown} == quotas.defaults


def test_changes_of_all_services_are_listed_where_none_is_named(cloud: Cloud) -> None:
    quotas = cloud("service-quotas")
    quotas.request_service_quota_increase(**GATEWAYS, DesiredValue=4)
    quotas.request_service_quota_increase(
        ServiceCode="vpc-lattice", QuotaCode="L-9CAD07FB", DesiredValue=60
    )

    every = quotas.list_requested_service_quota_change_history()["RequestedQuotas"]
    of_lattice = quotas.list_requested_service_quota_change_history(ServiceCode="vpc-lattice")

    assert sorted(each["ServiceCode"] for each in every) == ["appmesh", "vpc-lattice"]
    assert [each["QuotaCode"] for each in of_lattice["RequestedQuotas"]] == ["L-9CAD07FB"]
