"""The table of what the local cloud can make: every resource type and every look-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.local.resources import (
    appmesh,
    certificates,
    cloudformation,
    config_service,
    discovery,
    ec2,
    ecs,
    eks,
    functions,
    group_rules,
    iam,
    kms,
    load_balancers,
    lookups,
    monitoring,
    organizations,
    ram,
    route53,
    s3,
    saml_provider,
    storage,
    vpclattice,
    vpclattice_lookups,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.local.resources.model import Invoke, ResourceType

TYPES: Mapping[str, ResourceType] = {
    **appmesh.TYPES,
    **certificates.TYPES,
    **cloudformation.TYPES,
    **config_service.TYPES,
    **discovery.TYPES,
    **ec2.TYPES,
    **ecs.TYPES,
    **eks.TYPES,
    **functions.TYPES,
    **group_rules.TYPES,
    **iam.TYPES,
    **kms.TYPES,
    **load_balancers.TYPES,
    **monitoring.TYPES,
    **organizations.TYPES,
    **ram.TYPES,
    **route53.TYPES,
    **s3.TYPES,
    **saml_provider.TYPES,
    **storage.TYPES,
    **vpclattice.TYPES,
}

INVOKES: Mapping[str, Invoke] = {
    **appmesh.INVOKES,
    **eks.INVOKES,
    **group_rules.INVOKES,
    **iam.INVOKES,
    **lookups.INVOKES,
    **organizations.INVOKES,
    **ram.INVOKES,
    **vpclattice_lookups.INVOKES,
}
