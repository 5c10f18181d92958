"""The page of what real meshes lose on VPC Lattice: `python -m tools.lattice_losses_page`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.config.finding import dotted
from meshkit.topology import rules
from meshkit.topology.check import check
from meshkit.topology.index import Index
from meshkit.topology.lattice.compile import compile_lattice
from meshkit.topology.lattice.losses import losses
from meshkit.topology.rules.lattice import VPC
from tools.lattice_cases import cases, on_lattice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from meshkit.config.finding import Finding
    from meshkit.config.load import Source
    from meshkit.topology.lattice.losses import Feature

HEAD = """\
# What real meshes lose

Every mesh of the examples, and the meshes of AWS's own walk-throughs that the tests hold,
compiled to [VPC Lattice](../guide/lattice.md). Made from the compiler.

A feature that is *lost* needs the file's consent (`accept_losses`); one that *changes* is not
weaker. What else a file must change is an error of its own.
"""


@dataclass(frozen=True)
class Case:
    """One mesh on VPC Lattice."""

    name: str
    services: int
    left_out: tuple[str, ...]
    found: Mapping[Feature, tuple[str, ...]]
    """What is lost or changes, and where."""
    in_the_way: tuple[Finding, ...]

    def named(self, severity: str) -> str:
        """The features of a severity."""
        return ", ".join(f"`{each.name}`" for each in self.found if each.severity == severity)


def losses_page() -> str:
    """The whole page."""
    compiled = [_case(name, *case) for name, case in cases().items()]
    return (
        "\n".join((HEAD, *_meshes(compiled), "", *_features(compiled), *_changes(compiled))) + "\n"
    )


def _case(name: str, mesh: Source, values: Mapping[str, Any]) -> Case:
    lattice = compile_lattice(check(mesh, values=values).resolve())
    config = lattice.mesh.config
    found: dict[Feature, tuple[str, ...]] = {}
    for loss in losses(config):
        found[loss.feature] = (*found.get(loss.feature, ()), dotted(loss.path))
    errors = (each for each in rules.run(Index(on_lattice(config))) if each.severity == "error")
    return Case(
        name=name,
        services=len(lattice.services),
        left_out=tuple(each for each in lattice.mesh.services if each not in lattice.services),
        found=found,
        in_the_way=tuple(each for each in errors if each.code != VPC.code),
    )


def _meshes(compiled: list[Case]) -> Iterator[str]:
    yield "## Each mesh"
    yield ""
    yield "| mesh | services | lost | changes | services left out | to change |"
    yield "|---|---|---|---|---|---|"
    for case in compiled:
        codes = dict.fromkeys(each.code for each in case.in_the_way)
        cells = (
            case.name,
            str(case.services),
            case.named("error") or "nothing",
            case.named("warning"),
            ", ".join(case.left_out),
            ", ".join(f"[{code}](../rules/{code}.md)" for code in codes),
        )
        yield f"| {' | '.join(cells)} |"


def _features(compiled: list[Case]) -> Iterator[str]:
    yield "## What is lost, and why"
    yield ""
    yield "| feature | why | instead | meshes |"
    yield "|---|---|---|---|"
    by_code = sorted({each for case in compiled for each in case.found}, key=lambda each: each.code)
    for feature in by_code:
        meshes = ", ".join(
            f"{case.name} ({len(case.found[feature])})"
            for case in compiled
            if feature in case.found
        )
        name = f"[`{feature.name}`](../rules/{feature.code}.md)"
        yield f"| {name} | {feature.lost} | {feature.instead} | {meshes} |"


def _changes(compiled: list[Case]) -> Iterator[str]:
    yield ""
    yield "## What the files must change"
    yield ""
    for case in compiled:
        for each in case.in_the_way:
            yield f"- {case.name}: `{dotted(each.path)}`: {each.message}"


if __name__ == "__main__":
    print(losses_page())
