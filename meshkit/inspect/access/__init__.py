"""What a resource graph says about access."""

from __future__ import annotations

from meshkit.inspect.access.collect import access_of
from meshkit.inspect.access.model import (
    Access,
    AccessKey,
    Association,
    ControlPolicy,
    Endpoint,
    Guarded,
    Identity,
    InstanceProfile,
    PolicySource,
    Principal,
    Share,
)

__all__ = [
    "Access",
    "AccessKey",
    "Association",
    "ControlPolicy",
    "Endpoint",
    "Guarded",
    "Identity",
    "InstanceProfile",
    "PolicySource",
    "Principal",
    "Share",
    "access_of",
]
