"""The kinds of VPC Lattice resources, as data.

Source of prefixes and ARNs: the patterns in the API's model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of resource.

    `label` is its name in operations, `prefix` begins its ids, `segment` is its name in ARNs.
    """

    label: str
    prefix: str
    segment: str

    @property
    def identifier(self) -> str:
        """The member of a request that names a resource of this kind."""
        return f"{self.label[0].lower()}{self.label[1:]}Identifier"

    @property
    def resource_type(self) -> str:
        """The kind as errors name it. Inferred: AWS documents no values of this member."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.label).upper()


SERVICE_NETWORK = Kind("ServiceNetwork", "sn", "servicenetwork")
SERVICE = Kind("Service", "svc", "service")
LISTENER = Kind("Listener", "listener", "listener")
RULE = Kind("Rule", "rule", "rule")
TARGET_GROUP = Kind("TargetGroup", "tg", "targetgroup")
SERVICE_ASSOCIATION = Kind(
    "ServiceNetworkServiceAssociation", "snsa", "servicenetworkserviceassociation"
)
VPC_ASSOCIATION = Kind("ServiceNetworkVpcAssociation", "snva", "servicenetworkvpcassociation")
ACCESS_LOG_SUBSCRIPTION = Kind("AccessLogSubscription", "als", "accesslogsubscription")

KINDS = (
    SERVICE_NETWORK,
    SERVICE,
    LISTENER,
    RULE,
    TARGET_GROUP,
    SERVICE_ASSOCIATION,
    VPC_ASSOCIATION,
    ACCESS_LOG_SUBSCRIPTION,
)
