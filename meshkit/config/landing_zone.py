"""The file of a landing zone: organizational units, accounts, and who works in them."""

from typing import Annotated, ClassVar

from pydantic import Field

from meshkit.config.accounts import Organization
from meshkit.config.guardrails import ZoneBoundary, ZoneGuardrails
from meshkit.config.role import RoleName, RoleOptions, Statement
from meshkit.config.types import (
    AccountId,
    Arn,
    Label,
    Model,
    OneOf,
    Region,
    Seq,
    Tags,
    Text,
    UnitPath,
)


class Unit(Model):
    """An organizational unit.

    Another key, or another place, makes another unit: its accounts move over, then the old one
    goes.
    """

    name: Annotated[str, Field(pattern=r"^.{1,128}$")] | None = None
    """Name of the unit. Default: its key. Another name renames it in place."""
    import_: Annotated[str, Field(pattern=r"^ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$")] | None = Field(
        default=None, alias="import"
    )
    """Id of an existing unit to take over."""
    units: dict[Label, "Unit"] = {}
    """The units below it."""
    tags: Tags = {}


class ZoneAccount(Model):
    """An account of the organization. Its name is ``CUSTOMER.PROJECT``."""

    customer: str | None = None
    """At most 16 characters. Default: the ``landing_zone`` of the file."""
    project: str | None = None
    """At most 30 characters. Default: the key."""
    email: str | None = None
    """At most 64 characters. Default: by ``email_template``. AWS knows an account by it."""
    unit: UnitPath | None = None
    """The unit it is in; another one moves it. Default: the root."""
    import_: AccountId | None = Field(default=None, alias="import")
    """Id of an existing account to take over; name, e-mail and unit say how it is at that time."""
    roles: Seq[Label] = ()
    """Keys of ``roles`` that people have in it."""
    boundaries: Seq[Label] = ()
    """Keys of ``boundaries`` that are made in it."""
    protect: bool = True
    """Whether Pulumi refuses to let go of the account."""
    close_on_deletion: bool = False
    """Whether the account is closed when it leaves the file. Default: it stays in the organization,
    and only leaves the stack."""
    tags: Tags = {}


class SamlProvider(Model):
    """A SAML provider that is made in each account."""

    metadata: Text
    """The provider's metadata document, at least 1000 characters of XML."""


class OidcIssuer(Model):
    """An OIDC provider that is made in each account."""

    url: Annotated[str, Field(pattern=r"^https://[!-~]+$")]
    """The issuer, ``https://…``."""
    audiences: Annotated[Seq[Text], Field(min_length=1)]
    """Client ids that tokens are made for."""
    thumbprints: Seq[Text] = ()
    """Of certificates that no public authority signed."""


class IdentityProvider(OneOf):
    """Where people of the accounts sign in."""

    one_of: ClassVar[tuple[str, ...]] = ("saml", "oidc")

    saml: SamlProvider | None = None
    oidc: OidcIssuer | None = None


class FederatedRole(RoleOptions):
    """A role that people take in an account by signing in elsewhere."""

    provider: Label
    """A key of ``identity_providers``."""
    subjects: Seq[Text] = ()
    """For an OIDC provider: who may take it, exactly."""
    audience: Text | None = None
    """For an OIDC provider with several audiences: the one of this role."""
    name: RoleName | None = None
    """Physical name. Default: its key."""
    statements: Seq[Statement] = ()
    """What it may do."""
    managed_policies: Seq[Arn] = ()
    """Existing policies that say more of it."""


class ProjectRoles(OneOf):
    """Roles in each account of some units, also in accounts that come later: a StackSet."""

    one_of: ClassVar[tuple[str, ...]] = ("roles", "template")

    units: Annotated[Seq[UnitPath], Field(min_length=1)]
    """The units whose accounts, and those of the units below, have the roles."""
    roles: Annotated[Seq[Label], Field(min_length=1)] | None = None
    """Keys of ``roles``, from which a CloudFormation template is made."""
    template: Text | None = None
    """Your own CloudFormation template: its path, from the folder of the file."""


class LandingZoneFile(Model):
    """A landing zone: the accounts of an organization, and who works in them."""

    landing_zone: Label
    """Name of the landing zone, and the customer of accounts that name none."""
    region: Region
    """Region of what has one; the partition follows from it."""
    organization: Organization
    """The organization, in whose management account the program works."""
    email_template: str | None = None
    """E-mail addresses of accounts: ``%s`` stands for their names; at most 20 characters."""
    access_role: RoleName = "OrganizationAccountAccessRole"
    """The role that AWS makes in each new account, through which the program works in it."""
    units: dict[Label, Unit] = {}
    """The organizational units below the root."""
    accounts: dict[Label, ZoneAccount] = {}
    """The accounts, by the names that mesh files know them by."""
    identity_providers: dict[Label, IdentityProvider] = {}
    """Where people sign in."""
    roles: dict[Label, FederatedRole] = {}
    """What people may be in an account."""
    project_roles: dict[Label, ProjectRoles] = {}
    """Roles for all accounts of units."""
    guardrails: dict[Label, ZoneGuardrails] = {}
    """What nobody but the pipeline does in accounts of units."""
    boundaries: dict[Label, ZoneBoundary] = {}
    """What roles may do at most, by the names of the policies."""
    tags: Tags = {}
    """On everything that can carry tags."""
