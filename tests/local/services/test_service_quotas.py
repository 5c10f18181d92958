"""Quotas of App Mesh: asked for through Service Quotas, they hold in App Mesh."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from meshkit.local.services.appmesh.kinds import DEFAULT_QUOTAS
from meshkit.local.services.service_quotas import NAMES
from tests.local.services.conftest import CONSUMER, OWNER, Cloud

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


def test_every_quota_that_app_mesh_keeps_can_be_asked_for() -> None:
    assert set(NAMES) == set(DEFAULT_QUOTAS)
