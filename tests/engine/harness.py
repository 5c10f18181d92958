"""What drives the real Pulumi engine in tests: a served local cloud, stacks, edits."""

from __future__ import annotations

import importlib.util
import os
import re
import runpy
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
from moto.organizations.models import organizations_backends
from pulumi import automation as auto
from werkzeug.serving import WSGIRequestHandler, make_server

from meshkit.local import application
from meshkit.local.cloud import Cloud
from meshkit.local.landscape import landscape_of
from meshkit.local.plugin import environment
from meshkit.local.project import read_config, read_project
from meshkit.local.sandbox import program_folder
from meshkit.local.services.deployers import DEPLOYER, make_deployer
from meshkit.local.services.organization import forget_members
from tests.engine.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
IMPORTS = {
    "aws:iam/rolePolicy:RolePolicy": "{role}:{name}",
    "aws:appmesh/virtualService:VirtualService": "{meshName}/{name}",
    "aws:vpclattice/authPolicy:AuthPolicy": "{resourceIdentifier}",
}
"""Types to import one of, with the id that an import takes. Every example has one on which nothing
depends."""
CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
# Inputs that the engine writes into a state besides the program's.
ENGINE_INPUTS = ("__defaults",)


def _builder() -> Any:
    spec = importlib.util.spec_from_file_location("build", ROOT / "tools" / "engine" / "build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


builder = _builder()


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: Any) -> None:
        pass


class ServedCloud:
    """The local cloud in this process, also at a port for the engine's plugins."""

    def __init__(self, cloud: Cloud, url: str, faults: Faults) -> None:
        self.cloud = cloud
        self.url = url
        self.faults = faults
        self.deployers: set[str] = set()
        """ARNs of the roles with which programs are deployed."""

    def deployer(self, policy: str, *others: str) -> dict[str, str]:
        """Return credentials of a role of the cloud's own account that has a policy, a JSON text.

        `others` are ARNs of roles that programs assume; they have the policy too.
        """
        own = f"arn:aws:iam::{self.cloud.account}:role/{DEPLOYER}"
        for arn in (own, *others):
            make_deployer(arn, self.cloud.account, policy)
            self.deployers.add(arn)
        asked = {"RoleArn": own, "RoleSessionName": "engine"}
        given = self.cloud.client("sts").assume_role(**asked)["Credentials"]
        return dict(
            zip(
                CREDENTIALS,
                (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]),
                strict=True,
            )
        )

    def is_empty(self, accounts: tuple[str, ...]) -> bool:
        return self.leftovers(accounts) == []

    def leftovers(self, accounts: tuple[str, ...], region: str = "eu-west-1") -> list[str]:
        """Name what is left in the accounts, of everything that the examples make."""
        left: list[str] = []
        for account in accounts:
            meshes = self.cloud.client("appmesh", account, region).list_meshes()["meshes"]
            left += [mesh["arn"] for mesh in meshes if mesh["resourceOwner"] == account]
            shares = self.cloud.client("ram", account, region).get_resource_shares(
                resourceOwner="SELF"
            )["resourceShares"]
            left += [share["name"] for share in shares if share["status"] != "DELETED"]
            iam = self.cloud.client("iam", account, region)
            roles = [role["Arn"] for role in iam.list_roles()["Roles"]]
            left += [arn for arn in roles if "/aws-service-role/" not in arn]
            left = [arn for arn in left if arn not in self.deployers]
            left += [each["Arn"] for each in iam.list_policies(Scope="Local")["Policies"]]
            left += [each["Arn"] for each in iam.list_instance_profiles()["InstanceProfiles"]]
            providers = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
            left += [each["Arn"] for each in providers]
            left += self.cloud.client("eks", account, region).list_clusters()["clusters"]
            lattice = self.cloud.client("vpc-lattice", account, region)
            for listed in ("services", "service_networks", "target_groups"):
                left += [each["arn"] for each in getattr(lattice, f"list_{listed}")()["items"]]
        return left


