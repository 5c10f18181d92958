"""Service-linked roles, SAML providers, users' boundaries and policy simulation as AWS has them.

The rest of IAM is moto's.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.iam import responses, urls
from moto.iam.exceptions import EntityAlreadyExists, InvalidInput
from moto.iam.models import SERVICE_NAME_CONVERSION, IAMBackend, Role, iam_backends

from meshkit.local.services import saml_providers, simulation
from meshkit.local.services.query import QueryOperations

SERVICE_NAME_CONVERSION.update(
    {
        # moto writes the service's name as it is in lower case; AWS documents these.
        "appmesh": "AppMesh",
        "cloudtrail": "CloudTrail",
        "config": "Config",
        "ecs": "ECS",
        "eks": "AmazonEKS",
        "eks-nodegroup": "AmazonEKSNodegroup",
        "elasticloadbalancing": "ElasticLoadBalancing",
        "organizations": "Organizations",
        "ram": "ResourceAccessManager",
        "vpc-lattice": "VpcLattice",
    }
)

_OPERATIONS = {**simulation.OPERATIONS, **saml_providers.OPERATIONS}


class Iam(IAMBackend):
    """moto's IAM, which refuses a second role for a service in AWS's words."""

    def create_role(self, role_name: str, *args: Any, **kwargs: Any) -> Role:
        """Create a role; raise `InvalidInput` where a service's role is there already."""
        try:
            return super().create_role(role_name, *args, **kwargs)
        except EntityAlreadyExists:
            if not kwargs.get("linked_service"):
                raise
            # AWS's answer, seen in terraform-aws-hasura issue 17.
            message = (
                f"Service role name {role_name} has been taken in this account, "
                "please try a different suffix."
            )
            raise InvalidInput(message) from None

    @property
    def _url_module(self) -> Any:
        paths = {"{0}/$": IamResponse.dispatch}
        return SimpleNamespace(url_bases=urls.url_bases, url_paths=paths)


class IamResponse(QueryOperations, responses.IamResponse):
    """The requests of IAM, those that moto lacks among them."""

    service = "iam"
    handlers = _OPERATIONS

    def create_user(self) -> ActionResult:
        """Create a user, with the permissions boundary that moto forgets."""
        result = super().create_user()
        if (arn := self._get_param("PermissionsBoundary")) is not None:
            self._limit_user(arn)
        return result

    def put_user_permissions_boundary(self) -> ActionResult:
        """Limit a user."""
        return self._limit_user(self._get_param("PermissionsBoundary"))

    def delete_user_permissions_boundary(self) -> ActionResult:
        """Limit a user no more."""
        return self._limit_user(None)

    def _limit_user(self, arn: str | None) -> ActionResult:
        """Set a user's boundary, under the names that moto's roles have for theirs."""
        user: Any = self.backend.get_user(self._get_param("UserName"))
        kind = "PermissionsBoundaryPolicy"
        told = {"PermissionsBoundaryArn": arn, "PermissionsBoundaryType": kind}
        user.permissions_boundary_arn = arn
        user.permissions_boundary = told if arn else None
        return EmptyResult()


def ensure_service_linked_role(account: str, partition: str, service: str) -> None:
    """Create the role of a service, such as `ram.amazonaws.com`, unless the account has it."""
    try:
        iam_backends[account][partition].create_service_linked_role(service, "", "")
    except InvalidInput:
        return  # the account has it
