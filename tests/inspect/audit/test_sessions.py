"""Who took a role, as events of STS tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from meshkit.errors import MeshkitError
from meshkit.inspect.audit import lookup
from meshkit.inspect.audit.deeds import deeds
from meshkit.inspect.audit.lookup import EventHistory
from meshkit.inspect.audit.sessions import Sessions
from meshkit.topology.check import check
from tests.inspect.audit.test_deeds import EVENT, OWN, SESSION, SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.audit.model import Deed

OTHER, OUTSIDE = "222222222222", "999999999999"
MESH = check(
    {
        "name": "shop",
        "region": "eu-west-1",
        "owner": "own",
        "accounts": {"own": {"id": OWN}, "other": {"id": OTHER}},
        "share": {"principals": ["other"], "allow_external_principals": True},
        "nodes": {
            "web": {
                "account": "other",
                "listeners": [{"port": 80, "protocol": "http"}],
                "service_discovery": {"dns": "web.local"},
            }
        },
        "operators": {
            "people": {
                "tier": "viewer",
                "trust": {"permission_set": {"name": "Mesh", "region": "eu-central-1"}},
            }
        },
    }
).resolve()


class Told:
    """A history that answers from a table, and remembers what it was asked."""

    def __init__(self, table: dict[tuple[str, str, str], dict[str, Any]]) -> None:
        self.table = table
        self.asked: list[tuple[str, str, str]] = []

    def events(self, owner: Any, region: str, key: str, value: str) -> Iterator[dict[str, Any]]:
        assert key == "ResourceName"
        self.asked.append((owner.id, region, value))
        found = self.table.get((owner.id, region, value))
        yield from () if found is None else (found,)


def begun(key: str, **identity: str) -> dict[str, Any]:
    return {
        "eventSource": "sts.amazonaws.com",
        "userIdentity": identity,
        "responseElements": {"credentials": {"accessKeyId": key}},
    }


def sessions(history: Any) -> Sessions:
    return Sessions(MESH, history)


def deed(**identity: Any) -> Deed:
    (found,) = deeds([{**EVENT, "userIdentity": {**SESSION, **identity}}], SUBJECTS)
    return found


def test_each_region_is_asked_in_which_people_sign_in_and_each_session_once() -> None:
    history = Told({})
    found = sessions(history)

    assert [found.taken_by(deed()), found.taken_by(deed())] == [(), ()]
    assert history.asked == [
        (OWN, region, "ASIAEXAMPLE") for region in ("eu-west-1", "us-east-1", "eu-central-1")
    ]


def test_of_another_account_its_own_events_tell_who_it_was() -> None:
    hidden = begun("ASIAEXAMPLE", type="AWSAccount", accountId=OTHER)
    shown = begun(
        "ASIAEXAMPLE", type="IAMUser", userName="ann", accessKeyId="AKIA", accountId=OTHER
    )
    one, both = (OWN, "eu-west-1", "ASIAEXAMPLE"), (OTHER, "us-east-1", "ASIAEXAMPLE")

    assert sessions(Told({one: hidden})).taken_by(deed()) == (f"account {OTHER}",)
    assert sessions(Told({one: hidden, both: shown})).taken_by(deed()) == ("user ann",)


def test_an_account_that_the_file_has_not_is_not_asked() -> None:
    hidden = begun("ASIAEXAMPLE", type="AWSAccount", accountId=OUTSIDE)
    history = Told({(OWN, "eu-west-1", "ASIAEXAMPLE"): hidden})

    assert sessions(history).taken_by(deed()) == (f"account {OUTSIDE}",)
    assert {account for account, _, _ in history.asked} == {OWN}


def test_a_session_that_began_itself_comes_to_an_end() -> None:
    arn = f"arn:aws:sts::{OWN}:assumed-role/a/b"
    again = begun(
        "ASIAEXAMPLE", type="AssumedRole", arn=arn, accessKeyId="ASIAEXAMPLE", accountId=OWN
    )
    found = sessions(Told({(OWN, "eu-west-1", "ASIAEXAMPLE"): again}))

    assert found.taken_by(deed()) == ("role a (b)",)


def test_what_only_names_the_key_began_no_session() -> None:
    other = begun("ASIAOTHER", type="IAMUser", userName="ann")
    assert sessions(Told({(OWN, "eu-west-1", "ASIAEXAMPLE"): other})).taken_by(deed()) == ()


@pytest.mark.parametrize(
    "identity",
    [
        {"type": "IAMUser", "arn": f"arn:aws:iam::{OWN}:user/ann"},
        {"arn": f"arn:aws:sts::{OWN}:assumed-role/AWSServiceRoleForAppMesh/AppMesh"},
        {"accessKeyId": ""},
    ],
)
def test_nobody_is_asked_for_what_is_no_session_of_a_role(identity: dict[str, str]) -> None:
    history = Told({})
    assert sessions(history).taken_by(deed(**identity)) == ()
    assert history.asked == []


class Slow:
    """Accounts whose histories have two pages."""

    def of(self, owner: Any) -> Slow:
        del owner
        return self

    def in_region(self, region: str) -> Slow:
        del region
        return self

    def ask(self, service: str, operation: str, **asked: Any) -> dict[str, Any]:
        assert (service, operation) == ("cloudtrail", "lookup_events")
        more = {} if "NextToken" in asked else {"NextToken": "2"}
        return {"Events": [{"CloudTrailEvent": "{}"}], **more}


@pytest.mark.parametrize(("patient", "waits"), [(True, 2), (False, 0)])
def test_an_account_and_region_is_asked_twice_a_second(
    monkeypatch: pytest.MonkeyPatch, patient: bool, waits: int
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    history = EventHistory(Slow(), patient=patient)  # type: ignore[arg-type]

    for region, key in (("eu-west-1", "a"), ("us-east-1", "a")):
        assert len(list(history.events(MESH.owner, region, "ResourceName", key))) == 2

    assert len(slept) == waits
    assert all(0.4 < each <= 0.5 for each in slept)


def test_too_many_events_are_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "_MOST", 1)
    history = EventHistory(Slow(), patient=False)  # type: ignore[arg-type]
    with pytest.raises(MeshkitError, match="more than 50 events of a in eu-west-1"):
        list(history.events(MESH.owner, "eu-west-1", "EventSource", "a"))
