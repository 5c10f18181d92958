"""The running pods of a deployment: which role and which endpoint they were started with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.confirm.remark import missing, note
from meshkit.inspect.confirm.workload import ENDPOINT_VARIABLES, wrong_endpoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.inspect.confirm.kube import Deployment, Pod
    from meshkit.inspect.confirm.place import Place
    from meshkit.inspect.confirm.remark import Remark

IRSA_ROLE = "AWS_ROLE_ARN"
POD_IDENTITY_AGENT = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
"""What EKS sets in the containers of a pod when it starts.

Source: EKS User Guide, "Configure pods to use a Kubernetes service account", "How EKS Pod Identity
works".
"""
PROXY = "envoy"
"""The name that the App Mesh controller gives the container of a proxy."""


def running(place: Place, deployment: Deployment) -> list[Pod]:
    """The running pods of a deployment. Raises ``CantTellError``."""
    command = place.kubectl("get", "pods", "--selector", deployment.selector)
    return place.open(command).pods(place.namespace, deployment.selector)


def wrong(place: Place, identity: str, pods: list[Pod]) -> list[Remark]:
    """What is wrong with the proxies in running pods. ``identity`` is irsa or pod-identity."""
    if not pods:
        return [note(f"no pod of deployment {place.namespace}/{place.deployment} runs now")]
    remarks: list[Remark] = []
    for pod in pods:
        proxies = {name: env for name, env in pod.containers.items() if _is_proxy(name, env)}
        if not proxies:
            remarks.append(note(f"pod {pod.name} has no Envoy container"))
            continue
        remarks += wrong_endpoint(place.proxy, f"pod {pod.name}", proxies)
        if not all(_has_role(place, identity, env) for env in proxies.values()):
            text = f"pod {pod.name} was started before its service account had the role"
            words = ("rollout", "restart", "deployment", str(place.deployment))
            remarks.append(missing(text, place.kubectl(*words)))
    return remarks


def _is_proxy(name: str, environment: Mapping[str, str]) -> bool:
    return name == PROXY or any(variable in environment for variable in ENDPOINT_VARIABLES)


def _has_role(place: Place, identity: str, environment: Mapping[str, str]) -> bool:
    if identity == "pod-identity":
        return POD_IDENTITY_AGENT in environment
    found = environment.get(IRSA_ROLE)
    return found is not None and place.proxy.role_arn in (None, found)
