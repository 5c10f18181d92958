"""Write what the documentation shows of the tool's output: `python -m tools.doc_outputs`.

Each file below `docs/examples` that is not written by hand, the page of all keys, and the block
that says what an example makes. The tests compare them with what the tool prints now.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import runpy
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from typer.testing import CliRunner

from meshkit.cli.main import app
from meshkit.graph import reveal
from meshkit.local.program import run
from meshkit.policy.document import Document
from meshkit.policy.lattice import (
    caller_statements,
    network_policy,
    sample_arns,
    service_policy,
)
from meshkit.policy.permissions import PERMISSIONS
from meshkit.policy.roles import role_statements
from meshkit.policy.trust import trust_of
from meshkit.topology.check import check
from meshkit.topology.lattice.compile import compile_lattice
from meshkit.topology.stream import STREAM_ACTION
from tools import audit_table, doc_confirm
from tools.doc_keys import keys_page, zone_keys_page
from tools.escalation_table import table as escalation_table
from tools.lattice_losses_page import losses_page
from tools.operator_table import owner_scope, table, team_scope
from tools.violations_page import violations_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meshkit.local.outcome import Run
    from meshkit.topology.model import ResolvedMesh

ROOT: Final = Path(__file__).resolve().parent.parent
SHOWN: Final = ROOT / "docs" / "examples"
EXAMPLES: Final = sorted(path.parent.name for path in ROOT.glob("examples/*/Pulumi.yaml"))
SHOP: Final = "examples/shared-mesh/mesh.yaml"
MADE: Final = re.compile(r"(?<=```text\n)account .*?(?=```\n)", re.DOTALL)
"""The block of an example's README that says what it makes."""
DRAWN: Final = re.compile(r"(?<=^account )(?!(\d)\1{11})\d{12}", re.MULTILINE)
"""The id of an account that an example makes: AWS draws it. The others have one digit."""
ENVIRONMENT: Final = {
    "COLLECTOR_TOKEN": "example",
    "ORDERS_EXTERNAL_ID": "example",
    "PARTNER_EXTERNAL_ID": "example",
}
"""What the examples take from the environment."""
TRUSTS: Final = {
    "ecs": "node-task",
    "irsa": "node-pod",
    "pod-identity": "node-agent",
    "ec2": "node-instance",
}
"""A role of `roles/mesh.yaml` for each kind of compute."""
API: Final = "arn:aws:appmesh:eu-west-1:111111111111:mesh/hello/virtualNode/api"
REFUSAL: Final = "access/refusal.txt"


@contextlib.contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Work in a folder, with the environment of the examples."""
    before, known = Path.cwd(), dict(os.environ)
    os.chdir(folder)
    os.environ.update(ENVIRONMENT)
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(known)


def printed(folder: Path, *arguments: str) -> str:
    """What `meshkit` prints on standard output in a folder."""
    with working_in(folder):
        return CliRunner().invoke(app, arguments).stdout


def deployed(folder: Path) -> Run:
    """The outcome of an example on the local cloud."""
    with working_in(folder):
        return run(folder)


def made(example: str) -> str:
    """The trees of an example's resources, as `meshkit local up` prints them."""
    told = printed(ROOT, "local", "up", f"examples/{example}").partition("Outputs\n")[0]
    drawn = dict.fromkeys(each[0] for each in DRAWN.finditer(told))
    shown = {id_: str(digit) * 12 for digit, id_ in enumerate(drawn, start=4)}
    return DRAWN.sub(lambda id_: shown[id_[0]], told)


def _roles() -> ResolvedMesh:
    return check(SHOWN / "roles" / "mesh.yaml").resolve()


def _trust(key: str) -> str:
    mesh = _roles()
    return _json(trust_of(mesh.roles[key], mesh).to_dict())


def _policy(key: str) -> str:
    return _json(Document(role_statements(_roles().roles[key])).to_dict())


def _lattice_policy(kind: str) -> str:
    lattice = compile_lattice(check(SHOWN / "lattice" / "mesh.yaml").resolve())
    arns = sample_arns(lattice)
    role = Document(caller_statements(lattice, lattice.mesh.roles["node-storefront"], arns))
    service = service_policy(lattice, lattice.services["catalog.shop.local"], arns)
    documents = {"role": role, "service": service, "network": network_policy(lattice, arns)}
    document = documents[kind]
    return _json(document.to_dict() if document else {})


def _permissions() -> str:
    lines = ["| when | actions | on | source |", "|---|---|---|---|"]
    for each in PERMISSIONS:
        actions = ", ".join(f"`{action}`" for action in each.actions)
        on = ", ".join(f"`{kind}`" for kind in each.resource_types) or "`*` (no resource type)"
        lines.append(f"| {each.when} | {actions} | {on} | {each.source} |")
    return "\n".join(lines) + "\n"


@cache
def _wiring() -> dict[str, Any]:
    outputs: dict[str, Any] = reveal(dict(deployed(SHOWN / "wiring").outputs))
    return outputs


def _wired(output: str) -> str:
    value = _wiring()[output]
    return value if isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"


