"""A service of VPC Lattice with what belongs to it."""

from __future__ import annotations

from typing import Any

from tests.local.services.conftest import Cloud

VPC = "vpc-0123456789abcdef0"
CONFIG = {"protocol": "HTTP", "vpcIdentifier": VPC}
NOTHING = {"fixedResponse": {"statusCode": 404}}
PATH = {"httpMatch": {"pathMatch": {"match": {"prefix": "/x"}}}}


class Made:
    """A service with a listener and a target group, and a network."""

    def __init__(self, cloud: Cloud) -> None:
        self.client = client = cloud("vpc-lattice")
        self.network = client.create_service_network(name="shop")["id"]
        self.service = client.create_service(name="catalog")["id"]
        self.group = self.new_group("catalog-v1")
        self.listener = self.new_listener("http")["id"]
        self.of_service = {"serviceIdentifier": self.service}
        self.of_listener = self.of_service | {"listenerIdentifier": self.listener}

    def new_group(self, name: str, **config: Any) -> str:
        made = self.client.create_target_group(name=name, type="IP", config={**CONFIG, **config})
        return str(made["id"])

    def new_listener(self, name: str, **changes: Any) -> Any:
        params = {
            "serviceIdentifier": self.service,
            "name": name,
            "protocol": "HTTP",
            "defaultAction": NOTHING,
        }
        return self.client.create_listener(**params | changes)

    def new_rule(self, name: str, priority: int = 1, **changes: Any) -> Any:
        params = {"name": name, "priority": priority, "match": PATH, "action": NOTHING}
        return self.client.create_rule(**self.of_listener, **params | changes)

    def join(self) -> str:
        made = self.client.create_service_network_service_association(
            serviceIdentifier=self.service, serviceNetworkIdentifier=self.network
        )
        return str(made["id"])


def forward(*groups: str) -> dict[str, Any]:
    return {"forward": {"targetGroups": [{"targetGroupIdentifier": each} for each in groups]}}
