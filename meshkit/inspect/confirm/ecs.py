"""ECS: from the service to its task definition, and to the task role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from meshkit.inspect.confirm.aws import RefusedError
from meshkit.inspect.confirm.commands import document
from meshkit.inspect.confirm.remark import absent, missing, note, unseen
from meshkit.inspect.confirm.workload import Seen, wrong_endpoint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshkit.config.workload import EcsWorkload
    from meshkit.inspect.confirm.remark import Remark
    from meshkit.inspect.confirm.workload import Proxy

_DEFAULT_CLUSTER = "default"
"""What ECS takes where no cluster is named."""


def look(proxy: Proxy) -> Seen:
    """Look at the tasks of a proxy. Raises ``CantTellError``."""
    workload = cast("EcsWorkload", proxy.endpoint.workload)
    family = None
    if workload.task_family is not None:
        family = proxy.text(workload.task_family, "task_family")
    if workload.service is None:
        if family is None:
            return Seen("ECS tasks", remarks=(_UNNAMED,))
        seen = _definition(proxy, family, None)
        return Seen(seen.where, seen.roles, (*seen.remarks, _no_service(family)))
    cluster = proxy.text(workload.cluster or _DEFAULT_CLUSTER, "cluster")
    return _service(proxy, cluster, proxy.text(workload.service, "service"), family)


_UNNAMED = unseen(
    "which role its tasks carry: the file names no ECS service and no task family "
    "(workload: cluster, service, task_family)"
)


def _no_service(family: str) -> Remark:
    return unseen(
        f"which task definition runs, only the newest of {family}: the file names no ECS service "
        "(workload: cluster, service)"
    )


def _service(proxy: Proxy, cluster: str, name: str, family: str | None) -> Seen:
    where = f"service {cluster}/{name}"
    service = _described(proxy, cluster, name)
    if service is None:
        text = f"there is no active ECS service {name} in cluster {cluster} of {proxy.owner.key}"
        command = proxy.account.command("ecs", "list_services", cluster=cluster)
        return Seen(where, remarks=(absent(text, command),))
    current, others = _definitions(service)
    if current is None:
        return Seen(where, remarks=(absent(f"{where} has no task definition yet"),))
    seen = _definition(proxy, current, (cluster, name))
    remarks = [*seen.remarks, *_running(where, service, others)]
    found = _family(current)
    if family is not None and found != family:
        text = f"{where} runs task definition {_short(current)}; the file says family {family}"
        remarks.append(missing(text, _deploy(proxy, cluster, name, family)))
    return Seen(f"{where}, {seen.where}", seen.roles, tuple(remarks))


def _described(proxy: Proxy, cluster: str, name: str) -> dict[str, Any] | None:
    try:
        answer = proxy.account.ask("ecs", "describe_services", cluster=cluster, services=[name])
    except RefusedError as error:
        if error.code == "ClusterNotFoundException":
            return None
        raise
    active = [each for each in answer["services"] if each.get("status") != "INACTIVE"]
    return active[0] if active else None


def _definitions(service: dict[str, Any]) -> tuple[str | None, list[str]]:
    """The task definition of a service, and others of which tasks still run.

    A service with a deployment controller of its own has task sets in the place of deployments.
    """
    sets, deployments = service.get("taskSets", ()), service.get("deployments", ())
    primary = [each["taskDefinition"] for each in sets if each.get("status") == "PRIMARY"]
    current = primary[0] if primary else service.get("taskDefinition")
    others = {
        each["taskDefinition"]
        for each in (*sets, *deployments)
        if each.get("status") != "PRIMARY" and each.get("runningCount")
    }
    return current, sorted(others - {current})


def _running(where: str, service: dict[str, Any], others: Iterable[str]) -> list[Remark]:
    remarks = [note(f"tasks of {_short(each)} still run in {where}") for each in others]
    if not service.get("runningCount"):
        remarks.append(note(f"{where} runs no task now"))
    return remarks


def _definition(proxy: Proxy, wanted: str, service: tuple[str, str] | None) -> Seen:
    """Look at a task definition, given by its ARN or its family."""
    try:
        answer = proxy.account.ask("ecs", "describe_task_definition", taskDefinition=wanted)
    except RefusedError as error:
        # ECS says ClientException for one that it does not have.
        if error.code != "ClientException":
            raise
        text = f"there is no active task definition {wanted} in {proxy.owner.key}"
        command = proxy.account.command("ecs", "list_task_definitions", familyPrefix=wanted)
        return Seen(f"task definition {wanted}", remarks=(absent(text, command),))
    definition = answer["taskDefinition"]
    where = f"task definition {_short(definition['taskDefinitionArn'])}"
    found = definition.get("taskRoleArn") or None
    deploy = [_deploy(proxy, *service, definition["family"])] if service else []
    statement = f'in the task definition: "taskRoleArn": {document(proxy.role_arn)}'
    variable = f'in its Envoy container: "APPMESH_RESOURCE_ARN": "{proxy.endpoint.arn}"'
    remarks = (
        *proxy.carried(where, "task role", found, statement, *deploy),
        *wrong_endpoint(proxy, where, _environments(definition), variable, *deploy),
    )
    return Seen(where, (found,) if found else (), remarks)


def _deploy(proxy: Proxy, cluster: str, service: str, family: str) -> str:
    """The command that makes a service take the newest task definition of a family."""
    return proxy.account.command(
        "ecs", "update_service", cluster=cluster, service=service, taskDefinition=family
    )


def _environments(definition: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {
        container["name"]: {
            entry["name"]: entry.get("value", "") for entry in container.get("environment", ())
        }
        for container in definition.get("containerDefinitions", ())
    }


def _short(arn: str) -> str:
    return arn.rpartition("/")[2]


def _family(arn: str) -> str:
    return _short(arn).partition(":")[0]