@contextmanager
def served_cloud(
    account: str = "111111111111", *, enforce_iam: bool = False
) -> Iterator[ServedCloud]:
    with Cloud(account=account, region="eu-west-1", enforce_iam=enforce_iam) as cloud:
        faults = Faults(application.ServedCloud(enforce_iam=enforce_iam))
        server = make_server("127.0.0.1", 0, faults, threaded=True, request_handler=_Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield ServedCloud(cloud, f"http://127.0.0.1:{server.server_port}", faults)
        finally:
            server.shutdown()
            thread.join()


class Engine:
    """The Pulumi CLI with a home and a state of its own, on a served cloud.

    `credentials` are those of its provider, by default those of the cloud's own account.
    """

    def __init__(
        self,
        binary: Path,
        folder: Path,
        served: ServedCloud,
        credentials: Mapping[str, str] | None = None,
    ) -> None:
        self.binary = binary
        self.folder = folder
        self.served = served
        self._founded = False
        for name in ("home", "state", "root/bin"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        link = folder / "root" / "bin" / "pulumi"
        if not link.exists():
            link.symlink_to(binary)
        {name: os.environ[name] for name in CREDENTIALS if name in os.environ}
        self.environment = {
            **environment(served.url, f"{link.parent}{os.pathsep}{os.environ['PATH']}"),
            **(
                credentials
                or {name: os.environ[name] for name in CREDENTIALS if name in os.environ}
            ),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "engine tests",
        }
        self.command = auto.PulumiCommand(root=str(folder / "root"))

    def stack(
        self,
        program: Callable[[], Any],
        project: str = "engine",
        config: dict[str, str] | None = None,
        name: str = "local",
    ) -> auto.Stack:
        work = self.folder / "work" / project
        work.mkdir(parents=True, exist_ok=True)
        options = auto.LocalWorkspaceOptions(
            env_vars=self.environment,
            work_dir=str(work),
            pulumi_command=self.command,
        )
        stack = auto.create_or_select_stack(name, project, program, opts=options)
        values = {"aws:region": "eu-west-1", **(config or {})}
        stack.set_all_config({key: auto.ConfigValue(value) for key, value in values.items()})
        return stack

    def example(
        self, folder: Path, stack_name: str, importing: Mapping[str, str] | None = None
    ) -> auto.Stack:
        """Return a stack of an example, in a cloud with the organization its file names.

        `importing` are ids of resources to import, by URN.
        """
        project = read_project(folder)
        config = dict(read_config(project, stack_name).values)
        if not self._founded:
            landscape_of(folder, config).found()
            self._founded = True

        def program() -> None:
            _import({type_and_name(urn): id_ for urn, id_ in (importing or {}).items()})
            with program_folder(folder):
                runpy.run_path(str(folder / "__main__.py"), {}, "__main__")

        return self.stack(program, project.name, config, stack_name)

    def start_over(self, folder: Path, stack_name: str) -> None:
        """Found the organization anew that an example's file names: its accounts never go."""
        landscape = landscape_of(folder, read_config(read_project(folder), stack_name).values)
        if landscape.organization is not None:
            found = organizations_backends[landscape.management_account][landscape.partition]
            found._reset()
            forget_members()
            landscape.found()

    def forget(self, stack: auto.Stack, urn: str) -> None:
        """Take a resource out of the state, as if it had been made by hand."""
        command = ["state", "delete", urn, "--yes", "--stack", stack.name]
        self.command.run(command, stack.workspace.work_dir, self.environment)

    def state_text(self) -> str:
        """Return all that the engine has written to its backend."""
        return "".join(path.read_text("utf-8") for path in (self.folder / "state").rglob("*.json*"))


def _import(ids: Mapping[tuple[str, str], str]) -> None:
    def with_id(args: pulumi.ResourceTransformationArgs) -> Any:
        id_ = ids.get((args.type_, args.name))
        if id_ is None:
            return None
        opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(import_=id_))
        return pulumi.ResourceTransformationResult(args.props, opts)

    pulumi.runtime.register_stack_transformation(with_id)


def type_and_name(urn: str) -> tuple[str, str]:
    """Return the type and the name that a URN tells."""
    _, _, types, name = urn.split("::", 3)
    return types.rpartition("$")[2], name


def importable(stack: auto.Stack) -> tuple[str, str]:
    """Return the URN and the import id of a resource on which nothing depends."""
    state = (stack.export_stack().deployment or {})["resources"]
    needed = {urn for each in state for urn in each.get("dependencies", [])}
    for each in state:
        template = IMPORTS.get(each["type"])
        # A mesh of another account can't be told in the id of an import.
        if template and each["urn"] not in needed and "meshOwner" not in each["inputs"]:
            return each["urn"], template.format(**each["inputs"])
    raise LookupError("nothing to import")


def resources(stack: auto.Stack) -> dict[str, dict[str, Any]]:
    """Return the inputs of the resources in a stack's state, by URN."""
    deployment = stack.export_stack().deployment or {}
    return {
        each["urn"]: {
            key: value for key, value in each.get("inputs", {}).items() if key not in ENGINE_INPUTS
        }
        for each in deployment.get("resources", [])
    }


def counts(summary: Any) -> dict[str, int]:
    """Return how many resources a run changed, by operation, without those left alone."""
    changes = summary.resource_changes if hasattr(summary, "resource_changes") else summary
    return {
        str(getattr(operation, "value", operation)): number
        for operation, number in changes.items()
        if str(getattr(operation, "value", operation)) != "same"
    }


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert re.search(old, text), f"{path.name}: no {old!r} to edit"
    path.write_text(re.sub(old, new, text), "utf-8")
