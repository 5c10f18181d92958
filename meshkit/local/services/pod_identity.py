"""EKS Pod Identity associations, which moto's EKS does not have."""

from __future__ import annotations

import string
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from moto.eks import urls
from moto.eks.exceptions import ResourceNotFoundException
from moto.eks.models import Cluster, EKSBackend, eks_backends
from moto.moto_api._internal import mock_random

from meshkit.local.services import paging
from meshkit.local.services.clock import now
from meshkit.local.services.dispatch import Call, Handler, ModelResponse, regional
from meshkit.local.services.errors import ApiError
from meshkit.local.services.tokens import Tokens

PAGE_SIZE = 100
_ID_ALPHABET = string.ascii_lowercase + string.digits


@dataclass
class PodIdentityAssociation:
    """Which role the pods of a service account get. `settings` are the optional members."""

    cluster: str
    id: str
    arn: str
    namespace: str
    service_account: str
    role_arn: str
    tags: dict[str, str]
    settings: dict[str, Any]
    created_at: datetime
    modified_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.modified_at = self.created_at

    @property
    def summary(self) -> dict[str, Any]:
        """The entry of a list."""
        return {
            "clusterName": self.cluster,
            "namespace": self.namespace,
            "serviceAccount": self.service_account,
            "associationArn": self.arn,
            "associationId": self.id,
        }

    @property
    def shown(self) -> dict[str, Any]:
        """The association as answers show it."""
        return {
            **self.summary,
            "roleArn": self.role_arn,
            "tags": self.tags,
            "createdAt": self.created_at,
            "modifiedAt": self.modified_at,
            **self.settings,
        }


_SETTINGS = ("disableSessionTags", "targetRoleArn", "policy")


class PodIdentityBackend(EKSBackend):
    """moto's EKS of one account and region, with Pod Identity associations by their ARN."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.associations: dict[str, PodIdentityAssociation] = {}
        self.tokens = Tokens()

    def create_cluster(self, *args: Any, **kwargs: Any) -> Cluster:
        """Create a cluster with an endpoint and an OIDC issuer of its own.

        moto gives all clusters of a process the same. The forms are those that AWS shows.
        """
        cluster = super().create_cluster(*args, **kwargs)
        identifier = f"{mock_random.getrandbits(128):032X}"
        host = f"eks.{self.region_name}.amazonaws.com"
        cluster.endpoint = f"https://{identifier}.gr7.{self.region_name}.eks.amazonaws.com"
        cluster.identity = {"oidc": {"issuer": f"https://oidc.{host}/id/{identifier}"}}
        return cluster

    def delete_cluster(self, name: str) -> Cluster:
        """Delete a cluster, and its associations with it."""
        cluster = super().delete_cluster(name)
        self.associations = {
            arn: each for arn, each in self.associations.items() if each.cluster != name
        }
        return cluster

    @property
    def _url_module(self) -> Any:
        association = "{0}/clusters/(?P<name>[^/]+)/pod-identity-associations"
        paths = {
            f"{association}$": PodIdentityResponse.dispatch,
            f"{association}/(?P<associationId>[^/]+)$": PodIdentityResponse.dispatch,
            "{0}/tags/(?P<resourceArn>.+)$": PodIdentityResponse.dispatch,
        }
        return SimpleNamespace(url_bases=urls.url_bases, url_paths={**urls.url_paths, **paths})


def backend(call: Call) -> PodIdentityBackend:
    """Return the EKS of the call's account and region."""
    return cast("PodIdentityBackend", regional(eks_backends, call.account, call.region))


def create(call: Call) -> dict[str, Any]:
    """Create an association. The cluster must exist; a service account has at most one."""
    eks, cluster = _cluster(call)
    namespace, service_account = call.params["namespace"], call.params["serviceAccount"]
    for each in eks.associations.values():
        if (each.cluster, each.namespace, each.service_account) == (
            cluster,
            namespace,
            service_account,
        ):
            message = f"Association already exists: {each.id}"
            raise ApiError("ResourceInUseException", message)
    identifier = "a-" + "".join(mock_random.choices(_ID_ALPHABET, k=17))
    arn = f"arn:{call.partition}:eks:{call.region}:{call.account}"
    association = PodIdentityAssociation(
        cluster=cluster,
        id=identifier,
        arn=f"{arn}:podidentityassociation/{cluster}/{identifier}",
        namespace=namespace,
        service_account=service_account,
        role_arn=_own_role(call),
        tags=call.params.get("tags", {}),
        settings=_settings(call),
        created_at=now(),
    )
    eks.associations[association.arn] = association
    return {"association": association.shown}


def describe(call: Call) -> dict[str, Any]:
    """Return an association."""
    return {"association": _existing(call)[1].shown}


