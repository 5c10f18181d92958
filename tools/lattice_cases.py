"""Write what becomes of real meshes on VPC Lattice: `python -m tools.lattice_cases`.

A case is a mesh of the examples or of the corpus, as it is for App Mesh, compiled to Lattice:
what is made, who may call what, and what is lost and why.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import yaml

from meshkit.config.finding import dotted
from meshkit.config.interpolate import OpenValues
from meshkit.topology import rules
from meshkit.topology.check import check
from meshkit.topology.index import Index
from meshkit.topology.lattice.compile import compile_lattice
from meshkit.topology.lattice.losses import BY_NAME, losses
from meshkit.topology.rules.lattice import VPC
from tests.corpus.walkthroughs import WALKTHROUGHS
from tools.golden import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from meshkit.config.file import MeshFile
    from meshkit.config.load import Source
    from meshkit.topology.lattice.model import LatticeMesh, LatticeService, RuleMatch, Weighted

CASES = ROOT / "tests" / "golden" / "lattice"


EXAMPLES = ROOT / "examples"


def cases() -> dict[str, tuple[Source, Mapping[str, Any]]]:
    """The mesh and the values of each case."""
    examples: dict[str, tuple[Source, Mapping[str, Any]]] = {
        f"example-{path.parent.name}": (path, OpenValues())
        for path in sorted(EXAMPLES.glob("*/mesh.yaml"))
    }
    staging = OpenValues({"environment": "staging", "blue": 50, "green": 50})
    stack = yaml.safe_load((EXAMPLES / "stack-config" / "Pulumi.production.yaml").read_text())
    corpus = {f"corpus-{each}": (each.mesh_file, OpenValues(each.values)) for each in WALKTHROUGHS}
    return {
        **examples,
        "example-environments": (EXAMPLES / "environments" / "store.yaml", staging),
        "example-stack-config": (stack["config"]["meshkit:mesh"], {}),
        **corpus,
    }


def table(mesh: Source, values: Mapping[str, Any]) -> str:
    """What becomes of one mesh."""
    checked = check(mesh, values=values)
    lattice = compile_lattice(checked.resolve())
    lines = [*_made(lattice), "", *_lost(lattice), *_in_the_way(lattice.mesh.config), ""]
    return "\n".join(lines)


def _made(lattice: LatticeMesh) -> Iterator[str]:
    yield f"service network {lattice.network} of {lattice.mesh.owner.key}"
    for service in lattice.services.values():
        yield f"service {service.key} of {service.owner.key} as {service.name}"
        yield from _inside(service)
    for call in lattice.calls:
        limits = " ".join((*call.methods, *call.paths))
        yield f"call {call.role} -> {call.service} {limits}".rstrip()
    left_out = [name for name in lattice.mesh.services if name not in lattice.services]
    yield from (f"left out: service {name}" for name in left_out)


def _inside(service: LatticeService) -> Iterator[str]:
    for listener in service.listeners:
        yield f"  {listener.protocol} {listener.port}"
        for rule in listener.rules:
            yield f"    {rule.priority}. {_match(rule.match)} -> {_targets(rule.targets)}"
        yield f"    else -> {_targets(listener.default) or '404'}"
    for group in service.groups.values():
        checked = "checked" if group.health_check else "not checked"
        version = group.protocol_version or group.protocol or group.event_version
        yield f"  targets {group.key}: {group.type} {version}, {checked}"


def _match(match: RuleMatch) -> str:
    headers = (f"{each.name}={each.exact or f'{each.prefix}*'}" for each in match.headers)
    path = match.path or (f"{match.prefix}*" if match.prefix else "")
    return " ".join(filter(None, (match.method, path, *headers)))


def _targets(targets: tuple[Weighted, ...]) -> str:
    return ", ".join(f"{each.group} ({each.weight})" for each in targets)


def _lost(lattice: LatticeMesh) -> Iterator[str]:
    found = False
    by_feature = groupby(losses(lattice.mesh.config), key=lambda each: each.feature)
    for feature, places in by_feature:
        found = True
        kind = "lost" if feature.severity == "error" else "changed"
        yield f"{kind}: {feature.name}: {feature.lost}"
        yield from (f"  {dotted(each.path)}: {each.shown}" for each in places)
    if not found:
        yield "nothing lost"


def _in_the_way(config: MeshFile) -> Iterator[str]:
    """What else the file must change, but for the VPCs, which no file for App Mesh needs."""
    for finding in rules.run(Index(on_lattice(config))):
        if finding.severity == "error" and finding.code != VPC.code:
            yield f"to change: {dotted(finding.path)}: {finding.code} {finding.message}"


def on_lattice(config: MeshFile) -> MeshFile:
    """The file for VPC Lattice, with every loss accepted."""
    return config.model_copy(update={"data_plane": "vpc-lattice", "accept_losses": tuple(BY_NAME)})


def main() -> None:
    """Write every table, and remove those of cases that are gone."""
    CASES.mkdir(parents=True, exist_ok=True)
    for file in CASES.glob("*.txt"):
        file.unlink()
    for name, case in cases().items():
        (CASES / f"{name}.txt").write_text(table(*case), encoding="utf-8")


if __name__ == "__main__":
    main()
