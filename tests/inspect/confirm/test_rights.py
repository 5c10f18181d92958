"""The policy that the guide gives to those who confirm: exactly the calls that are made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.client import BaseClient

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from meshkit.inspect.confirm.remark import Row
    from tests.inspect.confirm.workloads import Workloads

POLICY = Path(__file__).parents[3] / "docs" / "examples" / "confirm" / "policy.json"
FREE = {"sts:AssumeRole", "sts:GetCallerIdentity"}
"""What a way into an account is, and what needs no right."""


def test_the_policy_of_the_guide_allows_what_confirmation_calls_and_no_more(
    shop: Workloads, confirmed: Callable[..., dict[str, Row]], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: set[str] = set()
    client: Any = BaseClient
    call = client._make_api_call

    def watched(self: Any, operation: str, params: Any) -> Any:
        made.add(f"{self.meta.service_model.signing_name}:{operation}")
        return call(self, operation, params)

    shop.place_all()
    shop.workers("ingress")
    shop.run_instance("ingress", "worker-nodes")  # with another profile than the gateway's own
    iam = shop.aws("iam", "catalog")
    boundary = "arn:aws:iam::aws:policy/AdministratorAccess"
    iam.put_role_permissions_boundary(
        RoleName=shop.role_name("catalog"), PermissionsBoundary=boundary
    )
    eks = shop.aws("eks", "cart")
    subnets = ["subnet-11111111"]
    eks.create_nodegroup(
        clusterName="main", nodegroupName="n", subnets=subnets, nodeRole=shop.role("batch")
    )
    for path in [each for each in shop.cluster.objects if "/pods/cart" in each]:
        del shop.cluster.objects[path]
    monkeypatch.setattr(client, "_make_api_call", watched)

    confirmed()

    (statement,) = json.loads(POLICY.read_text())["Statement"]
    assert sorted(made - FREE) == statement["Action"]
