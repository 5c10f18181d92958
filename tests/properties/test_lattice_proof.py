"""For any valid file on VPC Lattice, what its program registers is proven: no more, no less.

Each file is run by ``SharedMesh`` against a mock engine, which makes up an id for each network and
service, so that the policies are those that a deployment would have.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from meshkit import SharedMesh
from meshkit.inspect.places import Place, placed
from meshkit.inspect.proof import prove
from meshkit.topology.check import check
from tests.programs import run_program
from tests.properties.lattice_meshes import lattice_meshes
from tests.properties.meshes import IDS, OWNER
from tests.properties.test_lattice_calls import declared

if TYPE_CHECKING:
    from pulumi.runtime.mocks import MockResourceArgs

    from meshkit.inspect.proof import Proof

FEW, MANY = 50, 1000
REGION = "eu-west-1"
TAILS = {
    "aws:vpclattice/serviceNetwork:ServiceNetwork": "servicenetwork/sn-",
    "aws:vpclattice/service:Service": "service/svc-",
}


def arn_of(args: MockResourceArgs) -> str:
    """The ARN that AWS would make up, in the account of the resource's provider."""
    key = (args.provider or "").rpartition("::")[0].rpartition("::shop-")[2]
    account = IDS.get(key, IDS[OWNER])
    if args.typ == "aws:iam/role:Role":
        return f"arn:aws:iam::{account}:role{args.inputs.get('path', '/')}{args.inputs['name']}"
    if args.typ == "aws:iam/openIdConnectProvider:OpenIdConnectProvider":
        issuer = args.inputs["url"].removeprefix("https://")
        return f"arn:aws:iam::{account}:oidc-provider/{issuer}"
    if args.typ in TAILS:
        id_ = hashlib.sha256(args.name.encode()).hexdigest()[:17]
        return f"arn:aws:vpc-lattice:{REGION}:{account}:{TAILS[args.typ]}{id_}"
    return f"arn:aws:mock:{REGION}:{account}:{args.name}"


def made_of(args: MockResourceArgs) -> dict[str, str]:
    return {"arn": arn_of(args), "listenerId": f"{args.name}-id"}


def proven(mesh: dict[str, Any]) -> Proof:
    """The proof of a file's program."""
    graph = run_program(lambda: shared(mesh), made_of=made_of)
    return prove(placed(graph, Place(IDS[OWNER], REGION)), [check(mesh).resolve()])


def shared(mesh: dict[str, Any]) -> None:
    SharedMesh("shop", mesh)


def assert_exactly_declared(mesh: dict[str, Any]) -> Counter[str]:
    """What was proven, counted. What is expected is worked out from the file's text."""
    proof = proven(mesh)
    found = [*(f"{v.code} {v.message}" for v in proof.violations),
             *(f"{u.subject}: {u.message}" for u in proof.unknowns)]  # fmt: skip
    assert proof.ok, found
    assert proof.allowed == proof.expected
    called = Counter(proof.names[arn] for arns in proof.allowed.values() for arn in arns)
    wanted = Counter(service for services in declared(mesh).values() for service in services)
    assert called == wanted
    return Counter(
        files=1, roles=len(proof.roles), services=len(proof.endpoints), calls=called.total()
    )


@settings(max_examples=FEW, suppress_health_check=list(HealthCheck))
@given(mesh=lattice_meshes())
def test_what_is_registered_is_proven(mesh: dict[str, Any]) -> None:
    assert_exactly_declared(mesh)


@pytest.mark.slow
def test_what_a_thousand_files_register_is_proven(capsys: pytest.CaptureFixture[str]) -> None:
    total: Counter[str] = Counter()

    @settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
    @given(mesh=lattice_meshes())
    def each(mesh: dict[str, Any]) -> None:
        total.update(assert_exactly_declared(mesh))

    each()
    with capsys.disabled():
        told = ", ".join(f"{count} {what}" for what, count in total.items())
        sys.stdout.write(f"\nproven: {told}\n")
    assert total["files"] >= MANY
