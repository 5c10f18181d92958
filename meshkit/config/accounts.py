"""Accounts, the organization, clusters, and how networks reach each other."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from meshkit.config.deferred import Deferred
from meshkit.config.gateway_api import GatewayApi
from meshkit.config.types import AccountId, Arn, Label, Leaf, Model, OneOf, Seq, Tags, Text


class AssumeRole(OneOf):
    """The role through which a program works in an account, by name or ARN."""

    one_of: ClassVar[tuple[str, ...]] = ("name", "arn")

    name: (
        Annotated[str, Field(pattern=r"^([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64}$")] | None
    ) = None
    """Name, with its path where it has one."""
    arn: Arn | None = None
    """ARN of the role, of this account."""
    external_id: Text | None = None
    """A secret: give it as ``${env.NAME}`` or an Output."""
    session_name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_+=,.@-]{2,64}$")] | None = None
    """Name that CloudTrail shows. Default: the provider's."""
    duration: Annotated[str, Field(pattern=r"^([0-9]+h)?([0-9]+m)?([0-9]+s)?$")] | None = None
    """``1h``, ``30m``; 15 minutes to 12 hours."""


class Account(Model):
    """An AWS account that takes part."""

    id: AccountId
    """Account id: 12 digits in quotes."""
    external: bool = False
    """Whether it is outside the organization of the mesh owner."""
    assume_role: AssumeRole | None = None
    """How a program works in it. Default: the provider handed in; for the mesh owner, its own."""
    service_linked_role: bool = False
    """Whether to make the role of App Mesh in it, AWSServiceRoleForAppMesh. An account has one, and
    making a mesh in the account makes it too."""
    vpc_id: Text | None = None
    """VPC in which its workloads run."""
    subnets: Seq[Text] = ()
    """Subnets in which its workloads run."""


class Organization(Model):
    """The organization the mesh owner belongs to."""

    id: Annotated[str, Field(pattern=r"^o-[a-z0-9]{10,32}$")]
    """``o-`` and 10 to 32 letters and digits."""
    management_account: AccountId
    """Account id of the management account."""
    sharing_enabled: bool = False
    """Whether sharing with the organization was enabled in RAM."""


class OidcProvider(Model):
    """An OIDC provider that exists already."""

    arn: Arn
    """ARN of the provider, of the cluster's account."""


ClusterName = Annotated[str | Deferred, Leaf(pattern=r"^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$")]
"""Source: EKS API, CreateCluster."""


class Cluster(Model):
    """An EKS cluster whose pods join the mesh."""

    account: Label | None = None
    """Default: the mesh owner."""
    name: ClusterName | None = None
    """Name of the cluster. Default: its key."""
    oidc_issuer: Text | None = None
    """``https://…``; needed for ``irsa``."""
    oidc_provider: OidcProvider | None = None
    """An existing IAM OIDC provider to adopt. Default: one is made for ``oidc_issuer``."""
    gateway_api: GatewayApi | None = None
    """The AWS Gateway API Controller runs in it, and registers its pods on VPC Lattice. ``{}``
    takes every default. Without it, others register them."""
    tags: Tags = {}


class Namespace(Model):
    """A Cloud Map namespace that nodes use."""

    account: Label | None = None
    """The account it is in. Default: the mesh owner."""
    type: Literal["http", "private-dns", "public-dns"] = "private-dns"
    """Kind of namespace."""
    arn: Arn | None = None
    """An existing one."""
    vpc_id: Text | None = None
    """VPC of a private DNS namespace."""


class Connection(Model):
    """How the networks of accounts reach each other."""

    between: Annotated[Seq[Label], Field(min_length=2)]
    """Keys of ``accounts``, at least two."""
    via: Literal["shared-subnets", "peering", "transit-gateway", "lattice", "other"]
    """What connects them."""
    id: Text | None = None
    """Id of the peering, gateway or share."""
