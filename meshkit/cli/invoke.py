"""``meshkit local invoke``: a call to a service of VPC Lattice, tried on the local cloud."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from meshkit.cli import output
from meshkit.cli.options import REGION, Port, Region
from meshkit.local.address import running
from meshkit.local.calling import tried

app = typer.Typer(add_completion=False, rich_markup_mode=None)

ANONYMOUS = "anonymous"


@app.command("invoke")
def invoke(  # noqa: PLR0913, PLR0917 - one parameter for each option
    caller: Annotated[
        str,
        typer.Argument(metavar="FROM", help="Role by name or ARN, user by ARN, or: anonymous."),
    ],
    service: Annotated[
        str, typer.Argument(metavar="SERVICE", help="By name, id, ARN or domain name.")
    ],
    method: Annotated[str, typer.Argument(metavar="[METHOD]")] = "GET",
    path: Annotated[str, typer.Argument(metavar="[PATH]", help="Also with a query.")] = "/",
    header: Annotated[
        list[str] | None, typer.Option("--header", metavar="NAME=VALUE", help="Of the request.")
    ] = None,
    network: Annotated[
        str | None, typer.Option(help="Service network, where the service is in several.")
    ] = None,
    vpc: Annotated[str | None, typer.Option(metavar="ID", help="VPC of the caller.")] = None,
    listener: Annotated[
        int | None, typer.Option(metavar="PORT", help="Port, where the service has several.")
    ] = None,
    context: Annotated[
        list[str] | None,
        typer.Option("--context", metavar="KEY=VALUE", help="Condition key, as aws:SourceIp."),
    ] = None,
    region: Region = REGION,
    port: Port = None,
    form: Annotated[output.Format, typer.Option("--format")] = output.Format.text,
) -> None:
    """Tell whether a call to a service is allowed and where it goes, or which layer refuses it.

    The layers are the association with a service network, a listener, and the policies of the
    caller, of the network and of the service.

    Exit code: 0 allowed, 1 refused, 2 what can't be tried.
    """
    asked = {
        "service": service,
        "caller": None if caller == ANONYMOUS else caller,
        "method": method.upper(),
        "path": path,
        "headers": _pairs(header, "--header"),
        "network": network,
        "vpc": vpc,
        "port": listener,
        "context": _pairs(context, "--context"),
    }
    verdict = tried(running(port).url, asked, region)
    if form is output.Format.json:
        output.print_json(verdict)
    else:
        for line in _lines(verdict):
            output.print_line(line)
    if not verdict["allowed"]:
        raise typer.Exit(output.BAD)


def _pairs(given: list[str] | None, option: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in given or ()]
    if any(not name or not equals for name, equals, _ in pairs):
        raise typer.BadParameter("give NAME=VALUE", param_hint=option)
    return {name: value for name, _, value in pairs}


def _lines(verdict: dict[str, Any]) -> list[str]:
    if not verdict["allowed"]:
        return [f"refused by {verdict['layer']}: {verdict['reason']}"]
    route = verdict["route"]
    lines = [verdict["reason"], f"listener {route['listener']}, rule {route['rule']}"]
    if route["status_code"]:
        lines.append(f"answers {route['status_code']}")
    for target in route["targets"]:
        what = target["single"] or output.counted(target["targets"], "target")
        lines.append(f"to {target['name']}, weight {target['weight']}, {what}")
        if target["fault"]:
            lines.append(f"fails there: {target['fault']}")
    return lines
