"""Service-linked roles as AWS gives them; the rest of IAM is moto's."""

from __future__ import annotations

from typing import Any

from moto.iam import urls
from moto.iam.exceptions import EntityAlreadyExists, InvalidInput
from moto.iam.models import SERVICE_NAME_CONVERSION, IAMBackend, Role, iam_backends

SERVICE_NAME_CONVERSION.update(
    {
        # moto writes the service's name as it is in lower case; AWS documents these.
        "appmesh": "AppMesh",
        "ecs": "ECS",
        "eks": "AmazonEKS",
        "ram": "ResourceAccessManager",
        "vpc-lattice": "VpcLattice",
    }
)


class ServiceLinkedRoles(IAMBackend):
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
        return urls


def ensure_service_linked_role(account: str, partition: str, service: str) -> None:
    """Create the role of a service, such as `ram.amazonaws.com`, unless the account has it."""
    try:
        iam_backends[account][partition].create_service_linked_role(service, "", "")
    except InvalidInput:
        return  # the account has it
