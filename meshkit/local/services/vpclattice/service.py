"""Amazon VPC Lattice as a moto service."""

from __future__ import annotations

from typing import ClassVar

from meshkit.local.services.dispatch import ModelResponse
from meshkit.local.services.vpclattice import (
    access_logs,
    associations,
    listeners,
    networks,
    policies,
    rules,
    services,
    tagging,
    target_groups,
    targets,
    vpc_associations,
)
from meshkit.local.services.vpclattice.backend import VpcLatticeBackend


class VpcLatticeResponse(ModelResponse):
    """The requests of VPC Lattice, but for resource configurations and gateways."""

    service = "vpc-lattice"
    invalid_code = "ValidationException"
    mismatch_code = "ConflictException"
    handlers = (
        networks.OPERATIONS
        | services.OPERATIONS
        | listeners.OPERATIONS
        | rules.OPERATIONS
        | target_groups.OPERATIONS
        | targets.OPERATIONS
        | associations.OPERATIONS
        | vpc_associations.OPERATIONS
        | policies.OPERATIONS
        | access_logs.OPERATIONS
        | tagging.OPERATIONS
    )
    error_members: ClassVar = {
        "ValidationException": {"reason": "fieldValidationFailed"},
        # Of a client token that comes again with other parameters.
        "ConflictException": {"resourceId": "", "resourceType": "CLIENT_TOKEN"},
    }


class VpcLattice(VpcLatticeBackend):
    """VPC Lattice in one account and region, with its requests."""

    response = VpcLatticeResponse
