"""The AWS services of the local cloud that moto lacks or does not do well enough."""

from __future__ import annotations

from typing import Any

from moto.account.models import account_backends
from moto.appmesh.models import appmesh_backends
from moto.cloudformation.models import cloudformation_backends
from moto.cloudtrail.models import cloudtrail_backends
from moto.core.base_backend import BackendDict
from moto.eks.models import eks_backends
from moto.iam.models import iam_backends
from moto.organizations.models import organizations_backends
from moto.ram.models import ram_backends
from moto.servicequotas.models import servicequotas_backends
from moto.sts.models import sts_backends
from moto.vpclattice.models import vpclattice_backends

from meshkit.local.services.account_names import Accounts
from meshkit.local.services.appmesh.backend import mesh_exists
from meshkit.local.services.appmesh.service import AppMesh
from meshkit.local.services.cloudtrail.service import CloudTrail
from meshkit.local.services.iam import Iam
from meshkit.local.services.organizations import Organizations
from meshkit.local.services.pod_identity import PodIdentityBackend
from meshkit.local.services.ram.resources import EXISTS
from meshkit.local.services.ram.service import Ram
from meshkit.local.services.service_quotas import ServiceQuotas
from meshkit.local.services.stack_sets import StackSets
from meshkit.local.services.sts import Sts
from meshkit.local.services.vpclattice.backend import exists as lattice_exists
from meshkit.local.services.vpclattice.service import VpcLattice

_SERVICES: tuple[tuple[BackendDict[Any], type[Any]], ...] = (
    (appmesh_backends, AppMesh),
    (cloudtrail_backends, CloudTrail),
    (ram_backends, Ram),
    (eks_backends, PodIdentityBackend),
    (iam_backends, Iam),
    (sts_backends, Sts),
    (servicequotas_backends, ServiceQuotas),
    (vpclattice_backends, VpcLattice),
    (organizations_backends, Organizations),
    (cloudformation_backends, StackSets),
    (account_backends, Accounts),
)


def install() -> None:
    """Put the services of the local cloud in the place of moto's. Calling it again is harmless.

    moto makes a backend for each account and region from the class that a service's `BackendDict`
    holds; that class is replaced, so every module that has the `BackendDict` sees the same state.
    What moto's own classes had kept before is dropped.
    """
    for backends, service in _SERVICES:
        if backends.backend is not service:
            backends.clear()
            backends.backend = service
    EXISTS["appmesh:Mesh"] = mesh_exists
    EXISTS["vpc-lattice:Service"] = EXISTS["vpc-lattice:ServiceNetwork"] = lattice_exists
