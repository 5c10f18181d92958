"""``meshkit manifests``: what Kubernetes needs of a mesh file on VPC Lattice."""

from __future__ import annotations

from typing import Annotated

import typer

from meshkit.cli import output
from meshkit.cli.options import MeshFile, TextOrJson, Vars
from meshkit.cli.output import Format
from meshkit.cli.validate import parsed_vars
from meshkit.config.suggest import did_you_mean
from meshkit.errors import MeshkitError
from meshkit.policy.fitting import resolved
from meshkit.topology.lattice.compile import compile_lattice
from meshkit.topology.lattice.manifests import manifests, texts, to_yaml

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def manifests_command(
    file: MeshFile,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="Key of the cluster, where several have a controller."),
    ] = None,
    var: Vars = None,
    format_: TextOrJson = Format.text,
) -> None:
    """Print the manifests for the AWS Gateway API Controller of a cluster, for kubectl apply.

    Exit code: 0, 1 the file has errors, 2 it can't be read or has no such cluster.
    """
    lattice = compile_lattice(resolved(file, values=parsed_vars(var or [])))
    clusters = lattice.mesh.clusters
    led = [key for key, each in clusters.items() if each.spec.gateway_api is not None]
    found = manifests(lattice, _chosen(led, cluster))
    late = dict.fromkeys(map(str, texts(found)))
    if late:
        raise MeshkitError(
            f"only the program knows {', '.join(late)}: give --var, or take "
            "mesh.lattice.manifests of the program"
        )
    if format_ is Format.json:
        output.print_json(found)
    else:
        output.print_line(to_yaml(found).rstrip("\n"))


def _chosen(led: list[str], wanted: str | None) -> str:
    if wanted is None and len(led) == 1:
        return led[0]
    if wanted in led:
        return str(wanted)
    if not led:
        raise MeshkitError("no cluster has a Gateway API controller: give it gateway_api")
    if wanted is None:
        raise MeshkitError(f"several clusters have a controller; give --cluster: {', '.join(led)}")
    raise MeshkitError(f'no cluster "{wanted}" with gateway_api{did_you_mean(wanted, led)}')
