"""Names keep to the patterns of the API, whatever the file calls things."""

from __future__ import annotations

import re

import pytest
from botocore.session import Session
from hypothesis import given
from hypothesis import strategies as st

from meshkit.topology.lattice.names import LIMITS, RESERVED, Kind, lattice_name, name_fault

SHAPES: dict[Kind, str] = {
    "service network": "ServiceNetworkName",
    "service": "ServiceName",
    "target group": "TargetGroupName",
}
API = Session().get_service_model("vpc-lattice")
READABLE = st.one_of(
    st.sampled_from([*RESERVED, "SVC-", "---", ".", "tg--x", "a" * 300]),
    st.text(st.characters(codec="ascii"), max_size=80),
)


@pytest.mark.parametrize("kind", LIMITS)
@given(readable=READABLE, identity=st.text(max_size=5))
def test_a_name_is_one_that_the_api_takes(kind: Kind, readable: str, identity: str) -> None:
    name = lattice_name(kind, readable, identity)
    shape = API.shape_for(SHAPES[kind])
    assert re.fullmatch(shape.metadata["pattern"], name)
    assert shape.metadata["min"] <= len(name) <= min(LIMITS[kind], shape.metadata["max"])
    assert not name.startswith(RESERVED)


def test_what_slugs_alike_differs_in_its_hash() -> None:
    names = {lattice_name("service", each, each) for each in ("Shop.a", "shop-a", "shop_a")}
    assert len(names) == 3
    assert {name.rpartition("-")[0] for name in names} == {"shop-a"}


def test_a_limit_cuts_the_readable_part_never_the_hash() -> None:
    short, long = (lattice_name("service", text, "id") for text in ("x", "x" * 300))
    assert len(long) == LIMITS["service"]
    assert long.rpartition("-")[2] == short.rpartition("-")[2]


@pytest.mark.parametrize("kind", LIMITS)
@given(text=st.one_of(READABLE, st.text("ab1-", min_size=1, max_size=70)))
def test_a_name_that_somebody_gives_is_told_as_the_api_would(kind: Kind, text: str) -> None:
    shape = API.shape_for(SHAPES[kind])
    taken = re.fullmatch(shape.metadata["pattern"], text) is not None
    fits = shape.metadata["min"] <= len(text) <= LIMITS[kind]
    assert (name_fault(kind, text) is None) == (taken and fits)
