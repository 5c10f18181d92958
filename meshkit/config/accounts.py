"""Accounts, the organization, clusters, and how networks reach each other."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from meshkit.config.types import AccountId, Arn, Label, Model, OneOf, Seq, Tags, Text


class AssumeRole(OneOf):
    """The role through which a program works in an account, by name or ARN."""

    one_of: ClassVar[tuple[str, ...]] = ("name", "arn")

    name: Annotated[str, Field(pattern=r"^([\w+=,.@-]+/)*[\w+=,.@-]{1,64}$")] | None = None
    """Name, with its path where it has one."""
    arn: Arn | None = None
    external_id: Text | None = None
    """A secret: give it as ``${env.NAME}`` or an Output."""
    session_name: Annotated[str, Field(pattern=r"^[\w+=,.@-]{2,64}$")] | None = None
    duration: Annotated[str, Field(pattern=r"^([0-9]+h)?([0-9]+m)?([0-9]+s)?$")] | None = None
    """``1h``, ``30m``; 15 minutes to 12 hours."""


class Account(Model):
    """An AWS account that takes part."""

    id: AccountId
    external: bool = False
    """Whether it is outside the organization of the mesh owner."""
    assume_role: AssumeRole | None = None
    vpc_id: Text | None = None
    subnets: Seq[Text] = ()


class Organization(Model):
    """The organization the mesh owner belongs to."""

    id: Annotated[str, Field(pattern=r"^o-[a-z0-9]{10,32}$")]
    management_account: AccountId
    sharing_enabled: bool = False
    """Whether sharing with the organization was enabled in RAM."""


class OidcProvider(Model):
    """An OIDC provider that exists already."""

    arn: Arn


class Cluster(Model):
    """An EKS cluster whose pods join the mesh."""

    account: Label | None = None
    """Default: the mesh owner."""
    name: Text | None = None
    """Name of the cluster. Default: its key."""
    oidc_issuer: Text | None = None
    """``https://…``; needed for ``irsa``."""
    oidc_provider: OidcProvider | None = None
    """An existing IAM OIDC provider to adopt. Default: one is made for ``oidc_issuer``."""
    tags: Tags = {}


class Namespace(Model):
    """A Cloud Map namespace that nodes use."""

    account: Label | None = None
    type: Literal["http", "private-dns", "public-dns"] = "private-dns"
    arn: Arn | None = None
    """An existing one."""
    vpc_id: Text | None = None


class Connection(Model):
    """How the networks of accounts reach each other."""

    between: Annotated[Seq[Label], Field(min_length=2)]
    via: Literal["shared-subnets", "peering", "transit-gateway", "lattice", "other"]
    id: Text | None = None