def _ran(name: str) -> str:
    """What a script of the documentation prints."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        runpy.run_path(str(SHOWN / name))
    return told.getvalue()


def _denied() -> str:
    return printed(SHOWN / "access", "explain", "--denied", (SHOWN / REFUSAL).read_text("utf-8"))


def _confirmed() -> str:
    folder = SHOWN / "confirm"
    with working_in(folder), doc_confirm.shop():
        return printed(folder, "confirm", "mesh.yaml")


OUTPUTS: Final[dict[str, Callable[[], str]]] = {
    "docs/examples/audit/alarms.txt": audit_table.alarms,
    "docs/examples/audit/rules.txt": audit_table.rules,
    "docs/examples/access/check.txt": partial(
        printed,
        SHOWN / "access",
        *("check", "policy.json", "--request", "requests.json"),
        *("--context", "aws:RequestedRegion=eu-west-1"),
    ),
    "docs/examples/access/who-can.txt": partial(
        printed, SHOWN / "hello", "who-can", STREAM_ACTION, API
    ),
    "docs/examples/access/explain.txt": partial(printed, SHOWN / "hello", "explain", "api"),
    "docs/examples/access/denied.txt": _denied,
    "docs/examples/confirm/confirm.txt": _confirmed,
    "docs/examples/enforce/told.txt": partial(_ran, "enforce/try_policy.py"),
    "docs/examples/invoke/told.txt": partial(_ran, "invoke/try_call.py"),
    **{
        f"docs/examples/begin/{command}.txt": partial(printed, SHOWN / "begin", *arguments)
        for command, arguments in {
            "validate": ("validate", "mesh.yaml"),
            "up": ("local", "up", "."),
            "prove": ("prove", "."),
        }.items()
    },
    "docs/examples/hello/up.txt": partial(printed, SHOWN / "hello", "local", "up", "."),
    "docs/examples/faults/validate.txt": partial(
        printed, SHOWN / "faults", "validate", "mesh.yaml"
    ),
    "docs/examples/diagram/shop.mmd": partial(printed, ROOT, "diagram", SHOP),
    "docs/examples/diagram/shop.svg": partial(printed, ROOT, "diagram", SHOP, "--format", "svg"),
    "docs/examples/lattice/up.txt": partial(printed, SHOWN / "lattice", "local", "up", "."),
    "docs/examples/lattice/losses.txt": partial(
        printed, ROOT, "losses", "examples/ecs-cross-account/mesh.yaml"
    ),
    "docs/examples/migrate/proven.txt": partial(
        printed,
        SHOWN / "migrate",
        *("prove", "--mesh", "mesh.yaml", "--mesh", "lattice.yaml"),
    ),
    "docs/examples/lattice/role-policy.json": partial(_lattice_policy, "role"),
    "docs/examples/lattice/service-policy.json": partial(_lattice_policy, "service"),
    "docs/examples/lattice/network-policy.json": partial(_lattice_policy, "network"),
    "docs/examples/operators/owner.txt": lambda: table(owner_scope()),
    "docs/examples/operators/team.txt": lambda: table(team_scope()),
    "docs/examples/guardrails/attempts.txt": escalation_table,
    "docs/examples/policies/router.txt": partial(_ran, "policies/router.py"),
    "docs/examples/policies/faulty.txt": partial(_ran, "policies/faulty.py"),
    "docs/examples/prove/proven.txt": partial(printed, SHOWN / "hello", "prove"),
    "docs/examples/prove/refused.txt": partial(printed, SHOWN / "prove", "prove"),
    "docs/examples/roles/discouraged.txt": partial(
        printed, SHOWN / "roles", "validate", "discouraged.yaml"
    ),
    "docs/examples/roles/permissions.txt": _permissions,
    "docs/examples/roles/policy-plain.json": partial(_policy, "node-task"),
    "docs/examples/roles/policy-rich.json": partial(_policy, "node-rich"),
    "docs/examples/roles/policy-shared.json": partial(_policy, "shared-111111111111-shop-worker"),
    **{
        f"docs/examples/roles/trust-{compute}.json": partial(_trust, key)
        for compute, key in TRUSTS.items()
    },
    **{
        f"docs/examples/wiring/{output}.{'sh' if output == 'user_data' else 'json'}": partial(
            _wired, output
        )
        for output in (
            "container_definition",
            "xray_container",
            "proxy_configuration",
            "service_account_annotations",
            "namespace_labels",
            "pod_annotations",
            "user_data",
            "gateway_container",
        )
    },
    "docs/examples/sharing/plan.txt": partial(
        printed, SHOWN / "sharing", "share", "plan", "mesh.yaml"
    ),
    "docs/examples/sharing/early.txt": partial(
        printed,
        ROOT / "examples" / "team-stacks",
        *("local", "up", "billing@endpoints"),
    ),
    "docs/reference/keys.md": keys_page,
    "docs/reference/lattice-losses.md": losses_page,
    "docs/reference/landing-zone.md": zone_keys_page,
    "docs/reference/violations.md": violations_page,
}
"""The files and what is in them."""


def main() -> None:
    """Write everything anew."""
    for name, make in OUTPUTS.items():
        (ROOT / name).write_text(make(), encoding="utf-8")
    for example in EXAMPLES:
        readme = ROOT / "examples" / example / "README.md"
        tree = made(example)
        text = MADE.sub(lambda _, tree=tree: tree, readme.read_text("utf-8"))  # type: ignore[misc]
        readme.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
