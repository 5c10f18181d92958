"""Access logs of a proxy. Source: API AccessLog, LoggingFormat."""

from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field, model_validator

from meshkit.config.types import FilePath, Model, OneOf

LogText = Annotated[str, Field(min_length=1, max_length=100)]


class LogFormat(OneOf):
    """How a line of the log looks: exactly one of the two."""

    model_config = ConfigDict(populate_by_name=True)
    one_of: ClassVar[tuple[str, ...]] = ("json_", "text")

    json_: dict[LogText, LogText] | None = Field(default=None, alias="json")
    """``json``: key and Envoy's command for its value, in order."""
    text: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    """A line of text with Envoy's commands."""


class AccessLog(Model):
    """Where a proxy logs requests; ``access_log: /dev/stdout`` is the short form."""

    path: FilePath
    """Path inside the container; ``/dev/stdout`` goes to the container's log."""
    format: LogFormat | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        return {"path": data} if isinstance(data, str) else data
