"""The mesh files of the examples, deployed on VPC Lattice, and tried."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from meshkit.local.program import run
from meshkit.topology.lattice.losses import BY_NAME
from tools.golden import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from meshkit.local.outcome import Run

PROGRAM = """\
import meshkit
meshkit.SharedMesh("mesh", "mesh.yaml", values={values})
"""
VALUES: dict[str, dict[str, str]] = {
    "eks-irsa": {
        "oidc_issuer": "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE",
        "certificate": "arn:aws:acm:eu-west-1:111111111111:certificate/1",
    },
    "eks-pod-identity": {"cluster": "main"},
}
EXAMPLES = ["ec2-fleet", "ecs-cross-account", "eks-irsa", "shared-mesh"]


def on_lattice(example: str) -> dict[str, Any]:
    """An example's file with another data plane, its losses accepted, and a VPC in each account."""
    data: dict[str, Any] = yaml.safe_load((ROOT / "examples" / example / "mesh.yaml").read_text())
    data["data_plane"] = "vpc-lattice"
    data["accept_losses"] = list(BY_NAME)
    for key, account in data["accounts"].items():
        account["vpc_id"] = f"vpc-{key.encode().hex():0<17.17}"
    return data


@pytest.fixture
def deploy(tmp_path: Path) -> Any:
    def deployed(example: str) -> Run:
        (tmp_path / "mesh.yaml").write_text(yaml.safe_dump(on_lattice(example)))
        (tmp_path / "Pulumi.yaml").write_text("name: lattice\nruntime: python\n")
        program = PROGRAM.format(values=VALUES.get(example))
        (tmp_path / "__main__.py").write_text(program)
        return run(tmp_path)

    return deployed


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_deployed_on_lattice(deploy: Any, example: str) -> None:
    result = deploy(example)
    assert (result.failures, result.skipped) == ((), ())
    kinds = Counter(each.type for each in result.graph if each.custom)
    assert kinds["aws:vpclattice/serviceNetwork:ServiceNetwork"] == 1
    assert kinds["aws:vpclattice/service:Service"] >= 1
    assert not [kind for kind in kinds if kind.startswith("aws:appmesh/")]
