"""Runs the commands that confirmation prints: those of the AWS CLI, and some of kubectl."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

from botocore import xform_name
from botocore.model import ListShape, StructureShape
from botocore.session import Session

if TYPE_CHECKING:
    from tests.inspect.confirm.api_server import Cluster
    from tests.inspect.confirm.workloads import Workloads

_SESSION = Session()


def run(line: str, shop: Workloads, name: str) -> None:
    """Run a command in the account of a node or gateway. Raises for what is no command."""
    program, *words = shlex.split(line)
    if program == "aws":
        service, operation, params = aws_call(words)
        getattr(shop.aws(service, name), operation)(**params)
    elif program == "kubectl":
        assert words[0::2][:2] == ["--context", "--namespace"], line
        kubectl(words[4:], words[3], shop.cluster)
    else:
        raise LookupError(line)


def aws_call(words: list[str]) -> tuple[str, str, dict[str, Any]]:
    """What boto3 would be called with. Raises for an operation or an option that there is not."""
    service, command, *rest = words
    model = _SESSION.get_service_model(service)
    commands = {xform_name(each, "-"): each for each in model.operation_names}
    shape = model.operation_model(commands[command]).input_shape
    assert shape is not None
    options = {f"--{xform_name(member, '-')}": member for member in shape.members}
    given: dict[str, list[str]] = {}
    for word in rest:
        if word.startswith("--"):
            current = given.setdefault(word, [])
        else:
            current.append(word)
    given.pop("--region", None)
    params = {
        options[option]: _value(values, shape.members[options[option]])
        for option, values in given.items()
    }
    return service, command.replace("-", "_"), params


def _value(values: list[str], shape: Any) -> Any:
    if isinstance(shape, ListShape) and not values[0].startswith("["):
        return values
    (text,) = values
    return json.loads(text) if isinstance(shape, StructureShape | ListShape) else text


def kubectl(words: list[str], namespace: str, cluster: Cluster) -> None:
    """Do what kubectl does, with what the webhooks of EKS do when a pod starts."""
    root = f"/api/v1/namespaces/{namespace}/serviceaccounts"
    match words:
        case ["create", "serviceaccount", name]:
            cluster.service_account(namespace, name)
        case ["annotate", "serviceaccount", name, *rest]:
            held = cluster.objects[f"{root}/{name}"]["metadata"]
            key, _, value = rest[-1].partition("=")
            held["annotations"] = {key: value} if value else None
        case ["set", "serviceaccount", "deployment", name, account]:
            cluster.deployment(namespace, name, account)
        case ["rollout", "restart", "deployment", name]:
            found = cluster.objects[f"{root}/{name}"]["metadata"]["annotations"] or {}
            env = cluster.env_of(namespace, name)
            env[:] = [each for each in env if each["name"] != "AWS_ROLE_ARN"]
            role = found.get("eks.amazonaws.com/role-arn")
            env += [{"name": "AWS_ROLE_ARN", "value": role}] if role else []
        case _:
            raise LookupError(words)
