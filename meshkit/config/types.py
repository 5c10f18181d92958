"""The words the models are made of: names, ids, ports, durations, leaves.

Shapes are checked by pydantic's own core, so that a large file costs few Python calls.
"""

from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    Strict,
    model_validator,
)
from pydantic_core import PydanticCustomError, core_schema

from meshkit.config.deferred import Deferred

T = TypeVar("T")


class Model(BaseModel):
    """The base of every model: frozen, strict, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class OneOf(Model):
    """A union of App Mesh: the keys in ``one_of`` exclude each other."""

    one_of: ClassVar[tuple[str, ...]]
    required: ClassVar[bool] = True
    """Whether one of them must be there."""

    @model_validator(mode="after")
    def _check_one_of(self) -> "OneOf":
        check_one_of(self, self.one_of, required=self.required)
        return self


def check_one_of(model: Model, keys: tuple[str, ...], *, required: bool = True) -> None:
    """Refuses a model that has more than one of the keys, or none where one is needed."""
    given = [key for key in keys if getattr(model, key) is not None]
    if len(given) > 1 or (required and not given):
        raise PydanticCustomError(
            "one_of",
            "needs exactly one of {keys}; {given} given",
            {"keys": ", ".join(keys), "given": " and ".join(given) or "none"},
        )


class Leaf:
    """Makes a text leaf that may be deferred, with the limits of the text.

    The labels of the two branches let an error report drop the one nobody meant.
    """

    def __init__(
        self,
        pattern: str | None = None,
        min_length: int | None = 1,
        max_length: int | None = None,
    ) -> None:
        self._text = core_schema.str_schema(
            pattern=pattern, min_length=min_length, max_length=max_length
        )

    def __get_pydantic_core_schema__(
        self, _source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.union_schema(
            [(self._text, "=text"), (handler.generate_schema(Deferred), "=deferred")],
            mode="left_to_right",
        )


Seq = Annotated[tuple[T, ...], Strict(False)]
"""A list in the file, a tuple in the model."""

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,255}$")]
"""A mesh, node, gateway, router or route. Narrower than the API, so that no name widens a policy.

Source: the App Mesh console's own limit; the API states 1 to 255 characters.
"""

ServiceName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,255}$")]
"""A virtual service, normally a DNS name. Source: API, narrowed to the characters of DNS."""

Label = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
"""A name that lives in the file only: an account, a cluster, a quota."""

UnitPath = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$")]
"""Keys of organizational units from the top, with a slash between: ``workloads/production``."""

AccountId = Annotated[str, Field(pattern=r"^[0-9]{12}$")]
Region = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$")]
Port = Annotated[int, Field(ge=1, le=65535)]
Count = Annotated[int, Field(ge=1)]
Duration = Annotated[str, Field(pattern=r"^[0-9]{1,10}(ms|s)$")]
"""``2s`` or ``1500ms``; the unit written is the unit sent. Source: API Duration."""

Text = Annotated[str | Deferred, Leaf()]
AnyText = Annotated[str | Deferred, Leaf(min_length=None)]
FilePath = Annotated[str | Deferred, Leaf(max_length=255)]
"""A path inside the proxy's container. Source: API FilePath, 1 to 255 characters."""

Arn = Annotated[str | Deferred, Leaf(pattern=r"^arn:aws[a-z-]*:[a-z0-9-]+:[^:]*:[^:]*:.+$")]

TagKey = Annotated[str, Field(pattern=r"^.{1,128}$")]
TagValue = Annotated[str | Deferred, Leaf(min_length=None, max_length=256)]
Tags = Annotated[dict[TagKey, TagValue], Field(max_length=50)]
"""At most 50. Source: API TagList, TagKey, TagValue."""

Protocol = Literal["http", "http2", "grpc", "tcp"]
IpPreference = Literal["IPv4_ONLY", "IPv6_ONLY", "IPv4_PREFERRED", "IPv6_PREFERRED"]


def seconds(duration: str) -> float:
    """A ``Duration`` in seconds."""
    return float(duration[:-2]) / 1000 if duration.endswith("ms") else float(duration[:-1])
