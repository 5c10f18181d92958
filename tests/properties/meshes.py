"""Random mesh files without faults, as plain data."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

OWNER = "network"
IDS = {OWNER: "111111111111", "orders": "222222222222", "billing": "333333333333"}
ODD = ("a", "A", "a-a", "a_a", "node", "virtualNode", "-", "0", "shop", "x" * 255)
"""Names that a sloppy join or cut would take for one another."""
ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/"
LISTENER = {"port": 8080, "protocol": "http"}

NAMES = st.one_of(st.sampled_from(ODD), st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True))
TEXTS = st.sampled_from(("plain", "$${aws:username}", "*", "a*b?", "$${var.x}", "${region}"))


def workloads(account: str) -> st.SearchStrategy[dict[str, Any]]:
    pods = st.fixed_dictionaries(
        {
            "type": st.just("eks"),
            "cluster": st.just(account),
            "identity": st.sampled_from(("irsa", "pod-identity")),
            "namespace": st.sampled_from(("a", "b")),
        }
    )
    return st.one_of(st.just({"type": "ecs"}), st.just({"type": "ec2"}), pods)


@st.composite
def proxies(draw: st.DrawFn, name: str, account: str) -> dict[str, Any]:
    """A node or gateway; every service account is its own, so that none carries two roles."""
    workload = dict(draw(workloads(account)))
    if workload["type"] == "eks":
        workload["service_account"] = f"sa-{name.encode().hex()[:60]}-{len(name)}"
    role: dict[str, Any] = {"tags": {"t": draw(TEXTS)}}
    kind = workload.get("identity", workload["type"])
    if draw(st.booleans()):
        # A shared role stays within one account and one kind of compute.
        role = {"name": f"{account}-{kind}-{draw(st.sampled_from('xy'))}"}
    return {
        "account": account,
        "workload": workload,
        "role": role,
        "tracing": draw(st.sampled_from(("none", "xray"))) if "name" not in role else "none",
        "tags": {"t": draw(TEXTS)},
    }


@st.composite
def meshes(draw: st.DrawFn) -> dict[str, Any]:
    """A mesh of up to three accounts with nodes in each and gateways of the owner."""
    nodes: dict[str, Any] = {}
    for name in draw(st.lists(NAMES, min_size=1, max_size=6, unique=True)):
        nodes[name] = draw(proxies(name, draw(st.sampled_from(sorted(IDS)))))
    gateways: dict[str, Any] = {}
    for name in draw(st.lists(NAMES, max_size=2, unique=True)):
        gateways[name] = {**draw(proxies(f"gw{name}", OWNER)), "listeners": [LISTENER]}
    return {
        "name": draw(NAMES),
        "region": "eu-west-1",
        "owner": OWNER,
        "organization": {
            "id": "o-exampleorg1",
            "management_account": "999999999999",
            "sharing_enabled": True,
        },
        "accounts": {
            key: {"id": each, **({} if key == OWNER else {"assume_role": {"name": "deployer"}})}
            for key, each in IDS.items()
        },
        "clusters": {key: {"account": key, "oidc_issuer": ISSUER + key.upper()} for key in IDS},
        "share": {"principals": [key for key in IDS if key != OWNER]},
        "nodes": nodes,
        "gateways": gateways,
    }
