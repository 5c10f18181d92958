"""What AWS Organizations refuses, and how accounts come about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from meshkit.local.cloud import Cloud
from meshkit.local.resources import INVOKES, TYPES
from meshkit.local.resources.model import Aws, RefusedError
from meshkit.policy.guardrails import ATTACHED_LIMIT, SIZE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT = "aws:organizations/account:Account"


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Cloud(account="111111111111", region="eu-west-1") as running:
        running.client("organizations").create_organization(FeatureSet="ALL")
        yield running


@pytest.fixture
def organizations(cloud: Cloud) -> Any:
    return cloud.client("organizations")


def root_of(organizations: Any) -> str:
    return str(organizations.list_roots()["Roots"][0]["Id"])


def unit(organizations: Any, name: str, parent: str) -> str:
    made = organizations.create_organizational_unit(Name=name, ParentId=parent)
    return str(made["OrganizationalUnit"]["Id"])


def test_a_unit_has_a_name_of_its_own_below_another(organizations: Any) -> None:
    root = root_of(organizations)
    one, two = unit(organizations, "one", root), unit(organizations, "two", root)
    unit(organizations, "one", one)

    with pytest.raises(ClientError, match="DuplicateOrganizationalUnit"):
        unit(organizations, "one", root)
    with pytest.raises(ClientError, match="DuplicateOrganizationalUnit"):
        organizations.update_organizational_unit(OrganizationalUnitId=two, Name="one")
    organizations.update_organizational_unit(OrganizationalUnitId=one, Name="one")


def test_a_unit_that_holds_something_stays(organizations: Any) -> None:
    root = root_of(organizations)
    outer = unit(organizations, "outer", root)
    inner = unit(organizations, "inner", outer)
    made = organizations.create_account(AccountName="a", Email="a@example.com")
    account = made["CreateAccountStatus"]["AccountId"]
    organizations.move_account(AccountId=account, SourceParentId=root, DestinationParentId=inner)

    for held in (outer, inner):
        with pytest.raises(ClientError, match="OrganizationalUnitNotEmpty"):
            organizations.delete_organizational_unit(OrganizationalUnitId=held)
    organizations.move_account(AccountId=account, SourceParentId=inner, DestinationParentId=root)
    organizations.delete_organizational_unit(OrganizationalUnitId=inner)
    organizations.delete_organizational_unit(OrganizationalUnitId=outer)


def test_an_address_is_that_of_one_account_also_when_it_is_closed(organizations: Any) -> None:
    first = organizations.create_account(AccountName="a", Email="a@example.com")
    organizations.close_account(AccountId=first["CreateAccountStatus"]["AccountId"])
    second = organizations.create_account(AccountName="b", Email="A@example.com")

    status = second["CreateAccountStatus"]
    assert (status["State"], status["FailureReason"]) == ("FAILED", "EMAIL_ALREADY_EXISTS")
    told = organizations.describe_create_account_status(CreateAccountRequestId=status["Id"])
    assert told["CreateAccountStatus"]["FailureReason"] == "EMAIL_ALREADY_EXISTS"
    assert len(organizations.list_accounts()["Accounts"]) == 2


def test_a_program_is_told_of_an_address_that_is_taken(cloud: Cloud) -> None:
    aws = Aws(client=cloud.client, account="111111111111", region="eu-west-1")
    inputs = {"name": "a", "email": "a@example.com"}
    TYPES[ACCOUNT].properties(aws, inputs)

    with pytest.raises(RefusedError, match="is that of another account") as caught:
        TYPES[ACCOUNT].properties(aws, inputs)
    assert caught.value.code == "EMAIL_ALREADY_EXISTS"


def test_the_management_account_is_told_more_of_the_organization(cloud: Cloud) -> None:
    made = cloud.client("organizations").create_account(AccountName="a", Email="a@example.com")
    member = made["CreateAccountStatus"]["AccountId"]
    look = INVOKES["aws:organizations/getOrganization:getOrganization"]

    def told(account: str) -> dict[str, Any]:
        client = cloud.client
        aws = Aws(lambda service: client(service, account), account=account, region="eu-west-1")
        return look(aws, {})

    ours, theirs = told("111111111111"), told(member)
    assert ours["id"] == theirs["id"]
    assert ours["featureSet"] == "ALL"
    assert [each["name"] for each in ours["roots"]] == ["Root"]
    assert theirs["roots"] == []


def test_an_account_is_renamed_from_its_organization_alone(cloud: Cloud) -> None:
    organizations = cloud.client("organizations")
    made = organizations.create_account(AccountName="a", Email="a@example.com")
    id_ = made["CreateAccountStatus"]["AccountId"]
    cloud.client("account").put_account_name(AccountId=id_, AccountName="b")

    assert organizations.describe_account(AccountId=id_)["Account"]["Name"] == "b"
    with pytest.raises(ClientError, match="not in the organization"):
        cloud.client("account").put_account_name(AccountId="999999999999", AccountName="c")


def control_policy(organizations: Any, name: str, content: str) -> str:
    made = organizations.create_policy(
        Name=name, Description="", Type="SERVICE_CONTROL_POLICY", Content=content
    )
    return str(made["Policy"]["PolicySummary"]["Id"])


def denial(length: int) -> str:
    """A policy of so many characters."""
    text = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}'
    return text + " " * (length - len(text))


def test_a_control_policy_has_a_largest_size(organizations: Any) -> None:
    policy = control_policy(organizations, "full", denial(SIZE_LIMIT))

    with pytest.raises(ClientError, match=r"ConstraintViolationException.*content size"):
        control_policy(organizations, "longer", denial(SIZE_LIMIT + 1))
    with pytest.raises(ClientError, match=r"ConstraintViolationException.*content size"):
        organizations.update_policy(PolicyId=policy, Content=denial(SIZE_LIMIT + 1))
    organizations.update_policy(PolicyId=policy, Name="renamed")


def test_a_target_has_so_many_control_policies(organizations: Any) -> None:
    place = unit(organizations, "one", root_of(organizations))
    policies = [
        control_policy(organizations, f"number-{number}", denial(90))
        for number in range(ATTACHED_LIMIT)
    ]
    for policy in policies[1:]:  # FullAWSAccess is there
        organizations.attach_policy(PolicyId=policy, TargetId=place)

    with pytest.raises(ClientError, match=r"ConstraintViolationException.*maximum number"):
        organizations.attach_policy(PolicyId=policies[0], TargetId=place)
    with pytest.raises(ClientError, match="DuplicatePolicyAttachmentException"):
        organizations.attach_policy(PolicyId=policies[1], TargetId=place)
    organizations.detach_policy(PolicyId=policies[1], TargetId=place)
    organizations.attach_policy(PolicyId=policies[0], TargetId=place)
