from __future__ import annotations

import os

import boto3
import pytest
from botocore.config import Config

from meshkit.local.cloud import Cloud, CloudError
from meshkit.local.services.organization import found_organization
from tests.local.making import CONSUMER, OWNER, REGION


def who(client: object) -> str:
    return str(client.get_caller_identity()["Account"])  # type: ignore[attr-defined]


def test_each_account_and_region_is_apart() -> None:
    with Cloud(region=REGION) as cloud:
        cloud.client("appmesh", OWNER).create_mesh(meshName="shop")

        names = {
            place: [
                mesh["meshName"] for mesh in cloud.client("appmesh", *place).list_meshes()["meshes"]
            ]
            for place in ((OWNER, REGION), (OWNER, "eu-central-1"), (CONSUMER, REGION))
        }

    assert names == {(OWNER, REGION): ["shop"], (OWNER, "eu-central-1"): [], (CONSUMER, REGION): []}


def test_callers_without_a_role_are_in_the_cloud_s_own_account() -> None:
    with Cloud(account=OWNER) as cloud:
        assert who(cloud.client("sts")) == OWNER
        assert who(boto3.client("sts", region_name=REGION)) == OWNER
        assert who(cloud.client("sts", CONSUMER)) == CONSUMER
    with Cloud() as cloud:
        assert who(cloud.client("sts")) == "123456789012"


def test_clients_are_kept() -> None:
    with Cloud() as cloud:
        assert cloud.client("iam", OWNER, REGION) is cloud.client("iam", OWNER, REGION)
        assert cloud.client("iam", OWNER) is not cloud.client("iam", CONSUMER)


def test_the_environment_is_made_up_inside_and_restored_outside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://example.com")
    monkeypatch.setenv("AWS_REGION", REGION)
    before = dict(os.environ)

    with Cloud(account=OWNER):
        inside = dict(os.environ)

    assert inside["AWS_SECRET_ACCESS_KEY"] != "real"
    assert not inside.keys() & {"AWS_PROFILE", "AWS_ENDPOINT_URL"}
    assert inside["AWS_REGION"] == REGION
    assert dict(os.environ) == before


def test_a_cloud_starts_empty() -> None:
    with Cloud() as cloud:
        cloud.client("appmesh").create_mesh(meshName="shop")
    with Cloud() as cloud:
        assert cloud.client("appmesh").list_meshes()["meshes"] == []


def test_a_second_cloud_in_the_process_is_refused_and_harms_nothing() -> None:
    with Cloud() as cloud:
        cloud.client("appmesh").create_mesh(meshName="shop")
        with pytest.raises(CloudError, match="already running"), Cloud():
            pass
        assert len(cloud.client("appmesh").list_meshes()["meshes"]) == 1


@pytest.mark.parametrize("account", ["1", "12345678901x", ""])
def test_an_account_id_is_12_digits(account: str) -> None:
    with pytest.raises(CloudError, match="12 digits"):
        Cloud(account=account)


def test_a_request_that_moto_does_not_know_is_not_sent() -> None:
    settings = Config(retries={"total_max_attempts": 1}, connect_timeout=1)
    with Cloud():
        client = boto3.client(
            "iam", region_name=REGION, endpoint_url="https://iam.example.com", config=settings
        )
        with pytest.raises(CloudError, match=r"no service at iam\.example\.com; nothing was sent"):
            client.list_roles()


def test_a_cloud_leaves_no_organization_to_the_next() -> None:
    with Cloud():
        found_organization("999999999999", ["111111111111"], "o-exampleorg1")
    with Cloud(account="111111111111") as cloud:
        made = cloud.client("organizations").create_organization(FeatureSet="ALL")
    assert made["Organization"]["MasterAccountId"] == "111111111111"
