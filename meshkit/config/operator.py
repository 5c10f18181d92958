"""The roles of people and pipelines that work on the mesh."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from meshkit.config.role import RoleName, RoleOptions, Texts
from meshkit.config.types import Arn, Label, Model, Name, OneOf, Region, Seq, TagKey, Text

TagValue = Annotated[str, Field(max_length=256)]
ResourceTags = Annotated[dict[TagKey, TagValue], Field(max_length=50)]
Tier = Literal["viewer", "router", "deployer", "owner", "sharer"]


class OidcSignIn(Model):
    """Tokens of an OIDC provider: a CI system, or a workforce identity such as Okta."""

    provider: Arn
    """ARN of the IAM OIDC provider, of the operator's account."""
    subjects: Texts
    """Exact subjects, such as ``repo:acme/shop:ref:refs/heads/main``."""
    audience: Text
    """Exact audience; ``sts.amazonaws.com`` for GitHub."""


class SamlSignIn(Model):
    """People who sign in through a SAML provider, which decides who of them gets the role."""

    provider: Arn
    """ARN of the IAM SAML provider, of the operator's account."""


class PermissionSetSignIn(Model):
    """People to whom IAM Identity Center gives a permission set."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_+=,.@-]{1,32}$")]
    """Name of the permission set."""
    account: Label | None = None
    """The account to which it is assigned. Default: the operator's."""
    region: Region | None = None
    """Region of IAM Identity Center. Default: that of the mesh."""


class AccountSignIn(Model):
    """Accounts, or single roles and users of them."""

    principals: Texts
    """Account names, 12-digit ids, ARNs of roles and users."""
    external_ids: Seq[Text] = ()
    """Of which a caller must send one. Secrets: give them as ``${env.NAME}`` or an Output."""
    mfa: bool = False
    """Whether the caller must have signed in with a second factor; only users of IAM can."""
    mfa_max_age: Annotated[int, Field(ge=1, le=129_600)] | None = None
    """Seconds since then at most; asks for a second factor as well."""


class OperatorTrust(OneOf):
    """Who takes the role: exactly one of the four."""

    one_of: ClassVar[tuple[str, ...]] = ("oidc", "saml", "permission_set", "accounts")

    oidc: OidcSignIn | None = None
    saml: SamlSignIn | None = None
    permission_set: PermissionSetSignIn | None = None
    accounts: AccountSignIn | None = None


class OperatorOptions(RoleOptions):
    """Options of an operator's role. Keys not given come from ``defaults.role``, but the name."""

    name: RoleName | None = None
    """Physical name. Default: made from the operator's."""


class Operator(Model):
    """A role of people or pipelines that work on the mesh. It has no access keys."""

    tier: Tier
    """What it may do; each tier may do what those before it may."""
    account: Label | None = None
    """The account in which it works. Default: the mesh owner, whose alone ``owner`` and ``sharer``
    are."""
    routers: Seq[Name] = ()
    """For the tier ``router``: the account's routers whose routes it may change."""
    resource_tags: ResourceTags = {}
    """Tags that everything must carry that it changes or makes."""
    trust: OperatorTrust
    role: OperatorOptions = Field(default_factory=OperatorOptions)
