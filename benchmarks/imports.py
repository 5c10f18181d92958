"""Time to import meshkit and touch every public name, in a fresh process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.row import Row, paired, process

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMER = "import time; start = time.perf_counter(); {work}; print(time.perf_counter() - start)"
MESHKIT = TIMER.format(work="import meshkit; [getattr(meshkit, name) for name in meshkit.__all__]")
PULUMI = TIMER.format(
    work="import pulumi, pulumi_aws as aws, pydantic; "
    "aws.appmesh.VirtualNode, aws.iam.Role, aws.ram.ResourceShare, pydantic.BaseModel"
)


def rows() -> Iterator[Row]:
    yield paired(
        "import meshkit, every public name",
        "import pulumi, pulumi_aws (appmesh, iam, ram) and pydantic",
        process("-c", MESHKIT),
        process("-c", PULUMI),
        limit=1.15,
        rounds=9,
    )
