"""Which slices a mesh has, and what waits for what."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.errors import MeshkitError
from meshkit.topology.check import check
from meshkit.topology.slices import MeshSlice, Plan, parts, plan, slice_of

LISTENERS = [{"port": 8080, "protocol": "http"}]
ORGANIZATION = {
    "id": "o-exampleorg1",
    "management_account": "999999999999",
    "sharing_enabled": True,
}


def node(account: str, **fields: Any) -> dict[str, Any]:
    return {
        "account": account,
        "listeners": LISTENERS,
        "service_discovery": {"dns": "a.local"},
        **fields,
    }


def route(section: str, target: Any) -> dict[str, Any]:
    return {"all": {"http": {"match": {"prefix": "/"}, section: target}}}


def mesh_file(**sections: Any) -> dict[str, Any]:
    """The owner routes to a node of billing and has a gateway to a service of orders."""
    return {
        "name": "shop",
        "region": "eu-west-1",
        "owner": "network",
        "organization": ORGANIZATION,
        "accounts": {
            "network": {"id": "111111111111"},
            "orders": {"id": "222222222222"},
            "billing": {"id": "333333333333"},
        },
        "share": {"principals": ["orders", "billing"]},
        "nodes": {"web": node("orders"), "catalog": node("billing")},
        "routers": {
            "catalog": {"listeners": LISTENERS, "routes": route("targets", {"catalog": 100})}
        },
        "services": {"web.local": {"node": "web"}, "catalog.local": {"router": "catalog"}},
        "gateways": {"in": {"listeners": LISTENERS, "routes": route("service", "web.local")}},
        **sections,
    }


def planned(**sections: Any) -> Plan:
    return plan(check(mesh_file(**sections)).resolve())


def chosen(account: str | None = None, phase: str | None = None) -> MeshSlice:
    return slice_of(check(mesh_file()).resolve(), account, phase)


def steps(order: Plan) -> list[set[str]]:
    return [{each.name for each in step} for step in order.deploy]


def test_the_order_follows_from_who_refers_to_whom() -> None:
    order = planned()

    assert steps(order) == [
        {"network / foundation"},
        {"network / endpoints", "orders / endpoints", "billing / endpoints"},
        {"orders / routing"},
        {"network / routing"},
    ]
    assert order.destroy == tuple(reversed(order.deploy))
    after = {each.name: each.after for each in order.slices}
    assert after["billing / endpoints"] == ("network / foundation",)
    assert after["network / routing"] == (
        "network / endpoints",
        "billing / endpoints",
        "orders / routing",
    )


def test_accounts_that_point_at_each_other_have_no_order_whole() -> None:
    order = planned()

    assert order.accounts is None
    assert order.knot[0] == order.knot[-1]
    assert set(order.knot) in ({"network", "orders"}, {"network", "billing"})


def test_accounts_that_point_one_way_can_be_deployed_whole() -> None:
    order = planned(routers={}, services={"web.local": {"node": "web"}}, gateways={})

    assert order.accounts is not None
    assert order.accounts[0] == "network"
    assert set(order.accounts) == {"network", "orders", "billing"}


def test_an_invited_account_accepts_before_it_builds() -> None:
    accounts = {
        "network": {"id": "111111111111"},
        "orders": {"id": "222222222222"},
        "billing": {"id": "333333333333", "external": True},
    }
    share = {"principals": ["orders", "billing"], "allow_external_principals": True}

    order = planned(accounts=accounts, share=share)
    after = {each.name: each.after for each in order.slices}
    assert after["billing / foundation"] == ("network / foundation",)
    assert after["billing / endpoints"] == ("billing / foundation",)
    assert after["orders / endpoints"] == ("network / foundation",)

    by_hand = planned(accounts=accounts, share={**share, "accept": False})
    assert "billing / foundation" not in {each.name for each in by_hand.slices}


def test_services_on_each_other_s_routers_still_have_an_order() -> None:
    def router(account: str) -> dict[str, Any]:
        return {"account": account, "listeners": LISTENERS}

    order = planned(
        routers={"a": router("orders"), "b": router("billing"), "c": router("network")},
        services={
            "a.local": {"router": "b", "account": "orders"},
            "b.local": {"router": "a", "account": "billing"},
            "web.local": {"router": "c", "account": "orders"},
        },
    )

    assert steps(order)[-2:] == [{"orders / routing", "billing / routing"}, {"network / routing"}]


def test_a_service_linked_role_comes_first() -> None:
    accounts = {**mesh_file()["accounts"]}
    accounts["orders"] = {"id": "222222222222", "service_linked_role": True}

    after = {each.name: each.after for each in planned(accounts=accounts).slices}
    assert after["orders / endpoints"] == ("network / foundation", "orders / foundation")


def test_a_slice_knows_what_it_makes_and_what_must_be_there() -> None:
    routing = chosen("network", "routing")

    assert [part.ref for part in routing.parts] == [
        ("route", "catalog/all"),
        ("virtual service", "catalog.local"),
        ("gateway route", "in/all"),
    ]
    assert set(routing.needs) == {
        ("mesh", "shop"),
        ("virtual router", "catalog"),
        ("virtual node", "catalog"),
        ("virtual gateway", "in"),
        ("virtual service", "web.local"),
    }
    assert chosen("222222222222").account == "orders"
    assert chosen().whole
    assert not chosen().needs


def test_slices_of_all_accounts_and_phases_are_the_whole() -> None:
    whole = [part.ref for part in chosen().parts]
    accounts = [part.ref for key in ("network", "orders", "billing") for part in chosen(key).parts]
    phases = [
        part.ref
        for phase in ("foundation", "endpoints", "routing")
        for part in chosen(phase=phase).parts
    ]

    assert sorted(accounts) == sorted(phases) == sorted(whole)


@pytest.mark.parametrize(
    ("account", "phase", "message"),
    [
        ("order", None, 'account: no account "order" in the file (did you mean "orders"?)'),
        ("444444444444", None, 'account: no account "444444444444" in the file'),
        (None, "routes", 'phase: no "routes"; one of foundation, endpoints, routing'),
    ],
)
def test_what_is_no_slice_is_told(account: str | None, phase: str | None, message: str) -> None:
    with pytest.raises(MeshkitError) as told:
        chosen(account, phase)

    assert str(told.value) == message


def test_an_account_that_makes_nothing_has_an_empty_slice() -> None:
    accounts = {**mesh_file()["accounts"], "spare": {"id": "444444444444"}}
    found = slice_of(check(mesh_file(accounts=accounts)).resolve(), "spare")

    assert (found.parts, found.needs, found.account_id) == ((), (), "444444444444")


def lattice_file(**sections: Any) -> dict[str, Any]:
    """A mesh on VPC Lattice: orders calls billing, and the gateway calls orders."""
    data = mesh_file(data_plane="vpc-lattice", accept_losses=["gateway"])
    for account in data["accounts"].values():
        account["vpc_id"] = f"vpc-{int(account['id']):017d}"
    nodes = {"web": node("orders", backends=["catalog.local"]), "catalog": node("billing")}
    services = {"web.local": {"node": "web"}, "catalog.local": {"node": "catalog"}}
    return {**data, "nodes": nodes, "routers": {}, "services": services, **sections}


def planned_on_lattice(**sections: Any) -> Plan:
    return plan(check(lattice_file(**sections)).resolve())


def test_on_lattice_services_come_before_rights_and_associations() -> None:
    order = planned_on_lattice()

    assert steps(order) == [
        {"network / foundation", "billing / endpoints"},
        {"network / endpoints", "orders / endpoints", "billing / routing"},
        {"network / routing", "orders / routing"},
    ]
    after = {each.name: each.after for each in order.slices}
    assert after["billing / endpoints"] == ()
    assert after["orders / routing"] == ("billing / endpoints", "orders / endpoints")


def who_joins(order: Plan) -> dict[str, str]:
    return {
        part.name: each.account
        for each in order.slices
        for part in each.parts
        if part.kind == "service association"
    }


def test_the_owner_of_a_service_joins_it_to_a_network_that_is_shared() -> None:
    order = planned_on_lattice()
    assert who_joins(order) == {"web.local": "orders", "catalog.local": "billing"}


def test_the_owner_of_the_network_joins_services_that_are_shared() -> None:
    order = planned_on_lattice(lattice={"sharing": "both"})

    assert who_joins(order) == {"web.local": "network", "catalog.local": "network"}
    kinds = {each.name: [part.kind for part in each.parts] for each in order.slices}
    assert "service share" in kinds["billing / endpoints"]
    after = {each.name: each.after for each in order.slices}
    assert set(after["network / routing"]) == {
        f"{account} / endpoints" for account in ("network", "billing", "orders")
    }


def test_an_invited_network_owner_accepts_the_services() -> None:
    share = {"principals": ["orders", "billing"], "allow_external_principals": True}
    accounts = lattice_file()["accounts"]
    accounts["billing"]["external"] = True
    order = planned_on_lattice(accounts=accounts, share=share, lattice={"sharing": "both"})

    accepted = [
        (each.name, part.name)
        for each in order.slices
        for part in each.parts
        if part.kind == "service acceptance"
    ]
    assert accepted == [("network / routing", "billing")]


def test_every_part_on_lattice_needs_only_parts_that_are_there() -> None:
    for sharing in ("network", "both"):
        mesh = check(lattice_file(lattice={"sharing": sharing})).resolve()
        found = list(parts(mesh))
        assert len({part.ref for part in found}) == len(found)
        assert {ref for part in found for ref in part.needs} <= {part.ref for part in found}