def list_associations(call: Call) -> dict[str, Any]:
    """List the associations of a cluster, of one namespace or service account if wanted."""
    eks, cluster = _cluster(call)
    namespace, service_account = call.params.get("namespace"), call.params.get("serviceAccount")
    found = [
        each.summary
        for each in eks.associations.values()
        if each.cluster == cluster
        and namespace in (None, each.namespace)
        and service_account in (None, each.service_account)
    ]
    limit = call.params.get("maxResults", PAGE_SIZE)
    try:
        shown, token = paging.page(
            found, lambda each: str(each["associationId"]), limit, call.params.get("nextToken")
        )
    except paging.BadTokenError:
        raise ApiError("InvalidParameterException", "The nextToken is not valid") from None
    return {"associations": shown, "nextToken": token}


def update(call: Call) -> dict[str, Any]:
    """Change the role or the settings of an association; what is left out stays."""
    _, association = _existing(call)
    if "roleArn" in call.params:
        association.role_arn = _own_role(call)
    association.settings = association.settings | _settings(call)
    association.modified_at = now()
    return {"association": association.shown}


def delete(call: Call) -> dict[str, Any]:
    """Delete an association."""
    eks, association = _existing(call)
    del eks.associations[association.arn]
    return {"association": association.shown}


def tag_resource(call: Call) -> dict[str, Any]:
    """Tag an association, or what moto's EKS tags."""
    arn, tags = call.params["resourceArn"], call.params["tags"]
    eks = backend(call)
    if association := eks.associations.get(arn):
        association.tags = association.tags | tags
    else:
        with _tagged(arn):
            eks.tag_resource(arn, tags)
    return {}


def untag_resource(call: Call) -> dict[str, Any]:
    """Remove tags from an association, or from what moto's EKS tags."""
    arn, keys = call.params["resourceArn"], call.params["tagKeys"]
    eks = backend(call)
    if association := eks.associations.get(arn):
        kept = {key: value for key, value in association.tags.items() if key not in keys}
        association.tags = kept
    else:
        with _tagged(arn):
            eks.untag_resource(arn, keys)
    return {}


def list_tags(call: Call) -> dict[str, Any]:
    """List the tags of an association, or of what moto's EKS tags."""
    arn, eks = call.params["resourceArn"], backend(call)
    if association := eks.associations.get(arn):
        return {"tags": association.tags}
    with _tagged(arn):
        return {"tags": eks.list_tags_for_resource(arn)}


_OPERATIONS: dict[str, Handler] = {
    "CreatePodIdentityAssociation": create,
    "DescribePodIdentityAssociation": describe,
    "ListPodIdentityAssociations": list_associations,
    "UpdatePodIdentityAssociation": update,
    "DeletePodIdentityAssociation": delete,
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
    "ListTagsForResource": list_tags,
}


class PodIdentityResponse(ModelResponse):
    """The requests of EKS that moto lacks, and tags, which both have."""

    service = "eks"
    invalid_code = "InvalidParameterException"
    # Inferred: EKS documents no code for it.
    mismatch_code = "InvalidRequestException"
    handlers = _OPERATIONS


@contextmanager
def _tagged(arn: str) -> Iterator[None]:
    """Raise `NotFoundException`, the code of the tag operations, where moto finds nothing."""
    try:
        yield
    except ResourceNotFoundException:
        raise ApiError("NotFoundException", f"Resource {arn} was not found.") from None


def _cluster(call: Call) -> tuple[PodIdentityBackend, str]:
    eks, cluster = backend(call), call.params["clusterName"]
    if cluster not in eks.clusters:
        message = f"No cluster found for name: {cluster}."
        raise ApiError("ResourceNotFoundException", message)
    return eks, cluster


def _existing(call: Call) -> tuple[PodIdentityBackend, PodIdentityAssociation]:
    eks, cluster = _cluster(call)
    identifier = call.params["associationId"]
    for association in eks.associations.values():
        if (association.cluster, association.id) == (cluster, identifier):
            return eks, association
    message = f"No association found with id: {identifier}"
    raise ApiError("ResourceNotFoundException", message)


def _own_role(call: Call) -> str:
    """Return the role, which must be of the cluster's account.

    EKS user guide, "EKS Pod Identity": a role of another account is reached by a target role.
    The code is inferred.
    """
    role_arn = str(call.params["roleArn"])
    if not role_arn.startswith(f"arn:{call.partition}:iam::{call.account}:role/"):
        message = f"{role_arn} is not a role of account {call.account}"
        raise ApiError("InvalidParameterException", message)
    return role_arn


def _settings(call: Call) -> dict[str, Any]:
    return {name: call.params[name] for name in _SETTINGS if name in call.params}
