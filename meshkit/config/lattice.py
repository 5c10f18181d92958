"""What only VPC Lattice needs to know; ``data_plane: app-mesh`` takes no notice of it."""

from typing import Annotated, Literal

from pydantic import Field

from meshkit.config.types import Arn, Label, Model, Seq, Text

Domain = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]{1,253}[a-z0-9])$")]


Sharing = Literal["network", "services", "both"]


class Lattice(Model):
    """The service network. Source: VPC Lattice API."""

    sharing: Sharing = "network"
    """What crosses accounts. ``network``: the service network, with ``share.principals``, who join
    their services and VPCs to it. ``services``: each service, with the mesh owner, who joins it;
    all callers are the mesh owner's. ``both``: services with the mesh owner, who joins them, and
    the network with ``share.principals``, who join their VPCs."""
    service_permission: Arn | None = None
    """ARN of the RAM permission of shared services. Default: what RAM takes by itself."""
    access_logs: Seq[Arn] = ()
    """Where its access logs go: a log group, a bucket or a Firehose stream, of the mesh owner."""
    security_groups: dict[Label, Annotated[Seq[Text], Field(min_length=1, max_length=5)]] = {}
    """Security groups of the VPC association, by account; they say who in the VPC may call."""


class NodeOnLattice(Model):
    """A virtual node on VPC Lattice."""

    alb: Arn | None = None
    """ARN of an internal Application Load Balancer in front of the workload, of the node's account
    and VPC. Requests go to the load balancer, which checks its own targets."""
    security_groups: Seq[Text] = ()
    """Security groups of the workload or its load balancer, of the node's account. They get rules
    that let VPC Lattice in on the ports of the node's listeners."""
    egress: bool = False
    """Whether they also get rules that let the workload call its backends, and nothing else of VPC
    Lattice."""


class ServiceOnLattice(Model):
    """A virtual service on VPC Lattice."""

    domain: Domain | None = None
    """Custom domain name that callers use. Default: the name that VPC Lattice makes."""
    certificate: Arn | None = None
    """ARN of the domain's ACM certificate, of the service's account; its listeners speak HTTPS."""
    hosted_zone: Text | None = None
    """Id of the Route 53 zone, of the service's account, in which ``domain`` gets records that lead
    to the service. Default: none are made."""
    passthrough: bool = False
    """Its tcp listeners carry TLS, which is handed on as it is. Needs ``domain``."""
