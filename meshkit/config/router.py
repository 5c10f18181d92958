"""Virtual routers. Source: API VirtualRouterSpec."""

from typing import Annotated

from pydantic import Field

from meshkit.config.listener import PortMapping
from meshkit.config.route import Route
from meshkit.config.types import Label, Model, Name, Seq, Tags


class Router(Model):
    """A virtual router and its routes."""

    account: Label | None = None
    """Default: the mesh owner."""
    listeners: Annotated[Seq[PortMapping], Field(min_length=1)]
    """At least one."""
    routes: dict[Name, Route] = {}
    tags: Tags = {}
