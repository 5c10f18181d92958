"""The IAM role of a proxy, where the default is not wanted."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from meshkit.config.types import Arn, Model, OneOf, Seq, Tags, Text, check_one_of


def _one_or_more(data: Any) -> Any:
    return data if isinstance(data, list | tuple) else (data,)


Texts = Annotated[Seq[Text], Field(min_length=1), BeforeValidator(_one_or_more)]
"""One text or a list of them."""

RoleName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_+=,.@-]{1,64}$")]


class Statement(OneOf):
    """A statement of a policy, added to what meshkit derives."""

    one_of: ClassVar[tuple[str, ...]] = ("actions", "not_actions")

    sid: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,100}$")] | None = None
    """Letters and digits."""
    effect: Literal["Allow", "Deny"] = "Allow"
    """Allow or Deny."""
    actions: Texts | None = None
    """Such as ``s3:GetObject``."""
    not_actions: Texts | None = None
    """All actions but these."""
    resources: Texts | None = None
    """ARNs."""
    not_resources: Texts | None = None
    """All resources but these."""
    conditions: dict[str, dict[str, Texts]] = {}
    """Operator, key, values: ``{StringEquals: {aws:RequestedRegion: eu-west-1}}``."""

    @model_validator(mode="after")
    def _check_resources(self) -> "Statement":
        check_one_of(self, ("resources", "not_resources"))
        return self


class RoleOptions(Model):
    """What IAM takes of any role."""

    path: Annotated[str, Field(pattern=r"^/([!-~]{1,510}/)?$")] | None = None
    """IAM path, with a slash at both ends. Default ``/``."""
    permissions_boundary: Arn | None = None
    """ARN of the policy that bounds the role; ``${account}`` is the account it is in."""
    max_session_duration: Annotated[int, Field(ge=3600, le=43200)] | None = None
    """Seconds after which who has the role takes it anew. Default: IAM's 3600."""
    description: Annotated[str, Field(max_length=1000)] | None = None
    """Text that IAM shows."""
    tags: Tags = {}


class Role(RoleOptions):
    """Options of a proxy's role. Keys not given come from ``defaults.role``."""

    name: RoleName | None = None
    """Physical name; nodes that give the same name share the role. Default: made from the node."""
    arn: Arn | None = None
    """An existing role to adopt instead of making one."""
    attach: bool | None = None
    """For an adopted role: whether meshkit attaches the policy to it, and for Pod Identity gives it
    to the service accounts. Default false."""
    statements: Seq[Statement] = ()
    """Added to what meshkit derives."""
    managed_policies: Seq[Arn] = ()
    """Existing policies to attach as well."""
