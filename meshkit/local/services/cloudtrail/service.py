"""CloudTrail: the look-up of events; the rest is moto's."""

from __future__ import annotations

import json
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from botocore.model import StructureShape
from moto.cloudtrail import urls
from moto.cloudtrail.models import CloudTrailBackend
from moto.cloudtrail.responses import CloudTrailResponse
from moto.core.responses import ActionResult
from moto.core.utils import get_service_model

from meshkit.local.services import shapes
from meshkit.local.services.cloudtrail.lookup import lookup_events
from meshkit.local.services.dispatch import ModelResult
from meshkit.local.services.errors import ApiError


class CloudTrail(CloudTrailBackend):
    """moto's CloudTrail, with the history of events."""

    @property
    def _url_module(self) -> Any:
        paths = {"{0}/$": LookingUpResponse.dispatch}
        return SimpleNamespace(url_bases=urls.url_bases, url_paths=paths)


class LookingUpResponse(CloudTrailResponse):
    """The requests of CloudTrail, the one that moto lacks among them."""

    def lookup_events(self) -> ActionResult:
        """Answer a `LookupEvents`; moto finds this method by the name of the operation."""
        try:
            params = json.loads(self.body or "{}")
            found = lookup_events(self.current_account, self.region, params, _check())
        except ApiError as error:
            return ActionResult(error)
        return ModelResult(found)


@cache
def _check() -> shapes.Check:
    operation = get_service_model("cloudtrail").operation_model("LookupEvents")
    return shapes.compile_check(cast("StructureShape", operation.input_shape))
