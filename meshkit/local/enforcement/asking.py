"""What a role or a user may do, without a request: as the gate would decide."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from meshkit.errors import MeshkitError
from meshkit.local.enforcement.gate import decided
from meshkit.local.enforcement.incoming import Incoming
from meshkit.local.enforcement.need import Asked, Need
from meshkit.local.enforcement.policies import layers_of
from meshkit.local.enforcement.signer import Signer
from meshkit.local.services.entities import entity
from meshkit.local.services.errors import ApiError
from meshkit.policy.evaluation import Caller, Decision
from meshkit.policy.evaluation.request import Value

_ACTION: Final = re.compile(r"[a-z0-9-]+:[A-Za-z0-9]+")


def decision(
    caller: str, action: str, resource: str, context: Mapping[str, Value] | None = None
) -> Decision:
    """Decide whether a role or user, by its ARN, may do something.

    So can be told what no API call asks for, such as an Envoy that connects to App Mesh
    (``appmesh:StreamAggregatedResources``). `context` has condition keys beside those that the
    local cloud knows. Raises `MeshkitError` for a caller that is not there, for what is no action,
    and for what can't be decided.
    """
    parts = caller.split(":")
    if not _ACTION.fullmatch(action):
        raise MeshkitError(f"{action!r} is no action: write one as service:Name, without wildcards")
    prefix, _, name = action.partition(":")
    try:
        found = entity(caller, parts[4], parts[1])
        signer = Signer(Caller(caller), parts[4], parts[1], found)
        region = (resource.split(":") + [""] * 4)[3] or "us-east-1"
        asked = Asked(Incoming(prefix, prefix, name, {}, None, region), signer)
        return decided(asked, layers_of(signer), Need(action, resource, context or {}))[1]
    except (ApiError, IndexError) as error:
        message = error.message if isinstance(error, ApiError) else f"{caller!r} is no ARN"
        raise MeshkitError(message) from None
