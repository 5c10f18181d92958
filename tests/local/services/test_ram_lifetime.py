"""What time does to shares and invitations, and how many of them there can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from meshkit.local.services.clock import CLOCK
from meshkit.local.services.ram.backend import backend
from tests.local.services.conftest import CONSUMER, OWNER, REGION, STRANGER, Cloud
from tests.local.services.test_ram_principals import can_use, principals

ErrorOf = Callable[..., tuple[str, str]]
Share = Callable[..., str]
MESH_ARN = f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/shop"
START = datetime(2026, 1, 1, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def start() -> Iterator[None]:
    with CLOCK.stopped(START):
        yield


def invitation(cloud: Cloud) -> dict[str, Any]:
    (found,) = cloud("ram", STRANGER).get_resource_share_invitations()["resourceShareInvitations"]
    return dict(found)


@pytest.mark.parametrize(
    ("meshes", "wait"), [(("shop",), timedelta(hours=12)), ((), timedelta(days=7))]
)
def test_an_invitation_expires(
    cloud: Cloud,
    ram_mesh: Any,
    share: Share,
    error_of: ErrorOf,
    meshes: tuple[str, ...],
    wait: timedelta,
) -> None:
    arn = share(STRANGER, meshes=meshes)
    with CLOCK.stopped(START + wait):
        assert invitation(cloud)["status"] == "PENDING"
    with CLOCK.stopped(START + wait + timedelta(seconds=1)):
        expired = invitation(cloud)
        assert expired["status"] == "EXPIRED"
        assert expired["invitationTimestamp"] == START
        name = {"resourceShareInvitationArn": expired["resourceShareInvitationArn"]}
        ram = cloud("ram", STRANGER)
        for run in (ram.accept_resource_share_invitation, ram.reject_resource_share_invitation):
            assert error_of(run, **name)[0] == "ResourceShareInvitationExpiredException"
        assert principals(ram_mesh, arn) == {STRANGER: ("DISASSOCIATED", True)}
        assert not can_use(cloud, STRANGER)


def test_who_accepted_in_time_keeps_access(cloud: Cloud, ram_mesh: Any, share: Share) -> None:
    share(STRANGER)
    cloud("ram", STRANGER).accept_resource_share_invitation(
        resourceShareInvitationArn=invitation(cloud)["resourceShareInvitationArn"]
    )
    with CLOCK.stopped(START + timedelta(days=30)):
        assert invitation(cloud)["status"] == "ACCEPTED"
        assert can_use(cloud, STRANGER)


def test_after_an_invitation_has_expired_the_owner_can_invite_again(
    cloud: Cloud, ram_mesh: Any, share: Share
) -> None:
    arn = share(STRANGER)
    with CLOCK.stopped(START + timedelta(hours=13)):
        ram_mesh.associate_resource_share(resourceShareArn=arn, principals=[STRANGER])
        found = cloud("ram", STRANGER).get_resource_share_invitations()["resourceShareInvitations"]
        assert sorted(each["status"] for each in found) == ["EXPIRED", "PENDING"]


def test_a_deleted_share_is_shown_for_two_hours(ram_mesh: Any, share: Share) -> None:
    def shown() -> list[str]:
        shares = ram_mesh.get_resource_shares(resourceOwner="SELF")["resourceShares"]
        return [each["status"] for each in shares]

    ram_mesh.delete_resource_share(resourceShareArn=share())
    with CLOCK.stopped(START + timedelta(hours=2)):
        assert shown() == ["DELETED"]
    with CLOCK.stopped(START + timedelta(hours=2, seconds=1)):
        assert shown() == []


def test_times_are_those_of_the_clock(ram_mesh: Any, share: Share) -> None:
    arn = share()
    later = START + timedelta(minutes=5)
    with CLOCK.stopped(later):
        changed = ram_mesh.update_resource_share(resourceShareArn=arn, name="n")["resourceShare"]
    assert (changed["creationTime"], changed["lastUpdatedTime"]) == (START, later)


@pytest.mark.parametrize(
    ("quota", "most", "asked"),
    [
        ("shares", 1, {"name": "s"}),
        ("associations", 1, {"name": "s", "principals": [CONSUMER, STRANGER]}),
        ("associations_of_share", 1, {"name": "s", "principals": [CONSUMER, STRANGER]}),
        ("pending_invitations", 1, {"name": "s", "principals": [CONSUMER, STRANGER]}),
        ("shares", 9, {"name": "s", "principals": [f"{n:012}" for n in range(101)]}),
    ],
)
def test_a_quota_stops_a_share_before_anything_is_made(
    cloud: Cloud, ram_mesh: Any, error_of: ErrorOf, quota: str, most: int, asked: dict[str, Any]
) -> None:
    ram_mesh.create_resource_share(name="first")
    backend(OWNER, REGION).quotas[quota] = most
    code, _ = error_of(ram_mesh.create_resource_share, **asked)
    assert code == "ResourceShareLimitExceededException"
    (only,) = ram_mesh.get_resource_shares(resourceOwner="SELF")["resourceShares"]
    assert only["name"] == "first"
    invited = cloud("ram", STRANGER).get_resource_share_invitations()["resourceShareInvitations"]
    assert invited == []


def test_twenty_invitations_can_be_open_and_closed_ones_do_not_count(
    cloud: Cloud, ram_mesh: Any, error_of: ErrorOf
) -> None:
    accounts = [STRANGER, *(f"5{number:011}" for number in range(19))]
    made = ram_mesh.create_resource_share(name="s", principals=accounts)["resourceShare"]
    more = {"resourceShareArn": made["resourceShareArn"], "principals": [CONSUMER]}
    code, _ = error_of(ram_mesh.associate_resource_share, **more)
    assert code == "ResourceShareLimitExceededException"
    cloud("ram", STRANGER).reject_resource_share_invitation(
        resourceShareInvitationArn=invitation(cloud)["resourceShareInvitationArn"]
    )
    ram_mesh.associate_resource_share(**more)
